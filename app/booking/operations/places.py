"""The choke point: no place is taken, given back or allowed beyond the capacity anywhere but here.

One conditional UPDATE of the pool's counter decides, the same on SQLite and PostgreSQL, and a CHECK of the database
stands behind it. Who is about to change what a pool gives out locks it first, so that nobody joins the waiting list
while somebody else gives a place back unseen.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Integer, Row, Update, bindparam, event, inspect, select, update
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.orm.attributes import set_committed_value

from app.booking.codes import PoolStatus
from app.booking.models import Booking, Pool
from app.booking.queries.bookings import alone_by_id, with_kept
from app.core.errors import NotFound
from app.core.orm import table_of

_IDS: BindParameter[UUID] = bindparam("ids", expanding=True)
_POOLS = table_of(Pool)
_BOOKINGS = table_of(Booking)
_TO_LOCK = select(_POOLS.c.id).order_by(_POOLS.c.id).with_for_update(of=_POOLS)
_LOCK = _TO_LOCK.where(_POOLS.c.id.in_(_IDS))
_LOCK_OF = _TO_LOCK.where(
    _POOLS.c.id == select(_BOOKINGS.c.pool_id).where(_BOOKINGS.c.id == bindparam("booking")).scalar_subquery()
)
# A writer of SQLite is the only one.
_NEEDS_LOCKS = frozenset({"postgresql"})
_READ_BOOKING = select(_BOOKINGS).where(_BOOKINGS.c.id == bindparam("booking"))
_CHANGE = (
    update(Pool)
    .where(Pool.id == bindparam("of_pool"))
    .returning(Pool.capacity, Pool.taken, Pool.over_allowed, Pool.status)
    .execution_options(synchronize_session=False)
)
_MORE = bindparam("more", type_=Integer)
_TAKE = _CHANGE.where(Pool.status == PoolStatus.OPEN, Pool.taken + _MORE <= Pool.capacity).values(
    taken=Pool.taken + _MORE
)


_HELD = "booking_pools_held"


@dataclass(slots=True)
class _Held:
    """What a transaction has locked, and which bookings of it were read since: nobody else can have changed them."""

    transaction: SessionTransaction
    pools: dict[UUID, Pool] = field(default_factory=dict)
    bookings: set[UUID] = field(default_factory=set)


def _held(session: Session) -> _Held:
    transaction = session.get_transaction() or session.begin()
    held: _Held | None = session.info.get(_HELD)
    if held is None or held.transaction is not transaction:
        held = session.info[_HELD] = _Held(transaction)
    return held


@event.listens_for(Session, "after_soft_rollback")
def _let_go(session: Session, _previous: SessionTransaction) -> None:
    """A savepoint that is rolled back may take its locks with it."""
    session.info.pop(_HELD, None)


def lock(session: Session, *pool_ids: UUID) -> list[Pool]:
    """The pools as they stand now with those kept of them, locked for everybody else until the transaction ends.

    Always in the order of their ids: two who transfer between the same two never wait for each other. What this
    transaction has locked already is not asked for again.
    """
    held = _held(session).pools
    if missing := [pool_id for pool_id in pool_ids if pool_id not in held]:
        held.update((pool.id, pool) for pool in _lock(session, missing))
    return [held[pool_id] for pool_id in sorted(set(pool_ids))]


def _lock(session: Session, pool_ids: list[UUID]) -> list[Pool]:
    session.flush()
    if session.get_bind().dialect.name in _NEEDS_LOCKS:
        session.execute(_LOCK, {"ids": pool_ids})
    return _read(session, pool_ids)


def _read(session: Session, pool_ids: Collection[UUID]) -> list[Pool]:
    """What is locked already. PostgreSQL does not see in the locking statement what came while it waited for it."""
    read = with_kept(session, pool_ids)
    found = [pool for pool in read if pool.id in pool_ids]
    if len(found) != len(set(pool_ids)):
        raise NotFound("pool")
    for pool in found:
        own = [one for one in read if one.parent_id == pool.id]
        set_committed_value(pool, "kept", sorted(own, key=lambda one: one.kept_for or ""))
    return found


def lock_of(session: Session, booking: Booking) -> Pool:
    """The pool of a booking, as `lock` does, and the booking as it stands once nobody else can change it."""
    if inspect(booking).persistent and inspect(booking).expired:
        return _lock_of_unread(session, id_of(booking))
    pool = lock_one(session, booking.pool_id)
    read = _held(session).bookings
    if booking.id not in read:
        session.flush()
        _set(booking, session.execute(_READ_BOOKING, {"booking": booking.id}).one())
        read.add(booking.id)
    return pool


def _lock_of_unread(session: Session, booking_id: UUID) -> Pool:
    """As `lock_of`, where this transaction has read nothing of the booking yet: its pool is locked before it is."""
    held = _held(session)
    pool_id = session.scalar(_LOCK_OF, {"booking": booking_id})
    if pool_id is None:
        raise NotFound("booking")
    if pool_id not in held.pools:
        held.pools[pool_id] = _read(session, [pool_id])[0]
    alone_by_id(session, booking_id)
    held.bookings.add(booking_id)
    return held.pools[pool_id]


def id_of(booking: Booking) -> UUID:
    """Of a booking that is in the database, without reading it."""
    identity = inspect(booking).identity
    if identity is None:
        raise ValueError("this booking is not in the database")
    found: UUID = identity[0]
    return found


def _set(kept: Pool | Booking, row: Row[Any]) -> None:
    for name, value in row._mapping.items():
        set_committed_value(kept, name, value)


def lock_one(session: Session, pool_id: UUID) -> Pool:
    """One pool, as `lock` does."""
    return lock(session, pool_id)[0]


def take(session: Session, pool: Pool, places: int) -> bool:
    """Take so many places; False, and nothing is changed, where they are not there."""
    _check(places)
    return _count(session, pool, _TAKE, more=places)


def give_back(session: Session, pool: Pool, places: int) -> None:
    """Give so many places back. What was allowed beyond the capacity shrinks with them."""
    _check(places)
    session.flush()
    kept_over = max(0, min(pool.over_allowed, pool.taken - places - pool.capacity))
    if not _count(session, pool, _CHANGE.values(taken=Pool.taken - places, over_allowed=kept_over)):
        raise RuntimeError("a pool is gone")


def squeeze_in(session: Session, pool: Pool, places: int) -> None:
    """Take places past the capacity, by a decision that its caller audits."""
    _check(places)
    over = max(pool.over_allowed, pool.taken + places - pool.capacity)
    _count(session, pool, _CHANGE.values(taken=Pool.taken + places, over_allowed=over))


def resize(session: Session, pool: Pool, capacity: int) -> None:
    """Another capacity. Nobody loses a place: a smaller room is over-full until people leave."""
    if capacity < 0:
        raise ValueError("a capacity is not below nought")
    _count(session, pool, _CHANGE.values(capacity=capacity, over_allowed=max(0, pool.taken - capacity)))


def set_status(session: Session, pool: Pool, status: PoolStatus) -> None:
    """Begin or stop giving out places."""
    _count(session, pool, _CHANGE.values(status=status))


def keep(session: Session, pool: Pool, kept: Pool, places: int) -> None:
    """Let so many free places of a pool be kept ones; RuntimeError, so that nothing is changed, where none are free."""
    _check(places)
    is_free = Pool.taken + places <= Pool.capacity
    if not _count(session, pool, _CHANGE.where(is_free).values(capacity=Pool.capacity - places)):
        raise RuntimeError("places that are not free cannot be kept")
    _count(session, kept, _CHANGE.values(capacity=Pool.capacity + places))


def fold(session: Session, kept: Pool, into: Pool) -> None:
    """The places that were kept become places like the others, with who has them; none are kept any more."""
    session.flush()
    of_kept = update(Booking).where(Booking.kept_pool_id == kept.id).values(kept_pool_id=None)
    session.execute(of_kept.execution_options(synchronize_session="fetch"))
    capacity, taken = into.capacity + kept.capacity, into.taken + kept.taken
    values = {"capacity": capacity, "taken": taken, "over_allowed": max(0, taken - capacity)}
    _count(session, into, _CHANGE.values(**values))
    _count(session, kept, _CHANGE.values(capacity=0, taken=0, over_allowed=0, status=PoolStatus.CLOSED))


def _count(session: Session, pool: Pool, change: Update, **told: int) -> bool:
    session.flush()
    counted = session.execute(change, {"of_pool": pool.id, **told}).all()
    for row in counted:
        _set(pool, row)
    return len(counted) == 1


def _check(places: int) -> None:
    if places < 1:
        raise ValueError("places are counted from one")
