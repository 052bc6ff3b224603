"""Who leads, scoped to the visitor's organisation."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from app.booking.codes import LeadState
from app.booking.models import BookableSession, Facilitator, Run, SessionFacilitator
from app.booking.queries.programme import leading, run_by, slots_near
from app.booking.rules.leading import Lead
from app.core import clock
from app.core.actor import Actor

_MOST = 200


def leads_of(one: BookableSession) -> list[Lead]:
    """The people of a session, as the rules take them."""
    return [Lead(person=lead.facilitator_id, state=lead.state, covers=lead.covers_id) for lead in one.facilitators]


def lead_of(session: Session, actor: Actor, lead_id: UUID) -> SessionFacilitator | None:
    """One lead of a session of the organisation."""
    wanted = (
        select(SessionFacilitator)
        .join(BookableSession, BookableSession.id == SessionFacilitator.session_id)
        .join(Run, Run.id == BookableSession.run_id)
        .where(SessionFacilitator.id == lead_id, run_by(actor))
        .options(joinedload(SessionFacilitator.session).selectinload(BookableSession.facilitators))
    )
    return session.scalars(wanted).one_or_none()


def from_then_on(session: Session, one: BookableSession) -> list[BookableSession]:
    """A session and those of its run after it that happen."""
    wanted = (
        select(BookableSession)
        .where(BookableSession.run_id == one.run_id, BookableSession.starts_at >= one.starts_at)
        .where(BookableSession.cancelled_at.is_(None))
        .options(selectinload(BookableSession.facilitators))
        .order_by(BookableSession.starts_at, BookableSession.id)
    )
    return list(session.scalars(wanted))


def in_need_of_cover(actor: Actor) -> Select[BookableSession]:
    """The organisation's sessions to come that somebody cannot lead and nobody yet leads for them, the next first."""
    away, stands_in = aliased(SessionFacilitator), aliased(SessionFacilitator)
    has_cover = exists().where(
        stands_in.session_id == away.session_id,
        stands_in.covers_id == away.facilitator_id,
        stands_in.state == LeadState.COMES,
    )
    lacks_somebody = exists().where(
        away.session_id == BookableSession.id, away.state == LeadState.CANNOT_COME, ~has_cover
    )
    return (
        select(BookableSession)
        .join(Run, Run.id == BookableSession.run_id)
        .where(run_by(actor), lacks_somebody)
        .where(BookableSession.cancelled_at.is_(None), BookableSession.starts_at > clock.now())
        .order_by(BookableSession.starts_at, BookableSession.id)
        .limit(_MOST)
    )


def who_is_free(session: Session, one: BookableSession, people: list[Facilitator]) -> list[Facilitator]:
    """Those of `people` who are not down for this session and lead nothing else at its time."""
    ids = {person.id for person in people}
    near = slots_near(session, rooms=(), facilitators=ids, first=one.starts_at, last=one.ends_at)
    taken = {person for slot in near for person in slot.facilitators} | leading(one)
    known = taken | {lead.facilitator_id for lead in one.facilitators}
    return [person for person in people if person.id not in known]
