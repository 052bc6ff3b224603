"""Who came to courses and groups, as far as they are people on record: whose follow-ups count from it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.booking.codes import CAME, PoolKind
from app.booking.models import AttendanceRecord, BookableSession, Booking, Pool, Run
from app.core.clock import LONDON
from app.people.models import Person


def person_of(session: Session, booking: Booking) -> tuple[UUID, UUID] | None:
    """Who follows up, and whom.

    Who booked it for a person on record; else the organisation that runs it, and the one person on its record who is
    reached at the address of the booking.
    """
    if booking.person_id is not None and booking.booked_by_organization_id is not None:
        return booking.booked_by_organization_id, booking.person_id
    address = booking.attendee.address if booking.attendee else None
    if address is None:
        return None
    organization_id = booking.pool.run.organization_id
    found = session.scalars(
        select(Person.id)
        .where(
            Person.organization_id == organization_id,
            or_(Person.email == address, Person.mobile == address),
            Person.merged_into_id.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by(Person.id)
        .limit(2)
    ).all()
    return (organization_id, found[0]) if len(found) == 1 else None


def is_last_of_course(session: Session, one: BookableSession) -> bool:
    """Whether a session is the last of a course that is booked as a whole."""
    if one.run.kind is not PoolKind.RUN:
        return False
    later = select(BookableSession.id).where(
        BookableSession.run_id == one.run_id,
        BookableSession.cancelled_at.is_(None),
        BookableSession.starts_at > one.starts_at,
    )
    return session.scalar(later.limit(1)) is None


def came_to_the_end(session: Session, booking: Booking) -> bool:
    """Whether the register says that they came to the last session of the course."""
    came = select(AttendanceRecord).where(
        AttendanceRecord.booking_id == booking.id, AttendanceRecord.state.in_(CAME), AttendanceRecord.ended_at.is_(None)
    )
    return any(is_last_of_course(session, one.session) for one in session.scalars(came.order_by(AttendanceRecord.id)))


def days_in_group(session: Session, booking: Booking) -> list[date]:
    """The days on which whoever has the booking came to that group, in order; a course or an appointment has none."""
    run = booking.pool.run
    if run.kind is PoolKind.RUN or not run.course.is_listed:
        return []
    starts = session.scalars(
        select(BookableSession.starts_at)
        .join(AttendanceRecord, AttendanceRecord.session_id == BookableSession.id)
        .join(Booking, Booking.id == AttendanceRecord.booking_id)
        .join(Pool, Pool.id == Booking.pool_id)
        .join(Run, Run.id == Pool.run_id)
        .where(
            Booking.attendee_id == booking.attendee_id,
            Run.course_id == run.course_id,
            AttendanceRecord.state.in_(CAME),
        )
        .order_by(BookableSession.starts_at, BookableSession.id)
    )
    return list(dict.fromkeys(start.astimezone(LONDON).date() for start in starts))
