"""Listings that fit what a contact was about: what can be signposted or referred to from it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.advice.issue_tree import issue_tree
from app.advice.rules.nearness import kilometres_between
from app.directory.geography import Point, resolve
from app.directory.models import Service
from app.directory.queries import SHOWN, services_by_id, services_of_topic

MOST = 8
# An issue's first topics say most about it; more of them find what is only near to it.
MOST_TOPICS = 4
# Out of how many of a topic the nearest are taken, where it is known where somebody lives.
LOOKED_AT = 40


def services_for(
    session: Session, issues: Sequence[str], picked: Sequence[UUID] = (), *, near: str = ""
) -> list[Service]:
    """What was picked, then what bears the topics of the issues, those of the first issue first.

    With the postcode of the client (`near`) the nearest of each topic come first, and what has no place after them.
    """
    tree, point = issue_tree(), resolve(session, near) if near else None
    topics = list(dict.fromkeys(topic for code in issues if code in tree for topic in tree[code].topics))
    found = {service.id: service for service in services_picked(session, picked)}
    for topic in topics[:MOST_TOPICS]:
        if len(found) >= MOST + len(picked):
            break
        of_topic = services_of_topic(session, topic, limit=LOOKED_AT if point else MOST)
        found |= {service.id: service for service in _nearest_first(of_topic, point)[:MOST]}
    return list(found.values())[: MOST + len(picked)]


def _nearest_first(services: list[Service], point: Point | None) -> list[Service]:
    return sorted(services, key=lambda service: _distance(service, point)) if point else services


def _distance(service: Service, point: Point) -> float:
    """To its nearest place that is no secret; endless where it has none."""
    places = (at.location for at in service.service_at_locations)
    return min(
        (
            kilometres_between(point.latitude, point.longitude, place.latitude, place.longitude)
            for place in places
            if not place.confidential and place.latitude is not None and place.longitude is not None
        ),
        default=math.inf,
    )


def services_picked(session: Session, ids: Sequence[UUID]) -> list[Service]:
    """Those of these services that the public is shown."""
    return [service for service in services_by_id(session, ids) if service.status in SHOWN]
