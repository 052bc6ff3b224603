"""Places: a row for each place at which a service is given, with its address, its access and whether it is kept secret.

A place may be shared with other listings, of other organisations too. Whoever changes it in one listing changes it for
that listing alone: it gets a place of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.directory import geography
from app.directory.codes import AccessFeature, LocationType, Precision
from app.directory.curation.parts.rows import Row, key_of, plain, without_nothing
from app.directory.models import Accessibility, Address, Location, Phone, Service, ServiceAtLocation
from app.directory.showing.places import told

ADDRESS = ("attention", "address_1", "address_2", "city", "region", "state_province", "postal_code")
# The standard wants these; a default stands for one that is not told, and `filled_in` names it.
REQUIRED = ("address_1", "city", "state_province", "postal_code")
ACCESS = ("feature", "description", "details", "url")
OWN = ("name", "transportation")
# What a place of one's own takes over from the shared one that it replaces.
COPIED = ("alternate_name", "description", "url")


def rows_of(service: Service) -> list[Row]:
    """The places of a listing."""
    return [_row(link) for link in service.service_at_locations]


def put(session: Session, service: Service, rows: Iterable[Row]) -> None:
    """Bring the places of a listing to the rows. A place that nothing uses any more is deleted."""
    links = {str(link.id): link for link in service.service_at_locations}
    wanted, places = [], [link.location for link in service.service_at_locations]
    for position, row in enumerate(rows):
        link = links.get(str(row.get("id"))) or _link_at(links.values(), row) or _new_link(session, row)
        if link.location is None or key_of(_row(link)) != key_of(row):
            link.location = _location(session, link, row)
            link.description = row.get("note")
        link.position = position
        wanted.append(link)
    service.service_at_locations = wanted
    session.flush()
    for place in places:
        _forget_unused(session, place)


def _link_at(links: Iterable[ServiceAtLocation], row: Row) -> ServiceAtLocation | None:
    return next((link for link in links if str(link.location_id) == row.get("location")), None)


def _new_link(session: Session, row: Row) -> ServiceAtLocation:
    """A new one; one that is brought back gets the id that it had."""
    id_ = UUID(row["id"]) if row.get("id") else uuid4()
    return ServiceAtLocation(id=uuid4() if session.get(ServiceAtLocation, id_) else id_)


def _location(session: Session, link: ServiceAtLocation, row: Row) -> Location:
    id_ = UUID(row["location"]) if row.get("location") else None
    known = link.location or (session.get(Location, id_) if id_ else None)
    if known is not None and _is_elsewhere(session, known, link):
        if key_of(_told_place(known)) == key_of(_place_of(row)):
            return known
        place = _copy_of(known)
    else:
        place = known or Location(id=id_ or uuid4())
    session.add(place)
    _bring(session, place, row)
    return place


def _is_elsewhere(session: Session, place: Location, link: ServiceAtLocation) -> bool:
    """Whether another listing has this place too."""
    others = select(ServiceAtLocation.id).where(
        ServiceAtLocation.location_id == place.id, ServiceAtLocation.id != link.id
    )
    return session.scalars(others.order_by(ServiceAtLocation.id).limit(1)).first() is not None


def _copy_of(place: Location) -> Location:
    copy = Location(id=uuid4(), **{name: getattr(place, name) for name in COPIED})
    copy.phones = [
        Phone(number=phone.number, type=phone.type, description=phone.description, position=phone.position)
        for phone in place.phones
    ]
    return copy


def _bring(session: Session, place: Location, row: Row) -> None:
    before = _told_place(place)
    place.location_type = LocationType(row.get("type", LocationType.PHYSICAL))
    place.confidential = bool(row.get("confidential"))
    for name in OWN:
        setattr(place, name, row.get(name))
    wanted = [row.get("address"), *row.get("more_addresses", ())]
    if [before.get("address"), *before.get("more_addresses", ())] != wanted:
        place.addresses = [_address(told_, place, position) for position, told_ in enumerate(wanted) if told_]
    if before.get("access") != row.get("access"):
        place.accessibility = [_access(one, position) for position, one in enumerate(row.get("access", ()))]
    _set_point(session, place, row)


def _address(parts: Row, place: Location, position: int) -> Address:
    city = parts.get("city") or parts.get("region") or ""
    default = {"address_1": place.name or "", "city": city, "state_province": parts.get("region") or city}
    values: dict[str, Any] = {name: parts.get(name) for name in ADDRESS}
    values |= {name: parts.get(name) or default.get(name, "") for name in REQUIRED}
    filled_in = " ".join(name for name in REQUIRED if not parts.get(name))
    return Address(address_type=place.location_type, filled_in=filled_in, position=position, **values)


def _access(told_: Row, position: int) -> Accessibility:
    feature = AccessFeature(told_["feature"]) if told_.get("feature") else None
    words = {name: told_.get(name) for name in ACCESS if name != "feature"}
    return Accessibility(feature=feature, position=position, **words)


def _set_point(session: Session, place: Location, row: Row) -> None:
    """The point as the row has it, else where its postcode or town lies; none for what is nowhere."""
    place.latitude = place.longitude = place.precision = None
    if row.get("point"):
        place.latitude, place.longitude = row["point"][:2]
        place.precision = Precision(row["point"][2]) if len(row["point"]) > 2 else None
        return
    address = row.get("address", {})
    where = address.get("postal_code") or address.get("city")
    if where and place.location_type is not LocationType.VIRTUAL and (point := geography.resolve(session, where)):
        place.latitude, place.longitude, place.precision = point.latitude, point.longitude, point.precision


def _forget_unused(session: Session, place: Location) -> None:
    used = select(ServiceAtLocation.id).where(ServiceAtLocation.location_id == place.id)
    if session.scalars(used.order_by(ServiceAtLocation.id).limit(1)).first() is not None:
        return
    try:
        with session.begin_nested():
            session.delete(place)
    except IntegrityError:
        # Something else meets there: the place stays, without the listing.
        session.refresh(place)


def _row(link: ServiceAtLocation) -> Row:
    place = link.location
    return without_nothing(
        {"id": str(link.id), "location": str(place.id), "note": link.description, **_told_place(place)}
    )


def _place_of(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in {"id", "location", "note"}}


def _told_place(place: Location) -> Row:
    addresses = [_told_address(address) for address in place.addresses]
    point = [place.latitude, place.longitude, plain(place.precision)]
    return without_nothing(
        {
            "type": plain(place.location_type or LocationType.PHYSICAL),
            "confidential": place.confidential,
            **{name: getattr(place, name) for name in OWN},
            "address": addresses[0] if addresses else None,
            "more_addresses": addresses[1:],
            "access": [_told_access(row) for row in place.accessibility],
            "point": None if place.latitude is None else [part for part in point if part is not None],
        }
    )


def _told_address(address: Address) -> Row:
    return without_nothing({name: told(address, name) for name in ADDRESS})


def _told_access(row: Accessibility) -> Row:
    return without_nothing({name: plain(getattr(row, name)) for name in ACCESS})
