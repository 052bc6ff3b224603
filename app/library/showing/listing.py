"""A service on its own page: its places with hours, what it costs, the languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask_babel import gettext as _

from app.directory.models import CostOption, Location, Phone, Service
from app.directory.queries import NEED
from app.library.labels import CODE_LABELS, language_name
from app.library.showing import facts
from app.library.showing.hours import HoursRow, hours_rows
from app.library.topics import Topic
from app.web.filters import pounds
from app.web.languages import AsTold

FREE = "free"


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
    """Its places, without those that must not be told."""
    hours = {link.location_id: hours_rows(link.schedules) for link in service.service_at_locations}
    return [_place(location, hours.get(location.id, [])) for location in facts.visible_places(service)]


def _place(location: Location, hours: Sequence[HoursRow]) -> Place:
    address = next(iter(location.addresses), None)
    lines = facts.address_lines(address) if address else []
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


def cost_lines(service: Service) -> list[str]:
    """Each price in a line."""
    lines = [_cost_line(option) for option in service.cost_options]
    return [line for line in dict.fromkeys(lines) if line]


def _cost_line(option: CostOption) -> str:
    note = f" ({option.amount_description})" if option.amount_description else ""
    if option.amount == 0 and (option.option or FREE).casefold() == FREE and not note:
        return _("Free")
    amount = pounds(option.amount) if option.amount else ""
    words = [part for part in (option.option, amount) if part] or ([_("Free")] if option.amount == 0 else [])
    line = ": ".join(words) + note
    return AsTold(line) if option.option or note else line


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The ways to get in touch besides the telephone; empty where there are none."""

    email: str
    website: str
    website_words: str


def ways_of(service: Service) -> Ways:
    """Those of the service, else those of its organisation."""
    return ways(service.email or service.organization.email, service.url or service.organization.website)


def ways(email: str | None, website: str | None) -> Ways:
    """Only web addresses that a browser opens as pages are told."""
    parts = urlsplit(website or "")
    is_page = parts.scheme in ("http", "https") and bool(parts.hostname)
    host = (parts.hostname or "").removeprefix("www.")
    return Ways(email=email or "", website=(website or "") if is_page else "", website_words=host)


def need_topics(service: Service) -> list[Topic]:
    """Its topics, the main one first."""
    terms = [attribute.taxonomy_term for attribute in service.attributes]
    return [Topic(term.code, term.name, None) for term in terms if term.taxonomy.slug == NEED]
