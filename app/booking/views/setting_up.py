"""What runs are made of: the organisation's rooms, people and terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms.validators import DataRequired

from app.accounts.current import current_actor
from app.booking.access import RUNS_THEM
from app.booking.codes import FacilitatorKind
from app.booking.models import Facilitator, Room, Term
from app.booking.operations import setting_up as verbs
from app.booking.queries import programme
from app.booking.setting_up_forms import PersonForm, RoomForm, TermForm
from app.booking.views.blueprint import booking
from app.core.errors import InvalidInput, NotFound
from app.directory.codes import AccessFeature
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]
MODELS: dict[str, type[verbs.Row]] = {"room": Room, "person": Facilitator, "term": Term}
FORMS: dict[str, Any] = {"room": RoomForm, "person": PersonForm, "term": TermForm}
ROOM = ("name", "address", "capacity", "join_link")
TERM = ("name", "starts_on", "ends_on", "pause_from", "pause_to")


@booking.route("/desk/programme/set-up", access=RUNS_THEM, methods=["GET", "POST"])
def set_up() -> Page:
    """The lists, and a form to add to each."""
    forms = {what: form(prefix=f"{what}-") for what, form in FORMS.items()}
    what = request.form.get("add", "")
    sent = forms.get(what)
    if sent is not None and sent.validate_on_submit():
        try:
            verbs.add(db.session(), current_actor(), MODELS[what](**_values(sent)))
        except InvalidInput:
            sent.name.errors = [_("There is one of this name already")]
        else:
            return redirect(url_for("booking.set_up", done="added"), code=303)
    return _page(forms, wrong=sent is not None)


@booking.route("/desk/programme/set-up/room/<uuid:row_id>", access=RUNS_THEM, methods=["GET", "POST"])
def set_up_room(row_id: UUID) -> Page:
    """Change a room. Where one is that dates are in stays: another place is another room. A link to join may change."""
    return _change("room", row_id)


@booking.route("/desk/programme/set-up/person/<uuid:row_id>", access=RUNS_THEM, methods=["GET", "POST"])
def set_up_person(row_id: UUID) -> Page:
    """Change somebody who leads."""
    return _change("person", row_id)


@booking.route("/desk/programme/set-up/term/<uuid:row_id>", access=RUNS_THEM, methods=["GET", "POST"])
def set_up_term(row_id: UUID) -> Page:
    """Change a term. The dates that are made stay as they are."""
    return _change("term", row_id)


def _change(what: str, row_id: UUID) -> Page:
    row = _own(what, row_id)
    form = FORMS[what](data=_shown(row))
    if isinstance(row, Room):
        _show_what_may_change(form, row)
    if form.validate_on_submit():
        try:
            verbs.change(db.session(), current_actor(), row, _values(form))
        except InvalidInput:
            form.name.errors = [_("There is one of this name already")]
        else:
            return redirect(url_for("booking.set_up", done="changed"), code=303)
    page = render_template("booking/set_up_one.html", form=form, what=what, row=row)
    return (page, 422) if form.errors else page


@booking.route("/desk/programme/set-up/person/<uuid:row_id>/leaves", access=RUNS_THEM, methods=["POST"])
def person_leaves(row_id: UUID) -> Response:
    """Somebody leads nothing any more."""
    person = _own("person", row_id)
    if isinstance(person, Facilitator):
        verbs.leaves(db.session(), current_actor(), person)
    return redirect(url_for("booking.set_up", done="left"), code=303)


def _show_what_may_change(form: Any, room: Room) -> None:
    """An online room stays one, and a real one stays where it is while dates to come are in it."""
    if room.join_link is None:
        del form.join_link
    else:
        form.join_link.validators = [DataRequired(_("Enter the link")), *form.join_link.validators]
    if room.join_link or programme.is_room_needed(db.session(), room.id):
        del form.address


def _own(what: str, row_id: UUID) -> verbs.Row:
    lists: dict[str, Callable[[Session, UUID | None], Sequence[verbs.Row]]] = {
        "room": programme.rooms_of,
        "person": programme.facilitators_of,
        "term": programme.terms_of,
    }
    for row in lists[what](db.session(), current_actor().organization_id):
        if row.id == row_id:
            return row
    raise NotFound(what)


def _shown(row: verbs.Row) -> dict[str, object]:
    if isinstance(row, Room):
        told = {name: getattr(row, name) for name in ROOM}
        return told | {"access": [feature.value for feature in row.access]}
    if isinstance(row, Facilitator):
        return {"name": row.name, "kind": row.kind.value}
    return {name: getattr(row, name) for name in TERM}


def _values(form: Any) -> dict[str, Any]:
    """What was typed, by column."""
    if isinstance(form, PersonForm):
        return {"name": form.name.data, "kind": FacilitatorKind(form.kind.data)}
    if isinstance(form, TermForm):
        return {name: form[name].data for name in TERM}
    told = {name: form[name].data for name in ROOM if name in form}
    if "join_link" in told:
        told["join_link"] = told["join_link"] or None
    return told | {"access": frozenset(AccessFeature(one) for one in form.access.data or ())}


def _page(forms: dict[str, Any], *, wrong: bool) -> Page:
    session, organization_id = db.session(), current_actor().organization_id
    page = render_template(
        "booking/set_up.html",
        rooms=programme.rooms_of(session, organization_id),
        people=programme.facilitators_of(session, organization_id),
        terms=programme.terms_of(session, organization_id),
        forms=forms,
        wrong=wrong,
        done=done_before(),
    )
    return (page, 422) if wrong else page
