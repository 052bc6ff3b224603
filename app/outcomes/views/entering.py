"""Forms that staff enter: answered on paper, read out by phone or in person; and the paper itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from flask import current_app, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.notifications.rendering import address_of
from app.outcomes import duty, labels, queries, showing, wording
from app.outcomes.access import WORKER
from app.outcomes.codes import FormState, Mode
from app.outcomes.fhir import Standing, observations, questionnaire_response
from app.outcomes.forms import EnterForm, SheetForm, VoidForm
from app.outcomes.measures import Measure, TextPack, find_measure, shipped_text
from app.outcomes.models import Measurement
from app.outcomes.operations import correct, finish, open_form, require_usable, save_answer, void
from app.outcomes.operations.answering import answers_of, note_answered, open_items
from app.outcomes.operations.occasions import waiting_for
from app.outcomes.questions import Question, questions_of
from app.outcomes.rules.answers import OneAnswer, read_answer
from app.outcomes.rules.scoring import score_form
from app.outcomes.views.blueprint import outcomes
from app.outcomes.views.looks import REASON, opened, opened_to_change, page, usable
from app.outcomes.views.tablet import drawn
from app.people.models import Person
from app.people.queries import may_record
from app.web.database import db
from app.web.helplines import STRIP

Page = Response | str | tuple[str, int]


@outcomes.route("/desk/people/<uuid:person_id>/outcomes/enter", access=WORKER, methods=["GET", "POST"], writes=True)
def enter(person_id: UUID) -> Page:
    """Which form, how and when it was answered."""
    session = db.session()
    actor, person = opened_to_change(person_id)
    chosen = [choice.measure for choice in queries.choices(session, actor, person_id)]
    form = EnterForm.offering(usable(actor), request.args.get("measure") or next(iter(chosen), ""))
    if form.validate_on_submit():
        measure = find_measure(form.measure.data)
        try:
            made = _begin(actor, person_id, measure, form)
        except (Refused, InvalidInput) as problem:
            form.form_errors.append(_(problem.message))
        else:
            endpoint = "outcomes.on_paper" if "print" in request.form else "outcomes.fill_in"
            return redirect(url_for(endpoint, form_id=made.id), code=303)
    return page("outcomes/enter.html", person, form)


def _begin(actor: Actor, person_id: UUID, measure: Measure, form: EnterForm) -> Measurement:
    session = db.session()
    if actor.organization_id is None or not may_record(session, person_id):
        raise Refused("They have said that nothing may be written down.")
    require_usable(session, actor.organization_id, measure)
    day = form.answered_on.data or clock.today()
    return open_form(
        session,
        actor,
        organization_id=actor.organization_id,
        person_id=person_id,
        measure=measure,
        mode=Mode.PAPER if "print" in request.form else Mode(form.mode.data),
        occasion=waiting_for(session, actor.organization_id, person_id, measure.reference, day),
        answered_on=day,
        helped=bool(form.helped.data),
    )


@outcomes.route("/desk/outcomes/forms/<uuid:form_id>", access=WORKER, methods=["GET", "POST"], writes=True)
def fill_in(form_id: UUID) -> Page:
    """Enter the answers: one box a question, by the keys alone. A finished form is put right by a new one."""
    session = db.session()
    form = queries.form(session, current_actor(), form_id)
    actor, _person = opened(form.person_id)
    measure, text = find_measure(form.measure), _words(form)
    questions = questions_of(session, measure, text, (form.organization_id, form.person_id), form)
    sheet = SheetForm(data={"answered_on": form.answered_on, "helped": form.helped})
    if request.method == "GET":
        return _fill_in_page(form, measure, questions, sheet)
    typed = {question.id: request.form.get(question.id, "").strip() for question in questions}
    answers, wrong = _read(questions, typed)
    if not sheet.validate() or wrong:
        needs_look = _keep_what_needs_a_look(actor, form, questions, answers)
        body = _fill_in_page(form, measure, questions, sheet, typed, wrong, needs_look=needs_look)
        return body if needs_look else (body, 422)
    kept = _keep(actor, form, questions, answers, sheet)
    return redirect(url_for("outcomes.entered", form_id=kept.id), code=303)


def _keep(
    actor: Actor, form: Measurement, questions: list[Question], answers: dict[str, OneAnswer], sheet: SheetForm
) -> Measurement:
    session = db.session()
    day, helped = sheet.answered_on.data or form.answered_on, bool(sheet.helped.data)
    if form.state is not FormState.DRAFT:
        return correct(session, actor, form, answers, answered_on=day, helped=helped)
    note_answered(session, form, answered_on=day, helped=helped)
    for question in questions:
        if question.item.key in answers:
            save_answer(session, actor, form, question.item, answers[question.item.key])
    if "later" not in request.form:
        finish(session, actor, form)
    return form


def _keep_what_needs_a_look(
    actor: Actor, form: Measurement, questions: list[Question], answers: dict[str, OneAnswer]
) -> bool:
    """Save an answer that needs a look though another cannot be read: a slip must never keep it back."""
    if form.state is not FormState.DRAFT:
        return False
    watched = {rule.item: rule for rule in find_measure(form.measure).safety_rules}
    kept = False
    for question in questions:
        said, rule = answers.get(question.item.key), watched.get(question.item.key)
        if said is not None and rule is not None and said.raw_code in rule.raw_in:
            kept |= save_answer(db.session(), actor, form, question.item, said)
    return kept


def _words(form: Measurement) -> TextPack:
    text = wording.text_for(db.session(), form.organization_id, find_measure(form.measure), form.language)
    if text is None:
        raise Refused("The words of this form may not be shown any more: its licence has ended.")
    return text


def _read(questions: list[Question], typed: dict[str, str]) -> tuple[dict[str, OneAnswer], dict[str, str]]:
    answers, wrong = {}, {}
    for question in questions:
        if not typed[question.id]:
            continue
        try:
            answers[question.item.key] = read_answer(question.item, typed[question.id])
        except InvalidInput:
            codes = question.item.codes
            wrong[question.id] = (
                _("Question %(number)s: use fewer words", number=question.number)
                if question.is_text
                else _(
                    "Question %(number)s: enter a number from %(low)s to %(high)s, or leave it empty",
                    number=question.number,
                    low=codes[0],
                    high=codes[-1],
                )
            )
    return answers, wrong


def _fill_in_page(
    form: Measurement,
    measure: Measure,
    questions: list[Question],
    sheet: SheetForm,
    typed: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
    *,
    needs_look: bool = False,
) -> str:
    return render_template(
        "outcomes/fill_in.html",
        person=db.session().get_one(Person, form.person_id),
        form=form,
        measure=measure,
        questions=questions,
        sheet=sheet,
        typed=typed or {},
        wrong=wrong or {},
        labels=labels,
        is_finished=form.state is not FormState.DRAFT,
        is_aloud=form.mode in {Mode.PHONE, Mode.IN_PERSON},
        readers=duty.readers(db.session(), form.organization_id),
        lines=STRIP if needs_look else (),
    )


@outcomes.route("/desk/outcomes/forms/<uuid:form_id>/entered", access=WORKER, methods=["GET", "POST"], writes=True)
def entered(form_id: UUID) -> Page:
    """What the form came to; and, if it was a mistake, how to take it back."""
    session = db.session()
    form = queries.form(session, current_actor(), form_id)
    actor, person = opened(form.person_id)
    void_form = VoidForm()
    if void_form.validate_on_submit():
        void(session, actor, form, void_form.reason.data)
        return redirect(url_for("outcomes.overview", person_id=person.id, done="saved"), code=303)
    measure = find_measure(form.measure)
    alerts = [alert for alert in queries.alerts(session, actor, person_id=person.id) if alert.measurement_id == form.id]
    return page(
        "outcomes/entered.html",
        person,
        void_form,
        scores=showing.asked_scores(measure, form),
        measurement=form,
        measure=measure,
        alerts=alerts,
        lines=STRIP if alerts else (),
        labels=labels,
        can_leave=shipped_text(form.measure) is not None,
    )


@outcomes.route("/desk/outcomes/forms/<uuid:form_id>/paper", access=WORKER, writes=True)
def on_paper(form_id: UUID) -> str:
    """The form on a sheet of A4, without a name: the code leads staff to where it is entered."""
    session = db.session()
    form = queries.form(session, current_actor(), form_id)
    opened(form.person_id)
    measure = find_measure(form.measure)
    questions = questions_of(session, measure, _words(form), (form.organization_id, form.person_id), None)
    if not questions:
        raise NotFound("form")
    desk = duty.desk_of(session, form.organization_id)
    address = address_of("outcomes.fill_in", form_id=form.id)
    return render_template(
        "outcomes/paper.html", form=form, measure=measure, questions=questions, code=drawn(address), has_desk=bool(desk)
    )


@outcomes.route("/desk/outcomes/forms/<uuid:form_id>.json", access=WORKER, writes=True)
def form_file(form_id: UUID) -> Response:
    """A form with its scores as FHIR R4, for the record of another system; of measures that come with their words."""
    session = db.session()
    form = queries.form(session, current_actor(), form_id)
    actor, person = opened(form.person_id)
    measure, text = find_measure(form.measure), shipped_text(form.measure)
    if text is None:
        raise NotFound("form")
    answers, base_url = answers_of(form, measure), current_app.extensions["waymark_settings"].base_url
    stands: dict[str, Any] = {
        "answered_on": form.answered_on,
        "base_url": base_url,
        "standing": _standing(form, is_whole=not open_items(session, form, measure)),
    }
    told = questionnaire_response(measure, text, answers, **stands)
    scores = observations(measure, score_form(measure, answers), **stands)
    record(session, actor, Action.EXPORTED, ("measurement", form.id), person_id=person.id, reason=REASON)
    answer = jsonify(resourceType="Bundle", type="collection", entry=_entries(form, [told, *scores]))
    answer.headers["Content-Type"] = "application/fhir+json"
    answer.headers["Content-Disposition"] = 'attachment; filename="form.json"'
    return answer


def _entries(form: Measurement, resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with an address of its own, the same whenever the form leaves: what a bundle asks of all that it holds."""
    return [
        {"fullUrl": (form.id if number == 0 else uuid5(form.id, str(number))).urn, "resource": each}
        for number, each in enumerate(resources)
    ]


def _standing(form: Measurement, *, is_whole: bool) -> Standing:
    """How a form stands for another system. To say "rather not" is an answer; a question passed over is none."""
    if form.voided_at is not None:
        return Standing.ENTERED_IN_ERROR
    if form.state is FormState.DRAFT:
        return Standing.IN_PROGRESS
    if form.supersedes_id is not None:
        return Standing.AMENDED
    return Standing.COMPLETED if is_whole else Standing.STOPPED
