"""A listing, and who provides it, as schema.org data (JSON-LD), for search engines. Confidential places stay out."""

from __future__ import annotations

from typing import Any

from app.core.text import shorten
from app.directory.codes import Frequency
from app.directory.models import Address, Location, Organization, Schedule, Service
from app.directory.showing.places import main_phone
from app.directory.telephones import Line

_DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}


def service_json_ld(service: Service, url: str) -> dict[str, Any]:
    """The schema.org Service object of a listing."""
    phone = main_phone(service)
    channel = {
        "@type": "ServiceChannel",
        "servicePhone": {"@type": "ContactPoint", "telephone": phone.number}
        if phone and phone.line is Line.CALLS
        else None,
        "serviceUrl": _web(service.url),
        "availableLanguage": [row.code for row in service.languages if row.code] or None,
        "serviceLocation": [
            _place(link.location) for link in service.service_at_locations if not link.location.confidential
        ]
        or None,
    }
    data = {
        "@context": "https://schema.org",
        "@type": "Service",
        "url": url,
        "name": service.name,
        "description": shorten(service.description, 300) or None,
        "provider": {
            "@type": "Organization",
            "name": service.organization.name,
            "url": _web(service.organization.website),
        },
        "availableChannel": channel,
        "areaServed": [area.name for area in service.service_areas if area.name] or None,
        "hoursAvailable": [found for row in service.schedules if (found := _hours(row))] or None,
    }
    cleaned: dict[str, Any] = _without_nothing(data)
    return cleaned


def organization_json_ld(organization: Organization, url: str) -> dict[str, Any]:
    """The schema.org Organization object of who provides services."""
    data = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": url,
        "url": _web(organization.website) or url,
        "name": organization.name,
        "description": shorten(organization.description, 300) or None,
        "email": organization.email,
        "telephone": next((phone.number for phone in organization.phones if phone.line is Line.CALLS), None),
    }
    cleaned: dict[str, Any] = _without_nothing(data)
    return cleaned


def _hours(schedule: Schedule) -> dict[str, Any] | None:
    days = [_DAYS[code] for code in (schedule.byday or "").split(",") if code in _DAYS]
    if schedule.freq is not Frequency.WEEKLY or not (days and schedule.opens_at and schedule.closes_at):
        return None
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": days,
        "opens": f"{schedule.opens_at:%H:%M}",
        "closes": f"{schedule.closes_at:%H:%M}",
    }


def _place(location: Location) -> dict[str, Any]:
    address = location.addresses[0] if location.addresses else None
    stated = _stated(address) if address else {}
    return {
        "@type": "Place",
        "name": location.name,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": ", ".join(filter(None, (stated.get("address_1"), stated.get("address_2")))) or None,
            "addressLocality": stated.get("city"),
            "postalCode": stated.get("postal_code"),
            "addressCountry": stated.get("country"),
        }
        if stated
        else None,
    }


def _stated(address: Address) -> dict[str, str]:
    """The parts of an address that its source gave, not those that a default stands for."""
    filled_in = address.filled_in.split()
    parts = ("address_1", "address_2", "city", "postal_code", "country")
    return {part: value for part in parts if part not in filled_in and (value := getattr(address, part))}


def _web(address: str | None) -> str | None:
    return address if address and address.startswith(("https://", "http://")) else None


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: found for key, item in value.items() if (found := _without_nothing(item)) is not None}
    if isinstance(value, list):
        return [_without_nothing(item) for item in value]
    return value
