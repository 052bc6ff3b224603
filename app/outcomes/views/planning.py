"""Follow-ups of a person: begun, asked today, put on hold, ended."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.outcomes import queries
from app.outcomes.access import WORKER
from app.outcomes.codes import EndReason
from app.outcomes.forms import AskForm, EndForm, PlanForm
from app.outcomes.measures import NO_LICENCE_PACK, NOT_CHOSEN, find_measure
from app.outcomes.operations import ask_once, end_plan, hold, start_plan
from app.outcomes.operations.answering import GOALS
from app.outcomes.views.blueprint import outcomes
from app.outcomes.views.looks import opened, opened_to_change, page, usable
from app.web.database import db

Page = Response | str | tuple[str, int]


@outcomes.route("/desk/people/<uuid:person_id>/outcomes/plan", access=WORKER, methods=["GET", "POST"], writes=True)
def plan_follow_ups(person_id: UUID) -> Page:
    """Begin follow-ups from a template."""
    actor, person = opened_to_change(person_id)
    chosen = [choice.measure for choice in queries.choices(db.session(), actor, person_id)]
    known = [measure for measure in usable(actor) if measure.id not in NOT_CHOSEN]
    form = PlanForm.offering(known, _ticked(actor, person_id, chosen))
    if form.validate_on_submit() and form.anchor_on.data is not None:
        try:
            require_goals(actor, person_id, form.measures.data or [])
            start_plan(
                db.session(),
                actor,
                person_id,
                template=form.template.data,
                anchor_on=form.anchor_on.data,
                measures=form.measures.data or [],
                label=form.label.data or "",
            )
        except (Refused, InvalidInput) as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("outcomes.overview", person_id=person_id, done="planned"), code=303)
    return page("outcomes/plan.html", person, form)


def _ticked(actor: Actor, person_id: UUID, chosen: list[str]) -> list[str]:
    """What is ticked at first: what was chosen with them, or the short pack where that is asked for."""
    if "pack" not in request.args:
        return chosen
    pack = [find_measure(name) for name in NO_LICENCE_PACK]
    has_goals = bool(queries.goals(db.session(), actor, person_id))
    return [measure.reference for measure in pack if measure.id != GOALS or has_goals]


def require_goals(actor: Actor, person_id: UUID, measures: Sequence[str]) -> None:
    """InvalidInput where goals would be asked about of somebody who has set none: there would be nothing to answer."""
    if find_measure(GOALS).reference in measures and not queries.goals(db.session(), actor, person_id):
        raise InvalidInput("They have set no goal yet. Set one in their own words first, or leave the goals out.")


@outcomes.route("/desk/people/<uuid:person_id>/outcomes/ask", access=WORKER, methods=["GET", "POST"], writes=True)
def ask_now(person_id: UUID) -> Page:
    """Ask once: by a link to their phone or e-mail, today or on a day to come, or on a tablet that is handed over."""
    actor, person = opened_to_change(person_id)
    chosen = [choice.measure for choice in queries.choices(db.session(), actor, person_id)]
    form = AskForm.offering(usable(actor), _ticked(actor, person_id, chosen or ["satisfaction/1"]))
    if form.validate_on_submit():
        try:
            require_goals(actor, person_id, form.measures.data)
            occasion = ask_once(db.session(), actor, person_id, form.measures.data, due_on=form.due_on.data)
        except (Refused, InvalidInput) as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("outcomes.one_occasion", occasion_id=occasion.id, done="asked"), code=303)
    return page("outcomes/ask.html", person, form)


@outcomes.route("/desk/outcomes/plans/<uuid:plan_id>/end", access=WORKER, methods=["GET", "POST"], writes=True)
def end_follow_ups(plan_id: UUID) -> Page:
    """End a plan, with the reason."""
    session = db.session()
    plan = queries.plan(session, current_actor(), plan_id)
    actor, person = opened(plan.person_id)
    form = EndForm()
    if form.validate_on_submit():
        end_plan(session, actor, plan, EndReason(form.reason.data))
        return redirect(url_for("outcomes.overview", person_id=person.id, done="saved"), code=303)
    return page("outcomes/end_plan.html", person, form, plan=plan)


@outcomes.route("/desk/outcomes/plans/<uuid:plan_id>/hold", access=WORKER, methods=["POST"])
def hold_follow_ups(plan_id: UUID) -> Page:
    """Keep the messages of a plan back, or let them go again."""
    actor = current_actor()
    plan = queries.plan(db.session(), actor, plan_id)
    hold(db.session(), actor, plan, on_hold=not plan.on_hold)
    return redirect(url_for("outcomes.overview", person_id=plan.person_id, done="saved"), code=303)
