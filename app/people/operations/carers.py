"""Carers and representatives: who they are, and what the person agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound
from app.core.text import single_line
from app.people.codes import CarerRelation, PermissionMethod
from app.people.models import Carer, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerDetails:
    """Who somebody is to the person, how to reach them, and whether the person agreed that they are told."""

    name: str
    relation: CarerRelation
    reach: str = ""
    agreed: bool = False
    method: PermissionMethod | None = None
    covers_risk: bool = False


def add_carer(session: Session, actor: Actor, person: Person, told: CarerDetails) -> Carer:
    """Write down a carer or representative. Without the person's agreement they are known, and told nothing."""
    name = single_line(told.name)
    if not name:
        raise InvalidInput("Enter their name.")
    if told.agreed and told.method is None:
        raise InvalidInput("Say how the person agreed.")
    carer = Carer(
        person_id=person.id,
        name=name,
        relation=told.relation,
        reach=single_line(told.reach),
        agreed_on=clock.today() if told.agreed else None,
        method=told.method if told.agreed else None,
        covers_risk=told.agreed and told.covers_risk,
        taken_by_id=actor.user_id if actor.is_staff else None,
    )
    session.add(carer)
    session.flush()
    record(session, actor, Action.CREATED, ("carer", carer.id), person_id=person.id)
    return carer


def end_carer(session: Session, actor: Actor, person: Person, carer_id: UUID) -> None:
    """The agreement ends, or they are no carer any more; that they were stays on record."""
    carer = session.get(Carer, carer_id)
    if carer is None or carer.person_id != person.id or carer.ended_at is not None:
        raise NotFound("carer")
    carer.ended_at = clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("carer", carer.id), person_id=person.id, fields=["ended_at"])


def carers_of(session: Session, person_id: UUID) -> list[Carer]:
    """Those of today, by name."""
    return list(
        session.scalars(
            select(Carer).where(Carer.person_id == person_id, Carer.ended_at.is_(None)).order_by(Carer.name, Carer.id)
        )
    )
