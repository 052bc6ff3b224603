"""Changing several listings at once: what to do, what will change, and done."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from app.accounts.current import current_actor
from app.core.errors import InvalidInput
from app.directory.codes import Status
from app.directory.curation import bulk
from app.directory.curation.access import EDITOR
from app.directory.curation.bulk import Act, Line
from app.directory.curation.forms import BulkForm
from app.directory.curation.views.blueprint import curation
from app.directory.curation.views.listings import topic_choices
from app.directory.curation.views.words import told
from app.directory.models import Service
from app.web.database import db


@curation.route("/desk/listings/several", access=EDITOR, methods=["POST"])
def change_several() -> Response | str | tuple[str, int]:
    """The form, then what will change, then the change; each step sends the ticked listings along."""
    services = bulk.chosen(db.session(), current_actor(), _ids())
    if not services:
        return redirect(url_for("curation.listings", done="none"), code=303)
    form = _form()
    if request.form.get("do", "") not in {"show", "change"}:
        return _form_page(form, services)
    if not form.validate_on_submit():
        return _form_page(form, services), 422
    try:
        lines = bulk.lines(db.session(), services, form.wanted())
    except InvalidInput:
        form.day.errors = [_("Enter a day from today on")]
        return _form_page(form, services), 422
    if request.form["do"] == "change" and request.form.get("shown") == _seal(lines):
        count = bulk.change(db.session(), current_actor(), services, form.wanted())
        return redirect(url_for("curation.listings", done=count), code=303)
    return _lines_page(form, lines, is_new=request.form["do"] == "change")


def _ids() -> list[UUID]:
    found = []
    for text in request.form.getlist("listing")[: bulk.MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _form() -> BulkForm:
    form = BulkForm()
    form.topic.choices = [SelectChoice("", _("Choose a topic")), *(SelectChoice(*choice) for choice in topic_choices())]
    form.owner.choices = [SelectChoice(value, name) for value, name in _owners().items()]
    for field in (form.topic, form.owner):
        field.data = field.data or ""
    return form


def _owners() -> dict[str, str]:
    return {"": _("Nobody"), **{str(one.id): one.name for one in bulk.owners(db.session()) if one.is_active}}


def _form_page(form: BulkForm, services: Sequence[Service]) -> str:
    return render_template("curation/several.html", form=form, services=services)


def _lines_page(form: BulkForm, lines: Sequence[Line], *, is_new: bool) -> str:
    names = {**dict(topic_choices()), **_owners()}
    return render_template(
        "curation/several_lines.html",
        form=form,
        what={choice.value: choice.label for choice in form.act.choices}[form.act.data],
        changes=[(line, _words(line.before, form, names), _words(line.after, form, names)) for line in lines],
        count=sum(line.is_change for line in lines),
        shown=_seal(lines),
        is_new=is_new,
    )


def _words(value: bulk.Value, form: BulkForm, names: dict[str, str]) -> str:
    if isinstance(value, date):
        return str(format_date(value, "d MMMM y"))
    if isinstance(value, Status):
        return told("status", value.value)
    if form.act.data == Act.NEXT_CHECK:
        return str(_("No day"))
    if form.act.data == Act.TOPICS_RIGHT:
        return str(_("proposed: %(topics)s", topics=value) if value else _("looked at"))
    if form.act.data == Act.OWNER:
        return names.get(str(value or ""), str(_("Somebody else")))
    return names.get(str(value), "–") if value else str(_("Without this topic"))


def _seal(lines: Sequence[Line]) -> str:
    """What was shown, in a word: nothing else is done."""
    words = ";".join(f"{line.service.id}:{line.before}:{line.after}" for line in lines)
    return hashlib.sha256(words.encode()).hexdigest()
