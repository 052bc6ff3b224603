"""People who are called the same: on a list that shows names alone they are told apart by when they booked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Protocol
from uuid import UUID


class Called(Protocol):
    """A booking, as far as this needs it."""

    @property
    def id(self) -> UUID: ...

    @property
    def name(self) -> str | None: ...


def namesakes(bookings: Iterable[Called]) -> frozenset[UUID]:
    """The bookings of a list that share their name with another one of it, written alike or not, or have none."""
    called = {booking.id: " ".join((booking.name or "").casefold().split()) for booking in bookings}
    times = Counter(called.values())
    return frozenset(booking_id for booking_id, name in called.items() if times[name] > 1)
