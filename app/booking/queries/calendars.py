"""What stands in calendars: a person's own bookings, and what the public sees."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from app.booking.calendars import MOST_EVENTS
from app.booking.models import AttendanceRecord, BookableSession, Booking, CalendarFeed, Course, Room, Run
from app.booking.queries.offers import SHOWN
from app.core.orm import UtcDateTime
from app.directory.models import Service


class PublicSession(NamedTuple):
    """A session as anybody's calendar tells it."""

    key: UUID
    title: str
    service_id: UUID
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    changed_at: datetime
    sequence: int
    cancelled_at: datetime | None
    room: str | None
    address: str | None
    is_online: bool


def feed_of(session: Session, digest: str) -> CalendarFeed | None:
    """The feed with a token of this digest, unless it was taken back."""
    wanted = select(CalendarFeed).where(CalendarFeed.digest == digest, CalendarFeed.revoked_at.is_(None))
    return session.scalars(wanted.order_by(CalendarFeed.id)).one_or_none()


def attendances_between(
    session: Session, attendee_id: UUID, begins: datetime, ends: datetime
) -> list[AttendanceRecord]:
    """A person's sessions in a window, those that are off among them."""
    wanted = (
        select(AttendanceRecord)
        .join(AttendanceRecord.booking)
        .join(AttendanceRecord.session)
        .where(Booking.attendee_id == attendee_id, BookableSession.ends_at > begins, BookableSession.starts_at < ends)
        .options(contains_eager(AttendanceRecord.booking), contains_eager(AttendanceRecord.session))
        .order_by(BookableSession.starts_at, AttendanceRecord.id)
    )
    return list(session.scalars(wanted))


def public_sessions(session: Session, begins: datetime, ends: datetime) -> list[PublicSession]:
    """What the public sees of a window, cancelled sessions among it: plain values, for there may be thousands."""
    wanted = (
        select(
            BookableSession.calendar_key,
            Service.name,
            Service.id,
            BookableSession.starts_at,
            BookableSession.ends_at,
            BookableSession.created_at,
            BookableSession.changed_at,
            BookableSession.sequence,
            func.coalesce(BookableSession.cancelled_at, Run.cancelled_at, type_=UtcDateTime()),
            Room.name,
            Room.address,
            Room.join_link.is_not(None),
        )
        .join(BookableSession.run)
        .join(Course, Course.id == Run.course_id)
        .join(Service, Service.id == Course.service_id)
        .outerjoin(Room, Room.id == BookableSession.room_id)
        .where(
            Run.published_at.is_not(None),
            Service.status.in_(SHOWN),
            BookableSession.ends_at > begins,
            BookableSession.starts_at < ends,
        )
        .order_by(BookableSession.starts_at, BookableSession.id)
        .limit(MOST_EVENTS)
    )
    return [PublicSession._make(row) for row in session.execute(wanted)]
