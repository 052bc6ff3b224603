"""Which two measurements of a person make a pair that may be counted, and why others do not.

The pairing rule is that of public measurement code, presumed NHS England's for the mental health services data set:
valid scores only; the first on or after contact 1; the last on or after contact 2 and by discharge; two contacts; the
same scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.outcomes.codes import ChosenBy
from app.outcomes.measures import Measure


class PairReason(StrEnum):
    """Why there is no pair, or why a pair does not count."""

    NO_CONTACT = "no contact yet"
    ONE_CONTACT = "only one contact"
    NO_FIRST = "nothing complete since the first contact"
    NO_LAST = "nothing complete since the second contact"
    ONE_POINT = "only one point"
    OTHER_SCALE = "the two are not on the same scale"
    ESTIMATED = "a score is estimated"
    NOT_CHOSEN_BY_PERSON = "not chosen by the person"
    NOT_THE_PERSONS = "not answered by the person"


@dataclass(frozen=True, slots=True)
class Measurement:
    """What the rules need of one measurement: one score of one form. `value` is None where the form gives none."""

    measure: str
    version: int
    score: str
    answered_on: date
    value: Decimal | None
    complete: bool = True
    estimated: bool = False
    void: bool = False
    superseded: bool = False
    out_of: Decimal | None = None

    @property
    def is_valid(self) -> bool:
        """Whether it stands and has a value."""
        return self.value is not None and not self.void and not self.superseded

    @property
    def reference(self) -> str:
        """Measure and version, as definitions write it."""
        return f"{self.measure}/{self.version}"


@dataclass(frozen=True, slots=True)
class Pair:
    """The two that count, or the reasons why there are none."""

    first: Measurement | None
    last: Measurement | None
    reasons: tuple[PairReason, ...]

    @property
    def counts(self) -> bool:
        """Whether a change may be reported."""
        return not self.reasons


def counted_pair(
    measure: Measure,
    measurements: Sequence[Measurement],
    contacts: Sequence[date],
    *,
    closed_on: date | None = None,
    allow_estimated: bool = False,
) -> Pair:
    """The first and the last measurement that count, by the rule at the head of this module."""
    days, usable = sorted(contacts), _usable(measurements, allow_estimated=allow_estimated)
    if len(days) < 2:
        return Pair(None, None, (PairReason.ONE_CONTACT if days else PairReason.NO_CONTACT,))
    firsts = [each for each in usable if days[0] <= each.answered_on]
    lasts = [
        each for each in firsts if days[1] <= each.answered_on and (not closed_on or each.answered_on <= closed_on)
    ]
    first, last = (firsts[0] if firsts else None), (lasts[-1] if lasts else None)
    return Pair(first, last, tuple(_reasons(measure, measurements, first, last, allow_estimated=allow_estimated)))


def chosen_and_two_points(
    measure: Measure, measurements: Sequence[Measurement], chosen_by: ChosenBy | None
) -> tuple[PairReason, ...]:
    """Why a person does not count under "chose their own measure and has two points on it"; empty when they do.

    Joint choice counts as the person's. Points are complete forms on different days.
    """
    complete = [each for each in _usable(measurements, allow_estimated=False) if each.complete]
    checks = {
        PairReason.NOT_THE_PERSONS: measure.respondent != "person",
        PairReason.NOT_CHOSEN_BY_PERSON: chosen_by not in {ChosenBy.PERSON, ChosenBy.JOINT},
        PairReason.NO_FIRST: not complete,
        PairReason.ONE_POINT: bool(complete) and complete[0].answered_on == complete[-1].answered_on,
        PairReason.OTHER_SCALE: bool(complete) and not are_comparable(measure, complete[0], complete[-1]),
    }
    return tuple(reason for reason, holds in checks.items() if holds)


def are_comparable(measure: Measure, one: Measurement, other: Measurement) -> bool:
    """Whether two values are on one scale.

    The same score of the same version, or of one named comparable, and out of the same highest total.
    """
    versions = {one.reference, other.reference}
    same = len(versions) == 1 or versions <= {measure.reference, *measure.comparable_with}
    return same and one.score == other.score and one.out_of == other.out_of


def _usable(measurements: Sequence[Measurement], *, allow_estimated: bool) -> list[Measurement]:
    valid = [each for each in measurements if each.is_valid and (allow_estimated or not each.estimated)]
    return sorted(valid, key=lambda each: each.answered_on)


def _reasons(
    measure: Measure,
    measurements: Sequence[Measurement],
    first: Measurement | None,
    last: Measurement | None,
    *,
    allow_estimated: bool,
) -> list[PairReason]:
    reasons = []
    if first is None:
        reasons.append(PairReason.NO_FIRST)
    elif last is None:
        reasons.append(PairReason.NO_LAST)
    elif first is last:
        reasons.append(PairReason.ONE_POINT)
    elif not are_comparable(measure, first, last):
        reasons.append(PairReason.OTHER_SCALE)
    if reasons and not allow_estimated and any(each.is_valid and each.estimated for each in measurements):
        reasons.append(PairReason.ESTIMATED)
    return reasons
