"""What somebody asked for about their record on the telephone or at the desk, written down for them."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.people.access import WORKER
from app.people.care_forms import AskedForm
from app.people.codes import RequestKind
from app.people.operations import open_to_change, requests
from app.people.views.blueprint import people
from app.web.database import db

Page = Response | str | tuple[str, int]


@people.route("/desk/people/<uuid:person_id>/asked", access=WORKER, methods=["GET", "POST"], writes=True)
def asked(person_id: UUID) -> Page:
    """A copy of everything, that something be put right or all be deleted: the privacy officer answers in a month."""
    session, actor = db.session(), current_actor()
    person, form = open_to_change(session, actor, person_id, reason="request"), AskedForm()
    if form.validate_on_submit():
        requests.ask_for(session, actor, person, RequestKind(form.kind.data), form.wish.data or "")
        return redirect(url_for("people.record", person_id=person.id, done="request"), code=303)
    page = render_template("people/asked.html", form=form, person=person)
    return (page, 422) if form.errors else page
