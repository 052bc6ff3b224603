"""/organizations and /organizations/{id}."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from flask import Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api import filters, queries
from app.api import parameters as given
from app.api.answers import Listing, answer, found
from app.api.hsds import Json, full_organization, full_service, listed_organization, listed_service
from app.api.openapi.operations import Paths, listing, single
from app.api.views.blueprint import feed
from app.directory.models import Organization
from app.web.access import PUBLIC
from app.web.database import db

PATHS: Paths = {
    "/open-referral/organizations": listing(
        "List organisations",
        "Those that provide services, in the order of their ids.",
        item="Organization",
        parameters=(given.SEARCH, given.FULL, given.FULL_SERVICE),
    ),
    "/open-referral/organizations/{id}": single(
        "Read an organisation",
        "With its identifiers, contacts and the services that are active or temporarily closed.",
        item="Organization",
        parameters=(given.FULL_SERVICE,),
    ),
}


@feed.route("/organizations", access=PUBLIC, strict_slashes=False)
def organizations() -> Response:
    """A page of organisations."""
    args = request.args
    ids = select(Organization.id).where(*filters.organization_conditions(args))
    with_services = given.FULL_SERVICE.first(args, default=False)
    nested = given.FULL.first(args, default=False) or with_services
    return answer(Listing(ids=ids, items=partial(_full, whole=with_services) if nested else _listed), args)


@feed.route("/organizations/<uuid:organization_id>", access=PUBLIC, strict_slashes=False)
def organization(organization_id: UUID) -> Response:
    """One organisation."""
    whole = given.FULL_SERVICE.first(request.args, default=False)
    return found(next(iter(_full(db.session(), [organization_id], whole=whole)), None))


def _listed(session: Session, ids: Sequence[UUID]) -> list[Json]:
    return [listed_organization(row) for row in queries.organizations(session, ids)]


def _full(session: Session, ids: Sequence[UUID], *, whole: bool) -> list[Json]:
    offered = queries.services_of(session, ids, whole=whole)
    write = full_service if whole else listed_service
    rows = queries.whole_organizations(session, ids)
    return [full_organization(row, (write(service) for service in offered.get(row.id, ()))) for row in rows]
