"""A service in a list: what a card says, worked out once so that the template only lays it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import cos, hypot, radians
from uuid import UUID

from app.core import clock
from app.core.text import shorten
from app.directory.codes import Kind, Status
from app.directory.geography import Point
from app.directory.models import Service
from app.library.card_store import plain_service
from app.library.labels import CODE_LABELS
from app.library.plain import PlainPlace, PlainService
from app.library.showing import facts
from app.library.showing.hours import opening_words
from app.web.filters import phone_link
from app.web.languages import AsTold

SUMMARY_LENGTH = 170


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a card shows; empty words are left out."""

    id: UUID
    name: str
    organization: str
    kind: str
    kind_word: str
    summary: str
    where: str
    away: str
    reach: str
    cost: str
    route: str
    hours: str
    who: str
    places: facts.Words
    checked: facts.Words
    phone: str
    text_to: str
    dial: str
    # To press where there is nothing to ring.
    website: str
    phone_note: str
    closed: bool
    branches: int = 0
    reasons: Sequence[str] = ()


def by_kind(cards: Sequence[Card]) -> list[tuple[str, list[Card]]]:
    """The cards in the order they have, services before courses before groups; a kind without any is left out."""
    found = [(str(CODE_LABELS[f"kind:{kind}"]), [each for each in cards if each.kind == kind]) for kind in Kind]
    return [(label, of_kind) for label, of_kind in found if of_kind]


def card(service: Service) -> Card:
    """The card of a service loaded for cards."""
    return plain_card(plain_service(service))


def plain_card(service: PlainService) -> Card:
    """The card of a service as it is at this moment."""
    return replace(lasting_card(service), hours=opening_words(service.hours, now_in_london()))


def now_in_london() -> datetime:
    """The time on a clock in London, without zone."""
    return clock.local_now().replace(tzinfo=None)


def lasting_card(service: PlainService) -> Card:
    """The card as it is all day for everybody, without the hours."""
    return Card(
        id=service.id,
        name=AsTold(service.name),
        organization=AsTold("" if service.organization.name == service.name else service.organization.name),
        kind=service.kind,
        kind_word=facts.kind_word(service),
        summary=AsTold(shorten(service.description, SUMMARY_LENGTH)),
        where=facts.area_words(service, nearest_place(service, None)),
        away="",
        reach=facts.reach_words(service),
        cost=facts.cost_words(service),
        route=facts.route_words(service),
        hours="",
        who=facts.who_words(service),
        places=facts.places_words(service),
        checked=facts.checked_words(service),
        phone="" if service.is_for_texts else service.phone,
        text_to=service.phone if service.is_for_texts else "",
        dial=phone_link(service.phone, "sms" if service.is_for_texts else "tel"),
        website="" if service.phone else service.website,
        phone_note=AsTold(service.phone_note),
        closed=service.status is Status.TEMPORARILY_CLOSED,
    )


def nearest_place(service: PlainService, point: Point | None) -> PlainPlace | None:
    """The place to name: the nearest to `point`, else the first."""
    places = service.places
    if point is None or len(places) < 2:
        return places[0] if places else None
    return min(places, key=lambda place: _apart(place, point))


def _apart(place: PlainPlace, point: Point) -> float:
    """In degrees of latitude: good enough to tell which of two places is nearer."""
    if place.latitude is None or place.longitude is None:
        return 999.0
    east = (place.longitude - point.longitude) * cos(radians(point.latitude))
    return hypot(place.latitude - point.latitude, east)
