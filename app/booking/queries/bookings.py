"""Bookings by whose they are and where they stand.

What is asked at every step of a booking is put together once, for that costs more than to ask it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, func, or_, select
from sqlalchemy.orm import Session, contains_eager, defaultload, joinedload, lazyload, load_only

from app.booking.codes import ACTIVE_STATES, BookingAction, BookingState
from app.booking.models import (
    AccessNeed,
    AttendanceRecord,
    Attendee,
    BookableSession,
    Booking,
    BookingEvent,
    Course,
    Pool,
    Run,
)
from app.booking.rules.waiting import Waiter, position
from app.core import clock
from app.directory.models import Service

MOST_STEPS = 20
# For who holds the pool already: it is not read with each booking.
OF_A_KNOWN_POOL = lazyload(Booking.pool)
# Of the listing only its name: the steps, pages and messages of a booking tell no more of it.
NAME_ALONE = (load_only(Service.name), lazyload(Service.organization))
_RUN_BY_NAME = defaultload(Pool.run).options(
    lazyload(Run.term), defaultload(Run.course).defaultload(Course.service).options(*NAME_ALONE)
)

_ONE = select(Booking).where(Booking.id == bindparam("booking"))
_ALONE = _ONE.options(OF_A_KNOWN_POOL)
_BY_ID = _ONE.options(defaultload(Booking.pool).options(_RUN_BY_NAME))
_IDS: BindParameter[UUID] = bindparam("ids", expanding=True)
_WITH_KEPT = (
    select(Pool)
    .where(or_(Pool.id.in_(_IDS), Pool.parent_id.in_(_IDS)))
    .options(_RUN_BY_NAME)
    .order_by(Pool.id)
    .execution_options(populate_existing=True)
)
_BY_KEY = (
    select(Booking).where(Booking.idempotency_key == bindparam("key")).options(OF_A_KNOWN_POOL).order_by(Booking.id)
)
_ACTIVE_HERE = (
    select(Booking)
    .where(Booking.pool_id == bindparam("pool"), Booking.attendee_id == bindparam("attendee"))
    .where(Booking.state.in_(ACTIVE_STATES))
    .options(OF_A_KNOWN_POOL)
    .order_by(Booking.id)
)
_COUNT_ACTIVE = (
    select(func.count())
    .select_from(Booking)
    .join(Pool, Pool.id == Booking.pool_id)
    .join(Run, Run.id == Pool.run_id)
    .where(Booking.attendee_id == bindparam("attendee"), Booking.state.in_(ACTIVE_STATES))
    .where(Run.organization_id == bindparam("organization"), Pool.ends_at > bindparam("now"))
)
_NEEDS = (
    select(AccessNeed)
    .where(AccessNeed.booking_id == bindparam("booking"))
    .options(lazyload(AccessNeed.booking))
    .order_by(AccessNeed.kind, AccessNeed.id)
)
_ATTENDANCES = (
    select(AttendanceRecord)
    .join(BookableSession, BookableSession.id == AttendanceRecord.session_id)
    .where(AttendanceRecord.booking_id == bindparam("booking"))
    .options(
        lazyload(AttendanceRecord.booking),
        contains_eager(AttendanceRecord.session).options(
            lazyload(BookableSession.run), joinedload(BookableSession.room)
        ),
    )
    .order_by(BookableSession.starts_at, AttendanceRecord.id)
)
_BECAME = (
    select(Booking)
    .where(Booking.previous_id == bindparam("booking"))
    .options(OF_A_KNOWN_POOL)
    .order_by(Booking.created_at.desc(), Booking.id)
    .limit(1)
)
_SESSIONS = (
    select(BookableSession)
    .where(BookableSession.run_id == bindparam("run"))
    .options(lazyload(BookableSession.run))
    .order_by(BookableSession.starts_at, BookableSession.id)
)
_ONE_SESSION = _SESSIONS.where(BookableSession.id == bindparam("session"))


def by_id(session: Session, booking_id: UUID) -> Booking | None:
    """A booking. Who may see it is for the caller to know."""
    return session.scalars(_BY_ID, {"booking": booking_id}).one_or_none()


def alone_by_id(session: Session, booking_id: UUID) -> Booking | None:
    """As `by_id`, where what it is a booking of does not matter."""
    return session.scalars(_ALONE, {"booking": booking_id}).one_or_none()


def with_kept(session: Session, pool_ids: Iterable[UUID]) -> Sequence[Pool]:
    """Pools and what is kept of them, with their runs, read anew."""
    return session.scalars(_WITH_KEPT, {"ids": list(pool_ids)}).all()


def by_key(session: Session, key: str) -> Booking | None:
    """The booking that the same press made before."""
    return session.scalars(_BY_KEY, {"key": key}).one_or_none()


def active_here(session: Session, pool_id: UUID, attendee_id: UUID) -> Booking | None:
    """The booking that somebody has in a pool, waiting for one among them."""
    return session.scalars(_ACTIVE_HERE, {"pool": pool_id, "attendee": attendee_id}).one_or_none()


def count_towards_limit(session: Session, attendee_id: UUID, run: Run) -> int:
    """How many bookings of what is still to come somebody has with whoever runs it; not counted where none limits."""
    if run.limit_each is None:
        return 0
    whose = {"attendee": attendee_id, "organization": run.organization_id, "now": clock.now()}
    return session.scalar(_COUNT_ACTIVE, whose) or 0


def needs_of(session: Session, booking_id: UUID) -> list[AccessNeed]:
    """What must be arranged for a booking."""
    return list(session.scalars(_NEEDS, {"booking": booking_id}))


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


def coming_of(session: Session, attendee_id: UUID | None, run_id: UUID) -> list[AttendanceRecord]:
    """At which sessions of a run to come somebody is expected, by whichever of their bookings."""
    wanted = (
        select(AttendanceRecord)
        .join(Booking, Booking.id == AttendanceRecord.booking_id)
        .join(BookableSession, BookableSession.id == AttendanceRecord.session_id)
        .where(Booking.attendee_id == attendee_id, Booking.state == BookingState.BOOKED)
        .where(BookableSession.run_id == run_id, BookableSession.cancelled_at.is_(None))
        .where(BookableSession.starts_at > clock.now(), AttendanceRecord.ended_at.is_(None))
    )
    return list(session.scalars(wanted.order_by(BookableSession.starts_at, AttendanceRecord.id)))


def attendances_of(session: Session, booking_id: UUID) -> list[AttendanceRecord]:
    """A booking's sessions, the first first."""
    return list(session.scalars(_ATTENDANCES, {"booking": booking_id}))


def why_ended(session: Session, booking: Booking) -> str:
    """What whoever ended a booking said of it, as the person was told; nothing where nobody did."""
    wanted = (
        select(BookingEvent.reason)
        .where(BookingEvent.booking_id == booking.id, BookingEvent.action == BookingAction.CANCEL_BY_SERVICE)
        .order_by(BookingEvent.created_at.desc(), BookingEvent.id)
    )
    return session.scalar(wanted.limit(1)) or ""


def latest(session: Session, booking: Booking) -> Booking:
    """The booking, or what it became when it was moved to another date, or asked for anew."""
    if booking.state in ACTIVE_STATES:
        return booking
    for _step in range(MOST_STEPS):
        after = session.scalars(_BECAME, {"booking": booking.id}).one_or_none()
        if after is None:
            break
        booking = after
    return booking


def is_in_state(session: Session, booking: Booking, state: BookingState) -> bool:
    """Whether a booking, or another of the same person in the same run, stands so."""
    if booking.state is state:
        return True
    wanted = (
        select(Booking.id)
        .join(Pool, Pool.id == Booking.pool_id)
        .where(Booking.attendee_id == booking.attendee_id, Pool.run_id == booking.pool.run_id, Booking.state == state)
    )
    return session.scalar(wanted.order_by(Booking.id).limit(1)) is not None


def sessions_for(session: Session, booking: Booking) -> list[BookableSession]:
    """The sessions that a booking is for, cancelled ones among them."""
    pool = booking.pool
    if pool.session_id is None:
        return list(session.scalars(_SESSIONS, {"run": pool.run_id}))
    return list(session.scalars(_ONE_SESSION, {"run": pool.run_id, "session": pool.session_id}))


def names_of(session: Session, attendee_id: UUID) -> list[str]:
    """What somebody said they are called, each time they booked."""
    wanted = select(Booking.name).where(Booking.attendee_id == attendee_id).distinct().order_by(Booking.name)
    return list(session.scalars(wanted))


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
