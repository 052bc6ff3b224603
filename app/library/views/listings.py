"""The pages of a service and of an organisation."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from flask import Response, current_app, make_response, redirect, render_template, request, url_for

from app.booking.queries import offers
from app.core import clock
from app.core.errors import NotFound
from app.directory import queries
from app.directory.codes import AccessRoute
from app.directory.curation.redirects import redirect_of
from app.directory.models import Service
from app.directory.showing.costs import cost_lines
from app.directory.showing.hours import hours_rows, schedules_of
from app.directory.showing.places import has_hidden_place, phones_of
from app.directory.showing.ways import ways, ways_of
from app.library.showing import listing
from app.library.showing.cards import by_kind, card
from app.library.showing.hours import opening_words
from app.library.structured import organization_json_ld, service_json_ld
from app.library.views.blueprint import library
from app.referrals.parties import REFERRING
from app.referrals.queries import pathways
from app.web.access import PUBLIC
from app.web.caching import conditional
from app.web.database import db

# On a phone a card is as tall as the screen; more of them than this are told in a line each.
MOST_CARDS = 4


@library.route("/services/<uuid:service_id>", access=PUBLIC)
def service(service_id: UUID) -> Response:
    """Everything that is told of a service."""
    found = queries.service_page(db.session(), service_id)
    if found is None:
        raise NotFound("service")
    if found.status not in queries.SHOWN:
        if (now_at := redirect_of(db.session(), found.id)) is not None:
            return make_response(redirect(url_for("library.service", service_id=now_at), code=301))
        return make_response(render_template("library/closed.html", service=found), 410)
    page = render_template(
        "library/service.html",
        **_service_context(found),
        structured=service_json_ld(found, _address("library.service", service_id=found.id)),
        reported=request.args.get("reported") == "1",
    )
    return conditional(page)


def _service_context(found: Service) -> dict[str, Any]:
    topics = listing.need_topics(found)
    by_oneself = [each for each in pathways.of_service(db.session(), found) if each.self_referral]
    return {
        "service": found,
        "own_pathways": pathways.names_for(db.session(), by_oneself, of_oneself=True),
        "refers": frozenset(role.value for role in REFERRING),
        "card": card(found),
        "only_referred": found.access_routes == {AccessRoute.PROFESSIONAL_REFERRAL},
        "topics": topics,
        "topic": topics[0] if topics else None,
        "places": listing.places_of(found),
        "hidden_place": has_hidden_place(found),
        "own_hours": hours_rows(found.schedules),
        "opening": opening_words(schedules_of(found), clock.local_now().replace(tzinfo=None)),
        "areas": ", ".join(area.name for area in found.service_areas if area.name),
        "languages_spoken": listing.languages_of(found),
        "costs": cost_lines(found),
        **_bookable(found),
        "phones": phones_of(found),
        **asdict(ways_of(found)),
    }


def _bookable(found: Service) -> dict[str, Any]:
    """What of it can be booked here."""
    course = offers.course_of_service(db.session(), found.id)
    return {"course": course, "offers": offers.offers_of_service(db.session(), found.id) if course else []}


@library.route("/organisations/<uuid:organization_id>", access=PUBLIC)
def organization(organization_id: UUID) -> Response:
    """An organisation and what it offers."""
    found = queries.organization_page(db.session(), organization_id)
    if found is None:
        raise NotFound("organisation")
    # Whose they are stands at the head of the page.
    offered = queries.services_of_organization(db.session(), organization_id)
    cards = [replace(card(each), organization="") for each in offered]
    address, told = _address("library.organization", organization_id=found.id), ways(found.email, found.website)
    page = render_template(
        "library/organization.html",
        organization=found,
        cards=cards,
        kinds=by_kind(cards) if len(cards) > MOST_CARDS else [],
        structured=organization_json_ld(found, address),
        address=address,
        **asdict(told),
    )
    return conditional(page)


def _address(endpoint: str, **arguments: Any) -> str:
    base_url: str = current_app.extensions["waymark_settings"].base_url
    return base_url + url_for(endpoint, **arguments)
