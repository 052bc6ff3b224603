"""When people are asked: the schedules of the organisation, changed with a look at the dates that come of it."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core import clock
from app.core.errors import InvalidInput, NotFound
from app.outcomes import labels, schedules
from app.outcomes.access import KEEPER
from app.outcomes.operations import move_on, save_schedule
from app.outcomes.plans import Plan, find_plan
from app.outcomes.rules import dates
from app.outcomes.rules.schedules import KINDS
from app.outcomes.schedule_form import MOVE, schedule_form
from app.outcomes.views.blueprint import outcomes
from app.outcomes.views.settings import place_of
from app.web.database import db

Page = Response | str | tuple[str, int]


@outcomes.route("/desk/outcomes/settings/schedules/<template>", access=KEEPER, methods=["GET", "POST"])
def schedule(template: str) -> Page:
    """Change a schedule: look at its dates first, then save it as a new version."""
    if template not in KINDS:
        raise NotFound("schedule")
    session, actor = db.session(), current_actor()
    place = place_of(actor)
    plan = schedules.current(session, place, template)
    form = schedule_form(plan, schedules.count_running(session, place, template))
    shown = plan
    if form.validate_on_submit():
        shown = Plan(plan.id, plan.version, plan.name, plan.anchor, tuple(form.steps()), form.messages(), "")
        if "save" in request.form:
            try:
                made = save_schedule(session, actor, template, shown.steps, shown.messages)
                if form.running.data == MOVE:
                    move_on(session, actor, made)
            except InvalidInput as problem:
                form.form_errors.append(_(problem.message))
            else:
                return redirect(url_for("outcomes.settings", done="saved"), code=303)
    body = render_template(
        "outcomes/schedule.html",
        form=form,
        plan=plan,
        shipped=find_plan(template),
        versions=schedules.versions(session, place, template),
        preview=[] if form.errors else _preview(shown, form.example.data or clock.today()),
        example=form.example.data or clock.today(),
        labels=labels,
    )
    return (body, 422) if form.errors else body


def _preview(plan: Plan, anchor: date) -> list[tuple[dates.Occasion, ...]]:
    """What one message asks for, and when."""
    try:
        return dates.merged(dates.occasions(plan, anchor), plan.messages.merge_within)
    except InvalidInput:
        return []
