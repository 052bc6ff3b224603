"""The waiting list at work: what has expired ends, and who waits is served, in the order of the list."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.orm import Session

from app.booking.codes import BookingAction, BookingState, PoolStatus
from app.booking.holidays import bank_holidays
from app.booking.models import Booking, Pool
from app.booking.operations import places
from app.booking.operations.keeping import release_due, waiting_for
from app.booking.operations.moving import move
from app.booking.queries.bookings import OF_A_KNOWN_POOL
from app.booking.rules.waiting import Promotion, Waiter, cut_off, offer_until, promotions
from app.core import clock
from app.core.actor import SYSTEM

ENDS_AS = {
    BookingState.DRAFT: BookingAction.LAPSE,
    BookingState.HELD: BookingAction.LAPSE,
    BookingState.OFFERED: BookingAction.LAPSE_OFFER,
}
_IN_POOL = Booking.pool_id == bindparam("pool")
_IS_EXPIRED = and_(Booking.state.in_(ENDS_AS), Booking.expires_at <= bindparam("now"))
_EXPIRED = (
    select(Booking).where(_IN_POOL, _IS_EXPIRED).options(OF_A_KNOWN_POOL).order_by(Booking.expires_at, Booking.id)
)
# Mostly there is nothing to do, which is asked at once.
_WHAT_TO_DO = select(
    exists().where(_IN_POOL, _IS_EXPIRED).label("some_expired"),
    exists().where(_IN_POOL, Booking.state == BookingState.WAITING).label("some_wait"),
)


def settle(session: Session, pool: Pool) -> int:
    """Bring a pool up to date: end what has expired, then serve who waits. Says how many bookings it changed."""
    release_due(session, pool)
    to_do = session.execute(_WHAT_TO_DO, {"pool": pool.id, "now": clock.now()}).one()
    ended = end_expired(session, pool) if to_do.some_expired else 0
    return ended + (serve(session, pool) if ended or to_do.some_wait else 0)


def end_expired(session: Session, pool: Pool) -> int:
    """End the holds, drafts and offers of a pool whose time is over."""
    expired = session.scalars(_EXPIRED, {"pool": pool.id, "now": clock.now()}).all()
    for booking in expired:
        end_one(session, booking)
    return len(expired)


def end_one(session: Session, booking: Booking) -> None:
    """End one that has expired; an offer that lapses for the first time leads back to the end of the list."""
    action = ENDS_AS[booking.state]
    move(session, SYSTEM, booking, action)
    if action is BookingAction.LAPSE_OFFER:
        booking.lapsed_offers += 1
        booking.queued_at = clock.now()
        session.flush()


def serve(session: Session, pool: Pool) -> int:
    """Give free places to who waits: booked at once where they wished so, else offered. Says to how many.

    What is kept goes first to those for whom it is, in the order of the list among them. Whoever is served from the
    pool's own places may have stood before somebody for whom a kept one is free: then once more.
    """
    if pool.status is not PoolStatus.OPEN or clock.now() >= pool.starts_at:
        return 0
    served = 0
    while lucky := sum(_serve_from(session, pool, counter) for counter in (*pool.kept, pool)):
        served += lucky
        if not pool.kept:
            break
    return served


def _serve_from(session: Session, pool: Pool, counter: Pool) -> int:
    lucky = _lucky(session, pool, counter) if counter.free else []
    for promotion in lucky:
        booking = session.get_one(Booking, promotion.waiter.booking)
        if promotion.books:
            move(session, SYSTEM, booking, BookingAction.BOOK, counter=counter)
        else:
            _offer(session, booking, promotion, counter)
    return len(lucky)


def _offer(session: Session, booking: Booking, promotion: Promotion, counter: Pool) -> None:
    booking.expires_at = promotion.expires_at
    session.flush()
    move(session, SYSTEM, booking, BookingAction.OFFER, counter=counter)


def _lucky(session: Session, pool: Pool, counter: Pool) -> list[Promotion]:
    # Nobody is passed over, so no more of the list matters than there are places.
    waiters = [waiter_of(booking) for booking in waiting_for(session, pool, counter, most=counter.free)]
    if not waiters:
        return []
    return promotions(
        waiters, free=counter.free, now=clock.now(), cut_off=cut_off(pool.starts_at), holidays=bank_holidays()
    )


def waiter_of(booking: Booking) -> Waiter:
    """A waiting booking as the rules see it."""
    return Waiter(
        booking=booking.id,
        queued_at=booking.queued_at or booking.created_at,
        places=booking.places,
        book_until=booking.book_until,
    )


def renew_offers(session: Session, pool: Pool) -> None:
    """The dates have changed: whoever is offered a place has the whole time again, and what they let pass is no matter.

    Where it is too late for a whole one they have what they had, and never beyond the start.
    """
    anew = offer_until(clock.now(), cut_off=cut_off(pool.starts_at), holidays=bank_holidays())
    offered = select(Booking).where(Booking.pool_id == pool.id, Booking.state == BookingState.OFFERED)
    for booking in session.scalars(offered.options(OF_A_KNOWN_POOL).order_by(Booking.queued_at, Booking.id)):
        booking.expires_at = anew or min(booking.expires_at or pool.starts_at, pool.starts_at)
        booking.lapsed_offers = 0
    session.flush()


def count_waiting(session: Session, pool_id: UUID) -> int:
    """How many bookings wait."""
    wanted = select(func.count()).where(Booking.pool_id == pool_id, Booking.state == BookingState.WAITING)
    return session.scalar(wanted) or 0


def settle_all(session: Session, pool_ids: list[UUID]) -> int:
    """Settle several pools, each locked first."""
    return sum(settle(session, pool) for pool in places.lock(session, *pool_ids)) if pool_ids else 0
