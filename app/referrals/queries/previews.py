"""What a person is given to read before it goes, as far as it is theirs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import NotFound
from app.people.codes import SharingLevel
from app.people.models import Person
from app.people.queries import is_seen, permission_versions
from app.people.rules.permissions import telling_level
from app.people.scope import may_see
from app.referrals.codes import Occasion, PreviewState, Recipient
from app.referrals.message_back import parts_for
from app.referrals.models import MessagePreview, Referral, Telling


def preview_of(session: Session, referral: Referral) -> MessagePreview | None:
    """That of the last end of a referral, where there is one."""
    ends = select(func.max(Telling.number)).where(Telling.referral_id == referral.id, Telling.occasion == Occasion.END)
    last = ends.scalar_subquery()
    wanted = select(MessagePreview).where(MessagePreview.referral_id == referral.id, MessagePreview.number == last)
    return session.scalars(wanted.order_by(MessagePreview.id)).unique().one_or_none()


def own_preview(session: Session, actor: Actor, preview_id: UUID) -> MessagePreview:
    """One that is the person's own. NotFound for any other, and for one that was called off."""
    found = session.get(MessagePreview, preview_id)
    if found is None or found.state is PreviewState.CALLED_OFF or not is_own(session, actor, found.referral):
        raise NotFound("message")
    return found


def by_link(session: Session, actor: Actor) -> MessagePreview:
    """The one that the link of a person leads to: that of the last end of their referral. NotFound without one."""
    referral = session.get(Referral, actor.subject_id) if actor.kind is ActorKind.LINK else None
    found = preview_of(session, referral) if referral is not None else None
    if found is None or found.state is PreviewState.CALLED_OFF:
        raise NotFound("message")
    return found


def to_read(session: Session, actor: Actor, person_id: UUID) -> list[MessagePreview]:
    """What waits for the person on their own page, the first to go first."""
    wanted = (
        select(MessagePreview)
        .join(Referral, Referral.id == MessagePreview.referral_id)
        .join(Person, Person.id == Referral.person_id)
        .where(Person.id == person_id, may_see(actor), MessagePreview.done_at.is_(None))
        .order_by(MessagePreview.goes_at, MessagePreview.id)
    )
    return list(session.scalars(wanted).unique()) if actor.kind is ActorKind.PERSON else []


def is_own(session: Session, actor: Actor, referral: Referral) -> bool:
    """Whether the referral is about the one who looks: by the link of it, or signed in at their own page."""
    if actor.kind is ActorKind.LINK:
        return actor.subject_id == referral.id
    if actor.kind is not ActorKind.PERSON:
        return False
    return is_seen(session, actor, referral.person_id)


def recipients_of(session: Session, preview: MessagePreview) -> list[Telling]:
    """Who hears it beside the person themselves."""
    wanted = select(Telling).where(
        Telling.referral_id == preview.referral_id,
        Telling.number == preview.number,
        Telling.occasion == Occasion.END,
        Telling.recipient != Recipient.PERSON,
        Telling.forbidden_noted_at.is_(None),
    )
    return list(session.scalars(wanted.order_by(Telling.recipient.desc(), Telling.id)).unique())


def level_of(session: Session, preview: MessagePreview) -> SharingLevel:
    """How much the person lets them be told today."""
    return telling_level(permission_versions(session, preview.referral.person_id), clock.today())


def parts_to_read(session: Session, preview: MessagePreview) -> dict[str, Any]:
    """The message as it would go now."""
    return parts_for(session, preview.referral, level_of(session, preview))
