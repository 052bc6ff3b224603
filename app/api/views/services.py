"""/services and /services/{id}."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session

from app.api import filters, queries
from app.api import parameters as given
from app.api.answers import Listing, answer, found
from app.api.hsds import Json, full_service, instant, listed_service
from app.api.openapi.operations import Paths, listing, single
from app.api.views.blueprint import feed, snapshot
from app.web.access import PUBLIC
from app.web.database import db

PATHS: Paths = {
    "/open-referral/services": listing(
        "List services",
        "Services that are active or temporarily closed, in the order of their ids.",
        item="Service",
        parameters=(*filters.OF_SERVICES, given.MINIMAL, given.FULL),
        also=("MinimalService",),
    ),
    "/open-referral/services/{id}": single(
        "Read a service",
        "A service with everything below it, whatever its status: one that has closed for good says so.",
        item="Service",
    ),
}


@feed.route("/services", access=PUBLIC, strict_slashes=False)
def services() -> Response:
    """A page of services."""
    args, session = request.args, db.session()
    ids = filters.shown_services().where(*filters.service_conditions(session, snapshot(), args))
    minimal, full = given.MINIMAL.first(args, default=False), given.FULL.first(args, default=False)
    items = _minimal if minimal else _full if full else _listed
    return answer(Listing(ids=ids, items=items), args, whole_by_default=minimal)


@feed.route("/services/<uuid:service_id>", access=PUBLIC, strict_slashes=False)
def service(service_id: UUID) -> Response:
    """One service."""
    row = queries.whole_service(db.session(), service_id)
    return found(full_service(row) if row else None)


def _listed(session: Session, ids: Sequence[UUID]) -> list[Json]:
    return [listed_service(row) for row in queries.services(session, ids)]


def _full(session: Session, ids: Sequence[UUID]) -> list[Json]:
    return [full_service(row) for row in queries.whole_services(session, ids)]


def _minimal(session: Session, ids: Sequence[UUID]) -> list[Json]:
    rows = queries.service_dates(session, ids)
    return [{"id": str(service_id), "modified_date": instant(modified)} for service_id, modified in rows]
