"""/taxonomies, /taxonomy_terms and one of each."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api import filters, queries
from app.api import parameters as given
from app.api.answers import Listing, answer, found
from app.api.hsds import Json, full_taxonomy, taxonomy_json, term_json
from app.api.openapi.operations import Paths, listing, single
from app.api.views.blueprint import feed
from app.directory.models import Taxonomy, TaxonomyTerm
from app.web.access import PUBLIC
from app.web.database import db

PATHS: Paths = {
    "/open-referral/taxonomies": listing(
        "List taxonomies", "The lists that terms are taken from.", item="Taxonomy", parameters=(given.SEARCH,)
    ),
    "/open-referral/taxonomies/{id}": single("Read a taxonomy", "With all its terms.", item="Taxonomy"),
    "/open-referral/taxonomy_terms": listing(
        "List taxonomy terms",
        "Topics, kinds of service and circumstances.",
        item="TaxonomyTerm",
        parameters=filters.OF_TERMS,
    ),
    "/open-referral/taxonomy_terms/{id}": single("Read a taxonomy term", "One term.", item="TaxonomyTerm"),
}


@feed.route("/taxonomies", access=PUBLIC, strict_slashes=False)
def taxonomies() -> Response:
    """A page of taxonomies."""
    ids = select(Taxonomy.id).where(*filters.taxonomy_conditions(request.args))
    return answer(Listing(ids=ids, items=_taxonomies), request.args)


@feed.route("/taxonomies/<uuid:taxonomy_id>", access=PUBLIC, strict_slashes=False)
def taxonomy(taxonomy_id: UUID) -> Response:
    """One taxonomy."""
    session = db.session()
    row = session.get(Taxonomy, taxonomy_id)
    return found(full_taxonomy(row, queries.terms_of(session, row.id)) if row else None)


@feed.route("/taxonomy_terms", access=PUBLIC, strict_slashes=False)
def taxonomy_terms() -> Response:
    """A page of terms."""
    ids = select(TaxonomyTerm.id).where(*filters.term_conditions(request.args))
    return answer(Listing(ids=ids, items=_terms), request.args)


@feed.route("/taxonomy_terms/<uuid:term_id>", access=PUBLIC, strict_slashes=False)
def taxonomy_term(term_id: UUID) -> Response:
    """One term."""
    row = db.session().get(TaxonomyTerm, term_id)
    return found(term_json(row) if row else None)


def _taxonomies(session: Session, ids: Sequence[UUID]) -> list[Json]:
    return [taxonomy_json(row) for row in queries.taxonomies(session, ids)]


def _terms(session: Session, ids: Sequence[UUID]) -> list[Json]:
    return [term_json(row) for row in queries.terms(session, ids)]
