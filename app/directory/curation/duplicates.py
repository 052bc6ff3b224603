"""Finding listings that seem to be there twice: looked for every hour, kept while they are alike and undecided."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.core.actor import Actor
from app.core.postcode import parse
from app.directory.curation.access import may_curate
from app.directory.curation.likeness import Likeness, Sketch, alike, telephone, web_page
from app.directory.models import (
    Address,
    DistinctPair,
    LikelyDuplicate,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
)
from app.directory.queries import SHOWN


@dataclass(frozen=True, slots=True)
class Pair:
    """Two listings that seem to be the same, and why; the one that was checked later comes first."""

    keep: Service
    drop: Service
    why: LikelyDuplicate


def count_likely(session: Session, actor: Actor) -> int:
    """How many pairs wait for an editor."""
    return session.scalar(select(func.count()).select_from(_waiting(actor).subquery())) or 0


def likely(session: Session, actor: Actor, *, limit: int) -> list[Pair]:
    """The pairs that wait, the likeliest first."""
    first, second = aliased(Service), aliased(Service)
    rows = session.execute(
        _waiting(actor)
        .join(first, first.id == LikelyDuplicate.first_id)
        .join(second, second.id == LikelyDuplicate.second_id)
        .add_columns(first, second)
        .order_by(LikelyDuplicate.score.desc(), LikelyDuplicate.id)
        .limit(limit)
    )
    return [_pair(why, one, two) for why, one, two in rows]


def _pair(why: LikelyDuplicate, one: Service, two: Service) -> Pair:
    keep, drop = sorted((one, two), key=_checked_last, reverse=True)
    return Pair(keep, drop, why)


def _waiting(actor: Actor) -> Select[LikelyDuplicate]:
    """Pairs of which the public sees both, both within the actor's reach, that nobody has called distinct."""
    is_distinct = exists().where(
        DistinctPair.first_id == LikelyDuplicate.first_id, DistinctPair.second_id == LikelyDuplicate.second_id
    )
    return select(LikelyDuplicate).where(
        _is_within_reach(LikelyDuplicate.first_id, actor),
        _is_within_reach(LikelyDuplicate.second_id, actor),
        ~is_distinct,
    )


def _is_within_reach(service_id: InstrumentedAttribute[UUID], actor: Actor) -> ColumnElement[bool]:
    """By the listing's key: SQLite would else look through all listings for each pair."""
    return (
        select(Service.id)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Service.id == service_id, Service.status.in_(SHOWN), may_curate(actor))
        .correlate(LikelyDuplicate)
        .exists()
    )


def _checked_last(service: Service) -> tuple[bool, str]:
    return service.assured_date is not None, str(service.assured_date or service.last_modified)


def look(session: Session) -> int:
    """Compare all shown listings anew and keep what is found; how many pairs there are."""
    found = {_ids(one, two): why for one, two, why in alike(sketches(session))}
    for kept in session.scalars(select(LikelyDuplicate).order_by(LikelyDuplicate.id)):
        why = found.pop((kept.first_id, kept.second_id), None)
        if why is None:
            session.delete(kept)
        else:
            kept.name, kept.shared, kept.score = why.name, why.shared, why.score
    session.add_all(_row(ids, why) for ids, why in found.items())
    session.flush()
    return session.scalar(select(func.count(LikelyDuplicate.id))) or 0


def _ids(one: Sketch, two: Sketch) -> tuple[UUID, UUID]:
    return min(one.id, two.id), max(one.id, two.id)


def _row(ids: tuple[UUID, UUID], why: Likeness) -> LikelyDuplicate:
    return LikelyDuplicate(first_id=ids[0], second_id=ids[1], name=why.name, shared=why.shared, score=why.score)


def sketches(session: Session) -> list[Sketch]:
    """What is compared of every shown listing, read as bare columns."""
    phones = _phones(session)
    places, postcodes = _places(session)
    rows = session.execute(
        select(Service.id, Service.name, Organization.name, Service.source, Service.url, Service.email)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Service.status.in_(SHOWN))
        .order_by(Service.name, Service.id)
    )
    return [
        Sketch(
            service_id,
            name,
            organization,
            source,
            phones=frozenset(phones[service_id]),
            emails=frozenset({email.strip().casefold()} if email else ()),
            web_pages=frozenset({page} if (page := web_page(url or "")) else ()),
            places=frozenset(places[service_id]),
            postcodes=frozenset(postcodes[service_id]),
        )
        for service_id, name, organization, source, url, email in rows
    ]


def _phones(session: Session) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    for service_id, number in session.execute(
        select(Phone.service_id, Phone.number).where(Phone.service_id.is_not(None)).order_by(Phone.id)
    ):
        if service_id and (digits := telephone(number)):
            found[service_id].add(digits)
    return found


def _places(session: Session) -> tuple[dict[UUID, set[UUID]], dict[UUID, set[str]]]:
    places: dict[UUID, set[UUID]] = defaultdict(set)
    postcodes: dict[UUID, set[str]] = defaultdict(set)
    for service_id, location_id, postcode in session.execute(
        select(ServiceAtLocation.service_id, ServiceAtLocation.location_id, Address.postal_code)
        .outerjoin(Address, Address.location_id == ServiceAtLocation.location_id)
        .order_by(ServiceAtLocation.id, Address.id)
    ):
        places[service_id].add(location_id)
        if postcode and (read := parse(postcode)) and read.unit:
            postcodes[service_id].add(read.unit)
    return places, postcodes
