"""What the person decides: each permission, how to be reached, and what they say of themselves."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import PERSON
from app.accounts.current import current_actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.me.access import own
from app.me.forms import OwnContactForm, OwnPermissionForm
from app.me.views.blueprint import me
from app.people import queries
from app.people.codes import PermissionKind
from app.people.equality_form import EqualityForm
from app.people.labels import LEVELS, QUESTIONS
from app.people.operations import answer_permission, change_person
from app.people.operations.equality import answer_equality, equality_of
from app.people.operations.records import details_of
from app.people.queries import offered_organizations
from app.web.database import db

Page = Response | str | tuple[str, int]


@me.route("/me/records/<uuid:person_id>/permissions/<kind>", access=PERSON, methods=["GET", "POST"], writes=True)
def permission(person_id: UUID, kind: str) -> Page:
    """One question, what it means, and one's answer."""
    session, actor = db.session(), current_actor()
    person, asked = own(person_id), _kind(kind)
    history = [row for row in queries.permission_history(session, person.id) if row.kind is asked]
    offered = offered_organizations(session, history)
    form = OwnPermissionForm.about(asked, offered, queries.standings(session, person.id)[asked].version)
    if form.validate_on_submit():
        answer_permission(session, actor, person, form.answer(asked, offered))
        return redirect(url_for("me.record", person_id=person.id, done="saved"), code=303)
    page = render_template(
        "me/permission.html",
        form=form,
        person=person,
        kind=asked.value,
        question=QUESTIONS[asked],
        history=history,
        levels=LEVELS,
    )
    return (page, 422) if form.errors else page


def _kind(text: str) -> PermissionKind:
    try:
        return PermissionKind(text)
    except ValueError as error:
        raise NotFound("permission") from error


@me.route("/me/records/<uuid:person_id>/contact", access=PERSON, methods=["GET", "POST"], writes=True)
def contact(person_id: UUID) -> Page:
    """How it is safe to be reached."""
    session, actor = db.session(), current_actor()
    person = own(person_id)
    form = OwnContactForm.showing(details_of(person), person.revision)
    if form.validate_on_submit():
        try:
            wanted = form.onto(details_of(person))
            change_person(session, actor, person, wanted, revision=person.revision)
        except (InvalidInput, Refused) as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("me.record", person_id=person.id, done="saved"), code=303)
    page = render_template("me/contact.html", form=form, person=person)
    return (page, 422) if form.errors else page


@me.route("/me/records/<uuid:person_id>/equality", access=PERSON, methods=["GET", "POST"], writes=True)
def equality(person_id: UUID) -> Page:
    """Questions that nobody has to answer."""
    session, actor = db.session(), current_actor()
    person = own(person_id)
    form = EqualityForm.showing(equality_of(session, person.id))
    if form.validate_on_submit():
        done = "saved" if answer_equality(session, actor, person, form.answers()) else None
        return redirect(url_for("me.record", person_id=person.id, done=done), code=303)
    page = render_template("me/equality.html", form=form, person=person)
    return (page, 422) if form.errors else page
