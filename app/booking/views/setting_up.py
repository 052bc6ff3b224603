"""What runs are made of: the organisation's rooms, people and terms."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.booking.access import RUNS_THEM
from app.booking.codes import FacilitatorKind
from app.booking.models import Facilitator, Room, Term
from app.booking.operations import setting_up as verbs
from app.booking.queries import programme
from app.booking.staff_forms import PersonForm, RoomForm, TermForm
from app.booking.views.blueprint import booking
from app.core.errors import InvalidInput
from app.directory.codes import AccessFeature
from app.web.database import db

Page = Response | str | tuple[str, int]


@booking.route("/desk/programme/set-up", access=RUNS_THEM, methods=["GET", "POST"])
def set_up() -> Page:
    """The lists, and a form to add to each."""
    forms: dict[str, Any] = {
        "room": RoomForm(prefix="room-"),
        "person": PersonForm(prefix="person-"),
        "term": TermForm(prefix="term-"),
    }
    sent = forms.get(request.form.get("add", ""))
    if sent is not None and sent.validate_on_submit():
        try:
            verbs.add(db.session(), current_actor(), _row(sent))
        except InvalidInput:
            sent.name.errors = [_("There is one of this name already")]
        else:
            return redirect(url_for("booking.set_up", done="added"), code=303)
    return _page(forms, wrong=sent is not None)


def _row(form: Any) -> Room | Facilitator | Term:
    if isinstance(form, RoomForm):
        access = frozenset(AccessFeature(one) for one in form.access.data or ())
        link = form.join_link.data or None
        return Room(name=form.name.data, address=form.address.data or "", access=access, join_link=link)
    if isinstance(form, PersonForm):
        return Facilitator(name=form.name.data, kind=FacilitatorKind(form.kind.data))
    names = ("name", "starts_on", "ends_on", "pause_from", "pause_to")
    return Term(**{name: getattr(form, name).data for name in names})


def _page(forms: dict[str, Any], *, wrong: bool) -> Page:
    session, organization_id = db.session(), current_actor().organization_id
    page = render_template(
        "booking/set_up.html",
        rooms=programme.rooms_of(session, organization_id),
        people=programme.facilitators_of(session, organization_id),
        terms=programme.terms_of(session, organization_id),
        forms=forms,
        wrong=wrong,
        done=request.args.get("done", ""),
    )
    return (page, 422) if wrong else page
