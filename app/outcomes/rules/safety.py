"""The clock of a safety alert: it runs in the hours in which somebody is on duty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from app.core.clock import LONDON
from app.core.errors import Refused
from app.outcomes.codes import AlertState


@dataclass(frozen=True, slots=True)
class DutyHours:
    """When somebody reads answers, by weekday (Monday is 0), in London's time; not on the days it is shut."""

    by_weekday: Mapping[int, tuple[time, time]]
    shut_on: frozenset[date] = field(default_factory=frozenset)

    @property
    def has_any(self) -> bool:
        """Whether anybody is ever on duty; where nobody is, a measure with a safety item cannot be switched on."""
        return any(opens < closes for opens, closes in self.by_weekday.values())


def is_anybody_reading(hours: DutyHours, at: datetime) -> bool:
    """Whether somebody is on duty at this instant; if not, the page says that nobody is reading now."""
    return any(opens <= at < closes for opens, closes in _duty(hours, at, days=1))


def due_by(hours: DutyHours, raised_at: datetime, within: timedelta) -> datetime:
    """When an alert must have been acknowledged: so much time on duty after it was raised.

    Raises Refused where nobody is on duty.
    """
    left = within
    for opens, closes in _duty(hours, raised_at, days=_days_enough(hours, within)):
        begins = max(opens, raised_at)
        if closes - begins >= left:
            return begins + left
        left -= max(closes - begins, timedelta())
    raise Refused("Nobody is on duty to act on an answer. Set duty hours before you use this measure.")


def alert_state(
    due: datetime, now: datetime, *, acknowledged_at: datetime | None = None, outcome_at: datetime | None = None
) -> AlertState:
    """Where an alert stands: once its time is over without anybody's acknowledgement it goes to the next in line."""
    if outcome_at is not None:
        return AlertState.CLOSED
    if acknowledged_at is not None:
        return AlertState.ACKNOWLEDGED
    return AlertState.ESCALATED if now >= due else AlertState.RAISED


def _days_enough(hours: DutyHours, within: timedelta) -> int:
    """In how many days so much time on duty is sure to have passed, if anybody is on duty at all."""
    if not hours.has_any:
        return 0
    a_day = date(2001, 1, 1)
    stretches = (
        datetime.combine(a_day, end) - datetime.combine(a_day, start) for start, end in hours.by_weekday.values()
    )
    weekly = sum((each for each in stretches if each > timedelta()), timedelta())
    # Two weeks more for the broken first one and for hours that a change of the clock takes away.
    return 7 * (within // weekly + 3 + len(hours.shut_on))


def _duty(hours: DutyHours, since: datetime, *, days: int) -> Iterator[tuple[datetime, datetime]]:
    """The stretches on duty from the day of that instant on, in UTC."""
    first = since.astimezone(LONDON).date()
    for day in (first + timedelta(days=count) for count in range(days)):
        opens, closes = hours.by_weekday.get(day.weekday(), (time(), time()))
        if opens < closes and day not in hours.shut_on:
            yield _instant(day, opens), _instant(day, closes)


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)
