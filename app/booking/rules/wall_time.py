"""From the clock on a wall in London to an instant: the hour that is missing in March, and the one that comes twice."""

from __future__ import annotations

from datetime import UTC, datetime

from app.core.clock import LONDON
from app.core.errors import InvalidInput


class MissingHour(InvalidInput):
    """The clocks go forward over this time."""


class RepeatedHour(InvalidInput):
    """The clocks go back and this time comes twice: which is meant must be asked."""


def instant_of(wall: datetime, *, second: bool | None = None) -> datetime:
    """The instant, in UTC, at which London's clocks show `wall` (without a zone).

    `second` answers "the first or the second?" for a time that comes twice; it changes nothing for other times.
    """
    if wall.tzinfo is not None:
        raise ValueError("a time on the wall has no zone")
    earlier, later = (wall.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    if earlier == later:
        return earlier
    if earlier > later:  # PEP 495: in a gap, fold=0 reads the offset from before it
        raise MissingHour("The clocks go forward that night, so there is no such time. Choose another time.")
    if second is None:
        raise RepeatedHour("The clocks go back that night, so this time comes twice. Choose the first or the second.")
    return later if second else earlier


def wall_of(instant: datetime) -> datetime:
    """What London's clocks show at `instant`, without a zone."""
    return instant.astimezone(LONDON).replace(tzinfo=None)


def comes_twice(instant: datetime) -> bool:
    """Whether London's clocks show the same time an hour before or after."""
    local = instant.astimezone(LONDON)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
