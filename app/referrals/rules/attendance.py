"""What follows when somebody was not seen. Nothing here ends a referral: a person decides that, and says why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.referrals.codes import Attendance, Nation
from app.referrals.rules.calendars import add_working_days

SEEN = frozenset({Attendance.SEEN_ON_TIME, Attendance.LATE_BUT_SEEN})
MISSED = frozenset({Attendance.DID_NOT_ATTEND, Attendance.LATE_NOT_SEEN})


class Step(StrEnum):
    """What somebody does after a missed appointment."""

    TRY_SAFE_CHANNEL = "try-safe-channel"
    RECORD_REASON = "record-reason"
    REBOOK = "rebook"
    TELL_MANAGER = "tell-manager"
    TELL_REFERRER_AND_GP = "tell-referrer-and-gp"
    DECIDE = "decide"


_EACH_TIME = (Step.TRY_SAFE_CHANNEL, Step.RECORD_REASON, Step.REBOOK)
_TELLING = (Step.TELL_MANAGER, Step.TELL_REFERRER_AND_GP)


@dataclass(frozen=True, slots=True)
class Ladder:
    """How many were missed in a row, and what is to be done about the last."""

    in_a_row: int
    steps: tuple[Step, ...]


def missed_in_a_row(attendances: Sequence[Attendance]) -> int:
    """How many of the last appointments, oldest first, were missed since the person was last seen.

    One that somebody cancelled, that is to come or that is not known neither adds to them nor breaks the row.
    """
    count = 0
    for each in attendances:
        if each in SEEN:
            count = 0
        count += each in MISSED
    return count


def ladder(attendances: Sequence[Attendance]) -> Ladder:
    """What is to be done: try again each time; tell others from the second; from the third somebody decides."""
    count = missed_in_a_row(attendances)
    steps: tuple[Step, ...] = _EACH_TIME if count else ()
    if count >= 2:
        steps += _TELLING
    if count >= 3:
        steps += (Step.DECIDE,)
    return Ladder(count, steps)


def try_by(missed_on: date, nation: Nation) -> date:
    """By when the person is to be tried: the same or the next working day."""
    return add_working_days(missed_on, 1, nation)


@dataclass(frozen=True, slots=True)
class Tally:
    """Appointments kept, missed and cancelled; what the service cancelled stands against the service."""

    seen: int
    missed: int
    cancelled_by_person: int
    cancelled_by_provider: int


def tally(attendances: Iterable[Attendance]) -> Tally:
    """Both sides of non-attendance, shown together."""
    given = list(attendances)
    return Tally(
        seen=sum(each in SEEN for each in given),
        missed=sum(each in MISSED for each in given),
        cancelled_by_person=given.count(Attendance.CANCELLED_BY_PERSON),
        cancelled_by_provider=given.count(Attendance.CANCELLED_BY_PROVIDER),
    )
