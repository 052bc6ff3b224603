"""How whoever reads a letter reaches those who wrote it: what the directory lists of them, and never more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory.models import Organization, Phone, Service

# HSDS types of numbers at which nobody answers a call.
NOT_FOR_CALLS = frozenset({"fax", "pager", "sms", "text", "textphone", "video"})


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """A telephone number and an email address; empty where none is listed."""

    phone: str = ""
    extension: str = ""
    email: str = ""


def listed_reply(listings: Iterable[Service | Organization]) -> ReplyTo:
    """The first number for calls and the first email address that these listings have."""
    known = list(listings)
    phone = next((each for listing in known for each in listing.phones if _is_for_calls(each)), None)
    email = next((listing.email for listing in known if listing.email), None) or ""
    return ReplyTo(phone.number, phone.extension or "", email) if phone else ReplyTo(email=email)


def listings_kept_by(session: Session, member_organization_id: UUID) -> list[Organization]:
    """The organisations in the directory that are linked to a member organisation."""
    kept_by = select(Organization).where(Organization.member_organization_id == member_organization_id)
    return list(session.scalars(kept_by.order_by(Organization.name, Organization.id)))


def _is_for_calls(phone: Phone) -> bool:
    return (phone.type or "").lower() not in NOT_FOR_CALLS
