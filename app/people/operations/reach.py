"""Which organisations may see a person's record: opened by a referral or a booking, ended with it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.people.codes import AccessReason
from app.people.models import Person, PersonAccess


def give_access(
    session: Session,
    actor: Actor,
    person: Person,
    organization_id: UUID,
    reason: AccessReason,
    because_id: UUID | None = None,
) -> PersonAccess:
    """Let an organisation see a person's record because of something (a referral, say); the same twice is once."""
    because_id = because_id or person.id
    wanted = select(PersonAccess).where(
        PersonAccess.person_id == person.id,
        PersonAccess.organization_id == organization_id,
        PersonAccess.reason == reason,
        PersonAccess.because_id == because_id,
        PersonAccess.ended_at.is_(None),
    )
    found = session.scalars(wanted.order_by(PersonAccess.id)).one_or_none()
    if found is not None:
        return found
    opened = PersonAccess(person_id=person.id, organization_id=organization_id, reason=reason, because_id=because_id)
    session.add(opened)
    session.flush()
    if reason is not AccessReason.ADDED:
        record(session, actor, Action.SHARED, ("person_access", opened.id), person_id=person.id, reason=reason.value)
    return opened


def end_access(
    session: Session, actor: Actor, person_id: UUID, organization_id: UUID, reason: AccessReason, because_id: UUID
) -> bool:
    """End what `give_access` opened for that reason; says whether there was anything to end.

    An organisation that may see the record for another reason as well goes on seeing it.
    """
    ended = session.scalars(
        update(PersonAccess)
        .where(
            PersonAccess.person_id == person_id,
            PersonAccess.organization_id == organization_id,
            PersonAccess.reason == reason,
            PersonAccess.because_id == because_id,
            PersonAccess.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
        .returning(PersonAccess.id)
    ).all()
    for access_id in ended:
        record(session, actor, Action.CHANGED, ("person_access", access_id), person_id=person_id, fields=["ended_at"])
    return bool(ended)
