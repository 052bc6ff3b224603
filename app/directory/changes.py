"""Which services changed: written in the transaction of the change, read by each machine's search index.

A session notes the services that its flushes touch; just before the commit it writes one row for each. On PostgreSQL
that moment is guarded by a lock, because sequence numbers are given out before commits and a reader that follows the
sequence would otherwise pass over a row that commits late.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from app.directory.models import (
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    IndexChange,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
)

TOUCHED = "touched_services"
# Any number will do, as long as nothing else in the database locks on it.
INDEX_CHANGE_LOCK = 7_220_114

_OF_SERVICE = (Attribute, Contact, CostOption, Language, Phone, Schedule, ServiceArea, ServiceAtLocation)
_OF_LOCATION = (Accessibility, Address, Phone)
_OF_ORGANIZATION = (Contact, Phone)


def has_changes(session: Session) -> bool:
    """Whether the session has changes to services, flushed or not, that are not committed."""
    return bool(session.info.get(TOUCHED) or session.new or session.dirty or session.deleted)


def note(session: Session, service_ids: Iterable[UUID]) -> None:
    """Say that the search documents of these services must be made anew. For bulk statements that pass no flush."""
    session.info.setdefault(TOUCHED, set()).update(service_ids)


@event.listens_for(Session, "after_flush")
def _note_flushed(session: Session, _context: Any) -> None:
    services: set[UUID] = set()
    locations: set[UUID] = set()
    organizations: set[UUID] = set()
    links: set[UUID] = set()
    for item in (*session.new, *session.dirty, *session.deleted):
        if isinstance(item, Service):
            services.add(item.id)
        elif isinstance(item, Location):
            locations.add(item.id)
        elif isinstance(item, Organization):
            organizations.add(item.id)
        else:
            if isinstance(item, _OF_SERVICE) and item.service_id:
                services.add(item.service_id)
            if isinstance(item, _OF_LOCATION) and item.location_id:
                locations.add(item.location_id)
            if isinstance(item, _OF_ORGANIZATION) and item.organization_id:
                organizations.add(item.organization_id)
            if isinstance(item, Schedule) and item.service_at_location_id:
                links.add(item.service_at_location_id)
    if services or locations or organizations or links:
        services.update(_services_of(session, locations, organizations, links))
        note(session, services)


def _services_of(session: Session, locations: set[UUID], organizations: set[UUID], links: set[UUID]) -> Iterable[UUID]:
    connection = session.connection()
    for chunk in _chunks(locations):
        yield from connection.scalars(
            select(ServiceAtLocation.service_id).where(ServiceAtLocation.location_id.in_(chunk))
        )
    for chunk in _chunks(links):
        yield from connection.scalars(select(ServiceAtLocation.service_id).where(ServiceAtLocation.id.in_(chunk)))
    for chunk in _chunks(organizations):
        yield from connection.scalars(select(Service.id).where(Service.organization_id.in_(chunk)))


def _chunks(ids: Iterable[UUID], size: int = 500) -> Iterable[list[UUID]]:
    ordered = sorted(ids)
    return (ordered[start : start + size] for start in range(0, len(ordered), size))


@event.listens_for(Session, "before_commit")
def _write_changes(session: Session) -> None:
    session.flush()
    touched = session.info.pop(TOUCHED, None)
    if not touched:
        return
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": INDEX_CHANGE_LOCK})
    connection.execute(insert(IndexChange), [{"service_id": service_id} for service_id in sorted(touched)])


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: Any) -> None:
    if not session.in_transaction() or session.get_nested_transaction() is None:
        session.info.pop(TOUCHED, None)
