"""The scores of one person on one measure in a row: which is the next, and how far each is from the first.

The first is the earliest on the same scale, on an earlier day and no more than two years before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

LOOK_BACK = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Scored:
    """One figure of a form that stands: a number, or the name of an answer (`band`, and then no value)."""

    form_id: UUID
    key: str
    day: date
    finished_at: datetime | None
    value: Decimal | None
    out_of: Decimal | None = None
    band: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """The same with what comes of its place: the day of the next one, and the change since the first."""

    scored: Scored
    next_on: date | None
    change: Decimal | None


def in_a_row(scores: Iterable[Scored]) -> list[Point]:
    """The points of one person and measure, each score by itself, by day."""
    by_key: dict[str, list[Scored]] = defaultdict(list)
    for each in scores:
        by_key[each.key].append(each)
    return [point for known in by_key.values() for point in _row(sorted(known, key=_order))]


def _order(each: Scored) -> tuple[date, bool, str, str]:
    when = each.finished_at
    return each.day, when is not None, when.isoformat() if when else "", str(each.form_id)


def _row(known: list[Scored]) -> list[Point]:
    following = [*(each.day for each in known[1:]), None]
    return [
        Point(each, next_on, _change(known[:at], each))
        for at, (each, next_on) in enumerate(zip(known, following, strict=True))
    ]


def _change(before: list[Scored], last: Scored) -> Decimal | None:
    if last.value is None:
        return None
    first = next((each for each in before if _is_first_of(each, last)), None)
    return None if first is None or first.value is None else last.value - first.value


def _is_first_of(each: Scored, last: Scored) -> bool:
    is_earlier = last.day - LOOK_BACK <= each.day < last.day
    return is_earlier and each.value is not None and each.out_of == last.out_of
