"""What is on and can be booked: for the page of a service, the prospectus, and a line on each card of results.

Always a fixed number of statements, however many there are.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Connection, Engine, Select, bindparam, event, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, lazyload

from app.booking.codes import BOOKABLE, NOT_FOR_ALL, Availability, BookingState, KeptFor, PoolKind, PoolStatus
from app.booking.models import BookableSession, Booking, Course, Pool, Run
from app.booking.queries.bookings import NAME_ALONE
from app.booking.rules.availability import Standing, availability
from app.booking.rules.keeping import is_open_to_all
from app.core import clock
from app.directory.codes import Status
from app.directory.models import Service

SHOWN = (Status.ACTIVE, Status.TEMPORARILY_CLOSED)
# Of each service so many pools are looked at for its line in a list: the first in which there is a place counts.
LOOKED_AT = 5
# Which services are booked here changes seldom; a page may be so many seconds behind.
FRESH_SECONDS = 2.0
# With `public_pools`, which joins them anyway: what a pool belongs to is loaded from the same rows.
WITH_COURSE = contains_eager(Pool.run).contains_eager(Run.course).contains_eager(Course.service)
_BY_NAME = contains_eager(Pool.run).options(
    lazyload(Run.term), contains_eager(Run.course).contains_eager(Course.service).options(*NAME_ALONE)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something that the public can book or come to: its pool, its sessions still to come, and how its places stand.

    `kept` are places that are for some only, until their day; `availability` is of those for everyone.
    """

    pool: Pool
    sessions: tuple[BookableSession, ...]
    availability: Availability
    kept: tuple[Pool, ...] = ()

    @property
    def can_be_booked(self) -> bool:
        """Whether there is something to press."""
        return self.availability in BOOKABLE or self.only_for_carers

    @property
    def for_carers(self) -> Pool | None:
        """The places that are kept for carers."""
        return next((one for one in self.kept if one.kept_for is KeptFor.CARERS), None)

    @property
    def only_for_carers(self) -> bool:
        """Whether a place can be had at once by a carer, and by nobody else."""
        return self._is_left_for(KeptFor.CARERS)

    @property
    def only_for_referred(self) -> bool:
        """Whether a place can be had at once by whoever somebody else books for, and not by everyone."""
        return self._is_left_for(KeptFor.REFERRED)

    @property
    def can_be_booked_for_them(self) -> bool:
        """Whether there is something to press for whoever books for somebody else."""
        return self.can_be_booked or self.only_for_referred

    def _is_left_for(self, circle: KeptFor) -> bool:
        is_full = self.availability in {Availability.FULL, Availability.WAITING_LIST}
        return is_full and any(one.kept_for is circle and one.free > 0 for one in self.kept)

    @property
    def in_all(self) -> int:
        """How many places there are with those that are kept."""
        return self.pool.capacity + sum(one.capacity for one in self.kept)

    @property
    def has_places(self) -> bool:
        """Whether a place could be had at once."""
        return self.availability in {Availability.PLACES, Availability.FEW}


@dataclass(frozen=True, slots=True, kw_only=True)
class NextOffer:
    """The line on a card: when the next one begins, and how its places stand."""

    starts_at: datetime
    availability: Availability


def _public_pools() -> Select[Pool]:
    return (
        select(Pool)
        .join(Run, Run.id == Pool.run_id)
        .join(Course, Course.id == Run.course_id)
        .join(Service, Service.id == Course.service_id)
        .where(
            Pool.kind != PoolKind.RESERVED,
            Pool.ends_at > bindparam("now"),
            Run.published_at.is_not(None),
            Run.cancelled_at.is_(None),
            Service.status.in_(SHOWN),
        )
        .order_by(Pool.starts_at, Pool.id)
    )


# What is asked on an opening day is put together once, for that costs more than to ask it.
_PUBLIC = _public_pools()
_HAS_SOMETHING_TO_COME = exists().where(
    BookableSession.run_id == Pool.run_id,
    or_(Pool.session_id.is_(None), BookableSession.id == Pool.session_id),
    BookableSession.cancelled_at.is_(None),
    BookableSession.ends_at > bindparam("now"),
)
_PUBLIC_POOL = _PUBLIC.where(Pool.id == bindparam("pool"), _HAS_SOMETHING_TO_COME).options(_BY_NAME)
_POOLS: BindParameter[UUID] = bindparam("pools", expanding=True)
_WAITED_FOR = (
    select(Booking.pool_id)
    .where(Booking.pool_id.in_(_POOLS), Booking.state == BookingState.WAITING)
    .distinct()
    .order_by(Booking.pool_id)
)
_KEPT = (
    select(Pool)
    .where(Pool.parent_id.in_(_POOLS), Pool.status == PoolStatus.OPEN, Pool.capacity > 0)
    .options(lazyload(Pool.run))
    .order_by(Pool.kept_for, Pool.id)
)
# Of a long series only the sessions asked for, and not the whole of it.
_COMING = (
    select(BookableSession)
    .where(
        or_(
            BookableSession.run_id.in_(bindparam("runs", expanding=True)),
            BookableSession.id.in_(bindparam("sessions", expanding=True)),
        ),
        BookableSession.ends_at > bindparam("now"),
    )
    .options(lazyload(BookableSession.run), joinedload(BookableSession.room))
    .order_by(BookableSession.starts_at, BookableSession.id)
)


def public_pools() -> Select[Pool]:
    """Pools of runs that the public sees, not cancelled and not over."""
    return _PUBLIC.params(now=clock.now())


def public_pool(session: Session, pool_id: UUID) -> Pool | None:
    """A pool that the public sees, with something still to come."""
    return session.scalars(_PUBLIC_POOL, {"pool": pool_id, "now": clock.now()}).one_or_none()


def public_pools_of_run(session: Session, run_id: UUID) -> Sequence[Pool]:
    """What of one run the public sees, the next first."""
    return session.scalars(public_pools().where(Pool.run_id == run_id).options(WITH_COURSE)).all()


def offers_of_service(session: Session, service_id: UUID, *, limit: int = 12) -> list[Offer]:
    """What of a service can be booked, the next first."""
    wanted = public_pools().where(Service.id == service_id).options(WITH_COURSE)
    return offers_of(session, session.scalars(wanted.limit(limit)).all())


def elsewhere(session: Session, pool: Pool) -> list[Offer]:
    """Other dates of what a pool is of to which somebody who is booked there may move: those with a place."""
    service_id = pool.run.course.service_id
    near = offers_of_service(session, service_id, limit=24) if service_id else []
    return [one for one in near if one.pool.id != pool.id and one.has_places and may_move_to(pool.run, one.pool.run)]


def may_move_to(run: Run, other: Run) -> bool:
    """Whether who is booked in a run may move to another by themselves: not where a place must be asked for."""
    return other.id == run.id or other.who not in NOT_FOR_ALL


def offers_by_id(session: Session, pool_ids: Iterable[UUID]) -> list[Offer]:
    """Pools that are known already, listed or not, which have not begun; the next first."""
    wanted = select(Pool).where(Pool.id.in_(list(pool_ids)), Pool.starts_at > clock.now())
    return offers_of(session, session.scalars(wanted.order_by(Pool.starts_at, Pool.id)).all())


def offers_of(session: Session, pools: Sequence[Pool]) -> list[Offer]:
    """The pools with their sessions and how they stand."""
    ids, now = [pool.id for pool in pools], clock.now()
    waited, kept, sessions = pools_waited_for(session, ids), kept_of(session, ids), _sessions(session, pools)
    found = []
    for pool in pools:
        own = [one for one in sessions[pool.run_id] if pool.session_id in {None, one.id} and one.cancelled_at is None]
        if own:
            standing = standing_of(pool, anybody_waits=pool.id in waited)
            stands = availability(standing, now)
            found.append(Offer(pool=pool, sessions=tuple(own), availability=stands, kept=tuple(kept.get(pool.id, ()))))
    return found


def kept_of(session: Session, pool_ids: Iterable[UUID]) -> dict[UUID, list[Pool]]:
    """What is kept for some and not open to everyone yet, by the pool that it is kept of."""
    found: dict[UUID, list[Pool]] = defaultdict(list)
    for kept in session.scalars(_KEPT, {"pools": list(pool_ids)}):
        if kept.parent_id and not is_open_to_all(kept.release_on, kept.starts_at, clock.now()):
            found[kept.parent_id].append(kept)
    return found


def standing_of(pool: Pool, *, anybody_waits: bool) -> Standing:
    """How a pool stands, as the rules see it."""
    run = pool.run
    return Standing(
        free=pool.free,
        anybody_waits=anybody_waits,
        has_waiting_list=run.has_waiting_list,
        starts_at=pool.starts_at,
        opens_at=run.opens_at,
        closes_at=run.closes_at,
        cancelled=run.cancelled_at is not None,
        is_drop_in=pool.kind is PoolKind.DROP_IN,
    )


def pools_waited_for(session: Session, pool_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the pools that somebody waits for."""
    return set(session.scalars(_WAITED_FOR, {"pools": list(pool_ids)}))


def _sessions(session: Session, pools: Sequence[Pool]) -> dict[UUID, list[BookableSession]]:
    runs = {pool.run_id for pool in pools if pool.session_id is None}
    sessions = {pool.session_id for pool in pools if pool.session_id is not None}
    found: dict[UUID, list[BookableSession]] = defaultdict(list)
    for one in session.scalars(_COMING, {"runs": list(runs), "sessions": list(sessions), "now": clock.now()}):
        found[one.run_id].append(one)
    return found


def _next_pools() -> Select[UUID, UUID]:
    nth = func.row_number().over(partition_by=Course.service_id, order_by=(Pool.starts_at, Pool.id)).label("nth")
    ranked = (
        select(Pool.id, Course.service_id, nth)
        .join(Run, Run.id == Pool.run_id)
        .join(Course, Course.id == Run.course_id)
        .where(
            Course.service_id.in_(bindparam("services", expanding=True)),
            Pool.kind != PoolKind.RESERVED,
            Pool.starts_at > bindparam("now"),
            Run.published_at.is_not(None),
            Run.cancelled_at.is_(None),
        )
        .subquery()
    )
    return select(ranked.c.id, ranked.c.service_id).where(ranked.c.nth <= LOOKED_AT).order_by(ranked.c.id)


# Written once: each page of results asks for them.
_NEXT_POOLS = _next_pools()
_LISTED = select(Course.service_id).where(Course.service_id.is_not(None)).order_by(Course.service_id)
_POOLS_BY_ID = select(Pool).where(Pool.id.in_(bindparam("pools", expanding=True))).order_by(Pool.starts_at, Pool.id)


def next_offers(session: Session, service_ids: Sequence[UUID]) -> dict[UUID, NextOffer]:
    """Of each service the next thing with a place, else the next one; services without any are left out."""
    listed = booked_here(session)
    asked = [service_id for service_id in service_ids if service_id in listed]
    if not asked:
        return {}
    now = clock.now()
    # Of the columns alone: most of them have nothing on.
    rows = session.connection().execute(_NEXT_POOLS, {"services": asked, "now": now}).all()
    if not rows:
        return {}
    service_of = {row.id: row.service_id for row in rows}
    waited = pools_waited_for(session, service_of)
    found: dict[UUID, NextOffer] = {}
    for pool in session.scalars(_POOLS_BY_ID, {"pools": list(service_of)}):
        service_id = service_of[pool.id]
        state = availability(standing_of(pool, anybody_waits=pool.id in waited), now)
        if service_id not in found or (_has_place(state) and not _has_place(found[service_id].availability)):
            found[service_id] = NextOffer(starts_at=pool.starts_at, availability=state)
    return found


def booked_here(session: Session) -> Set[UUID]:
    """The services that are booked through Waymark, as of some seconds ago: most results are not among them."""
    bind, now = session.get_bind(), time.monotonic()
    known = _booked_here.get(bind)
    if known is None or now - known[0] > FRESH_SECONDS:
        known = _booked_here[bind] = (now, frozenset(filter(None, session.connection().scalars(_LISTED))))
    return known[1]


# By database; two threads that both read them read the same.
_booked_here: WeakKeyDictionary[Engine | Connection, tuple[float, Set[UUID]]] = WeakKeyDictionary()


@event.listens_for(Course, "after_insert")
@event.listens_for(Course, "after_update")
def _forget_booked_here(*_of_a_course: object) -> None:
    """Read them anew the next time: this process has just changed one."""
    _booked_here.clear()


def _has_place(state: Availability) -> bool:
    return state in {Availability.PLACES, Availability.FEW, Availability.DROP_IN}


def course_of_service(session: Session, service_id: UUID) -> Course | None:
    """What is told of a service that is booked here."""
    return session.scalars(select(Course).where(Course.service_id == service_id).order_by(Course.id)).one_or_none()
