"""What the published sources say of each measure, written down apart from the definitions, and held against them.

Nothing here reads a definition to know what is right. The sources stand beside each figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from app.outcomes.measures import Measure
from app.outcomes.rules.answers import read_answers
from app.outcomes.rules.change import Direction, change_between
from app.outcomes.rules.scoring import FlagState, FormScore, FormStatus, band_of, score_form

Bands = Mapping[str, Sequence[int]]

# Warwick's conversion of the raw sum (7 to 35) to the metric score, complete forms only. Four public projects agree;
# a fifth has 25.99 for 29.
SWEMWBS = dict(
    zip(
        range(7, 36),
        "7.00 9.51 11.25 12.40 13.33 14.08 14.75 15.32 15.84 16.36 16.88 17.43 17.98 18.59 19.25 19.98 20.73 21.54 "
        "22.35 23.21 24.11 25.03 26.02 27.03 28.13 29.31 30.70 32.55 35.00".split(),
        strict=True,
    )
)
# Office for National Statistics, reply to a request for information.
ONS_GOOD: Bands = {"low": range(5), "medium": (5, 6), "high": (7, 8), "very high": (9, 10)}
ONS_ANXIOUS: Bands = {"very low": (0, 1), "low": (2, 3), "medium": (4, 5), "high": range(6, 11)}


@dataclass(frozen=True)
class Published:
    """A measure with one total, as its sources describe it."""

    items: int
    codes: Sequence[int]
    better: str
    reversed_items: Sequence[int] = ()
    bands: Bands = field(default_factory=dict)
    case: Callable[[int], bool] | None = None
    other_cuts: Mapping[str, Callable[[int], bool]] = field(default_factory=dict)
    changes: Mapping[str, str] = field(default_factory=dict)
    default_change: str | None = None
    safety: tuple[int, Sequence[int]] | None = None
    metric: Mapping[int, str] | None = None
    may_miss: int = 0

    def value(self, raw_total: int) -> Decimal:
        return Decimal(self.metric[raw_total]) if self.metric else Decimal(raw_total)


PUBLISHED = {
    # Kroenke 2001 (bands); NHS Talking Therapies (case from 10, reliable change 6); TelePSI (any answer to item 9).
    "phq-9": Published(
        9,
        range(4),
        "lower",
        bands={
            "minimal": range(5),
            "mild": range(5, 10),
            "moderate": range(10, 15),
            "moderately severe": range(15, 20),
            "severe": range(20, 28),
        },
        case=lambda total: total >= 10,
        changes={"reliable-6": "6"},
        default_change="reliable-6",
        safety=(9, (1, 2, 3)),
    ),
    # Spitzer 2006 (bands, screening from 10); NHS Talking Therapies (case from 8, reliable change 4).
    "gad-7": Published(
        7,
        range(4),
        "lower",
        bands={"minimal": range(5), "mild": range(5, 10), "moderate": range(10, 15), "severe": range(15, 22)},
        case=lambda total: total >= 8,
        other_cuts={"screening": lambda total: total >= 10},
        changes={"reliable-4": "4"},
        default_change="reliable-4",
    ),
    # Community Life Survey 2020/21 Annex B (codes, 3 to 9); Hughes 2004, Steptoe 2013 (lonely from 6).
    "ucla-3": Published(3, (1, 2, 3), "lower", case=lambda total: total >= 6),
    # warwick.ac.uk (sum, 14 to 70; 3 significant); public measurement code (9 reliable); bands from a secondary page.
    "wemwbs": Published(
        14,
        range(1, 6),
        "higher",
        bands={
            "probable depression range": range(14, 41),
            "possible depression range": range(41, 45),
            "average": range(45, 60),
            "high": range(60, 71),
        },
        changes={"reliable-9": "9", "significant-3": "3"},
        default_change="reliable-9",
    ),
    # Warwick (table; raw 21 or less low, 22 to 30 medium, 31 or more high); measurement code (3); 2.77 SEM is 2.87.
    "swemwbs": Published(
        7,
        range(1, 6),
        "higher",
        bands={"low": range(7, 22), "medium": range(22, 31), "high": range(31, 36)},
        changes={"metric-3": "3", "sem-2.77": "2.87"},
        default_change="metric-3",
        metric=SWEMWBS,
    ),
    # Franklin 2021 (0 worst, 4 best, 0 to 40, "< 24 clinical"); elsewhere 25; reversed 1, 3, 9 and, unconfirmed, 6.
    "reqol-10": Published(
        10,
        range(5),
        "higher",
        reversed_items=(1, 3, 6, 9),
        case=lambda total: total < 25,
        other_cuts={"below-24": lambda total: total < 24},
        changes={"reliable-5": "5"},
        default_change="reliable-5",
        safety=(6, (1, 2, 3, 4)),
    ),
    # coresystemtrust.org.uk (reversed 2 and 3, one may be missing, mean times 10); socasresourcehub.com (bands, cut);
    # measurement code (5); Barkham 2013 (cut 11.0, reliable change 6).
    "core-10": Published(
        10,
        range(5),
        "lower",
        reversed_items=(2, 3),
        bands={
            "low": range(11),
            "mild": range(11, 15),
            "moderate": range(15, 20),
            "moderately severe": range(20, 25),
            "severe": range(25, 41),
        },
        case=lambda total: total >= 11,
        changes={"mhsds-5": "5", "barkham-6": "6"},
        default_change="mhsds-5",
        safety=(6, (1, 2, 3, 4)),
        may_miss=1,
    ),
    # Mundt 2002: above 20 moderately severe or worse, 10 to 20 significant, below 10 subclinical. 8 is unconfirmed.
    "wsas": Published(
        5,
        range(9),
        "lower",
        bands={"subclinical": range(10), "significant": range(10, 21), "moderately severe or worse": range(21, 41)},
        changes={"reliable-8": "8"},
        default_change="reliable-8",
    ),
    # The glossary of HoNOS: twelve scales of 0 to 4, 0 to 48. No bands, no rule for adults.
    "honos": Published(12, range(5), "lower"),
}


def check(measure: Measure) -> None:
    """Hold a definition against what is published; raises AssertionError where they part."""
    OTHERS[measure.id](measure) if measure.id in OTHERS else check_total(measure, PUBLISHED[measure.id])


def scored(measure: Measure, answers: Sequence[object]) -> FormScore:
    return score_form(measure, read_answers(measure, list(answers)))


def check_total(measure: Measure, published: Published) -> None:
    check_codes(measure, published)
    check_missing(measure, published)
    check_safety(measure, published)
    check_changes(measure, published)
    for answers, raw_total in forms(published):
        result = scored(measure, answers)
        assert result.status is FormStatus.COMPLETE
        assert (result.total, result.estimated) == (published.value(raw_total), False), answers
        assert result.band == band(published.bands, raw_total), (answers, result.band)
        assert result.caseness == (published.case(raw_total) if published.case else None), raw_total
        for cut, is_met in published.other_cuts.items():
            assert result.scores["total"].cutoffs[cut] == is_met(raw_total), (cut, raw_total)


def forms(published: Published) -> Iterator[tuple[list[int], int]]:
    """For every possible total, forms that come to it: filled from the front, from the back, and evenly."""
    low, high = published.codes[0], published.codes[-1]
    for total in range(low * published.items, high * published.items + 1):
        extra, size = total - low * published.items, high - low
        front = [low + min(size, max(0, extra - size * place)) for place in range(published.items)]
        even = [low + (extra + place) // published.items for place in range(published.items)]
        for points in (front, front[::-1], even):
            assert sum(points) == total
            yield [low + high - p if n in published.reversed_items else p for n, p in enumerate(points, 1)], total


def band(bands: Bands, total: int) -> str | None:
    found = [name for name, totals in bands.items() if total in totals]
    assert len(found) == (1 if bands else 0), total
    return found[0] if found else None


def check_codes(measure: Measure, published: Published) -> None:
    form = [published.codes[0]] * published.items
    for place in range(published.items):
        for code in (published.codes[0] - 1, published.codes[-1] + 1):
            assert scored(measure, [*form[:place], code, *form[place + 1 :]]).status is FormStatus.INVALID
    for length in (published.items - 1, published.items + 2):
        assert scored(measure, [published.codes[0]] * length).status is FormStatus.INVALID


def check_missing(measure: Measure, published: Published) -> None:
    """No total with a gap; where one gap is allowed, the mean of the rest stands in and it says "estimated"."""
    points = [published.codes[(3 * place) % len(published.codes)] for place in range(published.items)]
    low, high = published.codes[0], published.codes[-1]
    form = [low + high - p if n in published.reversed_items else p for n, p in enumerate(points, 1)]
    for place in range(published.items):
        result = scored(measure, [*form[:place], None, *form[place + 1 :]])
        assert (result.status, result.n_missing) == (FormStatus.INCOMPLETE, 1)
        rest = sum(points) - points[place]
        mended = Decimal(rest) * published.items / (published.items - 1) if published.may_miss else None
        assert result.total == (mended and mended.quantize(Decimal("0.01"), ROUND_HALF_UP)), place
        assert result.estimated is bool(published.may_miss)
        assert scored(measure, [*form[:place], *[None] * (published.items - place)]).total is None or (
            place == published.items - 1 and published.may_miss
        )


def check_safety(measure: Measure, published: Published) -> None:
    item, raised = published.safety or (0, ())
    for place in range(1, published.items + 1):
        for code in published.codes:
            answers: list[object] = [None] * published.items
            answers[place - 1] = code
            flags = {flag.item: flag.state for flag in scored(measure, answers).flags}
            if place != item:
                assert flags == ({str(item): FlagState.UNKNOWN} if item else {})
            else:
                assert flags == ({str(item): FlagState.RAISED} if code in raised else {})


def check_changes(measure: Measure, published: Published) -> None:
    middle = published.value((published.codes[0] + published.codes[-1]) * published.items // 2)
    assert {rule.id for rule in measure.change_rules} == set(published.changes)
    hair = Decimal("0.01")
    for rule, size in published.changes.items():
        for sign in (1, -1):
            found = change_between(measure, middle, middle + sign * Decimal(size), rule_id=rule)
            assert (found.reliable, found.direction) == (True, better_when(published.better, rises=sign > 0))
            assert (
                change_between(measure, middle, middle + sign * (Decimal(size) - hair), rule_id=rule).reliable is False
            )
    by_default = change_between(measure, middle, middle + 1)
    assert by_default.direction is better_when(published.better, rises=True)
    assert (by_default.rule is None) is (published.default_change is None)
    assert published.default_change is None or f" {published.default_change}:" in str(by_default.rule)


def better_when(better: str, *, rises: bool) -> Direction:
    return Direction.BETTER if rises is (better == "higher") else Direction.WORSE


def check_ons4(measure: Measure) -> None:
    """Four questions, no composite (ONS, frequently asked questions); bands as in its reply."""
    for value in range(11):
        result = scored(measure, [value] * 4)
        assert (result.status, result.total, result.band, result.caseness) == (FormStatus.COMPLETE, None, None, None)
        assert list(result.scores) == ["satisfied", "worthwhile", "happy", "anxious"]
        for key, each in result.scores.items():
            assert each.value == value
            assert each.band == band(ONS_ANXIOUS if key == "anxious" else ONS_GOOD, value)
    for place, key in enumerate(("satisfied", "worthwhile", "happy", "anxious")):
        one = [7 if number == place else 0 for number in range(4)]
        assert scored(measure, one).scores[key].value == 7
        found = change_between(measure, Decimal(3), Decimal(5), score_key=key)
        assert (found.reliable, found.rule) == (None, None)
        assert found.direction is (Direction.WORSE if key == "anxious" else Direction.BETTER)
        for wrong in (-1, 11):
            assert scored(measure, [wrong if number == place else 0 for number in range(4)]).status == "invalid"
        assert scored(measure, [None if number == place else 0 for number in range(4)]).n_missing == 1


def check_loneliness(measure: Measure) -> None:
    """ONS: five words; the share who say often or always."""
    words = ["often or always", "some of the time", "occasionally", "hardly ever", "never"]
    for code, word in enumerate(words, 1):
        result = scored(measure, [code])
        assert (result.total, result.band, result.caseness) == (None, word, code == 1)
    assert [scored(measure, [code]).status for code in (0, 6)] == ["invalid", "invalid"]
    assert scored(measure, [None]).status is FormStatus.INCOMPLETE
    assert measure.direction == "higher"


def check_goals(measure: Measure) -> None:
    """0 to 10 a goal, one to three of them; 3 a goal (public measurement code)."""
    for value in range(11):
        for place in range(3):
            answers = [value if number == place else None for number in range(3)]
            assert [each.value for each in scored(measure, answers).scores.values()] == answers
    assert scored(measure, [5]).status is FormStatus.COMPLETE
    assert scored(measure, [None, None, 0]).status is FormStatus.COMPLETE
    assert (scored(measure, [None]).status, scored(measure, [None]).n_missing) == (FormStatus.INCOMPLETE, 3)
    for place in range(3):
        for wrong in (-1, 11):
            assert scored(measure, [wrong if number == place else 0 for number in range(3)]).status == "invalid"
    for goal in ("goal-1", "goal-2", "goal-3"):
        for last, reliable in ((6, False), (7, True), (1, True), (2, False)):
            found = change_between(measure, Decimal(4), Decimal(last), score_key=goal)
            assert (found.reliable, found.direction) == (reliable, better_when("higher", rises=last > 4))


def check_satisfaction(measure: Measure) -> None:
    """Our own question; positive is very good or good. What is written does not count."""
    words = ["very good", "good", "neither good nor poor", "poor", "very poor", "do not know"]
    for code, word in enumerate(words, 1):
        for answers in ([code], [code, "kind", "shorter wait"], [code, None, None]):
            result = scored(measure, answers)
            assert (result.status, result.total, result.band, result.caseness) == ("complete", None, word, None)
            assert result.scores["answer"].cutoffs == {"positive": code <= 2}
    assert [scored(measure, [code]).status for code in (0, 7)] == ["invalid", "invalid"]
    assert scored(measure, [None, "kind", None]).status is FormStatus.INCOMPLETE
    assert measure.direction == "lower"


def check_job_kept(measure: Measure) -> None:
    """Our own question; kept is a clear yes, and neither "no" nor "not sure" nor nothing is one."""
    for code, word in enumerate(["yes", "no", "not sure"], 1):
        result = scored(measure, [code])
        assert (result.status, result.total, result.band, result.caseness) == ("complete", None, word, None)
        assert result.scores["answer"].cutoffs == {"kept": code == 1}
    assert [scored(measure, [code]).status for code in (0, 4)] == ["invalid", "invalid"]
    assert scored(measure, [None]).status is FormStatus.INCOMPLETE
    assert measure.direction == "lower"


def check_dialog(measure: Measure) -> None:
    """dialog.elft.nhs.uk: means of items 1 to 8 and 9 to 11; below four dissatisfied, four neutral, above satisfied."""
    for raw in range(8, 57):
        life = [1 + (raw - 8 + place) // 8 for place in range(8)]
        assert sum(life) == raw
        mean = (Decimal(raw) / 8).quantize(Decimal("0.01"), ROUND_HALF_UP)
        check_dialog_score(scored(measure, [*life, 1, 1, 1]), "quality-of-life", mean, raw - 32)
    for raw in range(3, 22):
        care = [1 + (raw - 3 + place) // 3 for place in range(3)]
        mean = (Decimal(raw) / 3).quantize(Decimal("0.01"), ROUND_HALF_UP)
        check_dialog_score(scored(measure, [7] * 8 + care), "treatment", mean, raw - 12)
    gap = scored(measure, [4] * 10 + [None])
    assert (gap.scores["quality-of-life"].value, gap.scores["treatment"].value) == (Decimal("4.00"), None)
    assert scored(measure, [None] + [4] * 10).scores["quality-of-life"].value is None
    for place in range(11):
        for wrong in (0, 8):
            assert scored(measure, [wrong if number == place else 4 for number in range(11)]).status == "invalid"
    for key in ("quality-of-life", "treatment"):
        found = change_between(measure, Decimal(3), Decimal(4), score_key=key)
        assert (found.direction, found.rule) == (Direction.BETTER, None)


def check_dialog_score(result: FormScore, key: str, mean: Decimal, from_neutral: int) -> None:
    word = "neutral" if not from_neutral else "satisfied" if from_neutral > 0 else "dissatisfied"
    assert (result.scores[key].value, result.scores[key].band) == (mean, word)
    assert result.total is None


def check_wemwbs(measure: Measure) -> None:
    """As a total, and the short scale from items 1, 2, 3, 6, 7, 9 and 11 of the same form."""
    short = (1, 2, 3, 6, 7, 9, 11)
    for raw, metric in SWEMWBS.items():
        points = {number: 1 + (raw - 7 + place) // 7 for place, number in enumerate(short)}
        for others in (1, 5):
            result = scored(measure, [points.get(number, others) for number in range(1, 15)])
            assert result.scores["swemwbs"].value == Decimal(metric)
    check_total(measure, PUBLISHED["wemwbs"])


def check_swemwbs(measure: Measure) -> None:
    """With the raw sum beside the metric score."""
    check_total(measure, PUBLISHED["swemwbs"])
    for answers, raw in forms(PUBLISHED["swemwbs"]):
        assert scored(measure, answers).scores["raw"].value == raw
    edges = {"19.97": "low", "19.98": "medium", "28.12": "medium", "28.13": "high"}
    assert {value: band_of(measure, "total", Decimal(value)) for value in edges} == edges


def check_wsas(measure: Measure) -> None:
    """Without item 1 it is out of 32, and the bands, made for 40, say nothing."""
    check_total(measure, PUBLISHED["wsas"])
    for each in range(9):
        result = scored(measure, ["n/a", each, each, each, each])
        assert (result.status, result.total, result.band) == (FormStatus.COMPLETE, 4 * each, None)
        assert result.scores["total"].out_of == 32
    for place in range(1, 5):
        assert scored(measure, ["n/a" if number == place else 0 for number in range(5)]).status == "invalid"


def check_honos(measure: Measure) -> None:
    """9 is "not known": allowed, and missing."""
    check_total(measure, PUBLISHED["honos"])
    for place in range(12):
        result = scored(measure, [9 if number == place else 1 for number in range(12)])
        assert (result.status, result.total, result.n_missing) == (FormStatus.INCOMPLETE, None, 1)


def check_reqol(measure: Measure) -> None:
    """The question on the body is an eleventh, outside the total."""
    check_total(measure, PUBLISHED["reqol-10"])
    for body in (None, *range(5)):
        result = scored(measure, [0, 4, 0, 4, 4, 0, 4, 4, 0, 4, body])
        assert (result.status, result.total) == (FormStatus.COMPLETE, 40)
    for wrong in (-1, 5):
        assert scored(measure, [0] * 10 + [wrong]).status is FormStatus.INVALID


OTHERS: Mapping[str, Callable[[Measure], None]] = {
    "ons4": check_ons4,
    "ons-loneliness": check_loneliness,
    "goals": check_goals,
    "job-kept": check_job_kept,
    "satisfaction": check_satisfaction,
    "dialog": check_dialog,
    "wemwbs": check_wemwbs,
    "swemwbs": check_swemwbs,
    "wsas": check_wsas,
    "honos": check_honos,
    "reqol-10": check_reqol,
}
