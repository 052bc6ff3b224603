"""Whose records an actor may see, as a condition that every query on people carries."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from app.accounts.codes import OrganizationKind, Role
from app.accounts.models import MemberOrganization, User
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.people.codes import AccessReason
from app.people.models import Emergency, Person, PersonAccess, PersonAccount

# Who looks after people at work; the others meet a person, if at all, on the pages of a booking or a referral.
WORKERS = (Role.SURGERY, Role.HUB, Role.ADVISER)
READERS = (*WORKERS, Role.MANAGER)

_LIVE = and_(Person.merged_into_id.is_(None), Person.erased_at.is_(None))


def may_see(actor: Actor) -> ColumnElement[bool]:
    """Which people an actor may see, as a condition on `Person`.

    Staff: those whom their organisation has open access to, save their own record and, unless they are its managers,
    restricted ones. A person: their own. The system: everybody. A merged or erased record is never seen.
    """
    if actor.kind is ActorKind.SYSTEM:
        return true()
    if actor.kind is ActorKind.PERSON and actor.user_id is not None:
        own = select(PersonAccount.person_id).where(
            PersonAccount.user_id == actor.user_id, PersonAccount.ended_at.is_(None)
        )
        return and_(Person.id.in_(own), _LIVE)
    return _reached_by(actor)


def may_change(actor: Actor) -> ColumnElement[bool]:
    """As `may_see`, and not only because of a referral that nobody has accepted yet: who triages reads, and no more."""
    if actor.kind in {ActorKind.SYSTEM, ActorKind.PERSON}:
        return may_see(actor)
    return _reached_by(actor, PersonAccess.reason != AccessReason.TRIAGE)


def _reached_by(actor: Actor, *because: ColumnElement[bool]) -> ColumnElement[bool]:
    """Those whom the organisation of a member of staff has access to, for a reason that will do."""
    if not _looks_after_people(actor):
        return false()
    reaches = select(PersonAccess.person_id).where(
        PersonAccess.organization_id == actor.organization_id, PersonAccess.ended_at.is_(None), *because
    )
    is_open = true() if actor.holds(Role.MANAGER.value) else Person.is_restricted.is_(False)
    return and_(Person.id.in_(reaches), is_open, _is_somebody_else(actor), _LIVE)


def may_open(actor: Actor) -> ColumnElement[bool]:
    """As `may_see`, and also what they opened in an emergency, for as long as that lasts; to read only."""
    if not _looks_after_people(actor):
        return may_see(actor)
    opened = select(Emergency.person_id).where(
        Emergency.user_id == actor.user_id,
        Emergency.organization_id == actor.organization_id,
        Emergency.expires_at > clock.now(),
    )
    return or_(may_see(actor), and_(Person.id.in_(opened), may_be_opened(actor)))


def may_be_opened(actor: Actor) -> ColumnElement[bool]:
    """Whose records can be opened in an emergency: nobody's own, and none that is kept to managers (a colleague's)."""
    return and_(_is_somebody_else(actor), Person.is_restricted.is_(False), _LIVE)


def may_govern(actor: Actor) -> ColumnElement[bool]:
    """Whose records a privacy officer answers for: those that their organisation keeps; at the operator, all."""
    if not actor.is_staff or not actor.holds(Role.PRIVACY_OFFICER.value):
        return false()
    at_operator = exists().where(
        MemberOrganization.id == actor.organization_id, MemberOrganization.kind == OrganizationKind.OPERATOR
    )
    return or_(Person.organization_id == actor.organization_id, at_operator)


def _looks_after_people(actor: Actor) -> bool:
    return actor.is_staff and actor.organization_id is not None and actor.holds(*(role.value for role in READERS))


def _is_somebody_else(actor: Actor) -> ColumnElement[bool]:
    """Nobody opens their own record at work: one that has the address they sign in with."""
    return ~exists().where(User.id == actor.user_id, User.email == Person.email)
