"""Older shapes of HSDS and Open Referral UK, turned into the nested shape of 3.0."""

from __future__ import annotations

from typing import Any

from app.directory.importing.raw import Raw, first_of, items

# Old name: new name, where nothing but the name has changed.
_SERVICE_NAMES = {
    "fundings": "funding",
    "regular_schedules": "schedules",
    "regular_schedule": "schedules",
    "services_at_location": "service_at_locations",
    "costs": "cost_options",
    "interpretation": "interpretation_services",
}
_LOCATION_NAMES = {
    "accessibility_for_disabilities": "accessibility",
    "regular_schedules": "schedules",
    "regular_schedule": "schedules",
}


def modern_service(raw: Raw) -> Raw:
    """A service of any version as one of 3.0; what is modern already stays as it is."""
    told = _renamed(raw, _SERVICE_NAMES)
    told["attributes"] = items(told.get("attributes")) + _tags(raw)
    if not items(told.get("service_at_locations")) and items(told.get("locations")):
        told["service_at_locations"] = [{"location": place} for place in items(told["locations"])]
    links = [_at_location(link) for link in items(told.get("service_at_locations"))]
    told["service_at_locations"] = links
    # A service has its telephones and contacts itself here, whatever place they are told at.
    for part in ("phones", "contacts"):
        told[part] = items(told.get(part)) + [each for link in links for each in items(link.get(part))]
    told["schedules"] = [_schedule(schedule) for schedule in items(told.get("schedules"))]
    if isinstance(told.get("organization"), dict):
        told["organization"] = modern_organization(told["organization"])
    _eligibility(
        told, items(raw.get("eligibilitys")) or items(raw.get("eligibilities")) or items(raw.get("eligibility"))
    )
    for name in ("eligibility", "program"):
        if isinstance(told.get(name), dict | list):
            told[name] = first_of(told[name], "name") if isinstance(told[name], dict) else None
    return told


def modern_organization(raw: Raw) -> Raw:
    """An organisation of any version as one of 3.0."""
    told = _renamed(raw, {"url": "website"})
    identifiers = items(told.get("organization_identifiers"))
    if not identifiers and raw.get("legal_status") and raw.get("tax_id"):
        identifiers = [{"identifier_type": "tax_id", "identifier": raw["tax_id"]}]
    told["organization_identifiers"] = identifiers
    told["attributes"] = items(told.get("attributes")) + _tags(raw)
    return told


def _at_location(raw: Raw) -> Raw:
    told = _renamed(raw, {"regular_schedules": "schedules", "regular_schedule": "schedules"})
    told["schedules"] = [_schedule(schedule) for schedule in items(told.get("schedules"))]
    if isinstance(told.get("location"), dict):
        told["location"] = _location(told["location"])
    return told


def _location(raw: Raw) -> Raw:
    told = _renamed(raw, _LOCATION_NAMES)
    addresses = items(told.get("addresses")) or items(told.get("address"))
    for name, kind in (("physical_address", "physical"), ("postal_address", "postal")):
        old = items(raw.get(f"{name}es")) or items(raw.get(name))
        addresses += [{"address_type": kind, **address} for address in old]
    told["addresses"] = addresses
    told["schedules"] = [_schedule(schedule) for schedule in items(told.get("schedules"))]
    if not told.get("location_type") and str(raw.get("type") or "") in {"physical", "postal", "virtual"}:
        told["location_type"] = raw["type"]
    return told


def _schedule(raw: Raw) -> Raw:
    return _renamed(raw, {"weekday": "byday", "original_text": "description"})


def _tags(raw: Raw) -> list[Raw]:
    """Terms of `service_taxonomys` and its spellings, and of plain category words."""
    found: list[Raw] = []
    for name in ("service_taxonomys", "service_taxonomies", "services_taxonomy", "link_taxonomies", "link_taxonomy"):
        for link in items(raw.get(name)):
            term = link.get("taxonomy") or link.get("taxonomy_term")
            told = {"id": link.get("taxonomy_id"), "name": link.get("taxonomy_detail")}
            found.append({"taxonomy_term": _term(term) if isinstance(term, dict) else told})
    categories = first_of(raw, "categories", "taxonomies", "tags")
    words = categories if isinstance(categories, list) else []
    found += [{"taxonomy_term": {"name": word}} for word in words if isinstance(word, str)]
    return found


def _term(raw: Raw) -> Raw:
    return _renamed(raw, {"vocabulary": "taxonomy"})


def _eligibility(told: Raw, rules: list[Raw]) -> None:
    """Ages of the widest rule, and every rule's words."""
    if not rules:
        return
    for name, choose in (("minimum_age", min), ("maximum_age", max)):
        ages = [age for rule in rules if (age := _age(rule.get(name))) is not None]
        if ages and len(ages) == len(rules) and told.get(name) is None:
            told[name] = choose(ages)
    words = [str(rule["eligibility"]) for rule in rules if rule.get("eligibility")]
    if words and not told.get("eligibility_description"):
        told["eligibility_description"] = "\n".join(words)


def _age(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _renamed(raw: Raw, names: dict[str, str]) -> Raw:
    told = dict(raw)
    for old, new in names.items():
        if old in told:
            value = told.pop(old)
            if first_of(told, new) is None:
                told[new] = value
    return told
