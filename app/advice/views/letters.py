"""Letters of a case: written from a template, kept, printed."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.advice import queries
from app.advice.access import READER, WORKER
from app.advice.codes import LetterKind
from app.advice.letter_forms import LETTER_FORMS
from app.advice.operations import letters as verbs
from app.advice.views.blueprint import advice
from app.advice.views.cases import Page
from app.core import clock
from app.core.errors import InvalidInput, NotFound
from app.people.codes import ContactChannel
from app.people.models import Person
from app.people.queries import name_of_organization, safety_of
from app.people.rules.contact import may_contact
from app.web.database import db


@advice.route("/desk/advice/cases/<uuid:case_id>/letters/new/<kind>", access=WORKER, methods=["GET", "POST"])
def new_letter(case_id: UUID, kind: str) -> Page:
    """What the letter needs; sending it keeps the letter, ready to print."""
    session, actor = db.session(), current_actor()
    case = queries.case(session, actor, case_id)
    if kind not in set(LetterKind):
        raise NotFound("letter")
    form = LETTER_FORMS[LetterKind(kind)]()
    if form.validate_on_submit():
        try:
            made = verbs.write_letter(session, actor, case, LetterKind(kind), form.body(_name(case.person)))
        except InvalidInput as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("advice.letter", letter_id=made.id, done="saved"), code=303)
    page = render_template("advice/letter_form.html", case=case, form=form, is_unsafe=_is_unsafe(case.person))
    return (page, 422) if form.errors else page


@advice.route("/desk/advice/letters/<uuid:letter_id>", access=READER, writes=True)
def letter(letter_id: UUID) -> str:
    """The letter as it goes on paper."""
    session, actor = db.session(), current_actor()
    found = verbs.open_letter(session, actor, letter_id)
    return render_template(
        "advice/letter.html", letter=found, organization=name_of_organization(session, found.organization_id)
    )


def _name(person: Person | None) -> str:
    return (person.known_as or person.name) if person else ""


def _is_unsafe(person: Person | None) -> bool:
    """Whether the person did not say that a letter is safe; one may still be handed over."""
    return person is not None and not may_contact(safety_of(person), ContactChannel.LETTER, clock.now()).allowed
