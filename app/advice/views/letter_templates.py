"""The templates of letters: those of the organisation, and those that Waymark comes with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.advice.access import SUPERVISOR
from app.advice.letter_filling import Template, example_values, shipped
from app.advice.letter_forms import CLIENT, FIELDS, OTHER, LetterTemplateForm
from app.advice.models import LetterTemplate
from app.advice.operations import letters as verbs
from app.advice.operations.changing import ChangedMeanwhile
from app.advice.operations.templates import retire
from app.advice.queries import letters as queries
from app.advice.rules.letters import LetterField, filled
from app.advice.views.blueprint import advice
from app.advice.views.cases import Page
from app.core import clock
from app.core.errors import InvalidInput, NotFound, Refused
from app.web.database import db
from app.web.done import done_before


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter to nobody, as it would go on paper."""

    subject: str
    body: str
    name: str = ""
    address: str = ""


@advice.route("/desk/advice/letter-templates", access=SUPERVISOR)
def letter_templates() -> str:
    """All templates of letters, with how to write one."""
    own = queries.letter_templates(db.session(), current_actor(), also_retired=True)
    in_use = {each.name.casefold() for each in own if each.retired_at is None}
    return render_template(
        "advice/letter_templates.html",
        own=own,
        shipped=shipped(),
        in_use=in_use,
        done=done_before(),
    )


@advice.route("/desk/advice/letter-templates/new", access=SUPERVISOR, methods=["GET", "POST"])
def new_letter_template() -> Page:
    """Write a template, from nothing or from one of ours."""
    return _answer(None, LetterTemplateForm(data=_of_shipped(request.args.get("from", ""))))


@advice.route("/desk/advice/letter-templates/<uuid:template_id>", access=SUPERVISOR, methods=["GET", "POST"])
def letter_template(template_id: UUID) -> Page:
    """Change a template."""
    found = queries.letter_template(db.session(), current_actor(), template_id)
    return _answer(found, LetterTemplateForm(data=_of(found)))


@advice.route("/desk/advice/letter-templates/<uuid:template_id>/use", access=SUPERVISOR, methods=["POST"])
def use_letter_template(template_id: UUID) -> Page:
    """Take a template out of use, or bring it back."""
    session, actor = db.session(), current_actor()
    found = queries.letter_template(session, actor, template_id)
    retire(session, actor, found, retired=request.form.get("do") != "back")
    return redirect(url_for("advice.letter_templates", done="saved"), code=303)


def _answer(found: LetterTemplate | None, form: LetterTemplateForm) -> Page:
    preview = kept = None
    if form.validate_on_submit():
        if request.form.get("do") == "preview":
            preview = _preview(form)
        else:
            try:
                verbs.write_letter_template(db.session(), current_actor(), form.told(), found, read=form.read_version)
            except ChangedMeanwhile as problem:
                form.form_errors.append(_(problem.message))
                kept = LetterTemplateForm(formdata=None, data=_of(found)) if found else None
                form.version.data = kept.version.data if kept else ""
            except (InvalidInput, Refused) as problem:
                form.form_errors.append(_(problem.message))
            else:
                return redirect(url_for("advice.letter_templates", done="saved"), code=303)
    page = render_template(
        "advice/letter_template_form.html",
        form=form,
        kept=kept,
        found=found,
        fields=FIELDS,
        preview=preview,
        today=clock.today(),
    )
    return (page, 422) if form.errors else page


def _preview(form: LetterTemplateForm) -> Preview:
    values, told = example_values(), form.told()
    to = {"name": values[LetterField.FULL_NAME], "address": values[LetterField.ADDRESS]} if told.to_client else {}
    return Preview(filled(told.subject, values), filled(told.body, values), **to)


def _of(found: LetterTemplate | Template) -> dict[str, Any]:
    told = {"name": found.name, "subject": found.subject, "body": found.body}
    read = {"version": str(found.version)} if isinstance(found, LetterTemplate) else {}
    return told | read | {"to": CLIENT if found.to_client else OTHER}


def _of_shipped(key: str) -> dict[str, Any] | None:
    if not key:
        return None
    ours = next((each for each in shipped() if each.key == key), None)
    if ours is None:
        raise NotFound("letter template")
    return _of(ours)
