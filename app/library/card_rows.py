"""The services that results show, read by a few statements over columns.

As `card_store.plain_service` tells them of a service that was loaded with all its parts, which costs some five times as
much: nothing here is kept in the session, and only what a card shows is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BindParameter, Connection, Row, Select, Table, bindparam, select
from sqlalchemy.orm import Session

from app.directory.codes import LocationType
from app.directory.models import (
    Address,
    Attribute,
    CostOption,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)
from app.directory.showing.places import place_line
from app.directory.showing.ways import ways
from app.directory.telephones import LEADS, Line, line_of
from app.library.plain import PlainCost, PlainHours, PlainOrganization, PlainPlace, PlainService

AnyRow = Row[*tuple[Any, ...]]
Rows = Mapping[UUID, Sequence[AnyRow]]


def _table(model: type[Any]) -> Table:
    return cast("Table", model.__table__)


_service, _organization, _phone = _table(Service), _table(Organization), _table(Phone)
_link, _location, _address = _table(ServiceAtLocation), _table(Location), _table(Address)
_schedule, _cost = _table(Schedule), _table(CostOption)
_attribute, _term = _table(Attribute), _table(TaxonomyTerm)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_OWN = (
    "id source source_id organization_id kind status name alternate_name description fees_description minimum_age "
    "maximum_age gender coverage reach access_routes accepting wait_weeks capacity_stated_at assured_date next_check_on"
).split()
_HOURS = (
    "freq interval byday bymonthday dtstart valid_from valid_to opens_at closes_at description term_time by_appointment"
).split()

# Written once: each search asks for them.
_SERVICES = (
    select(
        *(_service.c[name] for name in _OWN),
        _service.c.url,
        _organization.c.name.label("organization_name"),
        _organization.c.website,
    )
    .join(_organization, _organization.c.id == _service.c.organization_id)
    .where(_service.c.id.in_(_IDS))
    .order_by(_service.c.id)
)
_LINKS = (
    select(
        _link.c.service_id.label("owner"),
        _link.c.id.label("link"),
        *(_location.c[name] for name in ("id", "name", "confidential", "location_type")),
        *(_location.c[name] for name in ("latitude", "longitude", "precision")),
    )
    .join(_location, _location.c.id == _link.c.location_id)
    .where(_link.c.service_id.in_(_IDS))
    .order_by(_link.c.position, _link.c.id)
)
_TOPICS = (
    select(_attribute.c.service_id.label("owner"), _term.c.code, _attribute.c.by_rule)
    .join(_term, _term.c.id == _attribute.c.taxonomy_term_id)
    .where(_attribute.c.service_id.in_(_IDS))
    .order_by(_attribute.c.position, _attribute.c.id)
)


def _parts(table: Table, owner: str, names: Sequence[str]) -> Select[*tuple[Any, ...]]:
    return (
        select(table.c[owner].label("owner"), *(table.c[name] for name in names))
        .where(table.c[owner].in_(_IDS))
        .order_by(table.c.position, table.c.id)
    )


_ADDRESSES = _parts(_address, "location_id", ("address_1", "address_2", "city", "filled_in"))
_COSTS = _parts(_cost, "service_id", ("option", "amount"))
_PHONES = {
    owner: _parts(_phone, owner, ("number", "description", "type")) for owner in ("service_id", "organization_id")
}
_OPENINGS = {owner: _parts(_schedule, owner, _HOURS) for owner in ("service_id", "service_at_location_id")}


def read_services(session: Session, ids: Sequence[UUID]) -> list[PlainService]:
    """The services with these ids, by id; an unknown id is left out."""
    connection = session.connection()
    services = connection.execute(_SERVICES, {"ids": list(ids)}).all()
    known = [service.id for service in services]
    if not known:
        return []
    links = _by_owner(connection, _LINKS, known)
    told = [link for each in links.values() for link in each if not link.confidential]
    addresses = _by_owner(connection, _ADDRESSES, {link.id for link in told})
    phones = _by_owner(connection, _PHONES["service_id"], known)
    silent = {service.organization_id for service in services if not _can_be_called(phones.get(service.id, ()))}
    offices = _by_owner(connection, _PHONES["organization_id"], silent)
    hours = _by_owner(connection, _OPENINGS["service_id"], known)
    at_places = _by_owner(
        connection, _OPENINGS["service_at_location_id"], [link.link for each in links.values() for link in each]
    )
    costs, topics = _by_owner(connection, _COSTS, known), _by_owner(connection, _TOPICS, known)
    return [
        _plain(
            service,
            links=links.get(service.id, ()),
            addresses=addresses,
            phone=_leading([*phones.get(service.id, ()), *offices.get(service.organization_id, ())]),
            hours=[*hours.get(service.id, ()), *_of_links(links.get(service.id, ()), at_places)],
            costs=costs.get(service.id, ()),
            topics=topics.get(service.id, ()),
        )
        for service in services
    ]


def _by_owner(connection: Connection, statement: Select[*tuple[Any, ...]], ids: Iterable[UUID]) -> Rows:
    wanted = list(ids)
    found: defaultdict[UUID, list[AnyRow]] = defaultdict(list)
    # The owner comes first in each of these statements.
    for row in connection.execute(statement, {"ids": wanted}).all() if wanted else ():
        found[row[0]].append(row)
    return found


def _can_be_called(phones: Sequence[AnyRow]) -> bool:
    return any(line_of(row.type) is Line.CALLS for row in phones)


def _leading(phones: Sequence[AnyRow]) -> AnyRow | None:
    """The first number to call, else the first to text."""
    return next((row for line in LEADS for row in phones if line_of(row.type) is line), None)


def _of_links(links: Iterable[AnyRow], at_places: Rows) -> list[AnyRow]:
    return [row for link in links for row in at_places.get(link.link, ())]


def _plain(
    service: AnyRow,
    *,
    links: Sequence[AnyRow],
    addresses: Rows,
    phone: AnyRow | None,
    hours: Sequence[AnyRow],
    costs: Sequence[AnyRow],
    topics: Sequence[AnyRow],
) -> PlainService:
    values = dict(zip(_OWN, service, strict=False))
    for name in ("reach", "access_routes"):
        values[name] = frozenset(values[name])
    return PlainService(
        **values,
        organization=PlainOrganization(service.organization_id, service.organization_name),
        phone=phone.number if phone else "",
        is_for_texts=phone is not None and line_of(phone.type) is Line.TEXTS,
        phone_note=(phone.description or "") if phone else "",
        website=ways(None, service.url or service.website).website,
        places=tuple(_place(link, addresses.get(link.id, ())) for link in links if _is_told(link)),
        has_hidden_place=any(link.confidential for link in links),
        hours=tuple(PlainHours(*row[1:]) for row in hours),
        cost_options=tuple(PlainCost(cost.option, cost.amount) for cost in costs),
        topics={topic.code: topic.by_rule for topic in topics},
    )


def _is_told(link: AnyRow) -> bool:
    return not link.confidential and link.location_type is LocationType.PHYSICAL


def _place(link: AnyRow, addresses: Sequence[AnyRow]) -> PlainPlace:
    words = place_line(link.name, addresses[0] if addresses else None)
    return PlainPlace(words, link.latitude, link.longitude, link.precision)
