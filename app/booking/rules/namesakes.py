"""People who are called the same: on a list that shows names alone they are told apart by when they booked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from uuid import UUID


def namesakes(named: Iterable[tuple[UUID, str | None]]) -> frozenset[UUID]:
    """Those of a list of bookings, each with its name, that share it with another, however it is written."""
    called = {booking_id: " ".join((name or "").casefold().split()) for booking_id, name in named}
    times = Counter(called.values())
    return frozenset(booking_id for booking_id, name in called.items() if times[name] > 1)
