"""Schedules as an organisation wants them: a new version, which running follow-ups keep out of or are moved on to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.outcomes import schedules
from app.outcomes.codes import OccasionState
from app.outcomes.measures.tables import content_hash
from app.outcomes.models import Occasion, OutcomePlan, OutcomeSchedule
from app.outcomes.operations.closing import take_out
from app.outcomes.operations.occasions import lock
from app.outcomes.operations.planning import SUBJECT, plan_occasion
from app.outcomes.plans import Messages, Plan, Step, plan_data, read_plan
from app.outcomes.rules import dates
from app.outcomes.rules.schedules import KINDS, wrong_messages, wrong_steps

Key = tuple[str, int]


def save_schedule(
    session: Session, actor: Actor, template: str, steps: Sequence[Step], messages: Messages
) -> OutcomeSchedule:
    """Use a schedule for follow-ups that begin from now on; those that run keep theirs (see `moving_on`)."""
    if actor.organization_id is None:
        raise Refused("Choose the organisation that you work in first.")
    if template not in KINDS or wrong_steps(steps) or wrong_messages(messages):
        raise InvalidInput("This schedule cannot be followed.")
    before = schedules.current(session, actor.organization_id, template)
    if (before.steps, before.messages) == (tuple(steps), messages):
        raise InvalidInput("Nothing has changed.")
    wanted = replace(before, version=before.version + 1, steps=tuple(steps), messages=messages)
    content = plan_data(wanted)
    made = OutcomeSchedule(
        organization_id=actor.organization_id,
        template=template,
        version=wanted.version,
        content=content,
        content_hash=content_hash(content),
        made_by_id=actor.user_id,
    )
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, ("outcome_schedule", made.id))
    return made


def follow_another(session: Session, actor: Actor, plan: OutcomePlan, schedule: OutcomeSchedule) -> None:
    """Move a person's plan on. What was asked or answered stays, and so does a day that somebody chose by hand."""
    wanted = read_plan(schedule.content)
    plan.template_version, plan.template_hash = schedule.version, schedule.content_hash
    plan.schedule = schedule.content
    session.flush()
    due = {(each.kind, each.months): each for each in dates.occasions(wanted, plan.anchor_on)}
    known: dict[Key, Occasion] = {(each.kind, each.months): each for each in plan.occasions}
    for key, occasion in known.items():
        _fit(session, actor, occasion, wanted, due.get(key))
    for key, each in due.items():
        if key not in known:
            plan_occasion(session, plan, each)
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, plan.id), person_id=plan.person_id, fields=["schedule"])


def _fit(session: Session, actor: Actor, occasion: Occasion, wanted: Plan, due: dates.Occasion | None) -> None:
    """One occasion as the schedule has it now; taken out where it has none, back in where it has one again."""
    if occasion.state not in {OccasionState.PLANNED, OccasionState.VOID}:
        return
    if due is None:
        take_out(session, actor, occasion)
        return
    lock(session, occasion)
    if occasion.state is OccasionState.VOID:
        if due.closes < clock.today():
            return
        occasion.state, occasion.due_on = OccasionState.PLANNED, due.due
    step = next(step for step in wanted.steps if step.kind == occasion.kind)
    window = dates.occasion_due(step, occasion.months, occasion.due_on, wanted.messages)
    occasion.opens_on, occasion.closes_on, occasion.call_on = window.opens, window.closes, window.call_on
