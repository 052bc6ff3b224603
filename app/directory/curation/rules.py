"""Decisions about listings: when to look again, how far to trust one, what is missing in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from dateutil.relativedelta import relativedelta

from app.directory.codes import CheckKind, Experience, Kind
from app.directory.curation.document import FIELDS

# How long a check holds, in months. Courses change with each term, groups move; our own choice within 3 to 12 months.
MONTHS_BETWEEN_CHECKS: Mapping[Kind, int] = {Kind.COURSE: 3, Kind.PEER_GROUP: 6, Kind.SERVICE: 12}
# After the check is due: a second reminder, then a task for an editor, then the listing is hidden.
SECOND_REMINDER = timedelta(days=14)
EDITORS_TASK = timedelta(days=28)
HIDDEN_AFTER = timedelta(days=120)


class Freshness(StrEnum):
    """Where a listing stands between two checks."""

    UNOWNED = "unowned"
    FRESH = "fresh"
    DUE = "due"
    SECOND = "second"
    STALE = "stale"
    EXPIRED = "expired"


def next_check(kind: Kind, checked_on: date) -> date:
    """The day on which a listing checked on `checked_on` should be looked at again."""
    return checked_on + relativedelta(months=MONTHS_BETWEEN_CHECKS[kind])


def freshness(next_check_on: date | None, today: date) -> Freshness:
    """Where a listing stands on `today`."""
    if next_check_on is None:
        return Freshness.UNOWNED
    overdue = today - next_check_on
    if overdue < timedelta():
        return Freshness.FRESH
    if overdue < SECOND_REMINDER:
        return Freshness.DUE
    if overdue < EDITORS_TASK:
        return Freshness.SECOND
    return Freshness.STALE if overdue < HIDDEN_AFTER else Freshness.EXPIRED


def is_stale(next_check_on: date | None, today: date) -> bool:
    """Whether nobody has checked a listing though both reminders went out: it is marked and ranked lower."""
    return freshness(next_check_on, today) in {Freshness.STALE, Freshness.EXPIRED}


# What each piece of evidence takes from or gives to the confidence in a listing, and how long it counts, in days.
# Our own weights; what matters is their order, and that each can be told in words.
EVIDENCE: Mapping[CheckKind, tuple[float, int]] = {
    CheckKind.STILL_RIGHT: (0.0, 0),
    CheckKind.CHANGED: (0.0, 0),
    CheckKind.REMINDED: (0.0, 0),
    CheckKind.HIDDEN: (0.0, 0),
    CheckKind.FOUND_WRONG: (-0.35, 90),
    CheckKind.LINK_DEAD: (-0.2, 90),
    CheckKind.MAIL_BOUNCED: (-0.2, 90),
}
OPEN_REPORT = -0.15
# What those who were sent there met with: how much one of them weighs, and how many of them count at most. That it is
# full says nothing of whether the listing is right.
MET_WITH: Mapping[Experience, tuple[float, int]] = {
    Experience.HELPED: (0.1, 2),
    Experience.CLOSED: (-0.25, 2),
    Experience.NO_ANSWER: (-0.1, 3),
    Experience.NOT_ELIGIBLE: (-0.05, 2),
    Experience.ACCESS: (-0.05, 2),
    Experience.COST: (-0.05, 2),
    Experience.FULL: (0.0, 0),
}
HALF_LIFE_DAYS = 365
UNCHECKED = 0.4


@dataclass(frozen=True, slots=True)
class Confidence:
    """How far a listing can be trusted, from 0 to 1, and why.

    The reasons are codes of `CheckKind` and `Experience`, "reports", "age" and "unchecked".
    """

    value: float
    reasons: tuple[str, ...]

    @property
    def level(self) -> str:
        """One of "high", "fair" and "low"."""
        return "high" if self.value >= 0.75 else "fair" if self.value >= 0.45 else "low"


def confidence(
    *,
    checked_on: date | None,
    evidence: Iterable[tuple[CheckKind, date]],
    open_reports: int,
    today: date,
    experiences: Mapping[Experience, int] | None = None,
) -> Confidence:
    """Weigh the age of the last check, evidence since then, reports that wait, and what people met with."""
    reasons: list[str] = []
    if checked_on is None:
        value = UNCHECKED
        reasons.append("unchecked")
    else:
        age = max((today - checked_on).days, 0)
        value = 0.5 ** (age / HALF_LIFE_DAYS) * 0.6 + 0.4
        if age > HALF_LIFE_DAYS:
            reasons.append("age")
    for kind, on in evidence:
        weight, lasts = EVIDENCE[kind]
        is_newer = checked_on is None or on >= checked_on
        if weight and is_newer and (today - on).days <= lasts:
            value += weight
            reasons.append(kind.value)
    if open_reports:
        value += OPEN_REPORT * min(open_reports, 3)
        reasons.append("reports")
    for met_with, times in (experiences or {}).items():
        weight, most = MET_WITH[met_with]
        value += weight * min(times, most)
        if weight < 0 and times:
            reasons.append(met_with.value)
    return Confidence(round(min(max(value, 0.0), 1.0), 2), tuple(dict.fromkeys(reasons)))


def may_publish_at_once(changes: Iterable[str]) -> bool:
    """Whether a provider's change of these fields needs no editor."""
    return all(FIELDS[name].trusted for name in changes)


def quality_gaps(document: Mapping[str, Any], *, has_hours: bool, has_costs: bool, has_contact: bool) -> list[str]:
    """What a listing leaves people to guess, as codes, the worst first."""
    gaps = {
        "no-contact": not (has_contact or document["phones"] or document["email"] or document["url"]),
        "no-way-in": not (document["access_routes"] or document["application_process"]),
        "no-topics": not document["topics"],
        "no-hours": not has_hours,
        "no-cost": not (has_costs or document["fees_description"]),
        "short-description": len(document["description"]) < 80,
        "hard-to-read": reading_age(document["description"]) > 14,
    }
    return [name for name, is_missing in gaps.items() if is_missing]


def reading_age(text: str) -> float:
    """About how old a reader must be, by the automated readability index (Senter and Smith 1967) plus five years.

    0 for texts of fewer than 20 words, where the measure says nothing.
    """
    words = text.split()
    if len(words) < 20:
        return 0.0
    sentences = max(sum(text.count(mark) for mark in ".!?\n"), 1)
    characters = sum(len(word.strip(".,;:!?()\"'")) for word in words)
    grade = 4.71 * characters / len(words) + 0.5 * len(words) / sentences - 21.43
    return round(max(grade, 0.0) + 5, 1)
