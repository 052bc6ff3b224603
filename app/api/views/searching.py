"""/api/search and /api/suggest: what the pages search with, for other systems. What is typed is kept nowhere."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, request

from app.api.answers import JSON_TYPE, dumps
from app.api.openapi.operations import Paths, plain, query
from app.api.suggestions import LONGEST, MOST, suggest
from app.api.views.blueprint import api, snapshot
from app.library.engine import engine_of
from app.library.request import FILTERS, LONGEST_PLACE, LONGEST_TEXT, SearchRequest
from app.library.search import search
from app.library.wire import search_json
from app.web.access import PUBLIC
from app.web.database import db
from app.web.security import NO_STORE

_FILTER_WORDS = {
    "topic": "Slug of a topic.",
    "kind": "service, course or peer-group.",
    "reach": "in-person, phone, online or home-visit.",
    "cost": "Cost, for example free.",
    "route": "How to get in: self-referral, professional-referral or drop-in.",
    "gender": "Whom it is for: women, men or trans-nonbinary.",
    "lang": "Code of a language, for example pl.",
    "access": "What helps a person to come in, for example step-free.",
    "accepting": "Whether it takes new people.",
    "open": "When it is open, for example now.",
    "age": "An age or age group.",
}
PATHS: Paths = {
    "/api/search": plain(
        "Search for help in plain words",
        "The same search as the page /search. What makes no sense in the query is passed over. Ten results a page.",
        item="SearchResults",
        tag="Search",
        parameters=(
            query("q", f"What is wrong, in anybody's words. Read up to {LONGEST_TEXT} characters."),
            query("near", f"A postcode or place name. Read up to {LONGEST_PLACE} characters."),
            query("within", "Kilometres from the place; what has no place (telephone, online) always stays."),
            query("exact", "1: the words as typed, without spelling, topics and other words for the same."),
            query("page", "Which page, from 1; past the end the last page is sent."),
            *(query(name, _FILTER_WORDS.get(name, "A filter of the results."), repeated=True) for name in FILTERS),
        ),
    ),
    "/api/suggest": plain(
        "Suggest while typing",
        f"At most {MOST} topics and names that begin with what was typed, for the search box.",
        item="Suggestions",
        tag="Search",
        parameters=(query("q", f"What was typed so far. Read up to {LONGEST} characters."),),
    ),
}


@api.route("/api/search", access=PUBLIC)
def api_search() -> Response:
    """A page of results as JSON."""
    asked = SearchRequest.from_args(request.args, path="/api/search")
    engine = engine_of(current_app)
    return _private(
        search_json(search(asked, session=db.session(), engine=engine, with_facets=False, with_reasons=False))
    )


@api.route("/api/suggest", access=PUBLIC)
def api_suggest() -> Response:
    """Topics and names for the search box."""
    return _private({"suggestions": suggest(db.session(), snapshot(), request.args.get("q", ""))})


def _private(value: Any) -> Response:
    """What somebody searched for is theirs alone: no cache keeps it."""
    response = Response(dumps(value), mimetype=JSON_TYPE)
    response.headers["Cache-Control"] = NO_STORE
    return response
