"""Who reads figures of whom: managers those of their organisation, commissioners those of every service, summed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.accounts.access import staff
from app.accounts.codes import Role
from app.accounts.models import MemberOrganization
from app.advice.models import AdviceContact, GroupSession
from app.core.actor import Actor
from app.core.errors import NotFound

READER = staff(Role.MANAGER, Role.COMMISSIONER)


def only_commissions(actor: Actor) -> bool:
    """Whether the actor reads figures as a commissioner, and manages nothing where they work."""
    return actor.holds(Role.COMMISSIONER.value) and not actor.holds(Role.MANAGER.value)


def places(session: Session, actor: Actor) -> Sequence[MemberOrganization]:
    """The organisations whose figures the actor may read: its own; a commissioner's, all that give advice."""
    wanted = MemberOrganization.id == actor.organization_id
    if only_commissions(actor):
        contacts = exists(select(AdviceContact.id).where(AdviceContact.organization_id == MemberOrganization.id))
        groups = exists(select(GroupSession.id).where(GroupSession.organization_id == MemberOrganization.id))
        wanted = contacts | groups
    return session.scalars(
        select(MemberOrganization).where(wanted).order_by(MemberOrganization.name, MemberOrganization.id)
    ).all()


def counter(session: Session, actor: Actor, place_id: UUID | None) -> Actor | None:
    """For whom the figures of a place are counted; None where there is no place yet. NotFound for a place not theirs.

    A manager counts as themself. A commissioner is shown sums alone, so they are counted as the place's manager would
    count them; nothing but the queries of a report is ever given this actor.
    """
    if not only_commissions(actor):
        return actor
    known = [place.id for place in places(session, actor)]
    if place_id is None:
        place_id = known[0] if known else None
    if place_id is None:
        return None
    if place_id not in known:
        raise NotFound("organisation")
    return replace(actor, organization_id=place_id, roles=frozenset({Role.MANAGER.value}))
