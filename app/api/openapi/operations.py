"""Pieces of the document that the views state beside themselves: what an address takes and answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.api import parameters as given
from app.api.parameters import Parameter

Json = dict[str, Any]
Paths = dict[str, Json]
FEED = "Open Referral UK feed"
HEALTH = "Health"
SCHEMAS = "#/components/schemas/"
_PAGING: tuple[Parameter[Any], ...] = (given.PAGE, given.PER_PAGE, given.FORMAT)
_ID: Json = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "An id from the list.",
    "schema": {"type": "string", "format": "uuid", "pattern": given.UUID_PATTERN},
}


def ref(name: str) -> Json:
    """A reference to a schema of the document."""
    return {"$ref": SCHEMAS + name}


def query(name: str, description: str, *, repeated: bool = False) -> Json:
    """A query parameter that takes any text; `repeated`: several values are any of them."""
    text: Json = {"type": "string"}
    schema: Json = {"type": "array", "items": text} if repeated else text
    return {"name": name, "in": "query", "description": description, "schema": schema}


def listing(
    summary: str,
    description: str,
    *,
    item: str,
    parameters: Iterable[Parameter[Any]],
    also: tuple[str, ...] = (),
) -> Json:
    """A list of the feed in pages. `also` names schemas that its items may have instead."""
    items = {"anyOf": [ref(name) for name in (item, *also)]} if also else ref(item)
    page = {"allOf": [ref("Page")], "type": "object", "properties": {"contents": {"type": "array", "items": items}}}
    lines = {"type": "string", "description": "One item a line, each a JSON object."}
    media = {"application/json": {"schema": page}, "application/x-ndjson": {"schema": lines}}
    described = [described_by(parameter) for parameter in (*parameters, *_PAGING)]
    return _get(summary, description, tag=FEED, parameters=described, ok=_open(media), errors=("400", "404", "503"))


def single(summary: str, description: str, *, item: str, parameters: Iterable[Parameter[Any]] = ()) -> Json:
    """One object of the feed by its id."""
    described = [_ID, *(described_by(parameter) for parameter in parameters)]
    errors = ("400", "404", "503") if len(described) > 1 else ("404", "503")
    return _get(summary, description, tag=FEED, parameters=described, ok=_open(_json(item)), errors=errors)


def plain(summary: str, description: str, *, item: str, tag: str = FEED, parameters: Iterable[Json] = ()) -> Json:
    """An address that answers one kind of object."""
    is_open = tag != "Search"
    ok = (
        _open(_json(item))
        if is_open
        else {"200": {"description": "The answer; no cache may keep it.", "content": _json(item)}}
    )
    return _get(summary, description, tag=tag, parameters=list(parameters), ok=ok, errors=() if is_open else ("503",))


def health(summary: str, description: str, *, answers: Mapping[str, str | None], guarded: bool = False) -> Json:
    """An address for those who run Waymark: status to schema, None for the text of Prometheus."""
    text = {"text/plain": {"schema": {"type": "string"}}}
    ok = {
        status: {"description": "As it stands now.", "content": _json(name) if name else text}
        for status, name in answers.items()
    }
    if guarded:
        ok["403"] = {"description": "Neither this machine nor the token.", "content": text}
    operation = _get(summary, description, tag=HEALTH, parameters=[], ok=ok, errors=())
    if guarded:
        operation["get"]["security"] = [{}, {"metricsToken": []}]
    return operation


def described_by(parameter: Parameter[Any]) -> Json:
    """A query parameter in the words of OpenAPI."""
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": parameter.schema,
        "allowEmptyValue": True,
    }


def _get(
    summary: str, description: str, *, tag: str, parameters: list[Json], ok: Json, errors: tuple[str, ...]
) -> Json:
    refused = {status: {"$ref": f"#/components/responses/{status}"} for status in errors}
    operation = {"summary": summary, "description": description, "tags": [tag], "responses": ok | refused}
    return {"get": operation | ({"parameters": parameters} if parameters else {})}


def _open(media: Json) -> Json:
    """Answers that anybody may read and keep for a minute."""
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in ("Access-Control-Allow-Origin", "ETag")}
    return {
        "200": {
            "description": "Found.",
            "content": media,
            "headers": {"Access-Control-Allow-Origin": headers["Access-Control-Allow-Origin"]},
        },
        "304": {"description": "As it was when you got the ETag that you named in If-None-Match.", "headers": headers},
    }


def _json(name: str) -> Json:
    return {"application/json": {"schema": ref(name)}}
