"""Reminders, written to the outbox shortly before they are due, so that they say how things stand then."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking import emails
from app.booking.codes import Attendance, BookingState
from app.booking.models import AttendanceRecord, BookableSession, Booking
from app.booking.rules.reminders import Reminder, schedule
from app.core import clock
from app.notifications.models import Message
from app.notifications.operations import cancel

AHEAD = timedelta(minutes=30)
# A worker that was away for longer does not catch up: the reminder would only confuse.
CATCHES_UP = timedelta(hours=6)
LONGEST_BEFORE = timedelta(days=8)


def write_due(session: Session) -> int:
    """Write the reminders that are due within the next half hour and not written yet; says how many."""
    due = [(one, reminder, key_of(one, reminder)) for one in _coming(session) for reminder in _due(one)]
    keys = [key for _one, _reminder, key in due]
    written = set(session.scalars(select(Message.dedupe_key).where(Message.dedupe_key.in_(keys)).order_by(Message.id)))
    return sum(_remind(session, one, reminder, key) for one, reminder, key in due if key not in written)


def _remind(session: Session, one: AttendanceRecord, reminder: Reminder, key: str) -> bool:
    # Whoever cannot be written to does not count: the sweep would be asked for more for ever.
    return emails.tell(
        session,
        one.booking,
        emails.REMINDER,
        key,
        [one],
        not_before=reminder.send_at,
        expires_at=reminder.not_after,
    )


def withdraw_reminders(session: Session, booking: Booking, attendance: AttendanceRecord | None = None) -> None:
    """Take back what has not left: of one session, or of all that the booking is for."""
    prefix = f"remind:{booking.id}:{attendance.session_id}:" if attendance else f"remind:{booking.id}:"
    cancel(session, dedupe_prefix=prefix, reason="changed")


def key_of(attendance: AttendanceRecord, reminder: Reminder) -> str:
    """A session that moved is reminded of anew."""
    one = attendance.session
    return f"remind:{attendance.booking_id}:{one.id}:{reminder.kind}:v{one.sequence}"


def _coming(session: Session) -> list[AttendanceRecord]:
    now = clock.now()
    wanted = (
        select(AttendanceRecord)
        .join(BookableSession, BookableSession.id == AttendanceRecord.session_id)
        .join(Booking, Booking.id == AttendanceRecord.booking_id)
        .where(
            BookableSession.starts_at.between(now, now + LONGEST_BEFORE),
            BookableSession.cancelled_at.is_(None),
            AttendanceRecord.ended_at.is_(None),
            AttendanceRecord.state == Attendance.EXPECTED,
            Booking.state == BookingState.BOOKED,
            Booking.with_reminders.is_(True),
        )
        .order_by(BookableSession.starts_at, AttendanceRecord.id)
    )
    return list(session.scalars(wanted))


def _due(attendance: AttendanceRecord) -> list[Reminder]:
    """Not what was due before the person had the place."""
    now, booking = clock.now(), attendance.booking
    since = max(now - CATCHES_UP, booking.decided_at or booking.created_at)
    found = schedule(attendance.session.starts_at, now=since, contact=booking.with_reminders)
    return [reminder for reminder in found if reminder.send_at <= now + AHEAD]
