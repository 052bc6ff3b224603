"""Organisations, services and services at locations: as items of a list and fully nested."""

from __future__ import annotations

from collections.abc import Iterable

from app.api.hsds.facts import (
    area_json,
    attributes_json,
    contact_json,
    cost_json,
    funding_json,
    identifier_json,
    language_json,
    phones_json,
    schedule_json,
)
from app.api.hsds.places import full_location, location_json
from app.api.hsds.values import Json, codes, day, email, given, instant, uri
from app.directory.models import Organization, Service, ServiceAtLocation


def listed_organization(organization: Organization) -> Json:
    """An organisation's own fields. The description is required, so the name stands in for a missing one."""
    fields = {
        "id": str(organization.id),
        "name": organization.name,
        "alternate_name": organization.alternate_name,
        "description": organization.description.strip() or organization.name,
        "email": email(organization.email),
        "website": uri(organization.website),
        "logo": uri(organization.logo),
        "uri": uri(organization.uri),
        "parent_organization_id": str(organization.parent_organization_id or ""),
        "last_modified": instant(organization.last_modified),
    }
    return given(fields)


def _with_own_parts(organization: Organization) -> Json:
    parts = {
        "organization_identifiers": [identifier_json(one) for one in organization.identifiers],
        "phones": phones_json(organization.phones),
        "contacts": [contact_json(contact) for contact in organization.contacts],
        "attributes": attributes_json(organization.attributes, link_type="organization", link_id=organization.id),
    }
    return given(listed_organization(organization) | parts)


def full_organization(organization: Organization, services: Iterable[Json]) -> Json:
    """An organisation with all its parts and its services, which the caller has made in the depth wanted."""
    return given(_with_own_parts(organization) | {"services": list(services)})


def service_fields(service: Service) -> Json:
    """A service's own fields."""
    fields = {
        "id": str(service.id),
        "organization_id": str(service.organization_id),
        "name": service.name,
        "alternate_name": service.alternate_name,
        "description": service.description,
        "url": uri(service.url),
        "email": email(service.email),
        "status": service.status,
        "fees": service.fees_description,
        "fees_description": service.fees_description,
        "accreditations": service.accreditations,
        "licenses": service.licenses,
        "interpretation_services": service.interpretation_services,
        "application_process": service.application_process,
        "wait_time": service.wait_time,
        "eligibility_description": service.eligibility_description,
        "minimum_age": service.minimum_age,
        "maximum_age": service.maximum_age,
        "assured_date": day(service.assured_date),
        "assurer_email": email(service.assurer_email),
        "alert": service.alert,
        "last_modified": instant(service.last_modified),
    }
    return given(fields | _own_fields(service))


def _own_fields(service: Service) -> Json:
    """What Waymark says of a service and the standard has no name for."""
    return {
        "x_waymark_kind": service.kind,
        "x_waymark_program": service.program,
        "x_waymark_reach": codes(service.reach),
        "x_waymark_coverage": service.coverage,
        "x_waymark_access_routes": codes(service.access_routes),
        "x_waymark_gender": service.gender,
        "x_waymark_not_for": service.not_for,
        "x_waymark_what_to_say": service.what_to_say,
        "x_waymark_what_to_bring": service.what_to_bring,
        "x_waymark_what_happens_next": service.what_happens_next,
        "x_waymark_accepting": service.accepting,
        "x_waymark_wait_weeks": service.wait_weeks,
        "x_waymark_capacity_stated_at": instant(service.capacity_stated_at),
    }


def listed_service(service: Service) -> Json:
    """A service as an item of a list: its own fields and its organisation's."""
    return service_fields(service) | {"organization": listed_organization(service.organization)}


def full_service(service: Service) -> Json:
    """A service with everything below it."""
    places = [
        _at_location(place) | {"location": full_location(place.location)} for place in service.service_at_locations
    ]
    return given(_with_parts(service) | {"service_at_locations": places})


def _with_parts(service: Service) -> Json:
    parts = {
        "phones": phones_json(service.phones),
        "schedules": [schedule_json(schedule) for schedule in service.schedules],
        "service_areas": [area_json(area) for area in service.service_areas],
        "languages": [language_json(language) for language in service.languages],
        "organization": _with_own_parts(service.organization),
        "funding": [funding_json(funding) for funding in service.fundings],
        "cost_options": [cost_json(cost) for cost in service.cost_options],
        "contacts": [contact_json(contact) for contact in service.contacts],
        "attributes": attributes_json(service.attributes, link_type="service", link_id=service.id),
    }
    return given(service_fields(service) | parts)


def listed_service_at_location(place: ServiceAtLocation) -> Json:
    """A service at a place as an item of a list."""
    own = _own_of(place)
    return own | {"location": location_json(place.location), "service": listed_service(place.service)}


def full_service_at_location(place: ServiceAtLocation) -> Json:
    """A service at a place with everything below both."""
    return _at_location(place) | {"location": full_location(place.location), "service": _with_parts(place.service)}


def _at_location(place: ServiceAtLocation) -> Json:
    return given(_own_of(place) | {"schedules": [schedule_json(schedule) for schedule in place.schedules]})


def _own_of(place: ServiceAtLocation) -> Json:
    fields = {
        "id": str(place.id),
        "service_id": str(place.service_id),
        "location_id": str(place.location_id),
        "description": None if place.location.confidential else place.description,
    }
    return given(fields)
