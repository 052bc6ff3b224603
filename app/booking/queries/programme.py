"""What staff of an organisation run. Everything is scoped to their organisation in the statement itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.booking.codes import LeadState, PoolKind
from app.booking.models import (
    BookableSession,
    Course,
    Facilitator,
    Pool,
    Room,
    Run,
    SessionFacilitator,
    Term,
)
from app.booking.rules.clashes import Slot
from app.core import clock
from app.core.actor import Actor
from app.directory.codes import Kind
from app.directory.models import Organization, Service


def run_by(actor: Actor) -> ColumnElement[bool]:
    """Runs of the organisation, as a condition on `Run`; what has no listing is not for those who run courses."""
    return and_(Run.organization_id == actor.organization_id, Run.course.has(Course.service_id.is_not(None)))


def runs_of(session: Session, actor: Actor, *, over: bool = False) -> list[tuple[Run, Pool | None]]:
    """The organisation's runs with their next pool, those to come or those that are over."""
    last = select(func.max(BookableSession.ends_at)).where(BookableSession.run_id == Run.id).scalar_subquery()
    first = select(func.min(BookableSession.starts_at)).where(BookableSession.run_id == Run.id).scalar_subquery()
    is_over = last <= clock.now()
    wanted = (
        select(Run).where(run_by(actor), is_over if over else or_(last.is_(None), ~is_over)).order_by(first, Run.id)
    )
    runs = list(session.scalars(wanted))
    pools = next_pools(session, [run.id for run in runs])
    return [(run, pools.get(run.id)) for run in runs]


def next_pools(session: Session, run_ids: list[UUID]) -> dict[UUID, Pool]:
    """Of each run the pool that comes next."""
    rows = session.scalars(
        select(Pool)
        .where(Pool.run_id.in_(run_ids), Pool.kind != PoolKind.RESERVED, Pool.ends_at > clock.now())
        .order_by(Pool.starts_at.desc(), Pool.id)
    )
    return {pool.run_id: pool for pool in rows}


def run_of(session: Session, actor: Actor, run_id: UUID) -> Run | None:
    """One of the organisation's runs."""
    wanted = select(Run).where(Run.id == run_id, run_by(actor))
    return session.scalars(wanted.options(selectinload(Run.sessions))).one_or_none()


def session_of(session: Session, actor: Actor, session_id: UUID) -> BookableSession | None:
    """One of the organisation's sessions."""
    wanted = (
        select(BookableSession)
        .join(Run, Run.id == BookableSession.run_id)
        .where(BookableSession.id == session_id, run_by(actor))
        .options(selectinload(BookableSession.facilitators))
    )
    return session.scalars(wanted).one_or_none()


def sessions_of_run(session: Session, run_id: UUID) -> list[BookableSession]:
    """All sessions of a run, cancelled ones among them."""
    wanted = select(BookableSession).where(BookableSession.run_id == run_id)
    return list(session.scalars(wanted.order_by(BookableSession.starts_at, BookableSession.id)))


def dates_to_come(session: Session, run_id: UUID) -> list[BookableSession]:
    """The dates of a run that can still be moved, each with who leads it."""
    wanted = (
        select(BookableSession)
        .where(BookableSession.run_id == run_id, BookableSession.cancelled_at.is_(None))
        .where(BookableSession.starts_at > clock.now())
        .options(selectinload(BookableSession.facilitators))
    )
    return list(session.scalars(wanted.order_by(BookableSession.starts_at, BookableSession.id)))


def pools_of_run(session: Session, run_id: UUID) -> list[Pool]:
    """All pools of a run."""
    return list(session.scalars(select(Pool).where(Pool.run_id == run_id).order_by(Pool.starts_at, Pool.id)))


def pool_of(session: Session, actor: Actor, pool_id: UUID) -> Pool | None:
    """One of the organisation's pools, and none that is only kept of another."""
    wanted = select(Pool).join(Run, Run.id == Pool.run_id)
    wanted = wanted.where(Pool.id == pool_id, Pool.kind != PoolKind.RESERVED, run_by(actor))
    return session.scalars(wanted).one_or_none()


def pool_for_session(session: Session, one: BookableSession) -> Pool | None:
    """Whose places let people into a session."""
    wanted = select(Pool).where(
        Pool.run_id == one.run_id,
        Pool.kind != PoolKind.RESERVED,
        or_(Pool.session_id.is_(None), Pool.session_id == one.id),
    )
    return session.scalars(wanted.order_by(Pool.id)).first()


def terms_of(session: Session, organization_id: UUID | None) -> list[Term]:
    """The organisation's terms, the latest first."""
    wanted = select(Term).where(Term.organization_id == organization_id)
    return list(session.scalars(wanted.order_by(Term.starts_on.desc(), Term.id)))


def rooms_of(session: Session, organization_id: UUID | None) -> list[Room]:
    """The organisation's rooms, by name."""
    return list(
        session.scalars(select(Room).where(Room.organization_id == organization_id).order_by(Room.name, Room.id))
    )


def is_room_needed(session: Session, room_id: UUID) -> bool:
    """Whether dates to come are in a room."""
    wanted = exists().where(
        BookableSession.room_id == room_id,
        BookableSession.cancelled_at.is_(None),
        BookableSession.ends_at > clock.now(),
    )
    return bool(session.scalar(select(wanted)))


def facilitators_of(session: Session, organization_id: UUID | None) -> list[Facilitator]:
    """Who leads sessions, by name."""
    wanted = select(Facilitator).where(Facilitator.organization_id == organization_id, Facilitator.is_active)
    return list(session.scalars(wanted.order_by(Facilitator.name, Facilitator.id)))


def listings_of(session: Session, organization_id: UUID | None) -> list[Service]:
    """The organisation's listings that are courses or groups, by name."""
    wanted = (
        select(Service)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Organization.member_organization_id == organization_id, Service.kind.in_([Kind.COURSE, Kind.PEER_GROUP]))
        .order_by(Service.name, Service.id)
    )
    return list(session.scalars(wanted))


def slots_near(
    session: Session, *, rooms: Iterable[UUID], facilitators: Iterable[UUID], first: datetime, last: datetime
) -> list[Slot]:
    """Who and what is taken between two instants, by sessions that happen."""
    led = select(SessionFacilitator.session_id).where(SessionFacilitator.facilitator_id.in_(list(facilitators)))
    wanted = _happening(first, last).where(or_(BookableSession.room_id.in_(list(rooms)), BookableSession.id.in_(led)))
    return [
        Slot(
            session=one.id,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            room=one.room_id,
            facilitators=leading(one),
        )
        for one in session.scalars(wanted.options(selectinload(BookableSession.facilitators)))
    ]


def leading(one: BookableSession) -> frozenset[UUID]:
    """Who is taken by a session: who leads it or is asked to, and not who cannot come."""
    return frozenset(lead.facilitator_id for lead in one.facilitators if lead.state is not LeadState.CANNOT_COME)


def _happening(first: datetime, last: datetime) -> Select[BookableSession]:
    return (
        select(BookableSession)
        .where(
            BookableSession.cancelled_at.is_(None), BookableSession.ends_at > first, BookableSession.starts_at < last
        )
        .options(joinedload(BookableSession.run))
        .order_by(BookableSession.starts_at, BookableSession.id)
    )


def course_for(session: Session, service_id: UUID) -> Course | None:
    """What is told of a listing that is booked here."""
    return session.scalars(select(Course).where(Course.service_id == service_id).order_by(Course.id)).one_or_none()


def leads_of_run(session: Session, run_id: UUID) -> list[Facilitator]:
    """Who leads a run, by name."""
    wanted = (
        select(Facilitator)
        .where(
            Facilitator.id.in_(
                select(SessionFacilitator.facilitator_id)
                .join(BookableSession, BookableSession.id == SessionFacilitator.session_id)
                .where(BookableSession.run_id == run_id, SessionFacilitator.state == LeadState.COMES)
            )
        )
        .order_by(Facilitator.name, Facilitator.id)
    )
    return list(session.scalars(wanted))
