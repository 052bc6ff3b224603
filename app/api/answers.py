"""Answers of the feed: pages in their envelope, single objects, streams; with ETag and cache headers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, stream_with_context
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.api import parameters as given
from app.api import queries
from app.api.hsds import Json
from app.core.errors import NotFound
from app.web.caching import OPEN_DATA, conditional
from app.web.database import db

JSON_TYPE = "application/json"
NDJSON_TYPE = "application/x-ndjson"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list of the feed: which ids it has and what becomes of some of them, in the same order."""

    ids: queries.Ids
    items: Callable[[Session, Sequence[UUID]], list[Json]]


class Missing(NotFound):
    """An id or a page that is not there; the message says so in words fit for a reader of the feed."""


def dumps(value: Any) -> str:
    """Compact JSON, in UTF-8 rather than escapes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def open_json(value: Any) -> Response:
    """Open data that anybody may keep for a minute, or 304 to a reader who has it."""
    return conditional(Response(dumps(value), mimetype=JSON_TYPE), cache_control=OPEN_DATA)


def found(value: Json | None) -> Response:
    """A single object, or 404."""
    if value is None:
        raise Missing(_("There is nothing with this id. Ids are those of the lists, and stay the same."))
    return open_json(value)


def answer(listing: Listing, args: MultiDict[str, str], *, whole_by_default: bool = False) -> Response:
    """A page of the list, or all of it as lines.

    `whole_by_default`: all of it is one page unless per_page is given.
    """
    number, size = given.PAGE.first(args, default=1), given.PER_PAGE.first(args, default=0)
    if given.FORMAT.first(args, default="json") == "ndjson":
        return _stream(listing)
    total = queries.count(db.session(), listing.ids)
    size = size or (max(total, 1) if whole_by_default else given.DEFAULT_PER_PAGE)
    return open_json(_page(db.session(), listing, number=number, size=size, total=total))


def _page(session: Session, listing: Listing, *, number: int, size: int, total: int) -> Json:
    """One page in its envelope; a page after the last is not there."""
    pages = max(1, -(-total // size))
    if number > pages:
        raise Missing(_("There is no such page. The last page is %(pages)s.", pages=pages))
    ids = queries.cut(session, listing.ids, offset=(number - 1) * size, limit=size)
    return envelope(listing.items(session, ids), number=number, pages=pages, total=total)


def envelope(contents: list[Json], *, number: int, pages: int, total: int) -> Json:
    """What stands around the items of a page. An empty list has one page, which is the first and the last."""
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number == pages,
        "empty": not contents,
        "contents": contents,
    }


def _stream(listing: Listing) -> Response:
    response = Response(stream_with_context(_lines(listing)), mimetype=NDJSON_TYPE)
    response.headers["Cache-Control"] = OPEN_DATA
    return response


def _lines(listing: Listing) -> Iterator[str]:
    session = db.session()
    for ids in queries.in_chunks(session, listing.ids):
        lines = "".join(dumps(item) + "\n" for item in listing.items(session, ids))
        # A slow reader must hold neither a transaction nor the objects sent so far.
        session.rollback()
        session.expunge_all()
        yield lines
