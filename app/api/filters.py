"""Query parameters as conditions of SQL. All that are given must hold together."""

from __future__ import annotations

from math import cos, radians
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, literal, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.api import parameters as given
from app.api.areas import not_kept_out
from app.api.parameters import InvalidParameter, Parameter
from app.api.words import has_words, services_with_words
from app.directory import geography
from app.directory.codes import Status
from app.directory.models import (
    Attribute,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from app.directory.queries import SHOWN
from search_index import Snapshot

Args = MultiDict[str, str]
Conditions = list[ColumnElement[bool]]
METRES_A_DEGREE = 111_195.0
CLOSED = tuple(status for status in Status if status not in SHOWN)

OF_SERVICES: tuple[Parameter[Any], ...] = (
    given.SEARCH,
    given.TAXONOMY_TERM_ID,
    given.TAXONOMY_ID,
    given.ORGANIZATION_ID,
    given.MINIMUM_AGE,
    given.MAXIMUM_AGE,
    given.START_TIME,
    given.END_TIME,
    given.DAY,
    given.MODIFIED_AFTER,
)
OF_PLACES: tuple[Parameter[Any], ...] = (*OF_SERVICES, given.POSTCODE, given.PROXIMITY)
OF_TERMS: tuple[Parameter[Any], ...] = (given.SEARCH, given.OF_TAXONOMY_ID, given.TOP_ONLY, given.PARENT_ID)


def shown_services() -> Select[UUID]:
    """The ids of all services that a list may hold: those that are closed for good never."""
    # Said this way round no database is led to gather all that are shown and sort them for one page.
    return select(Service.id).where(Service.status.not_in(CLOSED))


def shown_places() -> Select[UUID]:
    """The ids of all services at locations that a list may hold."""
    closed = select(Service.id).where(Service.status.in_(CLOSED))
    return select(ServiceAtLocation.id).where(ServiceAtLocation.service_id.not_in(closed))


def service_conditions(session: Session, snapshot: Snapshot | None, args: Args) -> Conditions:
    """What the parameters ask of services."""
    return [
        *(services_with_words(session, snapshot, text) for text in given.SEARCH.values(args)),
        *(_bears(Attribute.taxonomy_term_id == term) for term in given.TAXONOMY_TERM_ID.values(args)),
        *(_bears(_of_taxonomy(taxonomy)) for taxonomy in given.TAXONOMY_ID.values(args)),
        *(Service.organization_id == organization for organization in given.ORGANIZATION_ID.values(args)),
        *(Service.minimum_age >= age for age in given.MINIMUM_AGE.values(args)),
        *(Service.maximum_age <= age for age in given.MAXIMUM_AGE.values(args)),
        *(Service.last_modified >= instant for instant in given.MODIFIED_AFTER.values(args)),
        *_has_hours(args),
    ]


def place_conditions(session: Session, snapshot: Snapshot | None, args: Args) -> Conditions:
    """What the parameters ask of services at locations: of the service, and by postcode and proximity."""
    postcodes = given.POSTCODE.values(args)
    metres = given.PROXIMITY.values(args)
    if metres and not postcodes:
        raise InvalidParameter(_("“proximity” needs “postcode”: say from where the metres count."))
    points = [_point(session, postcode) for postcode in postcodes]
    of_service = service_conditions(session, snapshot, args)
    of_service += [condition for point in points for condition in not_kept_out(session, point)]
    fitting = [ServiceAtLocation.service_id.in_(select(Service.id).where(*of_service))] if of_service else []
    return [*fitting, *(_within(point, distance) for point in points for distance in metres)]


def term_conditions(args: Args) -> Conditions:
    """Which taxonomy terms a list holds."""
    return [
        *(has_words(text, TaxonomyTerm.name, TaxonomyTerm.description) for text in given.SEARCH.values(args)),
        *(TaxonomyTerm.taxonomy_id == taxonomy for taxonomy in given.OF_TAXONOMY_ID.values(args)),
        *(TaxonomyTerm.parent_id == parent for parent in given.PARENT_ID.values(args)),
        *(TaxonomyTerm.parent_id.is_(None) for top_only in given.TOP_ONLY.values(args) if top_only),
    ]


def taxonomy_conditions(args: Args) -> Conditions:
    """Which taxonomies a list holds."""
    return [has_words(text, Taxonomy.name, Taxonomy.description) for text in given.SEARCH.values(args)]


def organization_conditions(args: Args) -> Conditions:
    """Which organisations a list holds."""
    columns = (Organization.name, Organization.alternate_name, Organization.description)
    return [has_words(text, *columns) for text in given.SEARCH.values(args)]


def _bears(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return Service.id.in_(select(Attribute.service_id).where(condition, Attribute.service_id.is_not(None)))


def _of_taxonomy(taxonomy_id: UUID) -> ColumnElement[bool]:
    terms = select(TaxonomyTerm.id).where(TaxonomyTerm.taxonomy_id == taxonomy_id)
    return Attribute.taxonomy_term_id.in_(terms)


def _has_hours(args: Args) -> Conditions:
    """Hours for which start, end and day all hold, of the service itself or of one of its places."""
    wanted = [
        *(Schedule.opens_at >= start for start in given.START_TIME.values(args)),
        *(Schedule.closes_at <= end for end in given.END_TIME.values(args)),
        *(_on_day(day) for day in given.DAY.values(args)),
    ]
    if not wanted:
        return []
    owner = func.coalesce(Schedule.service_id, ServiceAtLocation.service_id)
    return [Service.id.in_(select(owner).join(Schedule.service_at_location, isouter=True).where(*wanted))]


def _on_day(day: str) -> ColumnElement[bool]:
    # "MO,TU" and "1MO" alike: the day's letters end an element of the list.
    listed = func.upper(func.replace(func.coalesce(Schedule.byday, ""), " ", ""))
    return (listed + literal(",")).contains(f"{day},")


def _point(session: Session, postcode: str) -> geography.Point:
    point = geography.resolve(session, postcode)
    if point is None:
        raise InvalidParameter(_("We do not know that postcode. Check it, or try the first half alone."))
    return point


def _within(point: geography.Point, metres: int) -> ColumnElement[bool]:
    """Within so many metres on a map that is flat around the point: right to a part in a thousand for 100 km.

    A confidential place lies nowhere: who could ask for its distance could find it.
    """
    north = (Location.latitude - point.latitude) * METRES_A_DEGREE
    east = (Location.longitude - point.longitude) * (METRES_A_DEGREE * cos(radians(point.latitude)))
    near = and_(Location.confidential.is_(False), north * north + east * east <= float(metres) ** 2)
    return ServiceAtLocation.location_id.in_(select(Location.id).where(near))


__all__ = [
    "OF_PLACES",
    "OF_SERVICES",
    "OF_TERMS",
    "Conditions",
    "organization_conditions",
    "place_conditions",
    "service_conditions",
    "shown_places",
    "shown_services",
    "taxonomy_conditions",
    "term_conditions",
]
