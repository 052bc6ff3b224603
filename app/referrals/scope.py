"""Which referrals an actor may see, as a condition that every query on referrals carries."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_

from app.accounts.codes import Role
from app.core.actor import Actor
from app.referrals.codes import Status
from app.referrals.models import Referral
from app.referrals.parties import RECEIVING, REFERRING


def sent_by(actor: Actor) -> ColumnElement[bool]:
    """Those that the actor's organisation sent or drafts, if the actor refers people at all."""
    if not actor.is_staff or actor.organization_id is None or not actor.holds(*REFERRING):
        return false()
    return Referral.referrer_organization_id == actor.organization_id


def sent_to(actor: Actor) -> ColumnElement[bool]:
    """Those that came to the actor's organisation, if the actor takes people on there or manages."""
    if not actor.is_staff or actor.organization_id is None or not actor.holds(*RECEIVING, Role.MANAGER):
        return false()
    return and_(
        Referral.receiver_organization_id == actor.organization_id,
        Referral.status != Status.DRAFT,
        Referral.sent_at.is_not(None),
        Referral.hidden_at.is_(None),
    )


def taken_back_from(actor: Actor) -> ColumnElement[bool]:
    """Those that came to the actor's organisation until the person took the permission back."""
    if not actor.is_staff or actor.organization_id is None or not actor.holds(*RECEIVING, Role.MANAGER):
        return false()
    return and_(Referral.receiver_organization_id == actor.organization_id, Referral.hidden_at.is_not(None))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Both."""
    return or_(sent_by(actor), sent_to(actor))
