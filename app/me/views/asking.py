"""A copy of everything, something put right, or everything deleted: asked here, answered by somebody, read here."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.access import PERSON
from app.accounts.current import current_actor
from app.core.errors import NotFound
from app.directory.dangers import dangers_in
from app.me.access import own
from app.me.forms import AskForm
from app.me.views.blueprint import me
from app.people.codes import RequestKind
from app.people.operations import requests
from app.web.database import db

Page = Response | str | tuple[str, int]


@me.route("/me/records/<uuid:person_id>/ask", access=PERSON, methods=["GET", "POST"], writes=True)
def ask(person_id: UUID) -> Page:
    """What may be asked for, and what happens then."""
    person, form = own(person_id), AskForm()
    if form.validate_on_submit():
        kind, wish = RequestKind(form.kind.data), form.wish.data or ""
        in_danger = bool(dangers_in(wish))
        requests.ask_for(db.session(), current_actor(), person, kind, wish, speaks_of_danger=in_danger)
        done = "asked-and-help" if in_danger else "asked"
        return redirect(url_for("me.record", person_id=person.id, done=done), code=303)
    page = render_template("me/ask.html", form=form, person=person)
    return (page, 422) if form.errors else page


@me.route("/me/records/<uuid:person_id>/copies/<uuid:request_id>", access=PERSON, writes=True)
def copy(person_id: UUID, request_id: UUID) -> str:
    """The copy, for as long as it is kept."""
    person = own(person_id)
    asked = next((each for each in requests.requests_by(db.session(), [person.id]) if each.id == request_id), None)
    if asked is None or asked.prepared is None:
        raise NotFound("copy")
    return render_template("me/copy.html", person=person, asked=asked)
