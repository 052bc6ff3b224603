"""What must hold of places, bookings and lists at every moment: the doctor asks, and so do the tests while it runs."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, aliased

from app.booking.codes import ACTIVE_STATES, PLACE_STATES, BookingState, KeptFor, PoolStatus
from app.booking.holidays import bank_holidays
from app.booking.models import AttendanceRecord, BookableSession, Booking, Pool
from app.booking.rules.waiting import Waiter, cut_off, promotions
from app.core import clock


def faults(session: Session) -> Iterator[str]:
    """Each thing that is wrong, in a sentence; nothing where all is well."""
    yield from wrong_counts(session)
    yield from twice(session)
    yield from passed_over(session)
    yield from kept_astray(session)
    yield from not_on_the_register(session)


def wrong_counts(session: Session) -> Iterator[str]:
    """Pools whose counter is not what their bookings use, or passes what is allowed."""
    counter = func.coalesce(Booking.kept_pool_id, Booking.pool_id)
    used = (
        select(counter.label("pool_id"), func.sum(Booking.places).label("places"))
        .where(Booking.state.in_(PLACE_STATES))
        .group_by(counter)
        .subquery()
    )
    count = func.coalesce(used.c.places, 0)
    rows = session.execute(
        select(Pool.id, Pool.taken, Pool.capacity, Pool.over_allowed, count)
        .outerjoin(used, used.c.pool_id == Pool.id)
        .where((Pool.taken != count) | (Pool.taken > Pool.capacity + Pool.over_allowed) | (Pool.taken < 0))
        .order_by(Pool.id)
    )
    for pool_id, taken, capacity, over, counted in rows:
        yield f"Pool {pool_id}: {taken} of {capacity} (+{over}) places taken, and its bookings use {counted}."


def twice(session: Session) -> Iterator[str]:
    """People with more than one active booking in a pool."""
    rows = session.execute(
        select(Booking.pool_id, Booking.attendee_id, func.count())
        .where(Booking.state.in_(ACTIVE_STATES), Booking.attendee_id.is_not(None))
        .group_by(Booking.pool_id, Booking.attendee_id)
        .having(func.count() > 1)
        .order_by(Booking.pool_id, Booking.attendee_id)
    )
    for pool_id, attendee_id, count in rows:
        yield f"Attendee {attendee_id} has {count} bookings in pool {pool_id}."


def passed_over(session: Session) -> Iterator[str]:
    """Pools in which somebody waits who could have been given a free place, one that is kept for them among them."""
    now, free = clock.now(), Pool.capacity - Pool.taken
    waited = select(Booking.pool_id).where(Booking.state == BookingState.WAITING)
    main = func.coalesce(Pool.parent_id, Pool.id)
    pools = session.scalars(
        select(Pool)
        .where(Pool.status == PoolStatus.OPEN, free > 0, Pool.starts_at > now, main.in_(waited))
        .order_by(Pool.id)
    ).all()
    for pool in pools:
        waiters = [
            Waiter(booking=booking_id, queued_at=queued_at, places=count, book_until=until)
            for booking_id, queued_at, count, until in session.execute(
                select(Booking.id, Booking.queued_at, Booking.places, Booking.book_until)
                .where(Booking.pool_id == (pool.parent_id or pool.id), Booking.state == BookingState.WAITING)
                .where(_is_for(pool))
                .order_by(Booking.queued_at, Booking.id)
            )
            if queued_at is not None
        ]
        end = cut_off(pool.starts_at)
        if promotions(waiters, free=pool.free, now=now, cut_off=end, holidays=bank_holidays()):
            yield f"Pool {pool.id} has {pool.free} free places while somebody waits."


def _is_for(pool: Pool) -> ColumnElement[bool]:
    """Whether a booking may have a place of this pool."""
    said = {KeptFor.REFERRED: Booking.referred, KeptFor.CARERS: Booking.carer}
    return said[pool.kept_for].is_(True) if pool.kept_for else true()


def kept_astray(session: Session) -> Iterator[str]:
    """Bookings that use a kept place of another pool, or one that is not for them."""
    kept = aliased(Pool)
    is_theirs = ((kept.kept_for == KeptFor.REFERRED) & Booking.referred) | (
        (kept.kept_for == KeptFor.CARERS) & Booking.carer
    )
    rows = session.scalars(
        select(Booking.id)
        .join(kept, kept.id == Booking.kept_pool_id)
        .where((kept.parent_id != Booking.pool_id) | ~is_theirs, Booking.state.in_(PLACE_STATES))
        .order_by(Booking.id)
    )
    for booking_id in rows:
        yield f"Booking {booking_id} uses a place that is kept for others."


def not_on_the_register(session: Session) -> Iterator[str]:
    """Booked people whom the register of a coming session of theirs does not expect."""
    now = clock.now()
    expected = (
        select(AttendanceRecord.id)
        .where(AttendanceRecord.booking_id == Booking.id, AttendanceRecord.session_id == BookableSession.id)
        .exists()
    )
    is_for = (Pool.session_id.is_(None)) | (Pool.session_id == BookableSession.id)
    rows = session.execute(
        select(Booking.id, BookableSession.id)
        .join(Pool, Pool.id == Booking.pool_id)
        .join(BookableSession, (BookableSession.run_id == Pool.run_id) & is_for)
        .where(Booking.state == BookingState.BOOKED, BookableSession.cancelled_at.is_(None))
        .where(BookableSession.starts_at > now, ~expected)
        .order_by(Booking.id, BookableSession.id)
    )
    for booking_id, session_id in rows:
        yield f"Booking {booking_id} is not on the register of session {session_id}."
