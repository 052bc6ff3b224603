"""JSON that is no HSDS: one flat object a service, as spreadsheets become when they are saved as JSON or as GeoJSON."""

from __future__ import annotations

from typing import Any

from app.directory.importing.raw import Raw, items
from app.directory.importing.readers.columns import columns_of, fields_of
from app.directory.importing.readers.plain_csv import key_of, service_of
from app.directory.importing.readers.tables import heading

# What only HSDS and Open Referral UK have.
_HSDS = frozenset(
    "status organization_id organization organizations service_at_locations services_at_location locations attributes "
    "service_taxonomys service_taxonomies organization_identifiers regular_schedules schedules service_areas".split()
)
# Of these an object that is no HSDS has at least one.
_PLACED = frozenset(
    {"address", "address_1", "postal_code", "city", "latitude", "place", "phone", "contact", "organization", "hours"}
)
# What a service inside an organisation does not take over from it.
_OWN = frozenset({"id", "name", "description", "notes", "category", "categories"})


def feature_told(item: Raw) -> Raw:
    """The properties of a GeoJSON feature with its point; anything else as it is."""
    if item.get("type") != "Feature" or not isinstance(item.get("properties"), dict):
        return item
    told: Raw = dict(item["properties"])
    geometry = item.get("geometry")
    point = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if isinstance(point, list) and len(point) >= 2:
        told["longitude"], told["latitude"] = point[:2]
    return told


def services_told(item: Raw) -> list[Raw]:
    """The services of a flat object, or of the flat organisation with services inside it; none where it is HSDS."""
    if not _is_flat(item):
        return []
    inside = items(item.get("services"))
    if not inside:
        return [_service(item)]
    return [_service(_inside(item, service)) for service in inside if _HSDS.isdisjoint(service)]


def _is_flat(item: Raw) -> bool:
    fields = _fields(item)
    return _HSDS.isdisjoint(item) and "name" in fields and not _PLACED.isdisjoint(fields)


def _inside(organization: Raw, service: Raw) -> Raw:
    """A service with what its organisation says for it: where it is, how to reach it."""
    shared = {name: value for name, value in organization.items() if heading(name) not in _OWN and name != "services"}
    name = service.get("name") or organization.get("name")
    return {**shared, **service, "name": name, "organisation": organization.get("name")}


def _service(item: Raw) -> Raw:
    fields = _fields(item)
    return service_of(fields, key_of(fields))


def _fields(item: Raw) -> dict[str, str]:
    row = {heading(name): words for name, words in _flattened(item).items()}
    return fields_of(row, columns_of(list(row), {}))


def _flattened(item: Raw) -> dict[str, str]:
    """The single values of an object, those of objects in it too, and lists of words as one cell."""
    told: dict[str, str] = {}
    for name, value in item.items():
        if isinstance(value, dict):
            told |= {inner: words for inner, words in _flattened(value).items() if inner not in told}
        elif words := _words(value):
            told[name] = words
    return told


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(filter(None, (_words(part) for part in value if not isinstance(part, dict | list))))
    if value is None or isinstance(value, dict):
        return ""
    return str(value).strip()
