"""Which other times stand open to whoever has one that no listing shows: the feature that gives them out knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.booking.models import Booking


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTimes:
    """Pools that a booking may move to; whether it is somebody else whom they would meet there."""

    pool_ids: tuple[UUID, ...] = ()
    with_somebody_else: bool = False


Finder = Callable[[Session, Booking], OtherTimes | None]
_finders: dict[str, Finder] = {}


def register(name: str, finder: Finder) -> None:
    """Make a finder known; it says None of a booking that is not of its times."""
    _finders[name] = finder


def other_times(session: Session, booking: Booking) -> OtherTimes:
    """Where this booking may go: nowhere, where nobody knows of it."""
    told = (finder(session, booking) for finder in _finders.values())
    return next((found for found in told if found is not None), OtherTimes())
