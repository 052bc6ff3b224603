"""Locations and addresses. Of a confidential place nothing is told but that there is one."""

from __future__ import annotations

from app.api.hsds.facts import accessibility_json, attributes_json, phones_json
from app.api.hsds.values import Json, given, uri
from app.directory.models import Address, Location


def location_json(location: Location) -> Json:
    """A place's own fields."""
    if location.confidential:
        return _withheld(location)
    fields = {
        "id": str(location.id),
        "location_type": location.location_type,
        "name": location.name,
        "alternate_name": location.alternate_name,
        "description": location.description,
        "transportation": location.transportation,
        "latitude": location.latitude,
        "longitude": location.longitude,
        "external_identifier": location.external_identifier,
        "external_identifier_type": location.external_identifier_type,
        "url": uri(location.url),
        "x_waymark_precision": location.precision,
    }
    return given(fields)


def full_location(location: Location) -> Json:
    """A place with its addresses, telephones and access."""
    if location.confidential:
        return _withheld(location)
    addresses = (_address(address) for address in location.addresses)
    parts = {
        "addresses": [address for address in addresses if address],
        "phones": phones_json(location.phones),
        "accessibility": [accessibility_json(one) for one in location.accessibility],
        "attributes": attributes_json(location.attributes, link_type="location", link_id=location.id),
    }
    return given(location_json(location) | parts)


def _withheld(location: Location) -> Json:
    # Names, telephones and directions give a refuge away as surely as its address does.
    return {"id": str(location.id), "location_type": location.location_type, "x_waymark_confidential": True}


def _address(address: Address) -> Json | None:
    """An address with all the parts that the standard requires, or None where nothing in it says where to go."""
    if not any(part.strip() for part in (address.address_1, address.city, address.postal_code)):
        return None
    city = _first(address.city, address.region, address.state_province, address.address_1)
    fields = {
        "id": str(address.id),
        "location_id": str(address.location_id),
        "attention": address.attention,
        "address_1": _first(address.address_1, address.city, address.postal_code),
        "address_2": address.address_2,
        "city": city,
        "region": address.region,
        "state_province": _first(address.state_province, address.region, city),
        "country": _first(address.country, "GB"),
        "address_type": address.address_type,
        "x_waymark_filled_in": _filled_in(address),
    }
    # A blank postcode is at least a text; a made-up one would send people elsewhere.
    return given(fields) | {"postal_code": address.postal_code.strip()}


def _first(*candidates: str | None) -> str:
    return next((text.strip() for text in candidates if text and text.strip()), "")


def _filled_in(address: Address) -> list[str]:
    blank = [name for name in ("address_1", "city", "state_province") if not getattr(address, name).strip()]
    return sorted({*address.filled_in.replace(",", " ").split(), *blank})
