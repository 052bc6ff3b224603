"""The state of a session as people see it, and when its calendar entry must change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.booking.codes import SessionState

# So long before it the link to join an online session is told.
JOIN_HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """What calendars say of a session: a change in any of it is a new version."""

    starts_at: datetime
    ends_at: datetime
    place: str
    cancelled: bool = False


def next_sequence(before: Meeting, after: Meeting, sequence: int) -> int:
    """The SEQUENCE after a change: one more for a new time, place or status, else the same."""
    return sequence + (before != after)


def shown_state(stored: SessionState, meeting: Meeting, *, free: int | None, now: datetime) -> SessionState:
    """The stored state with what follows from the clock and the places; `free` is None for a drop-in."""
    if stored in {SessionState.CANCELLED, SessionState.MOVED, SessionState.DONE}:
        return stored
    if meeting.cancelled:
        return SessionState.CANCELLED
    if now >= meeting.ends_at:
        return SessionState.DONE
    if now >= meeting.starts_at:
        return SessionState.RUNNING
    return SessionState.FULL if stored is SessionState.OPEN and free is not None and free <= 0 else stored


def may_join_online(*, booked: bool, meeting: Meeting, now: datetime, hours_before: int) -> bool:
    """Whether the join link is shown: to those with a place, from some hours before until the end."""
    hours_left = (meeting.starts_at - now).total_seconds() / 3600
    return booked and not meeting.cancelled and hours_left <= hours_before and now < meeting.ends_at
