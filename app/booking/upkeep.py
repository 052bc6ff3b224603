"""What the doctor asks of booking."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.booking.queries.invariants import faults
from app.core.upkeep import check


@check("places")
def places_are_right(session: Session) -> Iterator[str]:
    """No place is sold twice, nobody is booked twice, and no place is free while somebody waits for it."""
    yield from faults(session)
