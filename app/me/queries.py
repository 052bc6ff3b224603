"""What the person's own page reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization
from app.audit.codes import Action
from app.audit.queries import of_person
from app.core.actor import Actor, ActorKind
from app.core.clock import LONDON
from app.people.models import Person, PersonAccount
from app.people.scope import may_see

# How far back the list of looks goes.
MOST_ENTRIES = 1000
LOOKS = frozenset({Action.READ, Action.BROKE_GLASS, Action.EXPORTED})


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody at an organisation opened the record on a day, in which role, and how often."""

    day: date
    organization: str
    roles: tuple[str, ...]
    action: Action
    times: int


def own_records(session: Session, actor: Actor) -> list[Person]:
    """The records that the account was joined to, oldest first."""
    return list(session.scalars(select(Person).where(may_see(actor)).order_by(Person.created_at, Person.id)))


def erased_records(session: Session, user_id: UUID) -> list[tuple[str, datetime]]:
    """Of which records that the account was joined to nothing is left: who kept them, and since when."""
    rows = session.execute(
        select(MemberOrganization.name, Person.erased_at)
        .join(Person, Person.organization_id == MemberOrganization.id)
        .join(PersonAccount, PersonAccount.person_id == Person.id)
        .where(PersonAccount.user_id == user_id, Person.erased_at.is_not(None))
        .distinct()
        .order_by(Person.erased_at, MemberOrganization.name)
    )
    return [(name, at) for name, at in rows if at is not None]


def who_looked(session: Session, person_id: UUID) -> list[Look]:
    """Who at work opened the record, latest day first; what one person did on one day is one line."""
    counted: dict[tuple[date, UUID | None, tuple[str, ...], Action], int] = {}
    for entry in of_person(session, person_id, limit=MOST_ENTRIES):
        if entry.actor_kind is ActorKind.STAFF and entry.action in LOOKS:
            day = entry.at.astimezone(LONDON).date()
            key = (day, entry.organization_id, tuple(entry.roles.split()), entry.action)
            counted[key] = counted.get(key, 0) + 1
    names = _names(session, {place for _day, place, _roles, _action in counted if place})
    return [
        Look(day, names.get(place, "") if place else "", roles, action, times)
        for (day, place, roles, action), times in counted.items()
    ]


def _names(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    rows = session.execute(
        select(MemberOrganization.id, MemberOrganization.name)
        .where(MemberOrganization.id.in_(ids))
        .order_by(MemberOrganization.id)
    )
    return {id_: name for id_, name in rows}  # noqa: C416 - the types are clearer so
