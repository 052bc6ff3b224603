"""Schedules, costs, telephones and the other parts of a service, an organisation or a place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from app.api.hsds.taxonomies import term_json
from app.api.hsds.values import Json, clock_time, day, email, given, number, uri
from app.core import clock
from app.directory.languages import language_name
from app.directory.models import (
    Accessibility,
    Attribute,
    Contact,
    CostOption,
    Funding,
    Language,
    OrganizationIdentifier,
    Phone,
    Schedule,
    ServiceArea,
)

TIME_ZONE = "Europe/London"


def schedule_json(schedule: Schedule) -> Json:
    """When something is open. The offset of its times is the one in force at its next occurrence."""
    on = _begins(schedule)
    fields = {
        "id": str(schedule.id),
        "service_id": _id(schedule.service_id),
        "service_at_location_id": _id(schedule.service_at_location_id),
        "valid_from": day(schedule.valid_from),
        "valid_to": day(schedule.valid_to),
        "dtstart": day(schedule.dtstart),
        "freq": schedule.freq,
        "interval": schedule.interval,
        "byday": schedule.byday,
        "bymonthday": schedule.bymonthday,
        "description": schedule.description,
        "opens_at": clock_time(schedule.opens_at, on=on),
        "closes_at": clock_time(schedule.closes_at, on=on),
        "schedule_link": uri(schedule.schedule_link),
        "attending_type": schedule.attending_type,
        "notes": schedule.notes,
        "x_waymark_timezone": TIME_ZONE if schedule.opens_at or schedule.closes_at else None,
        "x_waymark_term_time": schedule.term_time or None,
        "x_waymark_by_appointment": schedule.by_appointment or None,
    }
    return given(fields)


def _begins(schedule: Schedule) -> date:
    told = [when for when in (schedule.valid_from, schedule.dtstart) if when is not None]
    return max([clock.today(), *told])


def cost_json(cost: CostOption) -> Json:
    """What it costs; amounts are in pounds."""
    fields = {
        "id": str(cost.id),
        "service_id": str(cost.service_id),
        "valid_from": day(cost.valid_from),
        "valid_to": day(cost.valid_to),
        "option": cost.option,
        "currency": "GBP" if cost.amount is not None else None,
        "amount": number(cost.amount),
        "amount_description": cost.amount_description,
    }
    return given(fields)


def phones_json(phones: Iterable[Phone]) -> list[Json]:
    """Telephone numbers; whatever holds no number is left out."""
    return [_phone(phone) for phone in phones if sum(character.isdigit() for character in phone.number) >= 3]


def _phone(phone: Phone) -> Json:
    extension = (phone.extension or "").strip()
    fields = {
        "id": str(phone.id),
        "service_id": _id(phone.service_id),
        "organization_id": _id(phone.organization_id),
        "location_id": _id(phone.location_id),
        "number": phone.number,
        # HSDS has a number here; what is written with letters or too long to be one is said in words.
        "extension": int(extension) if extension.isascii() and extension.isdigit() and len(extension) < 10 else None,
        "type": phone.type,
        "description": phone.description,
    }
    return given(fields)


def contact_json(contact: Contact) -> Json:
    """Whom to ask for."""
    fields = {
        "id": str(contact.id),
        "service_id": _id(contact.service_id),
        "organization_id": _id(contact.organization_id),
        "name": contact.name,
        "title": contact.title,
        "department": contact.department,
        "email": email(contact.email),
    }
    return given(fields)


def language_json(language: Language) -> Json:
    """A language that a service is given in."""
    name = language.name or (language_name(language.code) if language.code else None)
    fields = {
        "id": str(language.id),
        "service_id": str(language.service_id),
        "name": name,
        "code": language.code,
        "note": language.note,
    }
    return given(fields)


def area_json(area: ServiceArea) -> Json:
    """Where people must live to use a service."""
    fields = {
        "id": str(area.id),
        "service_id": str(area.service_id),
        "name": area.name,
        "description": area.description,
        "extent": area.extent,
        "extent_type": area.extent_type,
        "uri": uri(area.uri),
    }
    return given(fields)


def funding_json(funding: Funding) -> Json:
    """Who pays."""
    return given({"id": str(funding.id), "service_id": str(funding.service_id), "source": funding.source})


def identifier_json(identifier: OrganizationIdentifier) -> Json:
    """A charity or company number, or the like."""
    fields = {
        "id": str(identifier.id),
        "organization_id": str(identifier.organization_id),
        "identifier_scheme": identifier.identifier_scheme,
        "identifier_type": identifier.identifier_type,
        "identifier": identifier.identifier,
    }
    return given(fields)


def accessibility_json(accessibility: Accessibility) -> Json:
    """What helps a person to come in and take part."""
    fields = {
        "id": str(accessibility.id),
        "location_id": str(accessibility.location_id),
        "description": accessibility.description,
        "details": accessibility.details,
        "url": uri(accessibility.url),
        "x_waymark_feature": accessibility.feature,
    }
    return given(fields)


def attributes_json(attributes: Iterable[Attribute], *, link_type: str, link_id: UUID) -> list[Json]:
    """The terms said of an object; `link_type` is its kind."""
    return [
        given(
            {
                "id": str(attribute.id),
                "link_id": str(link_id),
                "link_type": link_type,
                "taxonomy_term_id": str(attribute.taxonomy_term_id),
                "taxonomy_term": term_json(attribute.taxonomy_term),
                "x_waymark_by_rule": attribute.by_rule or None,
            }
        )
        for attribute in attributes
    ]


def _id(value: UUID | None) -> str | None:
    return str(value) if value else None


__all__ = [
    "accessibility_json",
    "area_json",
    "attributes_json",
    "contact_json",
    "cost_json",
    "funding_json",
    "identifier_json",
    "language_json",
    "phones_json",
    "schedule_json",
]
