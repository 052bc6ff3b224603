"""A service with everything told of it as one nested object of HSDS 3.0."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory import queries
from app.directory.exporting import fields
from app.directory.exporting.fields import told
from app.directory.languages import language_name
from app.directory.models import (
    Attribute,
    Language,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)

Nested = dict[str, Any]


class Parents:
    """Every term, and every organisation that is above another, by id: a thing goes out with what is above it."""

    def __init__(self, session: Session) -> None:
        terms = session.scalars(select(TaxonomyTerm).order_by(TaxonomyTerm.id))
        self._terms: dict[UUID | None, TaxonomyTerm] = {term.id: term for term in terms}
        above = select(Organization.parent_organization_id).where(Organization.parent_organization_id.is_not(None))
        statement = select(Organization).where(Organization.id.in_(above)).options(*queries.for_organization())
        self._organizations: dict[UUID | None, Organization] = {
            found.id: found for found in session.scalars(statement.order_by(Organization.id))
        }

    def organization(self, organization_id: UUID | None, seen: frozenset[UUID]) -> Organization | None:
        """The organisation with this id, unless it was `seen` on the way up."""
        return None if organization_id in seen else self._organizations.get(organization_id)

    def term(self, term: TaxonomyTerm) -> Nested:
        """The term with its taxonomy and, inside it, its parent."""
        value = told(term, fields.TERM)
        value["taxonomy"] = term.taxonomy.name
        value["taxonomy_detail"] = _taxonomy(term.taxonomy)
        if parent := self._terms.get(term.parent_id):
            value["parent"] = self.term(parent)
        return value


def service(thing: Service, parents: Parents) -> Nested:
    """The whole service; its facts must be loaded."""
    value = told(thing, fields.SERVICE)
    if thing.program:
        value["program"] = {"name": thing.program}
    value["organization"] = organization(thing.organization, parents)
    value["service_at_locations"] = [_at_location(link, parents) for link in thing.service_at_locations]
    value["schedules"] = [_schedule(schedule) for schedule in thing.schedules]
    value["phones"] = [told(phone, fields.PHONE) for phone in thing.phones]
    value["contacts"] = [told(contact, fields.CONTACT) for contact in thing.contacts]
    value["cost_options"] = [told(cost, fields.COST_OPTION) for cost in thing.cost_options]
    value["languages"] = [_language(language) for language in thing.languages]
    value["service_areas"] = [told(area, fields.SERVICE_AREA) for area in thing.service_areas]
    value["funding"] = [told(funding, fields.FUNDING) for funding in thing.fundings]
    value["attributes"] = [_attribute(tag, parents) for tag in thing.attributes]
    return _without_empty(value)


def organization(thing: Organization, parents: Parents, *, seen: frozenset[UUID] = frozenset()) -> Nested:
    """An organisation with its telephones, contacts and numbers, and the organisation above it."""
    value = told(thing, fields.ORGANIZATION)
    if above := parents.organization(thing.parent_organization_id, seen | {thing.id}):
        value["parent_organization"] = organization(above, parents, seen=seen | {thing.id})
    value["organization_identifiers"] = [told(number, fields.IDENTIFIER) for number in thing.identifiers]
    value["phones"] = [told(phone, fields.PHONE) for phone in thing.phones]
    value["contacts"] = [told(contact, fields.CONTACT) for contact in thing.contacts]
    value["attributes"] = [_attribute(tag, parents) for tag in thing.attributes]
    return _without_empty(value)


def _at_location(link: ServiceAtLocation, parents: Parents) -> Nested:
    value = told(link, fields.SERVICE_AT_LOCATION)
    if link.location.confidential:
        value.pop("description", None)
    value["location"] = _location(link.location, parents)
    value["schedules"] = [_schedule(schedule) for schedule in link.schedules]
    return _without_empty(value)


def _location(thing: Location, parents: Parents) -> Nested:
    if thing.confidential:
        return told(thing, fields.CONFIDENTIAL_LOCATION)
    value = told(thing, fields.LOCATION)
    value["addresses"] = [told(address, fields.ADDRESS) for address in thing.addresses]
    value["accessibility"] = [told(access, fields.ACCESSIBILITY) for access in thing.accessibility]
    value["phones"] = [told(phone, fields.PHONE) for phone in thing.phones]
    value["attributes"] = [_attribute(tag, parents) for tag in thing.attributes]
    return _without_empty(value)


def _language(thing: Language) -> Nested:
    value = {**told(thing, fields.LANGUAGE), "name": thing.name or language_name(thing.code or "")}
    return {name: value[name] for name in fields.LANGUAGE if name in value}


def _schedule(thing: Schedule) -> Nested:
    return told(thing, fields.SCHEDULE)


def _attribute(thing: Attribute, parents: Parents) -> Nested:
    owner = "service" if thing.service_id else "organization" if thing.organization_id else "location"
    value: Nested = {
        "id": str(thing.id),
        "link_id": str(thing.service_id or thing.organization_id or thing.location_id),
        "link_entity": owner,
        "link_type": owner,
        "taxonomy_term_id": str(thing.taxonomy_term_id),
        "taxonomy_term": parents.term(thing.taxonomy_term),
    }
    return {**value, "by_rule": True} if thing.by_rule else value


def _taxonomy(thing: Taxonomy) -> Nested:
    return told(thing, fields.TAXONOMY)


def _without_empty(value: Nested) -> Nested:
    return {name: item for name, item in value.items() if item != [] or name in {"reach", "access_routes"}}
