"""The word back: who is to hear how a referral ended, as far as the person allows, and whether they have heard."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound, Refused
from app.core.events import announce
from app.people.codes import SharingLevel
from app.people.queries import permission_versions
from app.people.rules.permissions import telling_level
from app.referrals.codes import Party, Recipient, Source
from app.referrals.events import MessageIssued
from app.referrals.message_back import parts_for
from app.referrals.models import Referral, Telling
from app.referrals.operations.due import set_due
from app.referrals.operations.moving import SUBJECT
from app.referrals.parties import parties_of
from app.referrals.rules.loop import recipients


def close_for(session: Session, actor: Actor, referral: Referral) -> list[Telling]:
    """Say who is to hear how it ended, and tell those who read it here. The loop closes when all were dealt with.

    A practice without Waymark gets a letter: that one stays open until somebody says that it went.
    """
    last = select(func.max(Telling.number)).where(Telling.referral_id == referral.id)
    number = (session.scalar(last) or 0) + 1
    made = [_telling(session, referral, number, who) for who in sorted(_due(referral))]
    session.add_all(made)
    session.flush()
    for telling in made:
        if telling.level is SharingLevel.NONE and telling.recipient is not Recipient.PERSON:
            telling.forbidden_noted_at = telling.done_at = clock.now()
            session.flush()
        elif telling.recipient is Recipient.PERSON or telling.organization_id is not None:
            issue(session, actor, telling)
    set_due(session, referral)
    return made


def issue(session: Session, actor: Actor, telling: Telling) -> None:
    """The message has gone to one of them."""
    telling.issued_at = telling.done_at = clock.now()
    telling.issued_by_id, telling.bounced_at = actor.user_id, None
    session.flush()
    record(
        session,
        actor,
        Action.SHARED,
        (SUBJECT, telling.referral_id),
        person_id=telling.referral.person_id,
        reason=f"message:{telling.recipient}:{telling.level}",
    )
    announce(session, MessageIssued(telling))


def say_sent(session: Session, actor: Actor, telling: Telling) -> None:
    """A worker says that the letter went, or sends again what came back."""
    if not parties_of(actor, telling.referral) & {Party.WORKER, Party.MANAGER}:
        raise NotFound("message")
    if telling.done_at is not None:
        raise Refused("This message has gone already.")
    issue(session, actor, telling)
    set_due(session, telling.referral)


def came_back(session: Session, telling: Telling) -> None:
    """The notice of a message bounced: it told nobody, and the loop is open again."""
    telling.bounced_at, telling.done_at = clock.now(), None
    session.flush()
    set_due(session, telling.referral)


def mark_read(session: Session, actor: Actor, telling: Telling) -> None:
    """Somebody at the practice has opened the message."""
    telling.read_at = telling.read_at or clock.now()
    session.flush()
    record(session, actor, Action.READ, (SUBJECT, telling.referral_id), person_id=telling.referral.person_id)


def _due(referral: Referral) -> frozenset[Recipient]:
    oneself = referral.source is Source.SELF
    practice = referral.person.gp_ods_code
    referrer = referral.referrer_organization
    is_own_practice = referrer is not None and bool(practice) and referrer.ods_code == practice
    return recipients(self_referral=oneself, has_gp=bool(practice or referral.person.gp_name) and not is_own_practice)


def _telling(session: Session, referral: Referral, number: int, who: Recipient) -> Telling:
    level = telling_level(permission_versions(session, referral.person_id), clock.today())
    # A person hears everything that concerns them.
    level = SharingLevel.FULL if who is Recipient.PERSON else level
    parts: dict[str, Any] = parts_for(session, referral, level)
    place = _place(session, referral, who)
    return Telling(
        referral_id=referral.id,
        referral=referral,
        number=number,
        recipient=who,
        organization_id=place.id if place else None,
        level=level,
        parts=parts,
    )


def _place(session: Session, referral: Referral, who: Recipient) -> MemberOrganization | None:
    if who is Recipient.REFERRER:
        return referral.referrer_organization
    if who is Recipient.GP and referral.person.gp_ods_code:
        return session.scalars(
            select(MemberOrganization)
            .where(MemberOrganization.ods_code == referral.person.gp_ods_code, MemberOrganization.is_active)
            .order_by(MemberOrganization.id)
        ).one_or_none()
    return None
