"""Which fields of each object go out, under which names: HSDS's own, then Waymark's (the last in each list).

What is blank is left out: no field of the standard admits null.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

SERVICE = (
    "id", "organization_id", "name", "alternate_name", "description", "url", "email", "status",
    "interpretation_services", "application_process", "fees_description", "wait_time", "accreditations",
    "eligibility_description", "minimum_age", "maximum_age", "licenses", "alert", "assured_date", "assurer_email",
    "last_modified", "kind", "coverage", "reach", "access_routes", "gender", "not_for", "what_to_say",
    "what_to_bring", "what_happens_next", "accepting", "wait_weeks", "capacity_stated_at",
)  # fmt: skip
ORGANIZATION = (
    "id", "name", "alternate_name", "description", "email", "website", "logo", "uri", "parent_organization_id",
)  # fmt: skip
LOCATION = (
    "id", "location_type", "name", "alternate_name", "description", "transportation", "latitude", "longitude",
    "external_identifier", "external_identifier_type", "url", "precision", "confidential",
)  # fmt: skip
# All that is told of a place that keeps its address to itself.
CONFIDENTIAL_LOCATION = ("id", "location_type", "confidential")
SERVICE_AT_LOCATION = ("id", "service_id", "location_id", "description")
ADDRESS = (
    "id", "location_id", "attention", "address_1", "address_2", "city", "region", "state_province", "postal_code",
    "country", "address_type", "filled_in",
)  # fmt: skip
SCHEDULE = (
    "id", "service_id", "service_at_location_id", "valid_from", "valid_to", "dtstart", "freq", "interval", "byday",
    "bymonthday", "opens_at", "closes_at", "description", "schedule_link", "attending_type", "notes", "term_time",
    "by_appointment",
)  # fmt: skip
PHONE = ("id", "service_id", "location_id", "organization_id", "number", "extension", "type", "description")
CONTACT = ("id", "service_id", "organization_id", "name", "title", "department", "email")
COST_OPTION = ("id", "service_id", "valid_from", "valid_to", "option", "amount", "amount_description")
LANGUAGE = ("id", "service_id", "name", "code", "note")
SERVICE_AREA = ("id", "service_id", "name", "description", "extent", "extent_type", "uri")
FUNDING = ("id", "service_id", "source")
ACCESSIBILITY = ("id", "location_id", "description", "details", "url", "feature")
IDENTIFIER = ("id", "organization_id", "identifier_scheme", "identifier_type", "identifier")
TAXONOMY = ("id", "name", "description", "uri", "version", "slug")
TERM = ("id", "name", "description", "taxonomy_id", "parent_id", "term_uri", "code", "position")
# Told even where blank: the standard requires them, or they say that the rest is Waymark's own.
ALWAYS = frozenset(
    "id name description status address_1 city state_province postal_code country address_type location_type number "
    "filled_in kind coverage reach access_routes code position".split()
)


def told(thing: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The fields that say something, as JSON values."""
    values = ((name, plain(getattr(thing, name))) for name in names)
    return {name: value for name, value in values if value not in (None, "", False) or _always(thing, name, value)}


def _always(thing: Any, name: str, value: Any) -> bool:
    required = {"contact": {"id"}, "language": {"id"}, "service_area": {"id"}, "location": {"id", "location_type"}}
    always = required.get(thing.__tablename__, ALWAYS)
    return name in always and value is not None and value is not False


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    reader = next((reader for kind, reader in _PLAIN if isinstance(value, kind)), None)
    return reader(value) if reader else value


def _instant(value: datetime) -> str:
    told = value.astimezone(UTC).isoformat(timespec="microseconds" if value.microsecond else "seconds")
    return told.replace("+00:00", "Z")


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


# A datetime is a date too, so it comes first. Clock times are those of the wall: the Z is only what the format asks.
_PLAIN: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (frozenset, lambda value: sorted(str(item.value) for item in value)),
    (datetime, _instant),
    (time, lambda value: value.strftime("%H:%MZ")),
    (date, date.isoformat),
    (Decimal, _number),
    (StrEnum, lambda value: value.value),
    (UUID, str),
)
