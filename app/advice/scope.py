"""Whose advice an actor may see, as a condition that every query carries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, true
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.codes import Role
from app.core.actor import Actor, ActorKind

WORKERS = (Role.ADVISER,)
# Whoever supervises reads all files of the organisation.
SUPERVISORS = (Role.MANAGER,)
READERS = (*WORKERS, *SUPERVISORS)


def is_supervisor(actor: Actor) -> bool:
    """Whether an actor may review files and decide on conflicts of interest."""
    return actor.holds(*(role.value for role in SUPERVISORS))


def is_worker(actor: Actor) -> bool:
    """Whether an actor gives advice."""
    return actor.holds(*(role.value for role in WORKERS))


def within(actor: Actor, organization_id: InstrumentedAttribute[UUID] | Any) -> ColumnElement[bool]:
    """Rows of the actor's organisation, for those who read advice there; `organization_id` is their column.

    The system sees all. A person, or staff in any other role, sees none.
    """
    if actor.kind is ActorKind.SYSTEM:
        return true()
    if not actor.is_staff or actor.organization_id is None or not actor.holds(*(role.value for role in READERS)):
        return false()
    condition: ColumnElement[bool] = organization_id == actor.organization_id
    return condition
