"""The periods that figures are told for: whole quarters and years, so that no two of them differ by one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

QUARTERS = 8
YEARS = 3
APRIL = 4


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both counted. `key` names it in an address."""

    key: str
    begins: date
    ends: date


def periods(today: date) -> list[Period]:
    """Financial years and then quarters, the latest first; the financial year that has begun is the usual one."""
    year = today.year if today.month >= APRIL else today.year - 1
    years = [_year(year - back) for back in range(YEARS)]
    begins = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    quarters = [_quarter(begins - relativedelta(months=3 * back)) for back in range(QUARTERS)]
    return [*years, *quarters]


def chosen_period(today: date, key: str) -> Period:
    """The period of that name; the usual one for any other name."""
    known = periods(today)
    return next((period for period in known if period.key == key), known[0])


def _year(year: int) -> Period:
    return Period(f"{year}-{(year + 1) % 100:02}", date(year, APRIL, 1), date(year + 1, APRIL, 1) - timedelta(days=1))


def _quarter(begins: date) -> Period:
    ends = begins + relativedelta(months=3) - timedelta(days=1)
    return Period(f"{begins.year}-q{(begins.month + 2) // 3}", begins, ends)
