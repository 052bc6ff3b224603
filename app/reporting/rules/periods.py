"""The periods that reports are asked for: whole days in London, both ends counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from app.core import clock

EARLIEST = date(2000, 1, 1)
FIRST_MONTH_OF_YEAR = 4


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another. ValueError where the end is before the start, or no report can be of that time."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if not EARLIEST <= self.since <= self.until <= date(2100, 1, 1):
            raise ValueError("no such period")

    @property
    def begins(self) -> datetime:
        """Its first instant."""
        return _midnight(self.since)

    @property
    def is_over_at(self) -> datetime:
        """The first instant after it."""
        return _midnight(self.until + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.LONDON).astimezone(UTC)


def named(name: str, today: date) -> Period | None:
    """A period by its name, seen from today; None for a name that is none."""
    month, quarter, year = today.replace(day=1), _quarter(today), _year(today)
    found = {
        "month": (month, today),
        "last-month": (month - relativedelta(months=1), month - timedelta(days=1)),
        "quarter": (quarter, today),
        "last-quarter": (quarter - relativedelta(months=3), quarter - timedelta(days=1)),
        "year": (year, today),
        "last-year": (year - relativedelta(years=1), year - timedelta(days=1)),
    }.get(name)
    return Period(*found) if found else None


def _quarter(day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def _year(day: date) -> date:
    """The first day of the financial year of the public services."""
    return date(day.year - (day.month < FIRST_MONTH_OF_YEAR), FIRST_MONTH_OF_YEAR, 1)


def quarters_of(period: Period) -> list[Period]:
    """The quarters that a longer time is made of; none of a quarter, or of what does not begin with one."""
    if _quarter(period.since) != period.since:
        return []
    first_days = [period.since]
    while (another := first_days[-1] + relativedelta(months=3)) <= period.until:
        first_days.append(another)
    after = [*first_days[1:], period.until + timedelta(days=1)]
    found = [Period(day, following - timedelta(days=1)) for day, following in zip(first_days, after, strict=True)]
    return found if len(found) > 1 else []
