"""When a service is open: regular hours worked out to days. Times are Europe/London clock times, without zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from app.directory.codes import Frequency
from app.directory.models import Schedule
from app.directory.showing.days import LAST_MINUTE, WEEKDAYS, day_rules
from app.library.plain import PlainHours

AnyHours = Schedule | PlainHours

LOOK_AHEAD_DAYS = 42


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """One stretch of being open."""

    opens: datetime
    closes: datetime
    schedule: AnyHours

    @property
    def is_whole_day(self) -> bool:
        """Whether it lasts from midnight to midnight."""
        return self.opens.time() == time(0) and self.closes - self.opens >= timedelta(hours=23, minutes=59)


def next_opening(schedules: Iterable[AnyHours], now: datetime) -> Opening | None:
    """The opening that lasts at `now` or the first to come, within six weeks; None where none is known."""
    first = now.date() - timedelta(days=1)
    # The openings of one schedule come in order, so its first that is not over stands for it.
    coming = [
        opening
        for schedule in schedules
        for opening in islice((o for o in _openings(schedule, first, LOOK_AHEAD_DAYS + 1) if o.closes > now), 1)
    ]
    return min(coming, key=lambda opening: (opening.opens, opening.closes), default=None)


def is_always_open(schedules: Sequence[AnyHours]) -> bool:
    """Whether it is open round the clock, every day."""
    return any(
        schedule.freq is Frequency.WEEKLY
        and len(day_rules(schedule.byday)) == len(WEEKDAYS)
        and schedule.opens_at == time(0)
        and schedule.closes_at in (time(0), LAST_MINUTE)
        for schedule in schedules
    )


def _openings(schedule: AnyHours, first: date, days: int) -> Iterator[Opening]:
    if schedule.opens_at is None or schedule.closes_at is None or schedule.freq is None:
        return
    for offset in range(days):
        day = first + timedelta(days=offset)
        if _runs_on(schedule, day):
            opens = datetime.combine(day, schedule.opens_at)
            closes = datetime.combine(day, schedule.closes_at)
            yield Opening(opens, closes if closes > opens else closes + timedelta(days=1), schedule)


def _runs_on(schedule: AnyHours, day: date) -> bool:
    if (schedule.valid_from and day < schedule.valid_from) or (schedule.valid_to and day > schedule.valid_to):
        return False
    return _in_interval(schedule, day) and _on_day(schedule, day)


def _on_day(schedule: AnyHours, day: date) -> bool:
    if schedule.bymonthday:
        return str(day.day) in schedule.bymonthday.replace(" ", "").split(",")
    nth, is_last = (day.day - 1) // 7 + 1, (day + timedelta(days=7)).month != day.month
    return any(
        rule.weekday == day.weekday() and (rule.nth in (0, nth) or (rule.nth == -1 and is_last))
        for rule in day_rules(schedule.byday)
    )


def _in_interval(schedule: AnyHours, day: date) -> bool:
    """Every second week or month is only known where the feed says when it began."""
    interval = schedule.interval or 1
    if interval == 1:
        return True
    if schedule.dtstart is None:
        return False
    if schedule.freq is Frequency.MONTHLY:
        return ((day.year - schedule.dtstart.year) * 12 + day.month - schedule.dtstart.month) % interval == 0
    return ((day - schedule.dtstart).days // 7) % interval == 0
