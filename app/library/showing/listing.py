"""A service on its own page: its places with hours, what it costs, the languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from app.directory.models import Location, Phone, Service
from app.directory.queries import NEED
from app.directory.showing.hours import HoursRow, hours_rows
from app.directory.showing.places import address_lines, visible_places
from app.library.labels import CODE_LABELS, language_name
from app.library.topics import Topic
from app.web.languages import AsTold


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of a service."""

    name: str
    address: Sequence[str]
    transport: str
    access: Sequence[str]
    phones: Sequence[Phone]
    hours: Sequence[HoursRow]


def places_of(service: Service) -> list[Place]:
    """Its places, without those that must not be told, and those of which only the point on the map is known."""
    hours = {link.location_id: hours_rows(link.schedules) for link in service.service_at_locations}
    places = [_place(location, hours.get(location.id, [])) for location in visible_places(service)]
    return [place for place in places if any(getattr(place, field.name) for field in fields(place))]


def _place(location: Location, hours: Sequence[HoursRow]) -> Place:
    address = next(iter(location.addresses), None)
    lines = address_lines(address) if address else []
    return Place(
        name=AsTold(location.name if location.name and location.name not in lines else ""),
        address=lines,
        transport=AsTold(location.transportation or ""),
        access=access_words(location),
        phones=location.phones,
        hours=hours,
    )


def access_words(location: Location) -> list[str]:
    """What helps a person to come in."""
    words = [
        str(CODE_LABELS[f"access:{row.feature}"]) if row.feature else AsTold(row.description or "")
        for row in location.accessibility
    ]
    return [word for word in dict.fromkeys(words) if word]


def languages_of(service: Service) -> str:
    """The languages it is given in."""
    return ", ".join(
        dict.fromkeys(
            language_name(language.code) if language.code else (language.name or "") for language in service.languages
        )
    )


def need_topics(service: Service) -> list[Topic]:
    """Its topics, the main one first."""
    terms = [attribute.taxonomy_term for attribute in service.attributes]
    return [Topic(term.code, term.name, None, name_cy=term.name_cy) for term in terms if term.taxonomy.slug == NEED]
