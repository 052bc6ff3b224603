"""The bank holidays of England, as the package `holidays` keeps them: nobody is expected to answer an offer on one."""

from __future__ import annotations

from collections.abc import Set
from datetime import date
from functools import lru_cache

import holidays

from app.core import clock


def bank_holidays() -> Set[date]:
    """Those of this year and the next."""
    return _of(clock.today().year)


@lru_cache(maxsize=8)
def _of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=(year, year + 1)))
