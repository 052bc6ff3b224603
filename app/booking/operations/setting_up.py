"""Rooms, people and terms of an organisation."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.models import Facilitator, Room, Term
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound


def add(session: Session, actor: Actor, row: Room | Facilitator | Term) -> None:
    """Add one to the actor's organisation. InvalidInput where the name is taken."""
    if actor.organization_id is None:
        raise NotFound("organisation")
    model = type(row)
    taken = select(model.id).where(model.organization_id == actor.organization_id, model.name == row.name)
    if session.scalar(taken.order_by(model.id)) is not None:
        raise InvalidInput("There is one of this name already.")
    row.organization_id = actor.organization_id
    session.add(row)
    session.flush()
    record(session, actor, Action.CREATED, (model.__tablename__, row.id))
