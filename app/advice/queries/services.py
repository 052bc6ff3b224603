"""Listings that fit what a contact was about: what can be signposted or referred to from it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.advice.issue_tree import issue_tree
from app.directory.models import Service
from app.directory.queries import SHOWN, services_by_id, services_of_topic

MOST = 8
# An issue's first topics say most about it; more of them find what is only near to it.
MOST_TOPICS = 4


def services_for(session: Session, issues: Sequence[str], picked: Sequence[UUID] = ()) -> list[Service]:
    """What was picked, then what bears the topics of the issues, those of the first issue first."""
    tree = issue_tree()
    topics = list(dict.fromkeys(topic for code in issues if code in tree for topic in tree[code].topics))
    found = {service.id: service for service in services_picked(session, picked)}
    for topic in topics[:MOST_TOPICS]:
        if len(found) >= MOST + len(picked):
            break
        found |= {service.id: service for service in services_of_topic(session, topic, limit=MOST)}
    return list(found.values())[: MOST + len(picked)]


def services_picked(session: Session, ids: Sequence[UUID]) -> list[Service]:
    """Those of these services that the public is shown."""
    return [service for service in services_by_id(session, ids) if service.status in SHOWN]
