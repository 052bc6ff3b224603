"""The pages behind the link of a reminder: whoever has it may say "still right", or propose a change."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.core.actor import Actor, ActorKind
from app.core.errors import NotFound
from app.directory import queries as directory
from app.directory.curation import operations
from app.directory.curation.document import document_of
from app.directory.curation.forms import ListingForm
from app.directory.curation.freshness import PURPOSE
from app.directory.curation.row_words import lines
from app.directory.curation.views.blueprint import curation
from app.directory.curation.views.listings import edit_page, topic_choices
from app.directory.models import Service
from app.notifications import links
from app.web.access import PUBLIC
from app.web.database import db


@curation.route("/check/<token>", access=PUBLIC)
def check_by_link(token: str) -> str | tuple[str, int]:
    """The listing and two buttons. Opening the page uses nothing up."""
    service = _listing_of(token)
    if service is None:
        return render_template("curation/link_over.html"), 404
    return _check_page(service, token, done=False)


@curation.route("/check/<token>", access=PUBLIC, methods=["POST"], endpoint="still_right_by_link")
def still_right_by_link(token: str) -> str | tuple[str, int]:
    """Still right, in one press."""
    service = _listing_of(token)
    if service is None:
        return render_template("curation/link_over.html"), 404
    operations.still_right(db.session(), _holder(service), service)
    return _check_page(service, token, done=True)


def _check_page(service: Service, token: str, *, done: bool) -> str:
    document = document_of(service)
    open_places = [place for place in document["places"] if not place.get("confidential")]
    rows = {"hours": document["hours"], "places": open_places, "costs": document["costs"]}
    told = {kind: lines(kind, its, open_places) for kind, its in rows.items()}
    return render_template("curation/check.html", service=service, told=told, token=token, done=done)


@curation.route("/check/<token>/change", access=PUBLIC, methods=["GET", "POST"])
def change_by_link(token: str) -> Response | str | tuple[str, int]:
    """Propose what the listing should say."""
    service = _listing_of(token)
    if service is None:
        return render_template("curation/link_over.html"), 404
    form = ListingForm.showing(document_of(service), topic_choices(service), hides_secrets=True)
    if not form.was_pressed and form.validate_on_submit():
        operations.propose(db.session(), _holder(service), service, form.document(), note=form.note.data or "")
        return redirect(url_for("curation.change_sent"), code=303)
    page = edit_page(service, form, by_link=True)
    return (page, 422) if form.errors else page


@curation.route("/check/thank-you", access=PUBLIC)
def change_sent() -> str:
    """An editor will look at the change."""
    return render_template("curation/change_sent.html")


def _listing_of(token: str) -> Service | None:
    link = links.find(db.session(), PURPOSE, token)
    if link is None:
        return None
    service = directory.service_page(db.session(), link.subject_id)
    if service is None:
        raise NotFound("service")
    return service


def _holder(service: Service) -> Actor:
    return Actor(kind=ActorKind.LINK, subject_id=service.id)
