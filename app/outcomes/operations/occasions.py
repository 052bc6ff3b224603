"""Occasions: asked for together, settled by answers, called, moved, closed with a reason."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.notifications import operations as outbox
from app.notifications.about import About
from app.outcomes.codes import SETTLED, CloseReason, FormState, OccasionState
from app.outcomes.measures import NO_LICENCE_PACK
from app.outcomes.models import Measurement, Occasion
from app.outcomes.plans import Plan, Step
from app.outcomes.rules import dates
from app.outcomes.schedules import followed

SUBJECT = "outcome_occasion"
ONCE = "once"  # what is asked outside of any schedule: nothing is counted from its day


def lock(session: Session, occasion: Occasion) -> None:
    """Hold the leading occasion until the transaction ends: what is sent and what is answered wait for each other."""
    session.refresh(occasion, with_for_update={"of": Occasion})


def lead_of(session: Session, occasion: Occasion) -> Occasion:
    """The occasion whose message asks for this one too."""
    return occasion if occasion.lead_id in {None, occasion.id} else session.get_one(Occasion, occasion.lead_id)


def group_of(session: Session, lead: Occasion) -> list[Occasion]:
    """The leading occasion and those asked for with it."""
    return list(
        session.scalars(
            select(Occasion)
            .where(or_(Occasion.id == lead.id, Occasion.lead_id == lead.id))
            .order_by(Occasion.due_on, Occasion.kind, Occasion.id)
        )
    )


def measures_of(group: list[Occasion]) -> list[str]:
    """The measures that a group asks for, each once: the short pack first, in the order that belongs together."""
    asked = dict.fromkeys(reference for each in group for reference in each.measures)
    return sorted(asked, key=_place_in_pack)


def _place_in_pack(reference: str) -> int:
    name = reference.partition("/")[0]
    return NO_LICENCE_PACK.index(name) if name in NO_LICENCE_PACK else len(NO_LICENCE_PACK)


def merge_due(session: Session, lead: Occasion) -> list[Occasion]:
    """Let what the same person owes the same organisation within some days go with the leading occasion."""
    plan = plan_of(lead)
    last = lead.due_on + timedelta(days=plan.messages.merge_within)
    near = session.scalars(
        select(Occasion)
        .where(
            Occasion.organization_id == lead.organization_id,
            Occasion.person_id == lead.person_id,
            Occasion.id != lead.id,
            Occasion.lead_id.is_(None),
            Occasion.state.in_((OccasionState.PLANNED, OccasionState.OPEN)),
            Occasion.opens_on <= clock.today(),  # an answer before that would count for nothing
            Occasion.due_on.between(lead.due_on - timedelta(days=plan.messages.merge_within), last),
        )
        .order_by(Occasion.due_on, Occasion.kind, Occasion.id)
        .with_for_update(of=Occasion)
    ).all()
    for each in near:
        if each.plan.ended_on is None and not each.plan.on_hold and not _leads_others(session, each):
            each.lead_id = lead.id
    lead.lead_id = lead.id
    session.flush()
    return group_of(session, lead)


def _leads_others(session: Session, occasion: Occasion) -> bool:
    return session.scalar(select(Occasion.id).where(Occasion.lead_id == occasion.id).limit(1)) is not None


def plan_of(occasion: Occasion) -> Plan:
    """The schedule that an occasion comes from."""
    return followed(occasion.plan)


def step_of(occasion: Occasion) -> Step:
    """The step of the schedule that an occasion comes from; a plain one for what staff added."""
    plain = Step(kind=occasion.kind, months=(max(occasion.months, 0),), before=0, after=28)
    return next((step for step in plan_of(occasion).steps if step.kind == occasion.kind), plain)


def timing(occasion: Occasion) -> dates.Occasion:
    """When an occasion is asked for, reminded, called and closed."""
    return dates.occasion_due(step_of(occasion), occasion.months, occasion.due_on, plan_of(occasion).messages)


def settle(session: Session, actor: Actor, lead: Occasion) -> None:
    """Bring a group to where its forms are. Once all is done nothing more is sent, whatever waits to leave."""
    lock(session, lead)
    group = group_of(session, lead)
    forms = session.scalars(
        select(Measurement)
        .where(Measurement.occasion_id == lead.id, Measurement.superseded_at.is_(None), Measurement.voided_at.is_(None))
        .order_by(Measurement.created_at, Measurement.id)
    ).all()
    finished = {form.measure: form.answered_on for form in forms if form.state is not FormState.DRAFT}
    for each in group:
        if each.state in SETTLED:
            continue
        if set(each.measures) <= finished.keys():
            each.state = OccasionState.DONE
            each.done_on = max(finished[reference] for reference in each.measures) if each.measures else clock.today()
            record(session, actor, Action.CHANGED, (SUBJECT, each.id), person_id=each.person_id, fields=["state"])
        elif forms:
            each.state = OccasionState.PART_ANSWERED
    session.flush()
    if all(each.state in SETTLED for each in group):
        stop_messages(session, lead, "answered")


def stop_messages(session: Session, lead: Occasion, reason: str) -> None:
    """Withdraw what has not left yet of the messages of an occasion."""
    outbox.cancel(session, about=About(type=SUBJECT, id=lead.id), reason=reason)


def note_call(session: Session, actor: Actor, occasion: Occasion) -> None:
    """Somebody has called the person about it."""
    lock(session, occasion)
    occasion.called_at, occasion.called_by_id = clock.now(), actor.user_id
    record(session, actor, Action.CHANGED, (SUBJECT, occasion.id), person_id=occasion.person_id, fields=["called_at"])


def close(session: Session, actor: Actor, occasion: Occasion, reason: CloseReason) -> None:
    """End an occasion without an answer, with the reason. What is settled stays as it is."""
    lock(session, occasion)
    if occasion.state in SETTLED:
        return
    occasion.state, occasion.close_reason = OccasionState.CLOSED_UNANSWERED, reason
    occasion.closed_at, occasion.closed_by_id = clock.now(), actor.user_id
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, occasion.id), person_id=occasion.person_id, fields=["state"])
    _stop_if_settled(session, lead_of(session, occasion))


def set_aside(session: Session, actor: Actor, occasion: Occasion) -> None:
    """Take an occasion out: it was planned by mistake, or its plan has ended."""
    lock(session, occasion)
    if occasion.state in SETTLED:
        return
    occasion.state = OccasionState.VOID
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, occasion.id), person_id=occasion.person_id, fields=["state"])
    _stop_if_settled(session, lead_of(session, occasion))


def _stop_if_settled(session: Session, lead: Occasion) -> None:
    if all(each.state in SETTLED for each in group_of(session, lead)):
        stop_messages(session, lead, "closed")


def move(session: Session, actor: Actor, occasion: Occasion, due: date) -> None:
    """Give an occasion that nobody was asked for yet another day."""
    lock(session, occasion)
    if occasion.state not in {OccasionState.PLANNED, OccasionState.OPEN}:
        raise Refused("They were asked already, so the day stays as it is.")
    if occasion.plan.template != ONCE and due < occasion.plan.anchor_on:
        raise InvalidInput("The day must not be before the follow-ups began.")
    occasion.due_on = due
    window = timing(occasion)
    occasion.opens_on, occasion.closes_on, occasion.call_on = window.opens, window.closes, window.call_on
    occasion.lead_id = None
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, occasion.id), person_id=occasion.person_id, fields=["due_on"])


def waiting_for(session: Session, organization_id: UUID, person_id: UUID, measure: str, day: date) -> Occasion | None:
    """The leading occasion that a form answered on that day counts for, however it was answered."""
    open_ones = session.scalars(
        select(Occasion)
        .where(
            Occasion.organization_id == organization_id,
            Occasion.person_id == person_id,
            Occasion.state.not_in(SETTLED),
            Occasion.opens_on <= day,
            Occasion.closes_on >= day,
        )
        .order_by(Occasion.due_on, Occasion.id)
    )
    wanted = next((each for each in open_ones if measure in each.measures), None)
    return None if wanted is None else lead_of(session, wanted)
