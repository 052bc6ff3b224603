"""Which times an adviser can offer within a stretch of a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

# A time that somebody takes themself does not begin before the adviser can have seen that they come.
NOTICE = timedelta(hours=2)


def cut(starts_at: datetime, ends_at: datetime, minutes: int) -> Iterator[tuple[datetime, datetime]]:
    """One after the other, for as long as a whole one fits in."""
    length = timedelta(minutes=minutes)
    while starts_at + length <= ends_at:
        yield starts_at, starts_at + length
        starts_at += length


def is_free(span: tuple[datetime, datetime], taken: Iterable[tuple[datetime, datetime]]) -> bool:
    """Whether a time touches none of those that are taken; where one ends the next may begin."""
    return all(span[1] <= begins or ends <= span[0] for begins, ends in taken)
