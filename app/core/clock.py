"""What time it is: the one place that asks the system, so that tests and runs can move it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_shift: ContextVar[timedelta] = ContextVar("waymark_clock_shift", default=timedelta())


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC) + _shift.get()


def system_now() -> datetime:
    """The instant of the system's clock, however `now` was moved: for leases, which processes hold in real time."""
    return datetime.now(UTC)


def local_now() -> datetime:
    """The present instant as a clock on a wall in London shows it."""
    return now().astimezone(LONDON)


def today() -> date:
    """The present date in London."""
    return local_now().date()


@contextmanager
def moved_to(instant: datetime) -> Iterator[None]:
    """Within the block the clock starts at `instant` (aware) and runs on from there."""
    if instant.tzinfo is None:
        raise ValueError("the clock is moved to an instant that says its zone")
    token = _shift.set(instant - datetime.now(UTC))
    try:
        yield
    finally:
        _shift.reset(token)
