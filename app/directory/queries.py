"""Reading the directory: always ordered, and everything that a page shows in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.directory.codes import Status
from app.directory.models import (
    Attribute,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)

NEED = "need"
# Shown to the public; a closed service stays in the database and out of lists.
SHOWN = (Status.ACTIVE, Status.TEMPORARILY_CLOSED)
IDS_A_STATEMENT = 500


@dataclass(frozen=True, slots=True)
class TopicNode:
    """A topic, its sub-topics in the order shown, and how many services bear it or one of them."""

    id: UUID
    code: str
    name: str
    services: int
    children: tuple[TopicNode, ...] = field(default=())


def for_cards() -> tuple[ORMOption, ...]:
    """Loads what a card in a list of results shows."""
    location = selectinload(Service.service_at_locations).joinedload(ServiceAtLocation.location)
    return (
        location.selectinload(Location.addresses),
        selectinload(Service.service_at_locations).selectinload(ServiceAtLocation.schedules),
        selectinload(Service.schedules),
        selectinload(Service.cost_options),
        selectinload(Service.phones),
        selectinload(Service.attributes).joinedload(Attribute.taxonomy_term),
        selectinload(Service.organization).selectinload(Organization.phones),
    )


def for_page() -> tuple[ORMOption, ...]:
    """Loads everything that is told of a service on its own page, in an export or in the index."""
    location = selectinload(Service.service_at_locations).joinedload(ServiceAtLocation.location)
    organization = selectinload(Service.organization)
    return (
        *for_cards(),
        location.selectinload(Location.accessibility),
        location.selectinload(Location.phones),
        location.selectinload(Location.attributes),
        selectinload(Service.contacts),
        selectinload(Service.languages),
        selectinload(Service.service_areas),
        selectinload(Service.fundings),
        organization.selectinload(Organization.identifiers),
        organization.selectinload(Organization.contacts),
        organization.selectinload(Organization.attributes),
    )


def for_organization() -> tuple[ORMOption, ...]:
    """Loads everything that is told of an organisation itself."""
    return (
        selectinload(Organization.phones),
        selectinload(Organization.contacts),
        selectinload(Organization.identifiers),
        selectinload(Organization.attributes),
    )


def shown(statement: Select[tuple[Service]]) -> Select[tuple[Service]]:
    """Only services that the public is shown."""
    return statement.where(Service.status.in_(SHOWN))


def service_page(session: Session, service_id: UUID) -> Service | None:
    """A service with everything told of it, whatever its status; None where there is none."""
    statement = select(Service).where(Service.id == service_id).options(*for_page()).order_by(Service.id)
    return session.scalars(statement).one_or_none()


def services_by_id(session: Session, ids: Sequence[UUID]) -> list[Service]:
    """The services with these ids, in their order, loaded for cards; an unknown id is passed over."""
    return _in_order(session, ids, for_cards())


def whole_services_by_id(session: Session, ids: Sequence[UUID]) -> list[Service]:
    """As `services_by_id`, with everything told of each."""
    return _in_order(session, ids, for_page())


def organization_page(session: Session, organization_id: UUID) -> Organization | None:
    """An organisation with its telephones, contacts and services (loaded for cards, those shown to the public)."""
    statement = (
        select(Organization)
        .where(Organization.id == organization_id)
        .options(*for_organization())
        .order_by(Organization.id)
    )
    return session.scalars(statement).one_or_none()


def services_of_organization(session: Session, organization_id: UUID) -> list[Service]:
    """What an organisation offers to the public, loaded for cards."""
    statement = shown(select(Service)).where(Service.organization_id == organization_id)
    return list(session.scalars(statement.options(*for_cards()).order_by(Service.name, Service.id)))


def topics_tree(session: Session) -> tuple[TopicNode, ...]:
    """Waymark's topics in use as a tree in the order shown, with the number of services of each."""
    terms = list(
        session.scalars(
            select(TaxonomyTerm)
            .join(TaxonomyTerm.taxonomy)
            .where(Taxonomy.slug == NEED, TaxonomyTerm.retired.is_(False))
            .order_by(TaxonomyTerm.position, TaxonomyTerm.id)
        )
    )
    services = _services_by_term(session)
    children: dict[UUID | None, list[TaxonomyTerm]] = defaultdict(list)
    for term in terms:
        children[term.parent_id].append(term)
    return tuple(_node(term, children, services)[0] for term in children[None])


def topic(session: Session, code: str) -> TaxonomyTerm | None:
    """The topic with this slug."""
    statement = select(TaxonomyTerm).join(TaxonomyTerm.taxonomy)
    return session.scalars(
        statement.where(Taxonomy.slug == NEED, TaxonomyTerm.code == code).order_by(TaxonomyTerm.id)
    ).one_or_none()


def services_of_topic(session: Session, code: str, *, limit: int | None = None) -> list[Service]:
    """Services that bear the topic or one of its sub-topics, by name, loaded for cards."""
    parent = select(TaxonomyTerm.id).join(TaxonomyTerm.taxonomy).where(Taxonomy.slug == NEED, TaxonomyTerm.code == code)
    below = select(TaxonomyTerm.id).where(TaxonomyTerm.parent_id.in_(parent))
    bearing = select(Attribute.service_id).where(
        Attribute.taxonomy_term_id.in_(parent) | Attribute.taxonomy_term_id.in_(below)
    )
    statement = shown(select(Service)).where(Service.id.in_(bearing)).order_by(Service.name, Service.id)
    return list(session.scalars(statement.options(*for_cards()).limit(limit)))


def every_service_id(session: Session) -> list[UUID]:
    """The id of every service, in order."""
    return list(session.scalars(select(Service.id).order_by(Service.id)))


def whole_services(session: Session, *, chunk: int = 200) -> Iterator[Service]:
    """Every service with everything told of it, in the order of ids; flat in memory, so keep none of them."""
    ids = every_service_id(session)
    for start in range(0, len(ids), chunk):
        yield from whole_services_by_id(session, ids[start : start + chunk])
        session.expunge_all()


def count_services(session: Session) -> int:
    """How many services the public is shown."""
    statement = select(func.count()).select_from(Service).where(Service.status.in_(SHOWN))
    return session.scalars(statement).one()


def _in_order(session: Session, ids: Sequence[UUID], options: Iterable[ORMOption]) -> list[Service]:
    found: dict[UUID, Service] = {}
    for start in range(0, len(ids), IDS_A_STATEMENT):
        chunk = ids[start : start + IDS_A_STATEMENT]
        statement = select(Service).where(Service.id.in_(chunk)).options(*options).order_by(Service.id)
        found.update((service.id, service) for service in session.scalars(statement))
    return [found[service_id] for service_id in ids if service_id in found]


def _services_by_term(session: Session) -> dict[UUID, set[UUID]]:
    statement = (
        select(Attribute.taxonomy_term_id, Attribute.service_id)
        .join(Service, Attribute.service_id == Service.id)
        .where(Service.status.in_(SHOWN))
        .order_by(Attribute.taxonomy_term_id, Attribute.service_id)
    )
    bearing: dict[UUID, set[UUID]] = defaultdict(set)
    for term_id, service_id in session.execute(statement):
        if service_id is not None:
            bearing[term_id].add(service_id)
    return bearing


def _node(
    term: TaxonomyTerm, children: dict[UUID | None, list[TaxonomyTerm]], services: dict[UUID, set[UUID]]
) -> tuple[TopicNode, set[UUID]]:
    bearing = set(services.get(term.id, ()))
    nodes = []
    for child in children[term.id]:
        node, of_child = _node(child, children, services)
        nodes.append(node)
        bearing |= of_child
    return TopicNode(term.id, term.code, term.name, len(bearing), tuple(nodes)), bearing
