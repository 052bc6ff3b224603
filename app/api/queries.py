"""Reading for the feed: which rows a list holds, counted and cut by the database, and the rows themselves in bulk."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, any_, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.orm.strategy_options import _AbstractLoad

from app.directory import queries as directory
from app.directory.models import Attribute, Location, Organization, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm

Ids = Select[UUID]
STREAMED_AT_ONCE = 200


def count(session: Session, ids: Ids) -> int:
    """How many rows a list has."""
    return session.scalars(ids.with_only_columns(func.count(), maintain_column_froms=True)).one()


def cut(session: Session, ids: Ids, *, offset: int, limit: int) -> Sequence[UUID]:
    """The ids of one page. The order of ids stays the same whatever is edited."""
    return session.scalars(ids.order_by(_id_of(ids)).offset(offset).limit(limit)).all()


def in_chunks(session: Session, ids: Ids) -> Iterator[Sequence[UUID]]:
    """All ids of a list, some at a time, each with a statement of its own: nothing stays open in between."""
    last: UUID | None = None
    while True:
        following = ids if last is None else ids.where(_id_of(ids) > last)
        chunk = session.scalars(following.order_by(_id_of(ids)).limit(STREAMED_AT_ONCE)).all()
        if not chunk:
            return
        yield chunk
        last = chunk[-1]


def _id_of(ids: Ids) -> ColumnElement[UUID]:
    column: ColumnElement[UUID] = next(iter(ids.selected_columns))
    return column


def among(session: Session, column: InstrumentedAttribute[UUID], ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Whether `column` is one of `ids`, of which there may be more than a statement has room for parameters."""
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(bindparam(None, list(ids), type_=ARRAY(Uuid())))
    listed = func.json_each(json.dumps([one.hex for one in ids])).table_valued("value")
    return column.in_(select(listed.c.value))


def services(session: Session, ids: Sequence[UUID]) -> list[Service]:
    """Services with their organisations."""
    return list(session.scalars(select(Service).where(Service.id.in_(ids)).order_by(Service.id)))


def whole_services(session: Session, ids: Sequence[UUID]) -> list[Service]:
    """Services with everything below them."""
    return directory.whole_services_by_id(session, ids)


def service_dates(session: Session, ids: Sequence[UUID]) -> Sequence[Any]:
    """Rows of id and last_modified."""
    statement = select(Service.id, Service.last_modified).where(among(session, Service.id, ids))
    return session.execute(statement.order_by(Service.id)).all()


def whole_service(session: Session, service_id: UUID) -> Service | None:
    """A service with everything below it, whatever its status."""
    return directory.service_page(session, service_id)


def places(session: Session, ids: Sequence[UUID]) -> list[ServiceAtLocation]:
    """Services at locations, each with its service and its place."""
    return list(session.scalars(_places(ids)))


def whole_places(session: Session, ids: Sequence[UUID]) -> list[ServiceAtLocation]:
    """Services at locations with everything below both."""
    return list(session.scalars(_places(ids).options(*_below_places())))


def _places(ids: Sequence[UUID]) -> Select[ServiceAtLocation]:
    statement = select(ServiceAtLocation).join(ServiceAtLocation.service).where(ServiceAtLocation.id.in_(ids))
    return statement.options(contains_eager(ServiceAtLocation.service)).order_by(ServiceAtLocation.id)


def _below_places() -> tuple[ORMOption, ...]:
    service = contains_eager(ServiceAtLocation.service)
    location = selectinload(ServiceAtLocation.location)
    return (
        selectinload(ServiceAtLocation.schedules),
        location.selectinload(Location.addresses),
        location.selectinload(Location.accessibility),
        location.selectinload(Location.phones),
        location.selectinload(Location.attributes).joinedload(Attribute.taxonomy_term),
        service.selectinload(Service.phones),
        service.selectinload(Service.schedules),
        service.selectinload(Service.service_areas),
        service.selectinload(Service.languages),
        service.selectinload(Service.fundings),
        service.selectinload(Service.cost_options),
        service.selectinload(Service.contacts),
        service.selectinload(Service.attributes).joinedload(Attribute.taxonomy_term),
        service.selectinload(Service.organization).options(*_below_organization()),
    )


def organizations(session: Session, ids: Sequence[UUID]) -> list[Organization]:
    """Organisations by themselves."""
    return list(session.scalars(select(Organization).where(Organization.id.in_(ids)).order_by(Organization.id)))


def whole_organizations(session: Session, ids: Sequence[UUID]) -> list[Organization]:
    """Organisations with their identifiers, telephones, contacts and attributes."""
    statement = select(Organization).where(Organization.id.in_(ids)).options(*_below_organization())
    return list(session.scalars(statement.order_by(Organization.id)))


def _below_organization() -> tuple[_AbstractLoad, ...]:
    return (
        selectinload(Organization.identifiers),
        selectinload(Organization.phones),
        selectinload(Organization.contacts),
        selectinload(Organization.attributes).joinedload(Attribute.taxonomy_term),
    )


def services_of(session: Session, organization_ids: Sequence[UUID], *, whole: bool) -> dict[UUID, list[Service]]:
    """The services that each organisation offers to the public, in the order of ids."""
    statement = select(Service).where(
        Service.status.in_(directory.SHOWN), Service.organization_id.in_(organization_ids)
    )
    options = directory.for_page() if whole else ()
    found: dict[UUID, list[Service]] = defaultdict(list)
    for service in session.scalars(statement.options(*options).order_by(Service.id)):
        found[service.organization_id].append(service)
    return found


def taxonomies(session: Session, ids: Sequence[UUID]) -> list[Taxonomy]:
    """Taxonomies by themselves."""
    return list(session.scalars(select(Taxonomy).where(Taxonomy.id.in_(ids)).order_by(Taxonomy.id)))


def terms(session: Session, ids: Sequence[UUID]) -> list[TaxonomyTerm]:
    """Terms with their taxonomies."""
    return list(session.scalars(select(TaxonomyTerm).where(TaxonomyTerm.id.in_(ids)).order_by(TaxonomyTerm.id)))


def terms_of(session: Session, taxonomy_id: UUID) -> list[TaxonomyTerm]:
    """The terms of a taxonomy in the order of the tree."""
    statement = select(TaxonomyTerm).where(TaxonomyTerm.taxonomy_id == taxonomy_id)
    return list(session.scalars(statement.order_by(TaxonomyTerm.position, TaxonomyTerm.id)))
