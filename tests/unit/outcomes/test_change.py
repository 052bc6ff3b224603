"""Change, recovery and which pairs count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.core.errors import InvalidInput
from app.outcomes.codes import ChosenBy
from app.outcomes.measures import find_measure
from app.outcomes.rules.change import Combination, Direction, change_between, combine, rules_in_common
from app.outcomes.rules.pairs import (
    Measurement,
    PairReason,
    chosen_and_two_points,
    counted_pair,
)
from app.outcomes.rules.recovery import TherapyScores, recovery

PHQ = find_measure("phq-9")
CONTACTS = [date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)]


def point(day: date, value: int | None = 12, **changes: object) -> Measurement:
    found = Measurement("phq-9", 1, "total", day, None if value is None else Decimal(value), out_of=Decimal(27))
    return replace(found, **changes)  # type: ignore[arg-type]


def scores(phq_9: int, gad_7: int) -> TherapyScores:
    return TherapyScores(Decimal(phq_9), Decimal(gad_7))


def test_a_change_is_last_minus_first_and_names_its_rule() -> None:
    found = change_between(PHQ, Decimal(15), Decimal(9))
    assert (found.change, found.reliable, found.direction) == (-6, True, Direction.BETTER)
    assert found.rule is not None
    assert found.rule.startswith("phq-9/1 reliable-6: a change of 6 or more (NHS Talking Therapies")


def test_conflicting_rules_are_both_there_and_both_marked() -> None:
    core = find_measure("core-10")
    five, six = (change_between(core, Decimal(20), Decimal(15), rule_id=rule) for rule in ("mhsds-5", "barkham-6"))
    assert (five.reliable, six.reliable) == (True, False)
    assert all(str(found.rule).endswith(", unconfirmed") for found in (five, six))


def test_a_small_change_counts_as_the_same() -> None:
    small = change_between(PHQ, Decimal(15), Decimal(10))
    assert (small.direction, small.verdict) == (Direction.BETTER, Direction.SAME)


def test_no_rule_no_verdict() -> None:
    found = change_between(find_measure("honos"), Decimal(20), Decimal(4))
    assert (found.reliable, found.rule, found.verdict) == (None, None, Direction.SAME)


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("phq-9", (28, 3), "goes from 0 to 27, not 28"),
        ("phq-9", (3, -1), "not -1"),
        ("swemwbs", (6, 20), "goes from 7.00 to 35.00"),
        ("ons4", (1, 2), "say which score, satisfied or"),
        ("ons-loneliness", (1, 2), "no score that could change"),
        ("dreem", (1, 2), "no score that could change"),
    ],
)
def test_what_cannot_be_compared_is_refused(name: str, arguments: tuple[int, int], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        change_between(find_measure(name), *map(Decimal, arguments))


def test_an_unknown_rule_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidInput, match=r"There are: reliable-6\."):
        change_between(PHQ, Decimal(1), Decimal(2), rule_id="mine")
    with pytest.raises(InvalidInput, match="None is published"):
        change_between(find_measure("ucla-3"), Decimal(3), Decimal(9), rule_id="mine")


@pytest.mark.parametrize(
    ("found", "rule", "expected"),
    [
        ("better worse", Combination.SHOW_MIXED, Direction.MIXED),
        ("better worse", Combination.DETERIORATION_WINS, Direction.WORSE),
        ("better worse same", Combination.IMPROVEMENT_WINS, Direction.BETTER),
        ("better worse", Combination.CONFLICT_IS_NONE, Direction.SAME),
        ("better same", Combination.DETERIORATION_WINS, Direction.BETTER),
        ("worse same", Combination.IMPROVEMENT_WINS, Direction.WORSE),
        ("mixed same", Combination.SHOW_MIXED, Direction.MIXED),
        ("same same", Combination.SHOW_MIXED, Direction.SAME),
        ("", Combination.SHOW_MIXED, Direction.SAME),
    ],
)
def test_one_word_for_several_measures(found: str, rule: Combination, expected: Direction) -> None:
    assert combine(map(Direction, found.split()), rule) is expected


@pytest.mark.parametrize(
    ("first", "last", "counted", "recovered", "change", "reliably"),
    [
        ((10, 7), (9, 7), True, True, Direction.SAME, False),
        ((15, 12), (9, 7), True, True, Direction.BETTER, True),
        ((9, 8), (9, 4), True, True, Direction.BETTER, True),
        ((9, 7), (0, 0), False, False, Direction.BETTER, False),
        ((15, 12), (9, 8), True, False, Direction.BETTER, False),
        ((16, 3), (9, 7), True, True, Direction.MIXED, False),
    ],
)
def test_recovery_as_talking_therapies_counts_it(
    first: tuple[int, int], last: tuple[int, int], counted: bool, recovered: bool, change: Direction, reliably: bool
) -> None:
    found = recovery(scores(*first), scores(*last))
    assert (found.counted, found.recovered, found.change, found.reliably_recovered) == (
        counted,
        recovered,
        change,
        reliably,
    )


def test_first_on_or_after_contact_1_and_last_on_or_after_contact_2_by_discharge() -> None:
    days = [date(2026, 1, 9), date(2026, 1, 10), date(2026, 2, 9), date(2026, 3, 1), date(2026, 4, 2)]
    points = [point(day, number) for number, day in enumerate(days)]
    pair = counted_pair(PHQ, points[::-1], CONTACTS[::-1], closed_on=date(2026, 4, 1))
    assert pair.counts
    assert (pair.first, pair.last) == (points[1], points[3])
    assert counted_pair(PHQ, points, CONTACTS, closed_on=days[4]).last is points[4]  # the day of the close counts


@pytest.mark.parametrize(
    ("points", "contacts", "reasons"),
    [
        ([point(CONTACTS[0])], [], [PairReason.NO_CONTACT]),
        ([point(CONTACTS[0])], CONTACTS[:1], [PairReason.ONE_CONTACT]),
        ([], CONTACTS, [PairReason.NO_FIRST]),
        ([point(CONTACTS[0], None), point(CONTACTS[2], None)], CONTACTS, [PairReason.NO_FIRST]),
        ([point(CONTACTS[0]), point(CONTACTS[2], void=True)], CONTACTS, [PairReason.NO_LAST]),
        ([point(CONTACTS[0]), point(CONTACTS[2], superseded=True)], CONTACTS, [PairReason.NO_LAST]),
        ([point(CONTACTS[1])], CONTACTS, [PairReason.ONE_POINT]),
        ([point(CONTACTS[0]), point(CONTACTS[2], version=2)], CONTACTS, [PairReason.OTHER_SCALE]),
        ([point(CONTACTS[0]), point(CONTACTS[2], out_of=Decimal(24))], CONTACTS, [PairReason.OTHER_SCALE]),
        (
            [point(CONTACTS[0]), point(CONTACTS[2], estimated=True)],
            CONTACTS,
            [PairReason.NO_LAST, PairReason.ESTIMATED],
        ),
    ],
)
def test_why_a_pair_does_not_count(points: list[Measurement], contacts: list[date], reasons: list[PairReason]) -> None:
    pair = counted_pair(PHQ, points, contacts)
    assert list(pair.reasons) == reasons
    assert not pair.counts


def test_versions_pair_where_the_definition_says_so() -> None:
    newer = replace(PHQ, version=2, comparable_with=("phq-9/1",))
    assert counted_pair(newer, [point(CONTACTS[0]), point(CONTACTS[2], version=2)], CONTACTS).counts


def test_chosen_by_the_person_and_two_points() -> None:
    two = [point(CONTACTS[0]), point(CONTACTS[1])]
    assert chosen_and_two_points(PHQ, two, ChosenBy.PERSON) == ()
    assert chosen_and_two_points(PHQ, two, ChosenBy.JOINT) == ()
    assert chosen_and_two_points(PHQ, two, ChosenBy.WORKER) == (PairReason.NOT_CHOSEN_BY_PERSON,)
    assert chosen_and_two_points(PHQ, two[:1], None) == (PairReason.NOT_CHOSEN_BY_PERSON, PairReason.ONE_POINT)
    assert chosen_and_two_points(PHQ, [two[0], two[0]], ChosenBy.PERSON) == (PairReason.ONE_POINT,)
    assert chosen_and_two_points(PHQ, [point(CONTACTS[0], complete=False)], ChosenBy.PERSON) == (PairReason.NO_FIRST,)
    assert PairReason.NOT_THE_PERSONS in chosen_and_two_points(find_measure("dreem"), two, ChosenBy.PERSON)


def test_what_judges_several_scores_alike_is_said_once() -> None:
    goals = find_measure("goals")
    two = rules_in_common(goals, ["goal-1", "goal-2"])
    assert list(two) == ["goal-1", "goal-2"]
    assert len(set(two.values())) == 1
    assert two["goal-1"].startswith("goals/1 goal-1-3, goal-2-3: a change of 3 or more (Public measurement code")
    assert rules_in_common(goals, ["goal-2"]) == {}
    assert rules_in_common(find_measure("phq-9"), ["total"]) == {}
    assert rules_in_common(find_measure("ons4"), ["happy", "anxious"]) == {}
