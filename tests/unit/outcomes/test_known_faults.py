"""Faults found in public code and pages for these measures, each of which must not happen here."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.outcomes.measures import find_measure, measures
from app.outcomes.rules.answers import read_answers
from app.outcomes.rules.scoring import FlagState, FormScore, FormStatus, score_form


def scored(name: str, answers: list[Any]) -> FormScore:
    measure = find_measure(name)
    return score_form(measure, read_answers(measure, answers))


def test_1_short_scale_raw_29_and_30() -> None:
    # A Spanish script has 25.99 for 29, and begins "high" at 27.0, so that raw 30 moves band.
    assert scored("swemwbs", [5, 4, 4, 4, 4, 4, 4]).total == Decimal("26.02")
    raw_30 = scored("swemwbs", [5, 5, 4, 4, 4, 4, 4])
    assert (raw_30.total, raw_30.band) == (Decimal("27.03"), "medium")


def test_2_short_scale_raw_21_is_low_and_ons4_has_no_composite() -> None:
    assert scored("swemwbs", [3] * 7).band == "low"
    assert scored("ons4", [10, 10, 10, 0]).total is None
    assert "total" not in {score.key for score in find_measure("ons4").scores}


def test_3_short_scale_is_metric_and_of_the_right_seven() -> None:
    assert scored("swemwbs", [4] * 7).total == Decimal("25.03")
    assert find_measure("wemwbs").score("swemwbs").items == ("1", "2", "3", "6", "7", "9", "11")


def test_4_core_10_fills_in_one_answer_and_no_more() -> None:
    assert scored("core-10", [4] + [None] * 9).total is None
    one = scored("core-10", [None, 0, 0, 4, 4, 4, 4, 4, 4, 4])
    assert (one.total, one.estimated, one.n_missing) == (Decimal("40.00"), True, 1)
    two = scored("core-10", [None, None, 0, 4, 4, 4, 4, 4, 4, 4])
    assert (two.total, two.estimated, two.status) == (None, False, FormStatus.INCOMPLETE)


def test_4_an_estimate_between_two_bands_stays_in_the_lower() -> None:
    # The bands are printed as 11 to 14 and 15 to 19; thirteen points on nine items come to 14.44.
    near = scored("core-10", [None, 4, 4, 4, 4, 4, 1, 0, 0, 0])
    assert (near.total, near.band, near.caseness) == (Decimal("14.44"), "mild", True)


def test_5_an_unfinished_phq_9_has_no_total_and_no_band() -> None:
    partial = scored("phq-9", [3, 3] + [None] * 7)
    assert (partial.total, partial.band, partial.caseness, partial.n_missing) == (None, None, None, 7)


def test_6_reqol_reverses_1_3_6_and_9() -> None:
    assert [item.key for item in find_measure("reqol-10").items if item.reverse] == ["1", "3", "6", "9"]


def test_7_reqol_and_dialog_get_better_upwards() -> None:
    assert (find_measure("reqol-10").direction, find_measure("dialog").direction) == ("higher", "higher")


def test_8_phq_9_words_and_bands() -> None:
    bands = [(band.name, band.lower) for band in find_measure("phq-9").bands]
    assert bands == [("minimal", 0), ("mild", 5), ("moderate", 10), ("moderately severe", 15), ("severe", 20)]


def test_9_core_10_reverses_2_and_3() -> None:
    assert [item.key for item in find_measure("core-10").items if item.reverse] == ["2", "3"]


def test_10_a_low_unfinished_form_still_raises_its_flag() -> None:
    partial = scored("phq-9", [None] * 8 + [1])
    assert (partial.total, [flag.state for flag in partial.flags]) == (None, [FlagState.RAISED])


def test_a_skipped_safety_item_is_unknown_never_nought() -> None:
    for skipped in (None, "prefer-not"):
        flags = scored("phq-9", [0] * 8 + [skipped]).flags
        assert [(flag.item, flag.state) for flag in flags] == [("9", FlagState.UNKNOWN)]
    assert scored("phq-9", [0] * 9).flags == ()


def test_a_proration_never_stands_in_for_a_safety_item() -> None:
    result = scored("core-10", [0, 4, 4, 0, 0, None, 0, 0, 0, 0])
    assert (result.total, [flag.state for flag in result.flags]) == (0, [FlagState.UNKNOWN])


def test_reqol_safety_looks_at_the_raw_answer() -> None:
    best = [0, 4, 0, 4, 4, 0, 4, 4, 0, 4]
    assert scored("reqol-10", best).flags == ()
    assert [flag.item for flag in scored("reqol-10", [*best[:5], 1, *best[6:]]).flags] == ["6"]


def test_a_flag_stands_though_the_form_is_refused() -> None:
    result = scored("phq-9", [7] + [0] * 7 + [2])
    assert (result.status, result.total, result.scores) == (FormStatus.INVALID, None, {})
    assert [flag.state for flag in result.flags] == [FlagState.RAISED]


def test_dreem_is_never_a_persons_own_measure() -> None:
    assert find_measure("dreem").respondent == "service"


def test_the_long_and_the_short_scale_never_pair() -> None:
    assert find_measure("wemwbs").comparable_with == find_measure("swemwbs").comparable_with == ()


def test_only_measures_with_a_safety_item_need_a_duty_person() -> None:
    needing = {measure.id for measure in measures().values() if measure.needs_duty_person}
    assert needing == {"phq-9", "core-10", "reqol-10"}
