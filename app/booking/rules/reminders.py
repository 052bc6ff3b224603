"""When a person is reminded of a session."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from app.booking.codes import ReminderKind
from app.core.clock import LONDON

EARLIEST = time(9)
LATEST = time(19)
# What would go at night goes at this time of the evening before: an hour stays for the queue.
MOVED_TO = time(18)
DAYS = {ReminderKind.WEEK: 7, ReminderKind.DAY: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What goes when. From `not_after` on it would only confuse, so it is skipped."""

    kind: ReminderKind
    send_at: datetime
    not_after: datetime


def schedule(
    starts_at: datetime, *, now: datetime, wanted: Collection[ReminderKind] = tuple(ReminderKind), contact: bool = True
) -> list[Reminder]:
    """The reminders still to come, the earliest first; none while the person is not to be contacted.

    Days are counted on the clock on the wall, so that a change of the clocks moves nothing.
    """
    if not contact:
        return []
    found = [Reminder(kind=kind, send_at=due(starts_at, kind), not_after=starts_at) for kind in DAYS if kind in wanted]
    return [reminder for reminder in found if now < reminder.send_at < starts_at]


def due(starts_at: datetime, kind: ReminderKind) -> datetime:
    """When a reminder goes: so many days before at the hour of the start, earlier if that is in the quiet hours."""
    local = starts_at.astimezone(LONDON).replace(tzinfo=None) - timedelta(days=DAYS[kind])
    if local.time() < EARLIEST:
        local = datetime.combine(local.date() - timedelta(days=1), MOVED_TO)
    elif local.time() >= LATEST:
        local = datetime.combine(local.date(), MOVED_TO)
    return local.replace(tzinfo=LONDON).astimezone(UTC)
