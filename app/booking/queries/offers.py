"""What is on and can be booked: for the page of a service, the prospectus, and a line on each card of results.

Always a fixed number of statements, however many there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.booking.codes import BOOKABLE, Availability, BookingState, KeptFor, PoolKind, PoolStatus
from app.booking.models import BookableSession, Booking, Course, Pool, Run
from app.booking.rules.availability import Standing, availability
from app.booking.rules.keeping import is_open_to_all
from app.core import clock
from app.directory.codes import Status
from app.directory.models import Service

SHOWN = (Status.ACTIVE, Status.TEMPORARILY_CLOSED)
# Of each service so many pools are looked at for its line in a list: the first in which there is a place counts.
LOOKED_AT = 5


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
        is_full = self.availability in {Availability.FULL, Availability.WAITING_LIST}
        return is_full and self.for_carers is not None and self.for_carers.free > 0

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


def public_pools() -> Select[Pool]:
    """Pools of runs that the public sees, not cancelled and not over."""
    return (
        select(Pool)
        .join(Run, Run.id == Pool.run_id)
        .join(Course, Course.id == Run.course_id)
        .join(Service, Service.id == Course.service_id)
        .where(
            Pool.kind != PoolKind.RESERVED,
            Pool.ends_at > clock.now(),
            Run.published_at.is_not(None),
            Run.cancelled_at.is_(None),
            Service.status.in_(SHOWN),
        )
        .order_by(Pool.starts_at, Pool.id)
    )


def public_pool(session: Session, pool_id: UUID) -> Pool | None:
    """A pool that the public sees."""
    return session.scalars(public_pools().where(Pool.id == pool_id)).one_or_none()


def public_pools_of_run(session: Session, run_id: UUID) -> Sequence[Pool]:
    """What of one run the public sees, the next first."""
    return session.scalars(public_pools().where(Pool.run_id == run_id)).all()


def offers_of_service(session: Session, service_id: UUID, *, limit: int = 12) -> list[Offer]:
    """What of a service can be booked, the next first."""
    return offers_of(session, session.scalars(public_pools().where(Service.id == service_id).limit(limit)).all())


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
    wanted = select(Pool).where(Pool.parent_id.in_(list(pool_ids)), Pool.status == PoolStatus.OPEN, Pool.capacity > 0)
    found: dict[UUID, list[Pool]] = defaultdict(list)
    for kept in session.scalars(wanted.order_by(Pool.kept_for, Pool.id)):
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
    wanted = select(Booking.pool_id).where(Booking.pool_id.in_(list(pool_ids)), Booking.state == BookingState.WAITING)
    return set(session.scalars(wanted.distinct().order_by(Booking.pool_id)))


def _sessions(session: Session, pools: Sequence[Pool]) -> dict[UUID, list[BookableSession]]:
    wanted = (
        select(BookableSession)
        .where(
            # Of a long series only the sessions asked for, and not the whole of it.
            or_(
                BookableSession.run_id.in_({pool.run_id for pool in pools if pool.session_id is None}),
                BookableSession.id.in_({pool.session_id for pool in pools if pool.session_id is not None}),
            ),
            BookableSession.ends_at > clock.now(),
        )
        .options(joinedload(BookableSession.room))
        .order_by(BookableSession.starts_at, BookableSession.id)
    )
    found: dict[UUID, list[BookableSession]] = defaultdict(list)
    for one in session.scalars(wanted):
        found[one.run_id].append(one)
    return found


def next_offers(session: Session, service_ids: Sequence[UUID]) -> dict[UUID, NextOffer]:
    """Of each service the next thing with a place, else the next one; services without any are left out."""
    now = clock.now()
    nth = func.row_number().over(partition_by=Course.service_id, order_by=(Pool.starts_at, Pool.id)).label("nth")
    ranked = (
        select(Pool.id, Course.service_id, nth)
        .join(Run, Run.id == Pool.run_id)
        .join(Course, Course.id == Run.course_id)
        .where(
            Course.service_id.in_(service_ids),
            Pool.kind != PoolKind.RESERVED,
            Pool.starts_at > now,
            Run.published_at.is_not(None),
            Run.cancelled_at.is_(None),
        )
        .subquery()
    )
    rows = session.execute(
        select(Pool, ranked.c.service_id)
        .join(ranked, ranked.c.id == Pool.id)
        .where(ranked.c.nth <= LOOKED_AT)
        .order_by(Pool.starts_at, Pool.id)
    ).all()
    waited = pools_waited_for(session, [pool.id for pool, _service in rows])
    found: dict[UUID, NextOffer] = {}
    for pool, service_id in rows:
        state = availability(standing_of(pool, anybody_waits=pool.id in waited), now)
        if service_id not in found or (_has_place(state) and not _has_place(found[service_id].availability)):
            found[service_id] = NextOffer(starts_at=pool.starts_at, availability=state)
    return found


def _has_place(state: Availability) -> bool:
    return state in {Availability.PLACES, Availability.FEW, Availability.DROP_IN}


def course_of_service(session: Session, service_id: UUID) -> Course | None:
    """What is told of a service that is booked here."""
    return session.scalars(select(Course).where(Course.service_id == service_id).order_by(Course.id)).one_or_none()
