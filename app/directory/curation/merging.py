"""Listings that are there twice: finding them, making one of two, and undoing it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, groupby
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, selectinload

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.directory.codes import Status
from app.directory.models import DistinctPair, Service, ServiceRedirect
from app.directory.queries import SHOWN

MOST = 100
# A feed in which everything has one name must not be compared pair by pair for ever.
MOST_COMPARED = 600


@dataclass(frozen=True, slots=True)
class Pair:
    """Two listings that seem to be the same; the one that was checked later comes first."""

    keep: Service
    drop: Service


def likely_duplicates(session: Session) -> list[Pair]:
    """Shown listings of one name that share their organisation, a telephone number or a place.

    Branches of a chain share a name and nothing else, so they are not among them; nor is a pair that an editor has
    called distinct.
    """
    shared_name = (
        select(func.lower(Service.name))
        .where(Service.status.in_(SHOWN))
        .group_by(func.lower(Service.name))
        .having(func.count() > 1)
    )
    services = session.scalars(
        select(Service)
        .where(Service.status.in_(SHOWN), func.lower(Service.name).in_(shared_name))
        .options(selectinload(Service.phones), selectinload(Service.service_at_locations))
        .order_by(func.lower(Service.name), Service.id)
        .limit(MOST_COMPARED)
    ).all()
    distinct = {
        (pair.first_id, pair.second_id) for pair in session.scalars(select(DistinctPair).order_by(DistinctPair.id))
    }
    return [
        Pair(*sorted((one, two), key=_checked_last, reverse=True))
        for _name, namesakes in groupby(services, key=lambda service: service.name.lower())
        for one, two in combinations(namesakes, 2)
        if (one.id, two.id) not in distinct and _share_something(one, two)
    ][:MOST]


def _share_something(one: Service, two: Service) -> bool:
    return (
        one.organization.name.lower() == two.organization.name.lower()
        or bool({phone.number for phone in one.phones} & {phone.number for phone in two.phones})
        or bool(_places(one) & _places(two))
    )


def _places(service: Service) -> set[UUID]:
    return {given.location_id for given in service.service_at_locations}


def _checked_last(service: Service) -> tuple[bool, str]:
    return service.assured_date is not None, str(service.assured_date or service.last_modified)


def merge(session: Session, actor: Actor, *, keep: Service, drop: Service) -> ServiceRedirect:
    """Take `drop` out of sight and lead whoever asks for it to `keep`. Nothing of it is deleted."""
    if keep.id == drop.id or redirect_of(session, keep.id) is not None:
        raise InvalidInput("Choose two listings, of which the first stays.")
    if redirect_of(session, drop.id) is not None:
        raise Refused("This listing was merged already.")
    redirect = ServiceRedirect(
        old_id=drop.id, service_id=keep.id, merged_by_id=actor.user_id, status_before=drop.status.value
    )
    drop.status, drop.last_modified = Status.DEFUNCT, clock.now()
    session.add(redirect)
    session.flush()
    record(session, actor, Action.CHANGED, ("service", drop.id), fields=("status", "merged"))
    return redirect


def undo_merge(session: Session, actor: Actor, old_id: UUID) -> Service:
    """Bring a merged listing back as it was. NotFound where it was not merged."""
    redirect = session.scalars(
        select(ServiceRedirect).where(ServiceRedirect.old_id == old_id).order_by(ServiceRedirect.id)
    ).one_or_none()
    if redirect is None:
        raise NotFound("merge")
    service = session.get_one(Service, old_id)
    service.status, service.last_modified = Status(redirect.status_before), clock.now()
    session.delete(redirect)
    session.flush()
    record(session, actor, Action.CHANGED, ("service", old_id), fields=("status", "merged"))
    return service


def call_distinct(session: Session, actor: Actor, one: Service, two: Service) -> None:
    """Say that two listings are not the same, so that they are not proposed again."""
    first, second = sorted((one.id, two.id))
    session.add(DistinctPair(first_id=first, second_id=second, said_by_id=actor.user_id))
    session.flush()
    record(session, actor, Action.CREATED, ("distinct_pair", first))


def merged_listings(session: Session) -> list[tuple[ServiceRedirect, Service, Service]]:
    """The latest merges: each with the listing that went and the one that stayed."""
    gone, stayed = aliased(Service), aliased(Service)
    rows = session.execute(
        select(ServiceRedirect, gone, stayed)
        .join(gone, gone.id == ServiceRedirect.old_id)
        .join(stayed, stayed.id == ServiceRedirect.service_id)
        .order_by(ServiceRedirect.created_at.desc(), ServiceRedirect.id)
        .limit(MOST)
    )
    return [(redirect, old, new) for redirect, old, new in rows]


def redirect_of(session: Session, service_id: UUID) -> UUID | None:
    """Where a listing that was merged into another has gone."""
    return session.scalar(
        select(ServiceRedirect.service_id).where(ServiceRedirect.old_id == service_id).order_by(ServiceRedirect.id)
    )
