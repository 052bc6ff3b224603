"""Whose advice an actor may see, as a condition that every query carries."""

from __future__ import annotations

from collections.abc import Iterable
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
# Whoever receives those who come: the queue and the appointments of the day, and nothing of what was said.
AT_DESK = (*READERS, Role.FRONT_DESK)


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
    return _of_place(actor, organization_id, READERS)


def supervised(actor: Actor, organization_id: InstrumentedAttribute[UUID] | Any) -> ColumnElement[bool]:
    """As `within`, but only for those who supervise."""
    return _of_place(actor, organization_id, SUPERVISORS)


def at_desk(actor: Actor, organization_id: InstrumentedAttribute[UUID] | Any) -> ColumnElement[bool]:
    """As `within`, and also for those who only receive people: for the queue and the appointments of the day."""
    return _of_place(actor, organization_id, AT_DESK)


def is_reader(actor: Actor) -> bool:
    """Whether an actor may read what was said: not who only receives people."""
    return actor.holds(*(role.value for role in READERS))


def _of_place(
    actor: Actor, organization_id: InstrumentedAttribute[UUID] | Any, roles: Iterable[Role]
) -> ColumnElement[bool]:
    if actor.kind is ActorKind.SYSTEM:
        return true()
    if not actor.is_staff or actor.organization_id is None or not actor.holds(*(role.value for role in roles)):
        return false()
    condition: ColumnElement[bool] = organization_id == actor.organization_id
    return condition
