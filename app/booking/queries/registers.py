"""Registers, what must be arranged, and who is to be called: scoped to the organisation in the statement."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.booking.codes import ACTIVE_STATES, BookingState, PoolKind
from app.booking.models import (
    AbsenceCall,
    AccessNeed,
    AttendanceRecord,
    BookableSession,
    Booking,
    Pool,
    Run,
)
from app.booking.queries.programme import run_by
from app.core import clock
from app.core.actor import Actor

REGISTER_LATE = timedelta(days=7)


def register_of(session: Session, session_id: UUID) -> list[AttendanceRecord]:
    """Who is expected at a session or came to it, by name."""
    wanted = (
        select(AttendanceRecord)
        .join(Booking, Booking.id == AttendanceRecord.booking_id)
        .where(AttendanceRecord.session_id == session_id, AttendanceRecord.ended_at.is_(None))
        .order_by(func.lower(Booking.name), AttendanceRecord.id)
    )
    return list(session.scalars(wanted))


def needs_at(session: Session, bookings: list[UUID]) -> dict[UUID, list[AccessNeed]]:
    """What must be arranged, by booking."""
    wanted = select(AccessNeed).where(AccessNeed.booking_id.in_(bookings)).order_by(AccessNeed.kind, AccessNeed.id)
    found: dict[UUID, list[AccessNeed]] = {}
    for need in session.scalars(wanted):
        found.setdefault(need.booking_id, []).append(need)
    return found


def bookings_in(session: Session, pool_id: UUID) -> list[Booking]:
    """Who has a place in a pool, is offered one or waits, in the order of the list."""
    wanted = select(Booking).where(Booking.pool_id == pool_id, Booking.state.in_(ACTIVE_STATES))
    return list(session.scalars(wanted.order_by(Booking.queued_at, Booking.created_at, Booking.id)))


def booking_of(session: Session, actor: Actor, booking_id: UUID) -> Booking | None:
    """One booking with the organisation."""
    wanted = select(Booking).join(Pool, Pool.id == Booking.pool_id).join(Run, Run.id == Pool.run_id)
    wanted = wanted.where(Booking.id == booking_id, run_by(actor))
    return session.scalars(wanted).one_or_none()


def registers_due(session: Session, actor: Actor) -> list[BookableSession]:
    """Sessions of today, and those of the last week whose register nobody has taken."""
    midnight = datetime.combine(clock.today(), time.min, clock.LONDON)
    wanted = (
        select(BookableSession)
        .join(Run, Run.id == BookableSession.run_id)
        .where(
            run_by(actor),
            BookableSession.cancelled_at.is_(None),
            BookableSession.starts_at.between(midnight - REGISTER_LATE, midnight + timedelta(days=1)),
            BookableSession.register_at.is_(None),
        )
        .order_by(BookableSession.starts_at, BookableSession.id)
    )
    return list(session.scalars(wanted))


def open_needs(actor: Actor) -> Select[AccessNeed]:
    """What is not arranged yet for sessions to come."""
    return (
        select(AccessNeed)
        .join(Booking, Booking.id == AccessNeed.booking_id)
        .join(Pool, Pool.id == Booking.pool_id)
        .join(Run, Run.id == Pool.run_id)
        .where(
            run_by(actor),
            AccessNeed.met_at.is_(None),
            Booking.state == BookingState.BOOKED,
            Pool.ends_at > clock.now(),
        )
        .order_by(Pool.starts_at, AccessNeed.id)
    )


def open_calls(actor: Actor) -> Select[AbsenceCall]:
    """Who is to be called, the longest waiting first."""
    return (
        select(AbsenceCall)
        .join(AttendanceRecord, AttendanceRecord.id == AbsenceCall.attendance_id)
        .join(BookableSession, BookableSession.id == AttendanceRecord.session_id)
        .join(Run, Run.id == BookableSession.run_id)
        .where(run_by(actor), AbsenceCall.done_at.is_(None))
        .order_by(AbsenceCall.created_at, AbsenceCall.id)
    )


def calls_by_person(session: Session, actor: Actor) -> list[list[AbsenceCall]]:
    """Who is to be called, the longest waiting first: of each the sessions missed in their order, for one call."""
    found: dict[tuple[UUID, str], list[AbsenceCall]] = {}
    for call in session.scalars(open_calls(actor)):
        booking = call.attendance.booking
        # Two who share a telephone are two people to speak to.
        found.setdefault((booking.attendee_id or booking.id, booking.name), []).append(call)
    return [sorted(calls, key=lambda call: call.attendance.session.starts_at) for calls in found.values()]


def people_to_call(session: Session, actor: Actor) -> int:
    """How many people are to be called."""
    each = (func.coalesce(Booking.attendee_id, Booking.id), Booking.name)
    of_bookings = open_calls(actor).join(Booking, Booking.id == AttendanceRecord.booking_id)
    wanted = of_bookings.with_only_columns(*each).order_by(None).distinct()
    return session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


def to_phone(actor: Actor) -> Select[Pool]:
    """Pools with a free place and people who wait, too late for an offer: the list is worked by phone."""
    waited = select(Booking.pool_id).where(Booking.state == BookingState.WAITING)
    return (
        select(Pool)
        .join(Run, Run.id == Pool.run_id)
        .where(
            run_by(actor),
            Pool.id.in_(waited),
            Pool.taken < Pool.capacity,
            Pool.starts_at > clock.now(),
            Pool.kind != PoolKind.DROP_IN,
        )
        .order_by(Pool.starts_at, Pool.id)
    )


def count(
    session: Session, wanted: Select[AccessNeed] | Select[AbsenceCall] | Select[Pool] | Select[BookableSession]
) -> int:
    """How many rows a statement finds."""
    return session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
