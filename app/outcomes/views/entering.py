"""Forms that staff enter: answered on paper, read out by phone or in person; and the paper itself."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

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
from app.outcomes.models import Measurement, Occasion
from app.outcomes.operations import correct, finish, open_form, require_usable, save_answer, void
from app.outcomes.operations.answering import answers_of, form_of, note_answered, open_items, said_in, take_turn
from app.outcomes.operations.occasions import waiting_for
from app.outcomes.questions import Question, questions_of
from app.outcomes.rules.answers import OneAnswer, read_answer
from app.outcomes.rules.scoring import score_form
from app.outcomes.views.blueprint import outcomes
from app.outcomes.views.looks import REASON, known_measure, opened, opened_to_change, page, usable
from app.outcomes.views.planning import require_goals
from app.outcomes.views.tablet import drawn
from app.people.models import Person
from app.people.queries import may_record
from app.web.database import db
from app.web.helplines import STRIP

Page = Response | str | tuple[str, int]
NO_WORDS = "The words of this form may not be shown any more: its licence has ended."


@outcomes.route("/desk/people/<uuid:person_id>/outcomes/enter", access=WORKER, methods=["GET", "POST"], writes=True)
def enter(person_id: UUID) -> Page:
    """Which form, how and when it was answered; or the paper to answer it on. Nothing is kept yet."""
    session = db.session()
    actor, person = opened_to_change(person_id)
    chosen = [choice.measure for choice in queries.choices(session, actor, person_id)]
    form = EnterForm.offering(usable(actor), request.args.get("measure") or next(iter(chosen), ""))
    if form.validate_on_submit():
        measure = find_measure(form.measure.data)
        try:
            _require_enterable(actor, person_id, measure)
            require_goals(actor, person_id, [measure.reference])
        except (Refused, InvalidInput) as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(_where_to(person_id, measure, form), code=303)
    return page("outcomes/enter.html", person, form)


def _where_to(person_id: UUID, measure: Measure, form: EnterForm) -> str:
    named: dict[str, Any] = {"person_id": person_id, "reference": f"{measure.id}.{measure.version}"}
    if "print" in request.form:
        return url_for("outcomes.on_paper", **named)
    day = form.answered_on.data or clock.today()
    told = {"mode": form.mode.data, "day": day.isoformat()} | ({"helped": "1"} if form.helped.data else {})
    return url_for("outcomes.fill_in_new", **named, form_id=uuid4(), **told)


def _require_enterable(actor: Actor, person_id: UUID, measure: Measure) -> UUID:
    """The organisation that may write down a form of the measure; Refused where none may."""
    if actor.organization_id is None or not may_record(db.session(), person_id):
        raise Refused("They have said that nothing may be written down.")
    require_usable(db.session(), actor.organization_id, measure)
    return actor.organization_id


@outcomes.route(
    "/desk/people/<uuid:person_id>/outcomes/<reference>/enter/<uuid:form_id>",
    access=WORKER,
    methods=["GET", "POST"],
    writes=True,
)
def fill_in_new(person_id: UUID, reference: str, form_id: UUID) -> Page:
    """The boxes of a form that is not there yet: a sheet that comes back, or what is read out. It begins as it is sent.

    The address knows its number beforehand, so that the same sheet is never entered twice.
    """
    measure = known_measure(reference)
    actor, _person = opened_to_change(person_id)
    place = _require_enterable(actor, person_id, measure)
    if request.method == "POST":
        take_turn(db.session(), person_id)
    about = _about()
    begun = _begun(actor, person_id, measure, form_id, about["answered_on"])
    if request.method == "GET" and begun is not None:
        return redirect(url_for("outcomes.fill_in", form_id=begun.id), code=303)
    if begun is not None:
        return _filled_in(actor, begun)
    text = _words_here(place, measure)
    form = Measurement(
        id=form_id,
        organization_id=place,
        person_id=person_id,
        measure=measure.reference,
        language=text.language,
        state=FormState.DRAFT,
        answers=[],
        **about,
    )
    return _filled_in(actor, form, is_new=True)


def _about() -> dict[str, Any]:
    """How and when it is answered, as the address says; on paper today where it says nothing that could be meant."""
    mode, day = request.args.get("mode", ""), request.args.get("day", "")
    try:
        answered_on = min(date.fromisoformat(day), clock.today())
    except ValueError:
        answered_on = clock.today()
    known, helped = {each.value: each for each in labels.ENTERED_MODES}, request.args.get("helped") == "1"
    return {"mode": known.get(mode, Mode.PAPER), "answered_on": answered_on, "helped": helped}


def _begun(actor: Actor, person_id: UUID, measure: Measure, form_id: UUID, day: date) -> Measurement | None:
    """The form if it was entered already, or what was begun elsewhere for the same occasion."""
    session = db.session()
    known = session.get(Measurement, form_id)
    if known is not None:
        found = queries.form(session, actor, form_id)
        if (found.person_id, found.measure) != (person_id, measure.reference):
            raise NotFound("form")
        return found
    occasion = _occasion(actor, person_id, measure, day)
    return None if occasion is None else form_of(session, occasion.id, measure)


def _occasion(actor: Actor, person_id: UUID, measure: Measure, day: date) -> Occasion | None:
    if actor.organization_id is None:
        return None
    return waiting_for(db.session(), actor.organization_id, person_id, measure.reference, day)


@outcomes.route("/desk/outcomes/forms/<uuid:form_id>", access=WORKER, methods=["GET", "POST"], writes=True)
def fill_in(form_id: UUID) -> Page:
    """Enter the answers: one box a question, by the keys alone. A finished form is put right by a new one."""
    form = queries.form(db.session(), current_actor(), form_id)
    actor, _person = opened(form.person_id)
    return _filled_in(actor, form)


def _filled_in(actor: Actor, form: Measurement, *, is_new: bool = False) -> Page:
    session = db.session()
    measure, text = find_measure(form.measure), _words(form)
    questions = questions_of(session, measure, text, (form.organization_id, form.person_id), None if is_new else form)
    sheet = SheetForm(data={"answered_on": form.answered_on, "helped": form.helped})
    if request.method == "GET":
        return _fill_in_page(form, measure, questions, sheet)
    typed = {question.id: request.form.get(question.id, "").strip() for question in questions}
    answers, wrong = _read(questions, typed)
    if questions and not answers and not wrong:
        wrong = {questions[0].id: _("Enter at least one answer. Where there is none, there is nothing to save.")}
    if not sheet.validate() or wrong:
        needs_look = _needs_look(form, answers)
        if needs_look:
            form = _kept_for_now(actor, form, questions, answers, is_new=is_new)
        body = _fill_in_page(form, measure, questions, sheet, typed, wrong, needs_look=needs_look)
        return body if needs_look else (body, 422)
    kept = _keep(actor, _opened_form(actor, form, sheet) if is_new else form, questions, answers, sheet)
    return redirect(url_for("outcomes.entered", form_id=kept.id), code=303)


def _opened_form(actor: Actor, form: Measurement, sheet: SheetForm | None = None) -> Measurement:
    """The form that is begun now, for the occasion that waits on the day of the sheet."""
    measure = find_measure(form.measure)
    day = (sheet.answered_on.data if sheet else None) or form.answered_on
    return open_form(
        db.session(),
        actor,
        form_id=form.id,
        organization_id=form.organization_id,
        person_id=form.person_id,
        measure=measure,
        mode=form.mode,
        language=form.language,
        occasion=_occasion(actor, form.person_id, measure, day),
        answered_on=day,
        helped=bool(sheet.helped.data) if sheet else form.helped,
    )


def _keep(
    actor: Actor, form: Measurement, questions: list[Question], answers: dict[str, OneAnswer], sheet: SheetForm
) -> Measurement:
    session = db.session()
    day, helped = sheet.answered_on.data or form.answered_on, bool(sheet.helped.data)
    if form.state is not FormState.DRAFT:
        if (said_in(form), form.answered_on, form.helped) == (answers, day, helped):
            return form  # sent twice
        return correct(session, actor, form, answers, answered_on=day, helped=helped)
    note_answered(session, form, answered_on=day, helped=helped)
    for question in questions:
        if question.item.key in answers:
            save_answer(session, actor, form, question.item, answers[question.item.key])
    if "later" not in request.form:
        finish(session, actor, form)
    return form


def _needs_look(form: Measurement, answers: dict[str, OneAnswer]) -> bool:
    """Whether an answer of a form that is being entered needs a look, though another cannot be read."""
    rules = find_measure(form.measure).safety_rules
    return form.state is FormState.DRAFT and any(
        rule.item in answers and answers[rule.item].raw_code in rule.raw_in for rule in rules
    )


def _kept_for_now(
    actor: Actor, form: Measurement, questions: list[Question], answers: dict[str, OneAnswer], *, is_new: bool
) -> Measurement:
    """Save the answers that need a look: a slip in another must never keep them back."""
    kept = _opened_form(actor, form) if is_new else form
    watched = {rule.item: rule for rule in find_measure(form.measure).safety_rules}
    for question in questions:
        said, rule = answers.get(question.item.key), watched.get(question.item.key)
        if said is not None and rule is not None and said.raw_code in rule.raw_in:
            save_answer(db.session(), actor, kept, question.item, said)
    return kept


def _words_here(organization_id: UUID, measure: Measure) -> TextPack:
    text = wording.text_for(db.session(), organization_id, measure)
    if text is None:
        raise Refused(NO_WORDS)
    return text


def _words(form: Measurement) -> TextPack:
    text = wording.text_for(db.session(), form.organization_id, find_measure(form.measure), form.language)
    if text is None:
        raise Refused(NO_WORDS)
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


@outcomes.route("/desk/people/<uuid:person_id>/outcomes/<reference>/paper", access=WORKER, writes=True)
def on_paper(person_id: UUID, reference: str) -> str:
    """The form on a sheet of A4, without a name: its code leads staff to where it is entered. Nothing is begun yet."""
    session, measure = db.session(), known_measure(reference)
    actor, _person = opened_to_change(person_id)
    place = _require_enterable(actor, person_id, measure)
    questions = questions_of(session, measure, _words_here(place, measure), (place, person_id), None)
    if not questions:
        raise NotFound("form")
    sheet_id = uuid4()
    where: dict[str, Any] = {"person_id": person_id, "reference": reference, "form_id": sheet_id}
    return render_template(
        "outcomes/paper.html",
        sheet_id=sheet_id,
        measure=measure,
        questions=questions,
        entering=url_for("outcomes.fill_in_new", **where),
        code=drawn(address_of("outcomes.fill_in_new", **where)),
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
