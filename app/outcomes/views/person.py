"""How somebody is doing: what is used with them, their scores over time, what is planned, what was found elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.audit.codes import Action
from app.audit.operations import record
from app.core.actor import Actor
from app.core.errors import Refused
from app.core.spreadsheet import line
from app.outcomes import jobs, labels, queries, showing, wording
from app.outcomes.access import READER, WORKER
from app.outcomes.codes import SETTLED, ChosenBy
from app.outcomes.forms import ChooseForm, GoalsForm, OutsideForm
from app.outcomes.measures import NOT_CHOSEN, find_measure
from app.outcomes.models import Measurement, OwnGoal
from app.outcomes.operations import choose, end_choice, record_outside, set_goals
from app.outcomes.operations.answering import GOALS
from app.outcomes.rules.answers import OneAnswer
from app.outcomes.rules.batches import HEADINGS, sheet_row
from app.outcomes.rules.change import Direction
from app.outcomes.views.blueprint import outcomes
from app.outcomes.views.looks import known_measure, opened, opened_to_change, page, usable
from app.people.access import may_write
from app.people.models import Person
from app.people.queries import is_changeable
from app.web.database import db
from app.web.done import done_before
from app.web.tables import table_file

Page = AnyResponse | str | tuple[str, int]


@outcomes.route("/desk/people/<uuid:person_id>/outcomes", access=READER, writes=True)
def overview(person_id: UUID) -> str:
    """Everything at a glance."""
    session = db.session()
    actor, person = opened(person_id)
    forms = queries.measurements(session, actor, person_id)
    cards = _cards(actor, person_id, forms)
    goals = queries.goals(session, actor, person_id)
    return render_template(
        "outcomes/person.html",
        person=person,
        cards=cards,
        is_mixed=showing.together([course for card in cards for course in card["courses"]]) is Direction.MIXED,
        goals=goals,
        goal_words=_by_score(goals),
        plans=queries.plans(session, actor, person_id),
        jobs=jobs.checks(session, actor, person_id),
        drafts=queries.drafts(session, actor, person_id),
        outside=queries.outside_results(session, actor, person_id),
        alerts=queries.alerts(session, actor, person_id=person_id),
        may_change=may_write(actor) and is_changeable(session, actor, person_id),
        labels=labels,
        settled=SETTLED,
        not_chosen=NOT_CHOSEN,
        find_measure=find_measure,
        done=done_before(),
    )


def _by_score(goals: Sequence[OwnGoal]) -> dict[str, str]:
    """What running goals say, by their scores."""
    return {f"goal-{goal.number}": goal.words for goal in goals}


def _cards(actor: Actor, person_id: UUID, forms: Sequence[Measurement]) -> list[dict[str, Any]]:
    """What was chosen or measured: latest score, what changed, and whether it counts as their own with two points."""
    by_measure: dict[str, list[Measurement]] = defaultdict(list)
    for form in forms:
        by_measure[form.measure].append(form)
    chosen = {choice.measure: choice for choice in queries.choices(db.session(), actor, person_id)}
    cards = []
    for reference in dict.fromkeys([*chosen, *by_measure]):
        measure, points = find_measure(reference), by_measure.get(reference, [])
        choice, courses = chosen.get(reference), showing.courses(measure, points)
        cards.append(
            {
                "measure": measure,
                "choice": choice,
                "points": len(points),
                "last": points[-1] if points else None,
                "courses": courses,
                "shared": showing.said_once(measure, courses),
                "reasons": showing.why_not_counted(measure, points, choice.chosen_by if choice else None),
            }
        )
    return cards


@outcomes.route("/desk/people/<uuid:person_id>/outcomes/choose", access=WORKER, methods=["GET", "POST"], writes=True)
def choose_measure(person_id: UUID) -> Page:
    """Choose a measure with the person."""
    actor, person = opened_to_change(person_id)
    known = [measure for measure in usable(actor) if measure.id not in NOT_CHOSEN]
    form = ChooseForm.offering(known)
    if form.validate_on_submit():
        measure = find_measure(form.measure.data)
        try:
            choose(
                db.session(),
                actor,
                person,
                measure,
                chosen_by=ChosenBy(form.chosen_by.data),
                reason=form.reason.data or "",
            )
        except Refused as problem:
            form.measure.errors = [_(problem.message)]
        else:
            endpoint = "outcomes.goals" if measure.id == GOALS else "outcomes.overview"
            return redirect(url_for(endpoint, person_id=person_id, done="chosen"), code=303)
    return page("outcomes/choose.html", person, form, known={each.reference: each for each in known})


@outcomes.route("/desk/people/<uuid:person_id>/outcomes/goals", access=WORKER, methods=["GET", "POST"], writes=True)
def goals(person_id: UUID) -> Page:
    """The person's goals in their own words."""
    actor, person = opened_to_change(person_id)
    running = {f"goal_{goal.number}": goal.words for goal in queries.goals(db.session(), actor, person_id)}
    chosen = {choice.measure: choice.chosen_by.value for choice in queries.choices(db.session(), actor, person_id)}
    form = GoalsForm(data=running | {"chosen_by": chosen.get(find_measure(GOALS).reference)})
    if form.validate_on_submit():
        words = [form.goal_1.data or "", form.goal_2.data or "", form.goal_3.data or ""]
        set_goals(db.session(), actor, person, words)
        choose(db.session(), actor, person, find_measure(GOALS), chosen_by=ChosenBy(form.chosen_by.data))
        return redirect(url_for("outcomes.overview", person_id=person_id, done="saved"), code=303)
    return page("outcomes/goals.html", person, form)


@outcomes.route("/desk/people/<uuid:person_id>/outcomes/outside", access=WORKER, methods=["GET", "POST"], writes=True)
def outside(person_id: UUID) -> Page:
    """A result of a tool that is used elsewhere."""
    actor, person = opened_to_change(person_id)
    form = OutsideForm.offering()
    if form.validate_on_submit() and form.happened_on.data is not None:
        record_outside(
            db.session(),
            actor,
            person,
            tool=form.tool.data or form.other.data,
            happened_on=form.happened_on.data,
            summary=form.summary.data,
            link=form.link.data,
        )
        return redirect(url_for("outcomes.overview", person_id=person_id, done="saved"), code=303)
    return page("outcomes/outside.html", person, form)


@outcomes.route("/desk/people/<uuid:person_id>/outcomes/<reference>", access=READER, writes=True)
def over_time(person_id: UUID, reference: str) -> str:
    """One measure over time: a table, and a chart of it."""
    session, measure = db.session(), known_measure(reference)
    actor, person = opened(person_id)
    forms = queries.measurements(session, actor, person_id, measure.reference)
    courses = showing.courses(measure, forms)
    choice = next(
        (each for each in queries.choices(session, actor, person_id) if each.measure == measure.reference), None
    )
    return render_template(
        "outcomes/over_time.html",
        person=person,
        measure=measure,
        courses=courses,
        shared=showing.said_once(measure, courses),
        named=showing.categories(measure, forms),
        goals=_by_score(queries.goals(session, actor, person_id)),
        choice=choice,
        reasons=showing.why_not_counted(measure, forms, choice.chosen_by if choice else None),
        labels=labels,
        size=(showing.WIDTH, showing.HEIGHT),
        left=showing.LEFT,
        may_change=may_write(actor) and is_changeable(session, actor, person_id),
        words=wording.text_for(session, actor.organization_id, measure) if actor.organization_id else None,
    )


@outcomes.route(
    "/desk/people/<uuid:person_id>/outcomes/<reference>/end", access=WORKER, methods=["POST"], endpoint="end_measure"
)
def end_measure(person_id: UUID, reference: str) -> Page:
    """Use a measure no longer."""
    actor, person = opened_to_change(person_id)
    end_choice(db.session(), actor, person, known_measure(reference))
    return redirect(url_for("outcomes.overview", person_id=person_id, done="saved"), code=303)


@outcomes.route("/desk/people/<uuid:person_id>/outcomes.csv", access=READER, writes=True)
def as_csv(person_id: UUID) -> Response:
    """Every score of a person, or every answer, as a table for another system. The file's name says nothing.

    The table of answers is one that can be taken in again.
    """
    actor, person = opened(person_id)
    forms = queries.measurements(db.session(), actor, person_id)
    lines = _answers_of(person, forms) if request.args.get("of") == "answers" else _scores_of(forms)
    record(db.session(), actor, Action.EXPORTED, ("person", person.id), person_id=person.id, reason="outcomes")
    return table_file(lines, "table.csv", for_machines=True)


def _scores_of(forms: Sequence[Measurement]) -> list[str]:
    lines = [line(("answered_on", "measure", "score", "value", "band", "estimated", "mode", "rule"))]
    for form in forms:
        for score in showing.asked_scores(find_measure(form.measure), form):
            row = (form.answered_on.isoformat(), form.measure, score.key, showing.shown(score.value), score.band or "")
            lines.append(line((*row, str(score.estimated), form.mode, score.rule)))
    return lines


def _answers_of(person: Person, forms: Sequence[Measurement]) -> list[str]:
    measures = [find_measure(form.measure) for form in forms]
    numbers = max((len(measure.items) for measure in measures), default=0)
    lines = [line((*HEADINGS, *range(1, numbers + 1)))]
    for form, measure in zip(forms, measures, strict=True):
        about = {
            "name": person.name,
            "date of birth": person.born_on.isoformat() if person.born_on else "",
            "NHS number": person.nhs_number or "",
            "answered on": form.answered_on.isoformat(),
            "helped": "yes" if form.helped else "",
        }
        said = {each.item: OneAnswer(each.kind, each.raw_code, each.words) for each in form.answers}
        lines.append(line(sheet_row(measure, said, about, numbers)))
    return lines
