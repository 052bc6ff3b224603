"""Makers of directory objects for tests: each adds one to the session, flushes, and returns it.

What a test does not say gets a plain default; `whole_service` fills in everything that a service can have.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app.core.orm import Base
from app.directory.codes import (
    Accepting,
    AccessFeature,
    AccessRoute,
    Coverage,
    Frequency,
    Gender,
    Kind,
    Precision,
    Reach,
    Status,
)
from app.directory.models import (
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    Funding,
    Language,
    Location,
    Organization,
    OrganizationIdentifier,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)

Row = TypeVar("Row", bound=Base)
MODIFIED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
_numbers = count(1)


def stored(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def organization(session: Session, **changes: Any) -> Organization:
    defaults: dict[str, Any] = {"name": f"Organisation {next(_numbers)}", "last_modified": MODIFIED}
    return stored(session, Organization(**(defaults | changes)))


def service(session: Session, **changes: Any) -> Service:
    defaults: dict[str, Any] = {"name": f"Service {next(_numbers)}", "last_modified": MODIFIED, "status": Status.ACTIVE}
    if "organization" not in changes and "organization_id" not in changes:
        defaults["organization"] = organization(session)
    return stored(session, Service(**(defaults | changes)))


def location(session: Session, **changes: Any) -> Location:
    defaults: dict[str, Any] = {"name": f"Place {next(_numbers)}", "latitude": 53.42, "longitude": -2.32}
    return stored(session, Location(**(defaults | changes)))


def address(session: Session, place: Location, **changes: Any) -> Address:
    defaults: dict[str, Any] = {
        "address_1": "1 High Street",
        "city": "Sale",
        "state_province": "Trafford",
        "postal_code": "M33 2AB",
    }
    return stored(session, Address(**({"location": place} | defaults | changes)))


def at_location(session: Session, given: Service, place: Location, **changes: Any) -> ServiceAtLocation:
    return stored(session, ServiceAtLocation(**({"service": given, "location": place} | changes)))


def schedule(session: Session, **changes: Any) -> Schedule:
    """Mondays, nine to five; say whose: `service` or `service_at_location`."""
    defaults: dict[str, Any] = {"freq": Frequency.WEEKLY, "byday": "MO", "opens_at": time(9), "closes_at": time(17)}
    return stored(session, Schedule(**(defaults | changes)))


def taxonomy(session: Session, **changes: Any) -> Taxonomy:
    number = next(_numbers)
    return stored(session, Taxonomy(**({"slug": f"taxonomy-{number}", "name": f"Taxonomy {number}"} | changes)))


def term(session: Session, of: Taxonomy, **changes: Any) -> TaxonomyTerm:
    number = next(_numbers)
    return stored(
        session, TaxonomyTerm(**({"taxonomy": of, "code": f"term-{number}", "name": f"Term {number}"} | changes))
    )


def attribute(
    session: Session, of: Service | Organization | Location, named: TaxonomyTerm, **changes: Any
) -> Attribute:
    owner = {Service: "service", Organization: "organization", Location: "location"}[type(of)]
    return stored(session, Attribute(**({owner: of, "taxonomy_term": named} | changes)))


def whole_organization(session: Session, named: TaxonomyTerm) -> Organization:
    """An organisation with something in every field."""
    row = organization(
        session,
        alternate_name="The Hub",
        description="We help people in Sale.",
        email="hello@hub.example",
        website="https://hub.example/",
        logo="https://hub.example/logo.svg",
        uri="https://hub.example/about",
        parent_organization_id=organization(session).id,
    )
    stored(
        session,
        OrganizationIdentifier(organization=row, identifier_scheme="GB-CHC", identifier_type="Charity", identifier="1"),
    )
    stored(session, Phone(organization=row, number="0161 000 0001", type="voice"))
    stored(session, Contact(organization=row, name="The office", email="office@hub.example"))
    attribute(session, row, named)
    return row


def whole_location(session: Session, named: TaxonomyTerm, **changes: Any) -> Location:
    """A place with something in every field."""
    defaults: dict[str, Any] = {
        "alternate_name": "The old library",
        "description": "Behind the town hall.",
        "transportation": "Tram to Sale.",
        "precision": Precision.UNIT,
        "external_identifier": "100012345678",
        "external_identifier_type": "UPRN",
        "url": "https://hub.example/place",
    }
    row = location(session, **(defaults | changes))
    address(
        session,
        row,
        attention="The office",
        address_2="Top floor",
        region="Greater Manchester",
        filled_in="state_province",
    )
    stored(session, Phone(location=row, number="0161 000 0002", extension="12", description="Front desk"))
    access = {"feature": AccessFeature.STEP_FREE, "description": "Step-free", "details": "Ramp at the side"}
    stored(session, Accessibility(location=row, url="https://hub.example/access", **access))
    attribute(session, row, named)
    return row


def whole_service(session: Session, *, confidential: bool = False, **changes: Any) -> Service:
    """A service with something in every field, at one place."""
    topics = taxonomy(session, description="What people need.", uri="https://hub.example/topics", version="1")
    parent = term(session, topics, description="Money troubles.", term_uri="https://hub.example/money")
    named = term(session, topics, parent_id=parent.id, description="Debts.")
    row = service(session, **({"organization": whole_organization(session, named)} | _FIELDS | changes))
    place = whole_location(session, named, confidential=confidential)
    here = at_location(session, row, place, description="In the hall on the first floor.")
    schedule(session, service_at_location=here, byday="TU", by_appointment=True)
    schedule(session, service=row, **_HOURS)
    _add_facts(session, row)
    attribute(session, row, named, by_rule=True)
    return row


def _add_facts(session: Session, row: Service) -> None:
    fee = {"option": "Fee", "amount": Decimal("2.50"), "amount_description": "a session"}
    stored(session, CostOption(service=row, valid_from=date(2026, 1, 1), valid_to=date(2030, 1, 1), **fee))
    stored(session, Phone(service=row, number="0161 000 0003", type="voice"))
    stored(session, Contact(service=row, name="Sam", title="Worker", department="Debt", email="sam@hub.example"))
    stored(session, Language(service=row, code="pl", note="Mondays"))
    area = {"name": "Trafford", "description": "All of it", "extent": "M33", "extent_type": "postcodes"}
    stored(session, ServiceArea(service=row, uri="https://hub.example/area", **area))
    stored(session, Funding(service=row, source="The council"))


_HOURS: dict[str, Any] = {
    "interval": 1,
    "byday": "MO,TH",
    "bymonthday": "1",
    "dtstart": date(2026, 1, 5),
    "valid_from": date(2026, 1, 1),
    "valid_to": date(2030, 12, 31),
    "description": "Mornings",
    "schedule_link": "https://hub.example/hours",
    "attending_type": "drop-in",
    "notes": "Ring the bell.",
    "term_time": True,
}
_FIELDS: dict[str, Any] = {
    "kind": Kind.SERVICE,
    "alternate_name": "Debt desk",
    "program": "Money matters",
    "description": "Help with debts.",
    "url": "https://hub.example/debt",
    "email": "debt@hub.example",
    "alert": "Closed on bank holidays.",
    "accreditations": "AQS",
    "licenses": "FCA",
    "interpretation_services": "By telephone",
    "fees_description": "Free for most people.",
    "wait_time": "Two weeks",
    "application_process": "Ring us.",
    "eligibility_description": "People who live in Trafford.",
    "not_for": "Businesses",
    "minimum_age": 18,
    "maximum_age": 65,
    "gender": Gender.WOMEN,
    "coverage": Coverage.LOCAL,
    "reach": frozenset({Reach.IN_PERSON, Reach.PHONE}),
    "access_routes": frozenset({AccessRoute.SELF_REFERRAL, AccessRoute.DROP_IN}),
    "what_to_say": "I have letters that I do not understand.",
    "what_to_bring": "The letters.",
    "what_happens_next": "We ring you.",
    "accepting": Accepting.YES,
    "wait_weeks": 2,
    "capacity_stated_at": MODIFIED,
    "assured_date": date(2026, 2, 1),
    "assurer_email": "checker@hub.example",
}
