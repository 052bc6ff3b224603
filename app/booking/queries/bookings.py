"""Bookings by whose they are and where they stand."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.booking.codes import ACTIVE_STATES, BookingState
from app.booking.models import AccessNeed, AttendanceRecord, Attendee, BookableSession, Booking, Pool, Run
from app.booking.rules.waiting import Waiter, position
from app.core import clock

MOST_STEPS = 20


def by_id(session: Session, booking_id: UUID) -> Booking | None:
    """A booking. Who may see it is for the caller to know."""
    return session.get(Booking, booking_id)


def active_here(session: Session, pool_id: UUID, attendee_id: UUID) -> Booking | None:
    """The booking that somebody has in a pool, waiting for one among them."""
    wanted = select(Booking).where(
        Booking.pool_id == pool_id, Booking.attendee_id == attendee_id, Booking.state.in_(ACTIVE_STATES)
    )
    return session.scalars(wanted.order_by(Booking.id)).one_or_none()


def count_active(session: Session, attendee_id: UUID, organization_id: UUID) -> int:
    """How many bookings of what is still to come somebody has with an organisation."""
    wanted = (
        select(func.count())
        .select_from(Booking)
        .join(Pool, Pool.id == Booking.pool_id)
        .join(Run, Run.id == Pool.run_id)
        .where(Booking.attendee_id == attendee_id, Booking.state.in_(ACTIVE_STATES))
        .where(Run.organization_id == organization_id, Pool.ends_at > clock.now())
    )
    return session.scalar(wanted) or 0


def needs_of(session: Session, booking_id: UUID) -> list[AccessNeed]:
    """What must be arranged for a booking."""
    wanted = select(AccessNeed).where(AccessNeed.booking_id == booking_id)
    return list(session.scalars(wanted.order_by(AccessNeed.kind, AccessNeed.id)))


def place_in_line(session: Session, booking: Booking) -> int | None:
    """Where somebody stands in the waiting list, counted from 1; None for who does not wait."""
    if booking.state is not BookingState.WAITING:
        return None
    rows = session.execute(
        select(Booking.id, Booking.queued_at)
        .where(Booking.pool_id == booking.pool_id, Booking.state == BookingState.WAITING)
        .order_by(Booking.queued_at, Booking.id)
    )
    return position([Waiter(booking=one, queued_at=queued_at) for one, queued_at in rows if queued_at], booking.id)


def attendances_of(session: Session, booking_id: UUID) -> list[AttendanceRecord]:
    """A booking's sessions, the first first."""
    wanted = (
        select(AttendanceRecord)
        .join(BookableSession, BookableSession.id == AttendanceRecord.session_id)
        .where(AttendanceRecord.booking_id == booking_id)
        .order_by(BookableSession.starts_at, AttendanceRecord.id)
    )
    return list(session.scalars(wanted))


def latest(session: Session, booking: Booking) -> Booking:
    """The booking, or what it became when it was moved to another date, or asked for anew."""
    for _step in range(MOST_STEPS):
        wanted = (
            select(Booking).where(Booking.previous_id == booking.id).order_by(Booking.created_at.desc(), Booking.id)
        )
        after = session.scalars(wanted.limit(1)).one_or_none()
        if after is None:
            break
        booking = after
    return booking


def sessions_for(session: Session, booking: Booking) -> list[BookableSession]:
    """The sessions that a booking is for, cancelled ones among them."""
    pool = booking.pool
    wanted = select(BookableSession).where(BookableSession.run_id == pool.run_id)
    if pool.session_id is not None:
        wanted = wanted.where(BookableSession.id == pool.session_id)
    return list(session.scalars(wanted.order_by(BookableSession.starts_at, BookableSession.id)))


def active_at(session: Session, address: str) -> list[Booking]:
    """What is still to come of whoever is reached at an address."""
    wanted = (
        select(Booking)
        .join(Attendee, Attendee.id == Booking.attendee_id)
        .join(Pool, Pool.id == Booking.pool_id)
        .where(Attendee.address == address, Booking.state.in_(ACTIVE_STATES), Pool.ends_at > clock.now())
        .order_by(Pool.starts_at, Booking.id)
        .limit(MOST_STEPS)
    )
    return list(session.scalars(wanted))
