"""What the public is told of places: whether there are any, never how many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.booking.codes import Availability

# Fewer than this are "few"; no smaller number is ever told, for it could tell who has booked.
FEW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How places stand at a moment. `is_drop_in`: nobody books."""

    free: int
    anybody_waits: bool
    has_waiting_list: bool
    starts_at: datetime
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    cancelled: bool = False
    is_drop_in: bool = False


def availability(standing: Standing, now: datetime) -> Availability:
    """The one word for it. Places for which others wait are not free."""
    if standing.cancelled:
        return Availability.CANCELLED
    if now >= standing.starts_at or (standing.closes_at is not None and now >= standing.closes_at):
        return Availability.CLOSED
    if standing.is_drop_in:
        return Availability.DROP_IN
    if standing.opens_at is not None and now < standing.opens_at:
        return Availability.NOT_YET
    if standing.free <= 0 or standing.anybody_waits:
        return Availability.WAITING_LIST if standing.has_waiting_list else Availability.FULL
    return Availability.FEW if standing.free < FEW else Availability.PLACES
