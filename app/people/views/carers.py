"""Carers and representatives, and answers about equality, as staff write them down."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.people.access import WORKER
from app.people.care_forms import CarerForm
from app.people.equality_form import EqualityForm
from app.people.operations import open_to_change
from app.people.operations.carers import add_carer, end_carer
from app.people.operations.equality import answer_equality
from app.people.views.blueprint import people
from app.people.views.looks import refused
from app.web.database import db

Page = Response | str | tuple[str, int]


@people.route("/desk/people/<uuid:person_id>/carers", access=WORKER, methods=["GET", "POST"], writes=True)
def carers(person_id: UUID) -> Page:
    """Somebody close to the person."""
    session, actor = db.session(), current_actor()
    person, form = open_to_change(session, actor, person_id), CarerForm()
    if form.validate_on_submit():
        add_carer(session, actor, person, form.details())
        return redirect(url_for("people.record", person_id=person.id, done="saved"), code=303)
    page = render_template("people/carer.html", form=form, person=person)
    return refused(person, page) if form.errors else page


@people.route("/desk/people/<uuid:person_id>/carers/<uuid:carer_id>/end", access=WORKER, methods=["POST"])
def end_of_carer(person_id: UUID, carer_id: UUID) -> Response:
    """The agreement ends."""
    session, actor = db.session(), current_actor()
    end_carer(session, actor, open_to_change(session, actor, person_id), carer_id)
    return redirect(url_for("people.record", person_id=person_id, done="saved"), code=303)


@people.route("/desk/people/<uuid:person_id>/equality", access=WORKER, methods=["GET", "POST"], writes=True)
def equality(person_id: UUID) -> Page:
    """Questions about equality, asked for the person. What they answered before is not shown here."""
    session, actor = db.session(), current_actor()
    person, form = open_to_change(session, actor, person_id), EqualityForm()
    if form.validate_on_submit():
        done = "saved" if answer_equality(session, actor, person, form.given()) else None
        return redirect(url_for("people.record", person_id=person.id, done=done), code=303)
    page = render_template("people/equality.html", form=form, person=person)
    return refused(person, page) if form.errors else page
