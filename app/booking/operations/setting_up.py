"""Rooms, people and terms of an organisation."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.codes import LeadState
from app.booking.models import BookableSession, Facilitator, Room, SessionFacilitator, Term
from app.booking.operations import leading
from app.booking.operations.changes import follow_link
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound

Row = Room | Facilitator | Term


def add(session: Session, actor: Actor, row: Row) -> None:
    """Add one to the actor's organisation. InvalidInput where the name is taken."""
    if actor.organization_id is None:
        raise NotFound("organisation")
    row.organization_id = actor.organization_id
    _check_name(session, row, row.name)
    session.add(row)
    session.flush()
    record(session, actor, Action.CREATED, (row.__tablename__, row.id))


def change(session: Session, actor: Actor, row: Row, values: Mapping[str, object]) -> None:
    """Other values of one, by column. InvalidInput where the name is taken."""
    _check_name(session, row, str(values["name"]))
    changed = tuple(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        session.flush()
        record(session, actor, Action.CHANGED, (row.__tablename__, row.id), fields=changed)
    if isinstance(row, Room) and "join_link" in changed:
        follow_link(session, row)


def leaves(session: Session, actor: Actor, person: Facilitator) -> None:
    """Somebody leads nothing any more: cover is wanted for every date to come that they were to lead."""
    person.is_active = False
    session.flush()
    record(session, actor, Action.CHANGED, (person.__tablename__, person.id), fields=("is_active",))
    for lead in _still_to_lead(session, person.id):
        leading.cannot_come(session, actor, lead)


def _still_to_lead(session: Session, person_id: UUID) -> list[SessionFacilitator]:
    wanted = (
        select(SessionFacilitator)
        .join(BookableSession, BookableSession.id == SessionFacilitator.session_id)
        .where(SessionFacilitator.facilitator_id == person_id, SessionFacilitator.state != LeadState.CANNOT_COME)
        .where(BookableSession.cancelled_at.is_(None), BookableSession.starts_at > clock.now())
        .options(joinedload(SessionFacilitator.session).selectinload(BookableSession.facilitators))
        .order_by(BookableSession.starts_at, SessionFacilitator.id)
    )
    return list(session.scalars(wanted))


def _check_name(session: Session, row: Row, name: str) -> None:
    model = type(row)
    taken = select(model.id).where(model.organization_id == row.organization_id, model.name == name)
    others = [one for one in session.scalars(taken.order_by(model.id)) if one != row.id]
    if others:
        raise InvalidInput("There is one of this name already.")
