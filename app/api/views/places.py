"""/service_at_locations and /service_at_locations/{id}."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session

from app.api import filters, queries
from app.api import parameters as given
from app.api.answers import Listing, answer, found
from app.api.hsds import Json, full_service_at_location, listed_service_at_location
from app.api.openapi.operations import Paths, listing, single
from app.api.views.blueprint import feed, snapshot
from app.web.access import PUBLIC
from app.web.database import db

PATHS: Paths = {
    "/open-referral/service_at_locations": listing(
        "List services at locations",
        "Each place of each service that is active or temporarily closed, in the order of their ids.",
        item="ServiceAtLocation",
        parameters=(*filters.OF_PLACES, given.FULL),
    ),
    "/open-referral/service_at_locations/{id}": single(
        "Read a service at a location", "With everything below the service and the place.", item="ServiceAtLocation"
    ),
}


@feed.route("/service_at_locations", access=PUBLIC, strict_slashes=False)
def service_at_locations() -> Response:
    """A page of services at locations."""
    args, session = request.args, db.session()
    ids = filters.shown_places().where(*filters.place_conditions(session, snapshot(), args))
    whole = given.FULL.first(args, default=False)
    return answer(Listing(ids=ids, items=_full if whole else _listed), args)


@feed.route("/service_at_locations/<uuid:place_id>", access=PUBLIC, strict_slashes=False)
def service_at_location(place_id: UUID) -> Response:
    """One service at one location."""
    return found(next(iter(_full(db.session(), [place_id])), None))


def _listed(session: Session, ids: Sequence[UUID]) -> list[Json]:
    return [listed_service_at_location(row) for row in queries.places(session, ids)]


def _full(session: Session, ids: Sequence[UUID]) -> list[Json]:
    return [full_service_at_location(row) for row in queries.whole_places(session, ids)]
