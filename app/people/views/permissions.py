"""The five permissions as staff ask for them: one question a page, and what was answered before."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core.errors import NotFound
from app.people import queries
from app.people.access import WORKER
from app.people.codes import PermissionKind
from app.people.labels import LEVELS, METHODS, PERMISSIONS, QUESTIONS
from app.people.operations import answer_permission, open_to_change
from app.people.permission_forms import PermissionForm
from app.people.views.blueprint import people
from app.people.views.looks import refused
from app.web.database import db

Page = Response | str | tuple[str, int]


@people.route("/desk/people/<uuid:person_id>/permissions/<kind>", access=WORKER, methods=["GET", "POST"], writes=True)
def permission(person_id: UUID, kind: str) -> Page:
    """Ask one question, and see every answer to it so far."""
    session, actor = db.session(), current_actor()
    person, asked = open_to_change(session, actor, person_id), _kind(kind)
    history = [row for row in queries.permission_history(session, person.id) if row.kind is asked]
    offered = queries.offered_organizations(session, history)
    form = PermissionForm.about(asked, offered, queries.standings(session, person.id)[asked].version)
    if form.validate_on_submit():
        answer_permission(session, actor, person, form.answer(asked, offered))
        return redirect(url_for("people.record", person_id=person.id, done="saved"), code=303)
    page = render_template(
        "people/permission.html",
        form=form,
        person=person,
        label=PERMISSIONS[asked],
        question=QUESTIONS[asked],
        history=history,
        methods=METHODS,
        levels=LEVELS,
    )
    return refused(person, page) if form.errors else page


def _kind(text: str) -> PermissionKind:
    try:
        return PermissionKind(text)
    except ValueError as error:
        raise NotFound("permission") from error
