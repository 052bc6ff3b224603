"""Income, spending and debts of a case: the version that holds, those before it, and the form of the next one."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.advice import household_words as words
from app.advice import labels, queries
from app.advice.access import READER, WORKER
from app.advice.codes import CaseState
from app.advice.household_form import HouseholdForm
from app.advice.models import AdviceCase, FinancialStatement
from app.advice.operations import cases as verbs
from app.advice.operations.household import SavedMeanwhile, keep_statement
from app.advice.queries import household as statements
from app.advice.rules.household import Group, Heading
from app.advice.scope import is_worker
from app.advice.views.blueprint import advice
from app.advice.views.cases import Page
from app.advice.views.deadlines import rates_now
from app.core.errors import InvalidInput, NotFound, Refused
from app.people.queries import name_of_organization
from app.web.database import db
from app.web.done import done_before

MORE = "more"


@advice.route("/desk/advice/cases/<uuid:case_id>/household", access=READER, writes=True)
def household(case_id: UUID) -> str:
    """The version that holds, or one before it; a version that is not there is like none."""
    session, actor = db.session(), current_actor()
    case = verbs.look_at_case(session, actor, case_id)
    versions = statements.statements(session, case.id)
    asked = request.args.get("version")
    wanted = [each for each in versions if asked is None or str(each.version) == asked]
    if asked is not None and not wanted:
        raise NotFound("version")
    return render_template(
        "advice/household.html",
        case=case,
        organization=name_of_organization(session, case.organization_id),
        versions=versions,
        statement=wanted[0] if wanted else None,
        household=statements.Household.of(wanted[0]) if wanted else None,
        told=statements.lines_of(wanted[0]) if wanted else {},
        groups=_groups(),
        words=words,
        labels=labels,
        may_change=is_worker(actor) and case.state is CaseState.OPEN,
        rates_now=rates_now(),
        done=done_before(),
    )


@advice.route("/desk/advice/cases/<uuid:case_id>/household/new", access=WORKER, methods=["GET", "POST"])
def new_household(case_id: UUID) -> Page:
    """The next version, begun with what the last one says."""
    session, actor = db.session(), current_actor()
    case = queries.case(session, actor, case_id)
    typed = request.form if request.method == "POST" else None
    form = HouseholdForm.of(statements.last_statement(session, case.id), typed)
    if request.form.get("do") == MORE:
        form.more_debts()
        return _form_page(case, form)
    if form.validate_on_submit():
        try:
            keep_statement(session, actor, case, form.lines_told(), form.debts_told(),
                           note=form.note.data or "", after=form.version)  # fmt: skip
        except SavedMeanwhile as problem:
            form.form_errors.append(_(problem.message))
            return _form_page(case, form, meanwhile=form.goes_on_from(statements.last_statement(session, case.id))), 422
        except (InvalidInput, Refused) as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("advice.household", case_id=case.id, done="saved"), code=303)
    page = _form_page(case, form)
    return (page, 422) if form.errors else page


def _groups() -> list[tuple[Group, list[Heading]]]:
    return [(group, [heading for heading in Heading if heading.group is group]) for group in Group]


def _form_page(case: AdviceCase, form: HouseholdForm, meanwhile: FinancialStatement | None = None) -> str:
    return render_template(
        "advice/household_form.html",
        case=case,
        form=form,
        groups=_groups(),
        words=words,
        labels=labels,
        meanwhile=meanwhile,
        household=statements.Household.of(meanwhile) if meanwhile else None,
        told=statements.lines_of(meanwhile) if meanwhile else {},
    )
