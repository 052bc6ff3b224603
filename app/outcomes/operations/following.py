"""Follow-ups that begin, change and end because something happened.

Somebody came for the first time, support ended, a course was completed, a group was attended, or other measures were
chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from app.core import clock
from app.core.actor import SYSTEM
from app.core.text import shorten
from app.outcomes.codes import EndReason, OccasionState
from app.outcomes.measures import find_measure
from app.outcomes.models import MeasureChoice, Occasion, OutcomePlan
from app.outcomes.operations.choices import is_usable
from app.outcomes.operations.closing import take_out
from app.outcomes.operations.occasions import lock
from app.outcomes.operations.planning import OWN_MEASURE, end_plan, plan_occasion, resume_plan, start_plan
from app.outcomes.operations.staying_in_reach import keep_in_reach
from app.outcomes.rules import dates
from app.outcomes.schedules import followed
from app.people.codes import PermissionKind
from app.people.models import Person
from app.people.queries import standings

LONGEST_LABEL = 80
SUPPORT, AFTER_CLOSE, COURSE = "support", "after-close", "course-completed"
# What begins by itself and asks for whatever is measured with the person.
BY_EVENTS = (SUPPORT, AFTER_CLOSE, COURSE, "group-attended")
# Nobody was asked yet, so what is asked can still change. One that was taken out for want of questions may come back.
NOT_ASKED = frozenset({OccasionState.PLANNED, OccasionState.OPEN, OccasionState.VOID})


def follow_up(  # noqa: PLR0913 - what follow-ups are made of
    session: Session,
    organization_id: UUID,
    person_id: UUID,
    *,
    template: str,
    anchor_on: date,
    label: str = "",
    owner_id: UUID | None = None,
    anew: bool = False,
) -> OutcomePlan | None:
    """Plan what is asked now that something happened: the template's own questions, and what is measured already.

    Nothing without the permission to get in touch later. The same thing happening again is the plan there is, which
    goes on where it had been taken back that it happened. `anew`, where its end was moved, ends that plan and begins
    another, or goes on with one that ended on the same day.
    Two that come at once wait for each other.
    """
    label = shorten(label, LONGEST_LABEL)
    session.execute(select(Person.id).where(Person.id == person_id).order_by(Person.id).with_for_update())
    if not standings(session, person_id)[PermissionKind.FOLLOW_UP].in_force:
        return None
    known = _known(session, organization_id, person_id, template, label)
    if known is not None and not anew:
        return _go_on(session, known) if known.ended_by_id is None else known
    if known is not None and known.anchor_on == anchor_on:
        return _go_on(session, known)
    if known is not None:
        end_plan(session, SYSTEM, known, EndReason.FINISHED)
    plan = start_plan(
        session,
        SYSTEM,
        person_id,
        template=template,
        anchor_on=anchor_on,
        measures=_measured(session, organization_id, person_id),
        owner_id=owner_id,
        organization_id=organization_id,
        label=label,
    )
    keep_in_reach(session, plan)
    return plan


def _go_on(session: Session, plan: OutcomePlan) -> OutcomePlan:
    """What ended because help went on, and was over again on that same day, goes on as it was; staff's word stands."""
    if plan.end_reason is EndReason.FINISHED:
        resume_plan(session, SYSTEM, plan, _measured(session, plan.organization_id, plan.person_id))
        keep_in_reach(session, plan)
    return plan


def begin_support(
    session: Session,
    organization_id: UUID,
    person_id: UUID,
    *,
    came_on: date,
    label: str,
    owner_id: UUID | None,
) -> OutcomePlan | None:
    """Follow support from the first contact that somebody came to; one that runs already takes the contact in.

    A contact that is written down when that support was over already begins nothing: they would be asked twice.
    """
    if _running(session, organization_id, person_id, OutcomePlan.template == SUPPORT):
        return None
    if _was_over(session, organization_id, person_id, shorten(label, LONGEST_LABEL), came_on):
        return None
    return follow_up(
        session,
        organization_id,
        person_id,
        template=SUPPORT,
        anchor_on=came_on,
        label=label,
        owner_id=owner_id,
        anew=True,
    )


def end_support(session: Session, organization_id: UUID, person_id: UUID, *, label: str) -> None:
    """Nobody is asked any more how it goes meanwhile: what was begun for this support, or by staff without a name."""
    _end(session, organization_id, person_id, SUPPORT, label, "")


def resume_support(session: Session, organization_id: UUID, person_id: UUID, *, label: str) -> None:
    """Support that had ended goes on: nobody is asked how it is after it."""
    _end(session, organization_id, person_id, AFTER_CLOSE, label)


def take_back(session: Session, organization_id: UUID, person_id: UUID, *, template: str, label: str) -> None:
    """It was a mistake that something happened: nobody is asked how it is after it. What was answered stays."""
    _end(session, organization_id, person_id, template, label)


def _end(session: Session, organization_id: UUID, person_id: UUID, template: str, *labels: str) -> None:
    of_it = OutcomePlan.label.in_([shorten(label, LONGEST_LABEL) for label in labels])
    for plan in _running(session, organization_id, person_id, OutcomePlan.template == template, of_it):
        end_plan(session, SYSTEM, plan, EndReason.FINISHED)


def ask_what_is_measured(session: Session, organization_id: UUID, person_id: UUID) -> None:
    """Follow-ups that began by themselves ask for what is measured now; what was asked already stays."""
    began_by_itself = OutcomePlan.made_by_id.is_(None)
    for plan in _running(session, organization_id, person_id, OutcomePlan.template.in_(BY_EVENTS), began_by_itself):
        plan.measures = _measured(session, organization_id, person_id)
        for occasion in plan.occasions:
            if occasion.kind not in OWN_MEASURE and occasion.state in NOT_ASKED:
                _ask_for(session, occasion, plan.measures)
        known = {(each.kind, each.months) for each in plan.occasions}
        for each in dates.occasions(followed(plan), plan.anchor_on):
            if (each.kind, each.months) not in known:
                plan_occasion(session, plan, each)
    session.flush()


def _ask_for(session: Session, occasion: Occasion, measures: list[str]) -> None:
    lock(session, occasion)
    if occasion.last_message_no is not None or (occasion.state is OccasionState.VOID and occasion.measures):
        return
    occasion.measures = list(measures)
    session.flush()
    if not measures:
        take_out(session, SYSTEM, occasion)
    elif occasion.state is OccasionState.VOID and occasion.closes_on >= clock.today():
        occasion.state = OccasionState.PLANNED


def _running(
    session: Session, organization_id: UUID, person_id: UUID, *which: ColumnElement[bool]
) -> Sequence[OutcomePlan]:
    return session.scalars(
        select(OutcomePlan)
        .where(
            OutcomePlan.organization_id == organization_id,
            OutcomePlan.person_id == person_id,
            OutcomePlan.ended_on.is_(None),
            *which,
        )
        .options(selectinload(OutcomePlan.occasions))
        .order_by(OutcomePlan.anchor_on, OutcomePlan.id)
        .execution_options(populate_existing=True)  # the occasions as they stand, not as they were read before
    ).all()


def _was_over(session: Session, organization_id: UUID, person_id: UUID, label: str, came_on: date) -> bool:
    """Whether that support had ended since, or what is asked after it has begun."""
    ended = and_(OutcomePlan.template == SUPPORT, OutcomePlan.ended_on > came_on)
    followed_up = and_(
        OutcomePlan.template == AFTER_CLOSE, OutcomePlan.ended_on.is_(None), OutcomePlan.anchor_on >= came_on
    )
    over = select(OutcomePlan.id).where(
        OutcomePlan.organization_id == organization_id,
        OutcomePlan.person_id == person_id,
        OutcomePlan.label == label,
        or_(ended, followed_up),
    )
    return session.scalar(over.limit(1)) is not None


def _known(session: Session, organization_id: UUID, person_id: UUID, template: str, label: str) -> OutcomePlan | None:
    return session.scalars(
        select(OutcomePlan)
        .where(
            OutcomePlan.organization_id == organization_id,
            OutcomePlan.person_id == person_id,
            OutcomePlan.template == template,
            OutcomePlan.label == label,
        )
        .order_by(OutcomePlan.anchor_on.desc(), OutcomePlan.id)
    ).first()


def _measured(session: Session, organization_id: UUID, person_id: UUID) -> list[str]:
    chosen = session.scalars(
        select(MeasureChoice.measure)
        .where(
            MeasureChoice.organization_id == organization_id,
            MeasureChoice.person_id == person_id,
            MeasureChoice.ended_on.is_(None),
        )
        .order_by(MeasureChoice.measure)
    ).all()
    return [reference for reference in chosen if is_usable(session, organization_id, find_measure(reference))]
