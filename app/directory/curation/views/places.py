"""The page behind the month's mail: a provider's listings, each with three buttons."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.actor import Actor, ActorKind
from app.directory.codes import Accepting
from app.directory.curation import operations, places
from app.directory.curation.forms import CapacityForm
from app.directory.curation.views.blueprint import curation
from app.notifications import links
from app.web.access import PUBLIC
from app.web.database import db


@curation.route("/places/<token>", access=PUBLIC)
def places_by_link(token: str) -> str | tuple[str, int]:
    """The listings and what is known of their places. Opening the page uses nothing up."""
    link = links.find(db.session(), places.PURPOSE, token)
    if link is None:
        return render_template("curation/link_over.html"), 404
    return _page(token, link.subject_id, None, None)


@curation.route("/places/<token>/<uuid:service_id>", access=PUBLIC, methods=["POST"])
def say_places_by_link(token: str, service_id: UUID) -> Response | str | tuple[str, int]:
    """Places, a waiting list or closed, in one press."""
    session = db.session()
    link = links.find(session, places.PURPOSE, token)
    if link is None:
        return render_template("curation/link_over.html"), 404
    service = places.listing_of(session, link.subject_id, service_id)
    form = _form()
    if not form.validate():
        return _page(token, link.subject_id, service_id, form), 422
    holder = Actor(kind=ActorKind.LINK, subject_id=service.id)
    operations.state_capacity(session, holder, service, Accepting(form.accepting.data), wait_weeks=form.wait_weeks.data)
    address = url_for("curation.places_by_link", token=token, said=service.id)
    return redirect(f"{address}#listing-{service.id}", code=303)


def _form() -> CapacityForm:
    """What was sent; the weeks count only with the button beside them."""
    sent = request.form.copy()
    if sent.get("accepting") != Accepting.WAITING_LIST:
        sent.pop("wait_weeks", None)
    return CapacityForm(formdata=sent)


def _page(token: str, provider_id: UUID, wrong_id: UUID | None, form: CapacityForm | None) -> str:
    return render_template(
        "curation/places.html",
        token=token,
        listings=places.listings_of(db.session(), provider_id),
        said=request.args.get("said", ""),
        wrong_id=wrong_id,
        wrong=next(iter(form.errors.values()))[0] if form else "",
        typed=request.form.get("wait_weeks", ""),
    )
