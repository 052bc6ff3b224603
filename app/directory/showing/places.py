"""Where a service is and how to call it, as far as that may be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from app.directory.codes import LocationType
from app.directory.models import Address, Location, Phone, Service
from app.directory.telephones import LEADS, Line


def visible_places(service: Service) -> list[Location]:
    """The places that may be told."""
    return [
        link.location
        for link in service.service_at_locations
        if not link.location.confidential and link.location.location_type is LocationType.PHYSICAL
    ]


def has_hidden_place(service: Service) -> bool:
    """Whether it has a place that must not be told."""
    return any(link.location.confidential for link in service.service_at_locations)


def place_words(location: Location) -> str:
    """A place in a line: its name or street, and its district or town."""
    return place_line(location.name, next(iter(location.addresses), None))


def place_line(name: str | None, address: Address | Row[*tuple[Any, ...]] | None) -> str:
    """The same of its name and its first address, or a row with the columns of one."""
    parts = [name or (told(address, "address_1") if address else "")]
    parts.append((told(address, "address_2") or told(address, "city")) if address else "")
    return ", ".join(dict.fromkeys(part for part in parts if part))


def told(address: Address | Row[*tuple[Any, ...]], part: str) -> str:
    """A part of an address, empty where a default only stands for it."""
    return "" if part in address.filled_in.split() else str(getattr(address, part) or "")


def address_lines(address: Address) -> list[str]:
    """An address as on an envelope, postcode last."""
    parts = ("attention", "address_1", "address_2", "city", "region", "postal_code")
    return list(dict.fromkeys(line for part in parts if (line := told(address, part))))


def phones_of(service: Service) -> Sequence[Phone]:
    """Its numbers, those to call first, then as `Line` has them.

    Where none of its own can be called, its organisation's numbers follow.
    """
    known = list(service.phones)
    if not any(phone.line is Line.CALLS for phone in known):
        known += service.organization.phones
    return sorted(known, key=lambda phone: list(Line).index(phone.line))


def main_phone(service: Service) -> Phone | None:
    """The number to call first, or to text where nobody can be called."""
    return next((phone for phone in phones_of(service) if phone.line in LEADS), None)
