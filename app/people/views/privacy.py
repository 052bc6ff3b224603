"""The privacy officer's desk: emergencies to review, what people asked for, records whose time is over."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import proved_lately, staff
from app.accounts.codes import Role
from app.accounts.current import current_actor
from app.audit.codes import Action
from app.audit.operations import record
from app.core.errors import InvalidInput, Refused
from app.people import queries
from app.people.care_forms import DestroyForm, GovernedForm, RequestForm, RetentionForm, ReviewForm
from app.people.codes import EmergencyVerdict, EndOfRecord, RequestKind, RequestState, RetentionClass
from app.people.emails import tell_answered
from app.people.labels import EMERGENCY_REASONS, ENDS, REQUESTS, VERDICTS
from app.people.models import Person, PersonRequest
from app.people.operations import emergencies, ending, requests
from app.people.views.blueprint import people
from app.web.database import db
from app.web.done import done_before

OFFICER = staff(Role.PRIVACY_OFFICER)
Page = Response | str | tuple[str, int]


@people.route("/desk/privacy", access=OFFICER)
def privacy() -> str:
    """What waits."""
    return _waiting(GovernedForm(formdata=None))


@people.route("/desk/privacy", access=OFFICER, methods=["POST"])
def find_record() -> Page:
    """One record, to hold it or to say how long it is kept; the search is put on record."""
    form = GovernedForm()
    if not form.validate_on_submit():
        return _waiting(form), 422
    return _waiting(form, found=ending.find_governed(db.session(), current_actor(), form.search()))


def _waiting(form: GovernedForm, *, found: list[Person] | None = None) -> str:
    session, actor = db.session(), current_actor()
    return render_template(
        "people/privacy.html",
        form=form,
        found=found,
        held=ending.held(session, actor),
        ended=ending.ended_lately(session, actor),
        ends=ENDS,
        opened=emergencies.to_review(session, actor),
        asked=requests.open_requests(session, actor),
        over=ending.due_for_review(session, actor),
        reasons=EMERGENCY_REASONS,
        kinds=REQUESTS,
        done=done_before(),
    )


@people.route("/desk/privacy/emergencies/<uuid:emergency_id>", access=OFFICER, methods=["GET", "POST"])
def review(emergency_id: UUID) -> Page:
    """One opening: who, when, why, and what the privacy officer found."""
    session, actor = db.session(), current_actor()
    opened, form = emergencies.emergency(session, actor, emergency_id), ReviewForm()
    if form.validate_on_submit():
        try:
            verdict = EmergencyVerdict(form.verdict.data)
            emergencies.review(session, actor, opened, verdict=verdict, finding=form.finding.data or "")
        except InvalidInput as problem:
            form.finding.errors = [_(problem.message)]
        else:
            return redirect(url_for("people.privacy", done="reviewed"), code=303)
    page = render_template(
        "people/review.html",
        form=form,
        opened=opened,
        by=queries.name_of_user(session, opened.user_id),
        place=queries.name_of_organization(session, opened.organization_id),
        reason=EMERGENCY_REASONS[opened.reason],
        verdicts=VERDICTS,
    )
    return (page, 422) if form.errors else page


@people.route("/desk/privacy/requests/<uuid:request_id>", access=OFFICER, methods=["GET", "POST"], writes=True)
def answer(request_id: UUID) -> Page:
    """What somebody asked for, with everything that is kept of them, to read before it goes out."""
    session, actor = db.session(), current_actor()
    asked, person = requests.request_of(session, actor, request_id)
    record(session, actor, Action.READ, ("person", person.id), person_id=person.id, reason="request")
    form = RequestForm()
    if form.validate_on_submit():
        try:
            _answer(asked, person, form)
            tell_answered(session, person, asked)
        except (InvalidInput, Refused) as problem:
            session.rollback()
            asked, person = requests.request_of(session, actor, request_id)
            # Of all that is sent only the words can be of no use; the page is long, and the message leads to them.
            faults = form.answer.errors if isinstance(problem, InvalidInput) else form.form_errors
            faults.append(_(problem.message))
        else:
            return redirect(url_for("people.privacy", done="answered"), code=303)
    is_open = asked.state is RequestState.OPEN
    page = render_template(
        "people/request.html",
        form=form,
        asked=asked,
        person=person,
        kind=REQUESTS[asked.kind],
        others=requests.others_like_them(session, actor, person) if is_open else [],
        items=requests.copy_of(session, person.id) if is_open and person.erased_at is None else [],
        key_of=requests.key_of,
        given=set(request.form.getlist("give")) if request.method == "POST" else None,
        is_open=is_open,
        reasons=ending.reasons_to_keep(session, person),
    )
    return (page, 422) if form.errors else page


def _answer(asked: PersonRequest, person: Person, form: RequestForm) -> None:
    session, actor, words = db.session(), current_actor(), form.answer.data or ""
    match request.form.get("decision"), asked.kind:
        case "refuse", _kind:
            requests.refuse(session, actor, asked, answer=words)
        case "do", RequestKind.COPY:
            requests.give_copy(session, actor, asked, give=set(request.form.getlist("give")), answer=words)
        case "do", RequestKind.CORRECTION:
            requests.put_right(session, actor, asked, answer=words)
        case "do", RequestKind.ERASURE:
            requests.erase(session, actor, asked, person, answer=words)
        case _:
            raise InvalidInput("Choose what to do with it.")


@people.route("/desk/privacy/records/<uuid:person_id>", access=OFFICER, methods=["GET", "POST"], writes=True)
def retention(person_id: UUID) -> Page:
    """How long a record is kept and what holds it. It shows who kept it and when, and no word about the person."""
    session, actor = db.session(), current_actor()
    person = ending.governed(session, actor, person_id)
    form = RetentionForm(
        data={
            "retention_class": person.retention_class.value,
            "died_on": person.died_on,
            "legal_hold": person.legal_hold,
        }
    )
    if form.validate_on_submit():
        ending.classify(session, actor, person, RetentionClass(form.retention_class.data), died_on=form.died_on.data)
        ending.hold(session, actor, person, form.legal_hold.data or "")
        return redirect(url_for("people.privacy", done="kept"), code=303)
    page = _retention_page(person, form, DestroyForm(formdata=None))
    return (page, 422) if form.errors else page


@people.route("/desk/privacy/records/<uuid:person_id>/destroy", access=proved_lately(OFFICER), methods=["POST"])
def destroy(person_id: UUID) -> Page:
    """End a record whose time is over."""
    session, actor = db.session(), current_actor()
    person, form = ending.governed(session, actor, person_id), DestroyForm()
    if form.validate_on_submit():
        try:
            ending.end_record(session, actor, person, how=EndOfRecord.DESTROYED, reason=form.reason.data)
        except (InvalidInput, Refused) as problem:
            session.rollback()
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("people.privacy", done="destroyed"), code=303)
    return _retention_page(
        person,
        RetentionForm(
            formdata=None, data={"retention_class": person.retention_class.value, "legal_hold": person.legal_hold}
        ),
        form,
    ), 422


def _retention_page(person: Person, form: RetentionForm, destroying: DestroyForm) -> str:
    return render_template(
        "people/retention.html",
        person=person,
        form=form,
        destroying=destroying,
        place=person.organization.name,
        reasons=ending.reasons_not_to_destroy(db.session(), person),
    )
