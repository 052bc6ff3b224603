"""The clocks of a referral: how long it took, with pauses counted and with pauses taken out, and when it is due.

Hours are elapsed hours, whatever the clock on the wall does. Days and working days are whole days in London: the day
on which a clock starts is not counted, and it is due by the end of the last. A day does not count as run when the
clock stood still at its end, so a pause from Monday to Wednesday takes two days out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from app.referrals.codes import ClockKind, Nation, Status
from app.referrals.rules.calendars import (
    end_of,
    is_working_day,
    local_day,
    working_days_between,
)


class Unit(StrEnum):
    """In what a threshold is counted."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working-days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Threshold:
    """How long a clock may run."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("a threshold is at least one; a clock without one has None")


# None is "not set": the commissioner left it empty, or each pathway sets its own. It is never shown as met.
DEFAULTS: dict[ClockKind, Threshold | None] = {
    ClockKind.ACKNOWLEDGE: Threshold(2, Unit.WORKING_DAYS),
    ClockKind.INITIAL_CONTACT: None,
    ClockKind.FIRST_24_HOURS: Threshold(24, Unit.HOURS),
    ClockKind.FIRST_7_DAYS: Threshold(7, Unit.DAYS),
    ClockKind.DECISION: None,
    ClockKind.REVIEW: None,
    ClockKind.CARERS_REVIEW: Threshold(12, Unit.MONTHS),
    ClockKind.FREQUENCY: Threshold(7, Unit.DAYS),
    ClockKind.WAITING_CHECK_IN: Threshold(28, Unit.DAYS),
    ClockKind.LOOP: Threshold(5, Unit.WORKING_DAYS),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which something was so; without an end it still is."""

    begins: datetime
    ends: datetime | None = None

    def within(self, start: datetime, stop: datetime) -> Stretch | None:
        """The part of it between two instants, if there is any."""
        begins, ends = max(self.begins, start), min(self.ends or stop, stop)
        return Stretch(begins, ends) if begins < ends else None


class ClockState(StrEnum):
    """How a clock stands."""

    NOT_SET = "not-set"
    PAUSED = "paused"
    RUNNING = "running"
    PAST = "past"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a clock: what has passed and when it is due; no due time where none is set or it stands still."""

    elapsed: timedelta
    days: int
    working_days: int
    due_at: datetime | None
    state: ClockState

    @property
    def is_good(self) -> bool:
        """Whether it may be shown in green: only what was met in time."""
        return self.state is ClockState.MET

    @property
    def is_breach(self) -> bool:
        """Whether its time was over before it stopped, or is over now."""
        return self.state in {ClockState.PAST, ClockState.MISSED}


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock read both ways, and how much of its time it stood still."""

    with_pauses: Reading
    without_pauses: Reading
    paused: timedelta


def read_clock(
    started_at: datetime,
    *,
    now: datetime,
    threshold: Threshold | None,
    nation: Nation,
    stopped_at: datetime | None = None,
    pauses: Iterable[Stretch] = (),
) -> Clock:
    """Read a clock that started then, at `now`; `with_pauses` counts them as time, `without_pauses` takes them out."""
    stop = max(started_at, stopped_at or now)
    known = joined(pauses)
    stood = [part for each in known if (part := each.within(started_at, stop))]
    stands_still = stopped_at is None and any(each.begins <= now < (each.ends or _after(now)) for each in known)
    return Clock(
        with_pauses=_reading(started_at, stop, threshold, nation, [], running=stopped_at is None),
        without_pauses=_reading(
            started_at, stop, threshold, nation, stood, running=stopped_at is None, stands_still=stands_still
        ),
        paused=_length(stood),
    )


def due_at(started_at: datetime, threshold: Threshold, nation: Nation, pauses: Iterable[Stretch] = ()) -> datetime:
    """When the clock is due, in UTC: by the end of the last day, or so many hours on; each pause moves it on.

    Every pause must have ended.
    """
    stood = [part for each in joined(pauses) if (part := each.within(started_at, each.ends or each.begins))]
    if threshold.unit is Unit.HOURS:
        return _after_hours(started_at, timedelta(hours=threshold.amount), stood)
    return end_of(_last_day(local_day(started_at), threshold, nation, _days_stood(stood)))


def due_in(reading: Reading, now: datetime) -> timedelta | None:
    """How long is left, less than nothing when it is past; None where nothing is due."""
    if reading.due_at is None or reading.state not in {ClockState.RUNNING, ClockState.PAST}:
        return None
    return reading.due_at - now


def stretches_in(
    moves: Sequence[tuple[datetime, Status]], states: frozenset[Status], *, until: datetime | None = None
) -> list[Stretch]:
    """When a referral was in one of those states, from its history of (when, to) in order; `until` closes the last."""
    ends: list[datetime | None] = [*(at for at, _ in moves[1:]), until][: len(moves)]
    found = [Stretch(at, end) for (at, state), end in zip(moves, ends, strict=True) if state in states]
    return joined(found)


def pauses_in(moves: Sequence[tuple[datetime, Status]]) -> list[Stretch]:
    """When the work stood still. Waiting for the referrer's answer does not stop a clock."""
    return stretches_in(moves, frozenset({Status.PAUSED}))


def waited_on_referrer(moves: Sequence[tuple[datetime, Status]], *, now: datetime) -> timedelta:
    """How much of the time the referral lay with its referrer, who had been asked something."""
    return _length(stretches_in(moves, frozenset({Status.INFO_REQUESTED}), until=now))


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same times in order, those that touch or overlap made one."""
    found: list[Stretch] = []
    for each in sorted(stretches, key=lambda each: each.begins):
        last = found[-1] if found else None
        if last and (last.ends is None or each.begins <= last.ends):
            ends = None if last.ends is None or each.ends is None else max(last.ends, each.ends)
            found[-1] = Stretch(last.begins, ends)
        else:
            found.append(each)
    return found


def _reading(
    start: datetime,
    stop: datetime,
    threshold: Threshold | None,
    nation: Nation,
    stood: list[Stretch],
    *,
    running: bool,
    stands_still: bool = False,
) -> Reading:
    first, last, days_stood = local_day(start), local_day(stop), _days_stood(stood)
    due = due_at(start, threshold, nation, stood) if threshold else None
    state = _state(stop, due, running=running, stands_still=stands_still)
    return Reading(
        elapsed=stop.astimezone(UTC) - start.astimezone(UTC) - _length(stood),
        days=(last - first).days - len(days_stood),
        working_days=working_days_between(first, last, nation)
        - sum(is_working_day(day + timedelta(days=1), nation) for day in days_stood),
        due_at=None if state is ClockState.PAUSED else due,
        state=state,
    )


def _state(stop: datetime, due: datetime | None, *, running: bool, stands_still: bool) -> ClockState:
    if due is None:
        return ClockState.NOT_SET
    if not running:
        return ClockState.MET if stop <= due else ClockState.MISSED
    if stop > due:
        return ClockState.PAST
    return ClockState.PAUSED if stands_still else ClockState.RUNNING


def _days_stood(stood: list[Stretch]) -> frozenset[date]:
    """The days at whose end the clock stood still; a stretch ends on the day after the last of them."""
    return frozenset(
        local_day(each.begins) + timedelta(days=count)
        for each in stood
        for count in range((local_day(each.ends or each.begins) - local_day(each.begins)).days)
    )


def _last_day(first: date, threshold: Threshold, nation: Nation, stood: frozenset[date]) -> date:
    """The day by whose end it is due. The step from a day to the next counts unless the clock stood still over it."""
    if threshold.unit is Unit.WORKING_DAYS:
        return _last_working_day(first, threshold.amount, nation, stood)
    months = threshold.amount if threshold.unit is Unit.MONTHS else 0
    last = first + relativedelta(months=months, days=0 if months else threshold.amount)
    for day in sorted(stood):
        last += timedelta(days=day < last)
    return last


def _last_working_day(day: date, left: int, nation: Nation, stood: frozenset[date]) -> date:
    while left > 0:
        stands_still = day in stood
        day += timedelta(days=1)
        left -= not stands_still and is_working_day(day, nation)
    return day


def _after_hours(start: datetime, left: timedelta, stood: list[Stretch]) -> datetime:
    # In UTC throughout: an aware instant in London plus 24 hours is 24 hours by the clock on the wall.
    due = start.astimezone(UTC) + left
    for each in stood:
        if each.begins < due:
            due += (each.ends or each.begins).astimezone(UTC) - each.begins.astimezone(UTC)
    return due


def _length(stretches: Iterable[Stretch]) -> timedelta:
    return sum(
        ((each.ends or each.begins).astimezone(UTC) - each.begins.astimezone(UTC) for each in stretches), timedelta()
    )


def _after(instant: datetime) -> datetime:
    return instant + timedelta(microseconds=1)
