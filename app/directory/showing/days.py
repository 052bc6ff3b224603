"""The days of regular hours, as iCalendar writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from functools import lru_cache

WEEKDAYS = {code: number for number, code in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True)
class DayRule:
    """A weekday, and which one of the month: 0 every, 1 the first, -1 the last."""

    weekday: int
    nth: int


@lru_cache(maxsize=1_000)
def day_rules(byday: str | None) -> tuple[DayRule, ...]:
    """The parts of an iCalendar BYDAY, as "MO,TU" or "2TH,-1FR"; what cannot be read is left out."""
    rules = []
    for part in (byday or "").replace(" ", "").upper().split(","):
        weekday = WEEKDAYS.get(part[-2:])
        nth = part[:-2] or "0"
        if weekday is not None and nth.lstrip("-").isdigit():
            rules.append(DayRule(weekday, int(nth)))
    return tuple(rules)
