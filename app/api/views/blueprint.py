"""The blueprints: the feed under its base address, and the API beside it."""

from __future__ import annotations

from flask import Response, current_app

from app.api.answers import Missing
from app.api.parameters import InvalidParameter
from app.library.engine import engine_of
from app.web.blueprint import FeatureBlueprint
from app.web.errors import error_response
from search_index import IndexUnavailable, Snapshot

feed = FeatureBlueprint("open_referral", __name__, url_prefix="/open-referral")
api = FeatureBlueprint("api", __name__)


@feed.errorhandler(InvalidParameter)
@api.errorhandler(InvalidParameter)
def refuse(error: InvalidParameter) -> Response:
    """400 with the sentence that says which parameter and what it must be."""
    return error_response(400, error.message)


@feed.errorhandler(Missing)
def missing(error: Missing) -> Response:
    """404 with a sentence about the id or the page."""
    return error_response(404, error.message)


def snapshot() -> Snapshot | None:
    """The search index as it stands, or None while there is none."""
    try:
        return engine_of(current_app).index.snapshot()
    except IndexUnavailable:
        return None
