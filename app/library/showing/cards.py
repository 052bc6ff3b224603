"""A service in a list: what a card says, worked out once so that the template only lays it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from uuid import UUID

from app.core import clock
from app.core.text import shorten
from app.directory.codes import Status
from app.directory.geography import Point
from app.directory.models import Location, Service
from app.library.search import Hit
from app.library.showing import facts
from app.library.showing.hours import opening_words, schedules_of
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
    phone_note: str
    closed: bool
    branches: int = 0
    reasons: Sequence[str] = ()


def cards_of_hits(hits: Sequence[Hit], point: Point | None) -> list[Card]:
    """A card for each result."""
    return [card(hit.service, hit=hit, point=point) for hit in hits]


def card(service: Service, *, hit: Hit | None = None, point: Point | None = None) -> Card:
    """The card of a service loaded for cards; with the distance from `point` where it is a result."""
    place = nearest_place(service, point)
    phone = facts.main_phone(service)
    away = ""
    if hit is not None and hit.distance_km is not None and place is not None:
        away = facts.distance_words(hit.distance_km, point.precision if point else None, place)
    return Card(
        id=service.id,
        name=AsTold(service.name),
        organization=AsTold("" if service.organization.name == service.name else service.organization.name),
        kind=service.kind,
        kind_word=facts.kind_word(service),
        summary=AsTold(shorten(service.description, SUMMARY_LENGTH)),
        where=facts.area_words(service, place),
        away=away,
        reach=facts.reach_words(service),
        cost=facts.cost_words(service),
        route=facts.route_words(service),
        hours=opening_words(schedules_of(service), clock.local_now().replace(tzinfo=None)),
        who=facts.who_words(service),
        places=facts.places_words(service),
        checked=facts.checked_words(service),
        phone=phone.number if phone else "",
        phone_note=AsTold(phone.description or "") if phone else "",
        closed=service.status is Status.TEMPORARILY_CLOSED,
        branches=hit.branches if hit else 0,
        reasons=hit.reasons if hit else (),
    )


def nearest_place(service: Service, point: Point | None) -> Location | None:
    """The place to name: the nearest to `point`, else the first."""
    places = facts.visible_places(service)
    if point is None or not places:
        return places[0] if places else None
    return min(places, key=lambda place: _apart(place, point))


def _apart(place: Location, point: Point) -> float:
    """In degrees of latitude: good enough to tell which of two places is nearer."""
    if place.latitude is None or place.longitude is None:
        return 999.0
    east = (place.longitude - point.longitude) * cos(radians(point.latitude))
    return hypot(place.latitude - point.latitude, east)
