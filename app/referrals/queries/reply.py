"""How whoever reads a letter reaches those who wrote it: what their manager or the directory says, and never more."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.directory.models import Organization, Service
from app.directory.replying import ReplyTo, listed_reply, listings_kept_by
from app.referrals.models import Referral
from app.referrals.queries.pathways import definition


def reply_to(session: Session, referral: Referral) -> ReplyTo:
    """What the pathway names; else what is listed of the service it was sent to; else of the organisation there."""
    if named := definition(session, referral.pathway).letter_phone:
        return ReplyTo(phone=named)
    service = _service(session, referral)
    listings: list[Service | Organization] = [service, service.organization] if service else []
    if referral.receiver_organization_id is not None:
        listings += listings_kept_by(session, referral.receiver_organization_id)
    return listed_reply(listings)


def _service(session: Session, referral: Referral) -> Service | None:
    return session.get(Service, referral.receiver_service_id) if referral.receiver_service_id else None
