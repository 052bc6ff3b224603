"""Cases: the list, one with everything in it, what is added to it, its deadlines for a calendar, its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.current import current_actor
from app.advice import labels, queries
from app.advice.access import READER, SUPERVISOR, WORKER
from app.advice.calendar_file import CONTENT_TYPE, FILE_NAME, deadlines_file
from app.advice.case_forms import FORMS, CaseForm, ConflictForm, MoneyForm
from app.advice.codes import CaseState
from app.advice.models import AdviceCase, KeyDate
from app.advice.operations import cases as verbs
from app.advice.operations import outcomes
from app.advice.operations.changing import ChangedMeanwhile
from app.advice.operations.documents import came_after_the_end
from app.advice.queries import outcomes as rows
from app.advice.queries.appointments import of_case
from app.advice.queries.conflicts import other_files
from app.advice.queries.documents import documents_of
from app.advice.queries.household import Household, last_statement
from app.advice.queries.letters import letters_of
from app.advice.queries.reviews import reviews_of
from app.advice.rules.money import Money, annual_pence, totals
from app.advice.scope import is_supervisor, is_worker
from app.advice.version_form import VersionForm
from app.advice.views.blueprint import advice
from app.core.errors import InvalidInput, NotFound, Refused
from app.web.database import db
from app.web.done import done_before
from app.web.pagination import page_number

Page = AnyResponse | str | tuple[str, int]


@advice.route("/desk/advice/cases", access=READER)
def cases() -> str:
    """Open cases or closed ones, one's own or everybody's."""
    actor, asked = current_actor(), request.args
    state = CaseState.CLOSED if asked.get("state") == CaseState.CLOSED.value else CaseState.OPEN
    mine = actor.user_id if asked.get("whose") == "mine" else None
    found, page = queries.cases(
        db.session(), actor, state=state, adviser_id=mine, number=page_number(asked.get("page"))
    )

    def url(number: int) -> str:
        return url_for("advice.cases", page=number, state=state.value, whose="mine" if mine else None)

    return render_template("advice/cases.html", cases=found, page=page, state=state.value, mine=bool(mine), url=url)


@advice.route("/desk/advice/cases/<uuid:case_id>", access=READER, writes=True)
def case(case_id: UUID) -> str:
    """Everything of one case."""
    session, actor = db.session(), current_actor()
    found = verbs.look_at_case(session, actor, case_id)
    money = rows.money_of(session, found.id)
    statement = last_statement(session, found.id)
    values = {each.id: Money(each.status, each.pence, each.frequency, each.starts_on, each.ends_on) for each in money}
    return render_template(
        "advice/case.html",
        case=found,
        contacts=queries.timeline_of_case(session, found),
        parties=queries.parties(session, found.id),
        dates=rows.dates_of(session, found.id),
        steps=rows.steps_of(session, found.id),
        money=money,
        worth={id_: annual_pence(value) for id_, value in values.items()},
        totals=totals(values.values()),
        results=rows.results_of(session, found.id),
        household=Household.of(statement) if statement else None,
        reviews=reviews_of(session, actor, found.id),
        documents=documents_of(session, found.id),
        came_after_the_end=came_after_the_end,
        letters=letters_of(session, found.id),
        other_files=other_files(session, actor, found) if is_supervisor(actor) else [],
        appointments=of_case(session, actor, found.id),
        is_own=found.adviser_id == actor.user_id,
        labels=labels,
        may_change=is_worker(actor),
        may_review=is_supervisor(actor),
        done=done_before(),
    )


@advice.route("/desk/advice/cases/<uuid:case_id>/add/<what>", access=WORKER, methods=["GET", "POST"])
def add_to_case(case_id: UUID, what: str) -> Page:
    """Add one thing, or close the case."""
    found, form_class = queries.case(db.session(), current_actor(), case_id), FORMS.get(what)
    if form_class is None:
        raise NotFound("form")
    return _answer(found, form_class.begin(db.session(), found))


@advice.route("/desk/advice/cases/<uuid:case_id>/conflict", access=SUPERVISOR, methods=["GET", "POST"])
def decide_conflict(case_id: UUID) -> Page:
    """A supervisor decides about a possible conflict."""
    session, actor = db.session(), current_actor()
    found = queries.case(session, actor, case_id)
    return _answer(found, ConflictForm.of(found), other_files=other_files(session, actor, found))


@advice.route("/desk/advice/money/<uuid:money_id>", access=WORKER, methods=["GET", "POST"])
def change_money(money_id: UUID) -> Page:
    """Say what became of an amount."""
    session, actor = db.session(), current_actor()
    money = rows.money(session, actor, money_id)
    found, form = queries.case(session, actor, money.case_id), MoneyForm.of(money)
    kept = None
    if form.validate_on_submit():
        try:
            outcomes.change_money(session, actor, found, money, form.told(), read=form.read_version)
        except ChangedMeanwhile as problem:
            form.form_errors.append(_(problem.message))
            form.goes_on_from(money.version)
            kept = MoneyForm.of(money, formdata=None)
        else:
            return _to(found)
    page = _form_page(found, form, kept)
    return (page, 422) if form.errors else page


@advice.route("/desk/advice/cases/<uuid:case_id>/reopen", access=WORKER, methods=["POST"])
def reopen_case(case_id: UUID) -> AnyResponse:
    """Go on with a closed case."""
    found = queries.case(db.session(), current_actor(), case_id)
    verbs.reopen_case(db.session(), current_actor(), found)
    return _to(found)


@advice.route("/desk/advice/cases/<uuid:case_id>/dates.ics", access=READER, writes=True)
def case_calendar(case_id: UUID) -> Response:
    """The open dates for a calendar."""
    session = db.session()
    found = verbs.look_at_case(session, current_actor(), case_id)
    return _calendar(rows.dates_of(session, found.id))


@advice.route("/desk/advice/dates.ics", access=WORKER)
def own_calendar() -> Response:
    """Every open date of the adviser's own cases for a calendar: days and case numbers, nothing of whom or what."""
    return _calendar(rows.own_dates(db.session(), current_actor()))


def _calendar(dates: Iterable[KeyDate]) -> Response:
    host = urlsplit(current_app.extensions["waymark_settings"].base_url).hostname or "localhost"
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(deadlines_file(dates, host), content_type=CONTENT_TYPE, headers=headers)


def _answer(found: AdviceCase, form: CaseForm, other_files: Sequence[AdviceCase] = ()) -> Page:
    kept = None
    if form.validate_on_submit():
        try:
            form.save(db.session(), current_actor(), found)
        except ChangedMeanwhile as problem:
            form.form_errors.append(_(problem.message))
            kept = form.kept(db.session(), found)
        except (InvalidInput, Refused) as problem:
            form.form_errors.append(_(problem.message))
        else:
            return _to(found)
    page = _form_page(found, form, kept, other_files)
    return (page, 422) if form.errors else page


def _form_page(
    found: AdviceCase, form: CaseForm, kept: VersionForm | None, other_files: Sequence[AdviceCase] = ()
) -> str:
    return render_template("advice/add.html", case=found, form=form, kept=kept, other_files=other_files)


def _to(found: AdviceCase, **more: Any) -> AnyResponse:
    return redirect(url_for("advice.case", case_id=found.id, done="saved", **more), code=303)
