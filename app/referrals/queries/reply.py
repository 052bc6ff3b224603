"""How whoever reads a letter reaches those who wrote it: what their manager or the directory says, and never more."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory.models import Organization, Phone, Service
from app.referrals.models import Referral
from app.referrals.queries.pathways import definition

# HSDS types of numbers at which nobody answers a call.
NOT_FOR_CALLS = frozenset({"fax", "pager", "sms", "text", "textphone", "video"})


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """A telephone number, else an email address, of the receiver; empty where none is listed."""

    phone: str = ""
    extension: str = ""
    email: str = ""


def reply_to(session: Session, referral: Referral) -> ReplyTo:
    """What the pathway names; else what is listed of the service it was sent to; else of the organisation there."""
    if named := definition(session, referral.pathway).letter_phone:
        return ReplyTo(phone=named)
    service = _service(session, referral)
    listings: list[Service | Organization] = [service, service.organization] if service else []
    listings += _organizations(session, referral)
    phone = next((each for listing in listings for each in listing.phones if _is_for_calls(each)), None)
    email = next((listing.email for listing in listings if listing.email), "")
    return ReplyTo(phone.number, phone.extension or "", email) if phone else ReplyTo(email=email)


def _service(session: Session, referral: Referral) -> Service | None:
    return session.get(Service, referral.receiver_service_id) if referral.receiver_service_id else None


def _organizations(session: Session, referral: Referral) -> list[Organization]:
    if referral.receiver_organization_id is None:
        return []
    kept_by = select(Organization).where(Organization.member_organization_id == referral.receiver_organization_id)
    return list(session.scalars(kept_by.order_by(Organization.name, Organization.id)))


def _is_for_calls(phone: Phone) -> bool:
    return (phone.type or "").lower() not in NOT_FOR_CALLS
