"""Whose outcomes an actor may see, as a condition that every query carries."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, select, true
from sqlalchemy.orm import InstrumentedAttribute

from app.core.actor import Actor, ActorKind
from app.people.models import Person
from app.people.scope import may_see


def in_scope(
    actor: Actor, organization: InstrumentedAttribute[UUID], person: InstrumentedAttribute[UUID]
) -> ColumnElement[bool]:
    """Rows of the actor's own organisation about people whom it may see; a person's own; of the system's, all."""
    if actor.kind is ActorKind.SYSTEM:
        return true()
    if actor.kind is ActorKind.PERSON:
        return person.in_(select(Person.id).where(may_see(actor)))
    if not actor.is_staff or actor.organization_id is None:
        return false()
    return and_(organization == actor.organization_id, person.in_(select(Person.id).where(may_see(actor))))
