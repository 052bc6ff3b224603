"""The results page, and the lists that are a search with one filter set: courses, groups, a topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response, current_app, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import InterfaceError, OperationalError

from app.booking.queries.offers import NextOffer, next_offers
from app.directory.codes import Kind
from app.directory.dangers import dangers_in
from app.library.engine import engine_of
from app.library.queries import national_ids
from app.library.request import SearchRequest
from app.library.search import SearchResults, district_of, search
from app.library.showing.card_html import Reader, cards_of_hits
from app.library.showing.cards import Card, plain_card
from app.library.showing.filter_html import Choice, distance_panel, panels
from app.library.showing.results_html import asked_again, page_links
from app.library.topics import TopicTree
from app.library.views.blueprint import library
from app.library.views.chosen import chosen_ids
from app.library.views.frame import gives_services, return_address
from app.library.views.home import TILES
from app.library.views.kept_pages import Page, kept_page
from app.web import helplines
from app.web.access import PUBLIC
from app.web.database import db

KILOMETRES_A_MILE = 1.609344
MILES_OFFERED = (1, 3, 5, 10, 25)
NATIONAL_LINES = 4


@library.route("/search", access=PUBLIC, endpoint="search")
def search_page() -> Response:
    """Results for words, a place and filters."""
    wanted = SearchRequest.from_args(request.args)
    if wanted.is_empty:
        return make_response(render_template("library/search_empty.html", tiles=TILES))
    try:
        return make_response(kept_page(lambda: results_page("library/results.html", wanted)))
    except (OperationalError, InterfaceError):
        return _without_database(wanted)


@library.route("/courses", access=PUBLIC)
def courses() -> Response:
    """Every course."""
    return _kind_page(Kind.COURSE, "library/courses.html")


@library.route("/groups", access=PUBLIC)
def groups() -> Response:
    """Every peer group."""
    return _kind_page(Kind.PEER_GROUP, "library/groups.html")


def _kind_page(kind: Kind, template: str) -> Response:
    wanted = SearchRequest.from_args(request.args, path=request.path)
    wanted = replace(wanted, filters={**wanted.filters, "kind": (kind.value,)})
    return make_response(kept_page(lambda: results_page(template, wanted, fixed="kind")))


def results_page(template: str, wanted: SearchRequest, *, fixed: str = "", **context: object) -> Page:
    """A page of results. `fixed` names the filter that the page itself stands for."""
    results = search(wanted, session=db.session(), engine=engine_of(current_app))
    coming = _coming(results)
    html = render_template(template, **_results_context(results, fixed, coming), **context)
    return Page(html.encode(), _unmet_need(results), live=bool(coming))


def _results_context(results: SearchResults, fixed: str, coming: Mapping[UUID, NextOffer]) -> dict[str, Any]:
    wanted = results.request
    return {
        "results": results,
        "wanted": wanted,
        "cards": cards_of_hits(results.hits, results.point, replace(_reader(), coming=coming)),
        "chosen_filters": _chosen_filters(results, fixed),
        "facets": panels(facet for facet in results.facets if facet.name != fixed),
        "distances": [distance_panel(_("How far"), _distances(wanted))] if results.point else [],
        "danger_lines": helplines.for_dangers(results.crisis),
        "asked_again": asked_again(wanted.text, wanted.near, action=wanted.path),
        "page_links": page_links(results.page, wanted.page_addresses()) if results.hits else "",
        **(_nothing_found(results) if not results.hits else {}),
    }


def _chosen_filters(results: SearchResults, fixed: str) -> list[Choice]:
    """What narrows the results, each with the address without it; the distance too, for it can leave nothing."""
    narrowed = [
        Choice(value.label, value.url, selected=True)
        for facet in results.facets
        if facet.name != fixed
        for value in facet.selected
    ]
    if results.point is None or results.request.within_km is None:
        return narrowed
    address = results.request.distance_addresses()
    return [Choice(_within(results.request.within_km / KILOMETRES_A_MILE), address(None), selected=True), *narrowed]


def _within(miles: float) -> str:
    whole = max(1, round(miles))
    return _("Within %(miles)s miles", miles=whole) if whole > 1 else _("Within 1 mile")


def _reader() -> Reader:
    return Reader(frozenset(chosen_ids()), return_address(), signposting=gives_services())


def _coming(results: SearchResults) -> dict[UUID, NextOffer]:
    """The next dates of what can be booked; nothing is asked of the database where there is no course and no group."""
    wanted = [hit.service.id for hit in results.hits if hit.service.kind is not Kind.SERVICE]
    return next_offers(db.session(), wanted) if wanted else {}


def _unmet_need(results: SearchResults) -> tuple[str, str] | None:
    """The topic and district to count where little was found."""
    # A page further on or a narrowed search says nothing new of what is missing.
    if not results.found_little or results.request.filters or results.request.page != 1:
        return None
    return results.topics[0].slug if results.topics else "", district_of(results)


def _distances(wanted: SearchRequest) -> list[Choice]:
    address = wanted.distance_addresses()
    choices = [Choice(_("Any distance"), address(None), selected=wanted.within_km is None)]
    for miles in MILES_OFFERED:
        kilometres = round(miles * KILOMETRES_A_MILE, 1)
        choices.append(Choice(_within(miles), address(kilometres), selected=wanted.within_km == kilometres))
    return choices


def _nothing_found(results: SearchResults) -> dict[str, Any]:
    session = db.session()
    tree = TopicTree.of(session)
    meant = [topic.slug for topic in results.topics] or list(results.request["topic"])
    near = [topic for slug in meant for topic in [tree.get(slug), *tree.near(slug)] if topic]
    return {
        "near_topics": list(dict.fromkeys(near))[:6] or tree.roots(),
        "national": national_cards(meant),
    }


def national_cards(topics: list[str]) -> list[Card]:
    """Help for the whole country, fitting `topics` where there is some."""
    session = db.session()
    cards, key = engine_of(current_app).cards, ("national", *sorted(set(topics)))
    ids = cards.ids(session, key, lambda: national_ids(session, topics, limit=NATIONAL_LINES))
    found = cards.services(session, ids)
    return [plain_card(found[service_id]) for service_id in ids]


def _without_database(wanted: SearchRequest) -> Response:
    """The words of danger are answered even now; they are read without database and index."""
    lines = helplines.for_dangers(dangers_in(wanted.text))
    page = render_template("library/search_down.html", wanted=wanted, danger_lines=lines)
    response = make_response(page, 503)
    response.headers["Retry-After"] = "30"
    return response
