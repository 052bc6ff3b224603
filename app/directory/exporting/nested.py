"""A service with everything told of it as one nested object of HSDS 3.0."""

from __future__ import annotations

from typing import Any

from app.directory.exporting import fields
from app.directory.exporting.fields import told
from app.directory.models import (
    Attribute,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)

Nested = dict[str, Any]


class Terms:
    """Every taxonomy term by its id: a term goes out with its parents."""

    def __init__(self, terms: dict[Any, TaxonomyTerm]) -> None:
        self._terms = terms

    def nested(self, term: TaxonomyTerm) -> Nested:
        """The term with its taxonomy and, inside it, its parent."""
        value = told(term, fields.TERM)
        value["taxonomy"] = term.taxonomy.name
        value["taxonomy_detail"] = _taxonomy(term.taxonomy)
        if parent := self._terms.get(term.parent_id):
            value["parent"] = self.nested(parent)
        return value


def service(thing: Service, terms: Terms) -> Nested:
    """The whole service; its facts must be loaded."""
    value = told(thing, fields.SERVICE)
    if thing.program:
        value["program"] = {"name": thing.program}
    value["organization"] = organization(thing.organization, terms)
    value["service_at_locations"] = [_at_location(link, terms) for link in thing.service_at_locations]
    value["schedules"] = [_schedule(schedule) for schedule in thing.schedules]
    value["phones"] = [told(phone, fields.PHONE) for phone in thing.phones]
    value["contacts"] = [told(contact, fields.CONTACT) for contact in thing.contacts]
    value["cost_options"] = [told(cost, fields.COST_OPTION) for cost in thing.cost_options]
    value["languages"] = [told(language, fields.LANGUAGE) for language in thing.languages]
    value["service_areas"] = [told(area, fields.SERVICE_AREA) for area in thing.service_areas]
    value["funding"] = [told(funding, fields.FUNDING) for funding in thing.fundings]
    value["attributes"] = [_attribute(tag, terms) for tag in thing.attributes]
    return _without_empty(value)


def organization(thing: Organization, terms: Terms) -> Nested:
    """An organisation with its telephones, contacts and numbers."""
    value = told(thing, fields.ORGANIZATION)
    value["organization_identifiers"] = [told(number, fields.IDENTIFIER) for number in thing.identifiers]
    value["phones"] = [told(phone, fields.PHONE) for phone in thing.phones]
    value["contacts"] = [told(contact, fields.CONTACT) for contact in thing.contacts]
    value["attributes"] = [_attribute(tag, terms) for tag in thing.attributes]
    return _without_empty(value)


def _at_location(link: ServiceAtLocation, terms: Terms) -> Nested:
    value = told(link, fields.SERVICE_AT_LOCATION)
    if link.location.confidential:
        value.pop("description", None)
    value["location"] = _location(link.location, terms)
    value["schedules"] = [_schedule(schedule) for schedule in link.schedules]
    return _without_empty(value)


def _location(thing: Location, terms: Terms) -> Nested:
    if thing.confidential:
        return told(thing, fields.CONFIDENTIAL_LOCATION)
    value = told(thing, fields.LOCATION)
    value["addresses"] = [told(address, fields.ADDRESS) for address in thing.addresses]
    value["accessibility"] = [told(access, fields.ACCESSIBILITY) for access in thing.accessibility]
    value["phones"] = [told(phone, fields.PHONE) for phone in thing.phones]
    value["attributes"] = [_attribute(tag, terms) for tag in thing.attributes]
    return _without_empty(value)


def _schedule(thing: Schedule) -> Nested:
    return told(thing, fields.SCHEDULE)


def _attribute(thing: Attribute, terms: Terms) -> Nested:
    owner = "service" if thing.service_id else "organization" if thing.organization_id else "location"
    value: Nested = {
        "id": str(thing.id),
        "link_id": str(thing.service_id or thing.organization_id or thing.location_id),
        "link_entity": owner,
        "link_type": owner,
        "taxonomy_term_id": str(thing.taxonomy_term_id),
        "taxonomy_term": terms.nested(thing.taxonomy_term),
    }
    return {**value, "by_rule": True} if thing.by_rule else value


def _taxonomy(thing: Taxonomy) -> Nested:
    return told(thing, fields.TAXONOMY)


def _without_empty(value: Nested) -> Nested:
    return {name: item for name, item in value.items() if item != [] or name in {"reach", "access_routes"}}
