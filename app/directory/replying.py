"""How whoever reads a letter reaches those who wrote it: what the directory lists of them, and never more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory.codes import LocationType
from app.directory.models import Address, Location, Organization, Service, ServiceAtLocation
from app.directory.showing.places import address_lines
from app.directory.telephones import Line


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """A telephone number and an email address; empty where none is listed."""

    phone: str = ""
    extension: str = ""
    email: str = ""


def listed_reply(listings: Iterable[Service | Organization]) -> ReplyTo:
    """The first number for calls and the first email address that these listings have."""
    known = list(listings)
    phone = next((each for listing in known for each in listing.phones if each.line is Line.CALLS), None)
    email = next((listing.email for listing in known if listing.email), None) or ""
    return ReplyTo(phone.number, phone.extension or "", email) if phone else ReplyTo(email=email)


def listings_kept_by(session: Session, member_organization_id: UUID) -> list[Organization]:
    """The organisations in the directory that are linked to a member organisation."""
    kept_by = select(Organization).where(Organization.member_organization_id == member_organization_id)
    return list(session.scalars(kept_by.order_by(Organization.name, Organization.id)))


def postal_address(session: Session, listings: Sequence[Organization]) -> list[str]:
    """Where post reaches them, as on an envelope; empty where the directory does not say it for sure.

    One that is for post; else the only place at which they are found. A confidential place is never told.
    """
    places = (
        select(ServiceAtLocation.location_id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(Service.organization_id.in_([listing.id for listing in listings]))
    )
    found = session.scalars(
        select(Address)
        .join(Location, Location.id == Address.location_id)
        .where(Location.id.in_(places), Location.confidential.is_(False))
        .order_by(Address.position, Address.id)
    ).all()
    for kind in (LocationType.POSTAL, LocationType.PHYSICAL):
        known = dict.fromkeys(tuple(address_lines(each)) for each in found if each.address_type is kind)
        if len(known) == 1:
            return list(next(iter(known)))
    return []
