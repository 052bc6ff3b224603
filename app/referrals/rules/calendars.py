"""Working days: not at the weekend, not on a bank holiday of the nation; days begin at midnight in London."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from holidays import country_holidays

from app.core.clock import LONDON
from app.referrals.codes import Nation

SATURDAY = 5
# The bank holidays of England and Wales are the same.
_SUBDIVISIONS = {Nation.ENGLAND_AND_WALES: "ENG", Nation.SCOTLAND: "SCT", Nation.NORTHERN_IRELAND: "NIR"}


@cache
def bank_holidays(nation: Nation, year: int) -> frozenset[date]:
    """The bank holidays of a nation in a year, with the days that stand in for those at a weekend."""
    return frozenset(country_holidays("GB", subdiv=_SUBDIVISIONS[nation], years=year, expand=False))


def is_working_day(day: date, nation: Nation) -> bool:
    """Whether people are at work there on that day."""
    return day.weekday() < SATURDAY and day not in bank_holidays(nation, day.year)


def add_working_days(day: date, count: int, nation: Nation) -> date:
    """The working day so many after that day, which itself is not counted."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, nation)
    return day


def working_days_between(first: date, last: date, nation: Nation) -> int:
    """How many working days come after the first day, up to and with the last."""
    days = (first + timedelta(days=count) for count in range(1, (last - first).days + 1))
    return sum(is_working_day(day, nation) for day in days)


def local_day(instant: datetime) -> date:
    """The date in London at that instant."""
    return instant.astimezone(LONDON).date()


def end_of(day: date) -> datetime:
    """The midnight after that day in London, in UTC; such a day has 23 or 25 hours when the clocks change."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON).astimezone(UTC)
