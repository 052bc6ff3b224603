"""What is written in a learning plan, by the person or by those who teach them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.codes import PathStage
from app.booking.models import LearningPlan, PlanGoal, PlanReview, PlanStep
from app.booking.operations.moving import party_of
from app.booking.queries import plans as reads
from app.booking.rules.plans import may_step
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A talk about how it goes, and the day of the next one."""

    held_on: date
    words: str
    what_helped: str = ""
    next_on: date | None = None


def open_plan(session: Session, actor: Actor, person_id: UUID, organization_id: UUID) -> LearningPlan:
    """The plan of a person with a college, begun if there is none."""
    found = reads.plan_of(session, person_id, organization_id)
    if found is None:
        found = LearningPlan(person_id=person_id, organization_id=organization_id)
        session.add(found)
        session.flush()
        _note(session, actor, found, Action.CREATED, "learning_plan")
    return found


def _note(session: Session, actor: Actor, plan: LearningPlan, action: Action, field: str) -> None:
    record(session, actor, action, ("learning_plan", plan.id), person_id=plan.person_id, fields=(field,))


def say(session: Session, actor: Actor, plan: LearningPlan, *, own_words: str, what_helps: str) -> None:
    """What the person wants, and what helps them, in their own words."""
    plan.own_words, plan.what_helps = own_words, what_helps
    session.flush()
    _note(session, actor, plan, Action.CHANGED, "own_words")


def add_goal(session: Session, actor: Actor, plan: LearningPlan, words: str) -> None:
    """One more thing that the person wants; sent again it is the one there is."""
    if any(one.words == words and one.reached_at is None for one in plan.goals):
        return
    session.add(PlanGoal(plan_id=plan.id, words=words, by_party=party_of(actor)))
    session.flush()
    session.expire(plan, ["goals"])
    _note(session, actor, plan, Action.CHANGED, "goals")


def reach_goal(session: Session, actor: Actor, plan: LearningPlan, goal_id: UUID) -> None:
    """A goal is reached; pressed again it is not. NotFound for a goal of another plan."""
    found = next((one for one in plan.goals if one.id == goal_id), None)
    if found is None:
        raise NotFound("goal")
    found.reached_at = None if found.reached_at else clock.now()
    session.flush()
    _note(session, actor, plan, Action.CHANGED, "goals")


def add_review(session: Session, actor: Actor, plan: LearningPlan, talk: Talk) -> None:
    """A talk about how it goes, and when the next one is; sent again it is the one there is."""
    if any((one.held_on, one.words) == (talk.held_on, talk.words) for one in plan.reviews):
        return
    made = PlanReview(plan_id=plan.id, held_on=talk.held_on, words=talk.words, what_helped=talk.what_helped)
    made.by_id = actor.user_id
    session.add(made)
    plan.review_on = talk.next_on
    session.flush()
    session.expire(plan, ["reviews"])
    _note(session, actor, plan, Action.CHANGED, "reviews")


def step(session: Session, actor: Actor, plan: LearningPlan, stage: PathStage | None) -> None:
    """How far the person is on the way to helping as a peer trainer. Refused where it is not theirs to say."""
    if stage is plan.stage:
        return
    if not may_step(stage, party_of(actor)):
        raise Refused("Those who train you say this one.")
    plan.stage = stage
    session.add(PlanStep(plan_id=plan.id, stage=stage, by_party=party_of(actor)))
    session.flush()
    session.expire(plan, ["steps"])
    _note(session, actor, plan, Action.CHANGED, "stage")
