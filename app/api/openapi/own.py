"""The shapes of Waymark's own answers: search, suggestions, health, errors. Here null is a value."""

from __future__ import annotations

from app.api.openapi.operations import ref
from app.api.openapi.shapes import (
    Json,
    any_text,
    anything,
    maybe,
    number,
    one_of,
    text,
    truth,
    uuid,
    whole,
    whole_object,
)
from app.directory.codes import Coverage, Kind, Precision, Reach

SEARCH_RESULTS = whole_object(
    "A page of results, best first.",
    "total",
    "took_ms",
    "results",
    "topics",
    "did_you_mean",
    "crisis",
    total=whole("Results over all pages."),
    took_ms=number("Understanding, scoring and ranking, in milliseconds.", low=0),
    page=whole(least=1),
    pages=whole(least=1),
    results=anything("SearchHit"),
    topics=anything("TopicGuess"),
    did_you_mean=maybe(any_text("The words with their spelling mended.")),
    crisis={"type": "array", "items": text(), "description": "Kinds of danger that the words speak of."},
    near=maybe(ref("Near")),
    degraded=truth("True while the search index is away and the database answers, more coarsely."),
)

SEARCH_HIT = whole_object(
    "One result.",
    "id",
    "name",
    "score",
    "source",
    "source_id",
    "distance_km",
    id=uuid("Of the service, as in the feed."),
    name=any_text(),
    score=number(),
    source=maybe(any_text("The feed that it was imported from.")),
    source_id=maybe(any_text("Its id there.")),
    distance_km=maybe(number(low=0)),
    kind=one_of(Kind),
    organization=ref("OrganizationName"),
    topics={"type": "array", "items": text()},
    coverage=one_of(Coverage),
    reach={"type": "array", "items": one_of(Reach)},
)

TOPIC_GUESS = whole_object(
    "A topic that the words may mean.", "slug", "label", "weight", slug=text(), label=text(), weight=number()
)
NEAR = whole_object(
    "Where distances are counted from.", "label", "precision", label=any_text(), precision=one_of(Precision)
)
ORGANIZATION_NAME = whole_object("Who provides it.", "id", "name", id=uuid(), name=any_text())

SUGGESTIONS = whole_object("What may be meant.", "suggestions", suggestions=anything("Suggestion"))
SUGGESTION = whole_object(
    "Words to search for, or a service to open.",
    "label",
    "url",
    label=text(),
    url=maybe(text("Path of the service's page; null where the label is to be searched for.")),
)

HEALTH = whole_object("The process is alive.", "status", status=one_of(("ok",)))
READINESS = whole_object(
    "Whether requests can be sent here.",
    "status",
    status=one_of(("ready", "not ready")),
    checks={"type": "object", "additionalProperties": truth(), "description": "Only for those who run Waymark."},
    outbox_lag_seconds=maybe(number("How long the oldest due message has waited; only for them.", low=0)),
)
OPEN_API = {"type": "object", "required": ["openapi", "info", "paths"], "description": "An OpenAPI document."}

ERROR = whole_object(
    "What happened and what to do next.",
    "error",
    error=whole_object(
        "The error.", "status", "title", "message", status=whole(least=400), title=text(), message=text()
    ),
)

OWN_SCHEMAS: dict[str, Json] = {
    "Error": ERROR,
    "Health": HEALTH,
    "Near": NEAR,
    "OpenApi": OPEN_API,
    "OrganizationName": ORGANIZATION_NAME,
    "Readiness": READINESS,
    "SearchHit": SEARCH_HIT,
    "SearchResults": SEARCH_RESULTS,
    "Suggestion": SUGGESTION,
    "Suggestions": SUGGESTIONS,
    "TopicGuess": TOPIC_GUESS,
}
