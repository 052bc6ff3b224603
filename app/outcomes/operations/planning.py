"""Plans of follow-ups: begun from a template, held, ended; and the contacts that reviews are counted from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import InvalidInput, Refused
from app.core.text import single_line
from app.outcomes import schedules
from app.outcomes.codes import SETTLED, EndReason, OccasionState
from app.outcomes.measures import find_measure
from app.outcomes.models import AttendedContact, Occasion, OutcomePlan
from app.outcomes.operations.choices import require_usable
from app.outcomes.operations.closing import take_out
from app.outcomes.operations.occasions import ONCE, lead_of, lock, settle, timing
from app.outcomes.operations.staying_in_reach import let_go
from app.outcomes.plans import Plan, find_plan, plan_data
from app.outcomes.rules import dates

SUBJECT = "outcome_plan"
# These occasions ask one thing, whatever else the plan measures.
OWN_MEASURE = {"satisfaction": "satisfaction/1", "job kept": "job-kept/1"}


def start_plan(  # noqa: PLR0913 - what a plan is made of
    session: Session,
    actor: Actor,
    person_id: UUID,
    *,
    template: str,
    anchor_on: date,
    measures: Sequence[str] = (),
    owner_id: UUID | None = None,
    label: str = "",
    organization_id: UUID | None = None,
) -> OutcomePlan:
    """Plan a person's follow-ups, counted in calendar months from the anchor.

    The same plan again is the one there is; if it had ended, it goes on.
    Occasions whose time is over already are not planned. Refused where a measure may not be used here.
    """
    keeper = actor.organization_id or organization_id
    if keeper is None:
        raise Refused("Choose the organisation that you work in first.")
    plan = schedules.current(session, keeper, template)
    references = [find_measure(name).reference for name in measures]
    needed = references if any(step.kind not in OWN_MEASURE for step in plan.steps) else []
    if not needed and plan.id == ONCE:
        raise InvalidInput("Choose at least one thing to ask.")
    for reference in needed:
        require_usable(session, keeper, find_measure(reference))
    label = single_line(label)
    found = _same(session, keeper, person_id, plan, anchor_on, label)
    if found is not None:
        resume_plan(session, actor, found, needed)
        return found
    made = OutcomePlan(
        organization_id=keeper,
        person_id=person_id,
        template=plan.id,
        template_version=plan.version,
        template_hash=plan.content_hash,
        schedule=plan_data(plan) if plan.version != find_plan(template).version else None,
        anchor_on=anchor_on,
        measures=needed,
        label=label,
        owner_id=owner_id or (actor.user_id if actor.is_staff else None),
        made_by_id=actor.user_id,
    )
    session.add(made)
    session.flush()
    _plan_occasions(session, made, plan)
    record(session, actor, Action.CREATED, (SUBJECT, made.id), person_id=person_id)
    return made


def _same(
    session: Session, organization_id: UUID, person_id: UUID, plan: Plan, anchor_on: date, label: str
) -> OutcomePlan | None:
    return session.scalars(
        select(OutcomePlan)
        .where(
            OutcomePlan.organization_id == organization_id,
            OutcomePlan.person_id == person_id,
            OutcomePlan.template == plan.id,
            OutcomePlan.anchor_on == anchor_on,
            OutcomePlan.label == label,
        )
        .order_by(OutcomePlan.id)
    ).one_or_none()


def _plan_occasions(session: Session, made: OutcomePlan, plan: Plan) -> None:
    for each in dates.occasions(plan, made.anchor_on):
        plan_occasion(session, made, each)
    session.flush()


def plan_occasion(session: Session, plan: OutcomePlan, each: dates.Occasion) -> None:
    """Plan one occasion, unless its time is over already or there is nothing to ask."""
    asked = [OWN_MEASURE[each.kind]] if each.kind in OWN_MEASURE else list(plan.measures)
    if each.closes < clock.today() or not asked:
        return
    session.add(
        Occasion(
            plan_id=plan.id,
            organization_id=plan.organization_id,
            person_id=plan.person_id,
            kind=each.kind,
            months=each.months,
            measures=asked,
            due_on=each.due,
            opens_on=each.opens,
            closes_on=each.closes,
            call_on=each.call_on,
        )
    )


def ask_once(
    session: Session,
    actor: Actor,
    person_id: UUID,
    measures: Sequence[str],
    *,
    due_on: date | None = None,
    organization_id: UUID | None = None,
) -> Occasion:
    """Ask for some measures today or on a day, outside of the schedule; asked twice for a day it is one occasion."""
    references = list(dict.fromkeys(find_measure(name).reference for name in measures))
    plan = start_plan(
        session,
        actor,
        person_id,
        template=ONCE,
        anchor_on=due_on or clock.today(),
        measures=references,
        label=" ".join(sorted(references)),
        organization_id=organization_id,
    )
    return session.scalars(select(Occasion).where(Occasion.plan_id == plan.id).order_by(Occasion.id)).one()


def end_plan(session: Session, actor: Actor, plan: OutcomePlan, reason: EndReason) -> None:
    """End a plan: nothing of it is asked for any more. What was answered stays."""
    session.refresh(plan, with_for_update={"of": OutcomePlan})
    if plan.ended_on is not None:
        return
    plan.ended_on, plan.end_reason, plan.ended_by_id = clock.today(), reason, actor.user_id
    session.flush()
    for occasion in _open_occasions(session, plan):
        take_out(session, actor, occasion)
    let_go(session, plan)
    record(session, actor, Action.CHANGED, (SUBJECT, plan.id), person_id=plan.person_id, fields=["ended_on"])


def resume_plan(session: Session, actor: Actor, plan: OutcomePlan, measures: Sequence[str]) -> None:
    """Go on with a plan that ended: what was set aside with it waits again, and whoever was asked is not asked anew."""
    session.refresh(plan, with_for_update={"of": OutcomePlan})
    if plan.ended_on is None:
        return
    plan.ended_on = plan.end_reason = plan.ended_by_id = None
    plan.measures = list(measures)
    session.flush()
    due = {(each.kind, each.months) for each in dates.occasions(schedules.followed(plan), plan.anchor_on)}
    for occasion in session.scalars(_of(plan)).all():
        lock(session, occasion)
        if occasion.state is OccasionState.VOID and (occasion.kind, occasion.months) in due:
            _bring_back(session, plan, occasion)
    record(session, actor, Action.CHANGED, (SUBJECT, plan.id), person_id=plan.person_id, fields=["ended_on"])


def _bring_back(session: Session, plan: OutcomePlan, occasion: Occasion) -> None:
    lead = lead_of(session, occasion)
    was_asked = lead.last_message_no is not None
    if occasion.kind not in OWN_MEASURE and not was_asked:
        occasion.measures = list(plan.measures)
    if not occasion.measures or occasion.closes_on < clock.today():
        return
    occasion.state = OccasionState.SENT if was_asked else OccasionState.PLANNED
    session.flush()
    settle(session, SYSTEM, lead)


def hold(session: Session, actor: Actor, plan: OutcomePlan, *, on_hold: bool) -> None:
    """Keep every message of a plan back, or let them go again."""
    for occasion in _open_occasions(session, plan):
        lock(session, occasion)
    plan.on_hold = on_hold
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, plan.id), person_id=plan.person_id, fields=["on_hold"])


def _open_occasions(session: Session, plan: OutcomePlan) -> Sequence[Occasion]:
    return session.scalars(_of(plan).where(Occasion.state.not_in(SETTLED))).all()


def _of(plan: OutcomePlan) -> Select[Occasion]:
    return select(Occasion).where(Occasion.plan_id == plan.id).order_by(Occasion.due_on, Occasion.id)


def note_contact(
    session: Session,
    actor: Actor,
    *,
    organization_id: UUID,
    person_id: UUID,
    happened_on: date,
    because: tuple[str, UUID],
) -> bool:
    """Write down that person and organisation met; the same reason twice is one contact. Says whether it is new.

    A review that counts contacts comes sooner when their number is reached.
    """
    known = select(AttendedContact.id).where(
        AttendedContact.because_type == because[0],
        AttendedContact.because_id == because[1],
        AttendedContact.person_id == person_id,
    )
    if session.scalar(known.limit(1)) is not None:
        return False
    made = AttendedContact(
        organization_id=organization_id,
        person_id=person_id,
        happened_on=happened_on,
        because_type=because[0],
        because_id=because[1],
    )
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, ("outcome_contact", made.id), person_id=person_id)
    _bring_reviews_forward(session, organization_id, person_id)
    return True


def _bring_reviews_forward(session: Session, organization_id: UUID, person_id: UUID) -> None:
    planned = session.scalars(
        select(Occasion)
        .where(
            Occasion.organization_id == organization_id,
            Occasion.person_id == person_id,
            Occasion.state == OccasionState.PLANNED,
            Occasion.kind == "review",
        )
        .order_by(Occasion.due_on, Occasion.id)
    ).all()
    for occasion in planned:
        number = timing(occasion).or_contact
        if number is None:
            continue
        days = session.scalars(
            select(AttendedContact.happened_on)
            .where(
                AttendedContact.organization_id == organization_id,
                AttendedContact.person_id == person_id,
                AttendedContact.happened_on >= occasion.plan.anchor_on,
            )
            .order_by(AttendedContact.happened_on, AttendedContact.id)
        ).all()
        occasion.due_on = dates.first_review(occasion.due_on, days, number)
        window = timing(occasion)
        occasion.opens_on, occasion.closes_on, occasion.call_on = window.opens, window.closes, window.call_on
    session.flush()
