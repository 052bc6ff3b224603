"""A collection as everybody sees it."""

from __future__ import annotations

from flask import Response, render_template

from app.directory import queries
from app.directory.curation import collections
from app.library.showing.cards import card
from app.library.views.blueprint import library
from app.web.access import PUBLIC
from app.web.caching import conditional
from app.web.database import db


@library.route("/collections/<slug>", access=PUBLIC)
def collection(slug: str) -> Response:
    """The services that somebody put together, each with a word on why."""
    session = db.session()
    found = collections.published_one(session, slug)
    notes = {item.service_id: item.note for item in collections.items(session, found.id)}
    services = queries.services_by_id(session, list(notes))
    cards = [(card(service), notes[service.id]) for service in services if service.status in queries.SHOWN]
    return conditional(render_template("library/collection.html", collection=found, cards=cards))
