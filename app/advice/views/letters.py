"""Letters of a case: written from a template, put right, kept, printed."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.advice.access import READER, WORKER
from app.advice.letter_filling import address_of, template_of, templates, values_of
from app.advice.letter_forms import LetterForm
from app.advice.models import AdviceCase
from app.advice.operations import letters as verbs
from app.advice.operations.cases import look_at_case
from app.advice.rules.letters import filled
from app.advice.scope import is_supervisor
from app.advice.views.blueprint import advice
from app.advice.views.cases import Page
from app.core import clock
from app.core.errors import InvalidInput
from app.directory.replying import listed_reply, listings_kept_by, postal_address
from app.people.codes import ContactChannel
from app.people.models import Person
from app.people.queries import name_of_organization, safety_of
from app.people.rules.contact import may_contact
from app.web.database import db
from app.web.done import done_before


@advice.route("/desk/advice/cases/<uuid:case_id>/letters/new", access=WORKER, writes=True)
def choose_letter(case_id: UUID) -> str:
    """Which letter it is to be."""
    session, actor = db.session(), current_actor()
    return render_template(
        "advice/letter_choose.html",
        case=look_at_case(session, actor, case_id),
        offered=templates(session, actor),
        may_change=is_supervisor(actor),
    )


@advice.route(
    "/desk/advice/cases/<uuid:case_id>/letters/new/<key>", access=WORKER, methods=["GET", "POST"], writes=True
)
def new_letter(case_id: UUID, key: str) -> Page:
    """The letter as the template and the case have it, to be put right; sending it keeps it, ready to print."""
    session, actor = db.session(), current_actor()
    case, template = look_at_case(session, actor, case_id), template_of(session, actor, key)
    form = LetterForm(data=_begun(case, key))
    if form.validate_on_submit():
        try:
            made = verbs.write_letter(session, actor, case, form.told(template.name))
        except InvalidInput as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("advice.letter", letter_id=made.id, done="saved"), code=303)
    page = render_template(
        "advice/letter_form.html",
        case=case,
        form=form,
        template=template,
        is_unsafe=template.to_client and _is_unsafe(case.person),
    )
    return (page, 422) if form.errors else page


@advice.route("/desk/advice/letters/<uuid:letter_id>", access=READER, writes=True)
def letter(letter_id: UUID) -> str:
    """The letter as it goes on paper."""
    session, actor = db.session(), current_actor()
    found = verbs.open_letter(session, actor, letter_id)
    listings = listings_kept_by(session, found.organization_id)
    return render_template(
        "advice/letter.html",
        letter=found,
        organization=name_of_organization(session, found.organization_id),
        reply=listed_reply(listings),
        post=postal_address(session, listings),
        done=done_before(),
    )


def _begun(case: AdviceCase, key: str) -> dict[str, str]:
    """What the form begins with: the template with what the case knows."""
    session, actor = db.session(), current_actor()
    template, values = template_of(session, actor, key), values_of(session, actor, case)
    to_client = template.to_client and case.person is not None
    return {
        "name": case.person.name if to_client and case.person else "",
        "address": address_of(case) if to_client else "",
        "subject": filled(template.subject, values),
        "body": filled(template.body, values),
    }


def _is_unsafe(person: Person | None) -> bool:
    """Whether the person did not say that a letter is safe; one may still be handed over."""
    return person is not None and not may_contact(safety_of(person), ContactChannel.LETTER, clock.now()).allowed
