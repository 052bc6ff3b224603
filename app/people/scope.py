"""Whose records an actor may see, as a condition that every query on people carries."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, select, true

from app.accounts.codes import Role
from app.core.actor import Actor, ActorKind
from app.people.models import Person, PersonAccess

# Who looks after people at work; the others meet a person, if at all, on the pages of a booking or a referral.
WORKERS = (Role.SURGERY, Role.HUB, Role.ADVISER)
READERS = (*WORKERS, Role.MANAGER)


def may_see(actor: Actor) -> ColumnElement[bool]:
    """Which people an actor may see, as a condition on `Person`.

    Staff: those whom their organisation has open access to. The system: everybody. A merged record is never seen.
    """
    if actor.kind is ActorKind.SYSTEM:
        return true()
    if not actor.is_staff or actor.organization_id is None or not actor.holds(*(role.value for role in READERS)):
        return false()
    reaches = select(PersonAccess.person_id).where(
        PersonAccess.organization_id == actor.organization_id, PersonAccess.ended_at.is_(None)
    )
    return and_(Person.id.in_(reaches), Person.merged_into_id.is_(None), Person.erased_at.is_(None))
