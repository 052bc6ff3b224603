"""Places kept for some until a date: which counter a booking uses, and how kept places begin and end.

Whoever calls these has locked the pool, and with it what is kept of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.codes import BookingState, KeptFor, PoolKind, PoolStatus
from app.booking.models import Booking, Pool
from app.booking.operations import places
from app.booking.queries.bookings import OF_A_KNOWN_POOL
from app.booking.rules.keeping import circle_of, is_open_to_all
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput

_SAID = {KeptFor.REFERRED: Booking.referred, KeptFor.CARERS: Booking.carer}


def _by_counter(wanted: Select[Any]) -> dict[KeptFor | None, Select[Any]]:
    """Those of them who wait for what is for everyone, and for each of what is kept. Put together once."""
    waits = wanted.where(Booking.pool_id == bindparam("pool"), Booking.state == BookingState.WAITING)
    return {None: waits, **{kept_for: waits.where(said) for kept_for, said in _SAID.items()}}


_ANYBODY = _by_counter(select(Booking.id).order_by(Booking.id).limit(1))
_IN_ORDER = _by_counter(
    select(Booking).options(OF_A_KNOWN_POOL).order_by(Booking.queued_at, Booking.id).limit(bindparam("most"))
)


def circle(booking: Booking) -> frozenset[KeptFor]:
    """For whom kept places are that this booking may use."""
    return circle_of(referred=booking.referred, carer=booking.carer)


def anybody_waits(session: Session, pool_id: UUID, kept_for: KeptFor | None = None) -> bool:
    """Whether somebody is on the list (who may have a kept place), so that nobody may pass them."""
    return session.scalar(_ANYBODY[kept_for], {"pool": pool_id}) is not None


def waiting_for(session: Session, pool: Pool, counter: Pool, *, most: int) -> Sequence[Booking]:
    """Who waits for the places of a counter, in the order of the list; so many at most."""
    return session.scalars(_IN_ORDER[counter.kept_for], {"pool": pool.id, "most": most}).all()


def of_booking(pool: Pool, booking: Booking) -> Pool:
    """The counter that a booking uses or used: one that is kept, or the pool's own."""
    return next((kept for kept in pool.kept if kept.id == booking.kept_pool_id), pool)


def open_to(session: Session, pool: Pool, own: Collection[KeptFor]) -> Iterator[Pool]:
    """The counters from which a newcomer may take: first what is kept for them, then what is for everyone."""
    for kept in pool.kept:
        if kept.kept_for in own and not anybody_waits(session, pool.id, kept.kept_for):
            yield kept
    if not anybody_waits(session, pool.id):
        yield pool


def take(session: Session, pool: Pool, count: int, own: Collection[KeptFor]) -> Pool | None:
    """Take so many places for a newcomer; the counter they came from, None where they are not there."""
    return next((one for one in open_to(session, pool, own) if places.take(session, one, count)), None)


def kept_id(pool: Pool, counter: Pool) -> UUID | None:
    """What a booking remembers of the counter that it uses."""
    return None if counter is pool else counter.id


def release_due(session: Session, pool: Pool) -> None:
    """What is not kept any longer becomes of everyone."""
    for kept in pool.kept:
        is_due = is_open_to_all(kept.release_on, pool.starts_at, clock.now())
        if kept.status is PoolStatus.OPEN and is_due:
            places.fold(session, kept, pool)


def keep_places(session: Session, actor: Actor, pool: Pool, kept_for: KeptFor, count: int, *, release_on: date) -> Pool:
    """Keep so many of the free places for some until a day. InvalidInput where that many are not free to keep."""
    begins = datetime.combine(release_on, time.min, clock.LONDON)
    if release_on <= clock.today() or is_open_to_all(None, pool.starts_at, begins):
        raise InvalidInput("Choose a day that is still to come, and at least a day before it starts.")
    there = next((one for one in pool.kept if one.kept_for is kept_for), None)
    if there is not None and there.status is PoolStatus.OPEN:
        raise InvalidInput("Places are kept for them already. Open those to everyone first.")
    if anybody_waits(session, pool.id):
        raise InvalidInput("Somebody waits for a place, so none can be kept for others. Who waits comes first.")
    if count > pool.free:
        raise InvalidInput(f"There are not as many free places to keep. Free now: {pool.free}.")
    kept = there or _row(session, pool, kept_for, release_on)
    places.keep(session, pool, kept, count)
    kept.release_on = release_on
    places.set_status(session, kept, PoolStatus.OPEN)
    record(session, actor, Action.CHANGED, ("pool", pool.id), fields=("kept",))
    return kept


def _row(session: Session, pool: Pool, kept_for: KeptFor, release_on: date) -> Pool:
    names = ("run_id", "session_id", "starts_at", "ends_at")
    made = Pool(
        parent_id=pool.id,
        kind=PoolKind.RESERVED,
        kept_for=kept_for,
        capacity=0,
        release_on=release_on,
        **{name: getattr(pool, name) for name in names},
    )
    session.add(made)
    session.flush()
    session.refresh(pool, ["kept"])
    return made


def open_to_everyone(session: Session, actor: Actor, pool: Pool, kept: Pool) -> None:
    """End the keeping before its day."""
    if kept.status is PoolStatus.OPEN:
        places.fold(session, kept, pool)
        record(session, actor, Action.CHANGED, ("pool", pool.id), fields=("kept",))
