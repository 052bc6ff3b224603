"""The demo directory's tables as bundles of rows."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from app.core import clock
from app.core.errors import InvalidInput
from app.core.text import clean
from app.directory.codes import (
    Accepting,
    AccessFeature,
    AccessRoute,
    Coverage,
    Frequency,
    Gender,
    Kind,
    Precision,
    Reach,
)
from app.directory.importing.bundles import Bundle, Row
from app.directory.importing.identity import minted, part_of
from app.directory.languages import language_name
from seed.demo.format import Table
from seed.reference.taxonomies import term_id, topic_terms

SOURCE = "demo"
COUNTY = "Northmoor"


def organization(told: Table) -> Bundle:
    """An organisation."""
    bundle = Bundle("organization", {**_identity("organization", told), "name": told["name"]})
    bundle.main["description"] = clean(told["description"])
    bundle.main["email"] = told.get("email")
    bundle.main["website"] = told.get("website")
    if "phone" in told:
        bundle.add("phone", _part(bundle, "phone", "phone", number=told["phone"]))
    return bundle


def location(told: Table) -> Bundle:
    """A place."""
    bundle = Bundle(
        "location",
        {
            **_identity("location", told),
            "name": told["name"],
            "transportation": told.get("transport"),
            "latitude": float(told["latitude"]),
            "longitude": float(told["longitude"]),
            "precision": Precision.EXACT,
            "confidential": told.get("confidential", False),
        },
    )
    bundle.add("address", _part(bundle, "address", "address", **_address(told)))
    for position, feature in enumerate(told.get("accessibility", [])):
        values = {"feature": AccessFeature(feature), "description": _words(feature), "position": position}
        bundle.add("accessibility", _part(bundle, "accessibility", feature, **values))
    return bundle


def service(told: Table, organization_slug: str) -> Bundle:
    """A service; how long ago it was checked and its capacity stated is counted back from now."""
    bundle = Bundle("service", _service_row(told, organization_slug))
    for place, slug in enumerate(told["locations"]):
        values = {"location_id": minted(SOURCE, "location", slug), "position": place}
        bundle.add("service_at_location", _part(bundle, "service_at_location", slug, **values))
    for position, schedule in enumerate(told.get("schedules", [])):
        bundle.add("schedule", _part(bundle, "schedule", str(position), **_schedule(schedule), position=position))
    for position, cost in enumerate(told.get("costs", [])):
        bundle.add("cost_option", _part(bundle, "cost_option", str(position), **_cost(cost), position=position))
    for code in told.get("languages", ["en"]):
        bundle.add("language", _part(bundle, "language", code, code=code, name=language_name(code)))
    for area in told.get("areas", []):
        bundle.add("service_area", _part(bundle, "service_area", area, name=area))
    if "phone" in told:
        bundle.add("phone", _part(bundle, "phone", "phone", number=told["phone"]))
    _add_topics(bundle, told)
    return bundle


def _service_row(told: Table, organization_slug: str) -> Row:
    stated = clock.now() - timedelta(days=told.get("stated_days_ago", 0))
    return {
        **_identity("service", told),
        "organization_id": minted(SOURCE, "organization", organization_slug),
        "kind": Kind(told.get("kind", "service")),
        "name": told["name"],
        "alternate_name": told.get("alternate_name"),
        "description": clean(told["description"]),
        "url": told.get("url"),
        "email": told.get("email"),
        "interpretation_services": told.get("interpreter"),
        "application_process": told.get("application_process"),
        "eligibility_description": told.get("eligibility"),
        "not_for": told.get("not_for"),
        "minimum_age": told.get("minimum_age"),
        "maximum_age": told.get("maximum_age"),
        "gender": Gender(told["gender"]) if "gender" in told else None,
        "coverage": Coverage(told["coverage"]),
        "reach": frozenset(Reach(code) for code in told["reach"]),
        "access_routes": frozenset(AccessRoute(code) for code in told.get("access_routes", [])),
        "what_to_say": told.get("what_to_say"),
        "what_to_bring": told.get("what_to_bring"),
        "what_happens_next": told.get("what_happens_next"),
        "accepting": Accepting(told["accepting"]) if "accepting" in told else None,
        "wait_weeks": told.get("wait_weeks"),
        "capacity_stated_at": stated if "accepting" in told else None,
        "assured_date": clock.today() - timedelta(days=told["checked_days_ago"]),
    }


def _address(told: Table) -> Row:
    return {
        "address_1": told["address_1"],
        "address_2": told.get("address_2"),
        "city": told["city"],
        "state_province": COUNTY,
        "postal_code": told["postal_code"],
        "country": "GB",
    }


def _schedule(told: Table) -> Row:
    return {
        "freq": Frequency(told["freq"]) if "freq" in told else None,
        "interval": told.get("interval"),
        "byday": told.get("byday"),
        "opens_at": time.fromisoformat(told["opens_at"]) if "opens_at" in told else None,
        "closes_at": time.fromisoformat(told["closes_at"]) if "closes_at" in told else None,
        "description": told.get("description"),
        "term_time": told.get("term_time", False),
        "by_appointment": told.get("by_appointment", False),
    }


def _cost(told: Table) -> Row:
    amount = told.get("amount")
    return {
        "option": told.get("option"),
        "amount": None if amount is None else Decimal(str(amount)),
        "amount_description": told.get("amount_description"),
    }


def _add_topics(bundle: Bundle, told: Table) -> None:
    known = _topics()
    for position, topic in enumerate(told["topics"]):
        if topic not in known:
            raise InvalidInput(f"service {told['slug']}: there is no topic {topic}")
        values = {"taxonomy_term_id": term_id("need", topic), "position": position}
        bundle.add("attribute", _part(bundle, "attribute", topic, **values))


@cache
def _topics() -> frozenset[str]:
    return frozenset(row["code"] for row in topic_terms())


def _identity(kind: str, told: Table) -> Row:
    return {"id": minted(SOURCE, kind, told["slug"]), "source": SOURCE, "source_id": told["slug"]}


def _part(bundle: Bundle, table: str, name: str, /, **values: Any) -> Row:
    return {"id": part_of(bundle.id, table, name), f"{bundle.kind}_id": bundle.id, **values}


def _words(feature: str) -> str:
    return feature.replace("-", " ").capitalize()
