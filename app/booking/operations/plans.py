"""What is written in a learning plan, by the person or by those who teach them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.audit.codes import Action
from app.audit.operations import record
from app.booking.codes import PathStage
from app.booking.models import LearningPlan, PlanGoal, PlanReview, PlanStep
from app.booking.operations.moving import party_of
from app.booking.queries import plans as reads
from app.booking.rules.plans import may_correct_goal, may_correct_talk, may_step
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound, Refused

Part = TypeVar("Part", PlanGoal, PlanReview)


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


def _note(session: Session, actor: Actor, plan: LearningPlan, action: Action, field: str, why: str = "") -> None:
    of_plan = ("learning_plan", plan.id)
    record(session, actor, action, of_plan, person_id=plan.person_id, fields=(field,), reason=why)


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


def goal_of(session: Session, plan: LearningPlan, goal_id: UUID) -> PlanGoal:
    """A goal of this plan, one that was replaced among them. NotFound for a goal of another plan."""
    found = session.get(PlanGoal, goal_id)
    if found is None or found.plan_id != plan.id:
        raise NotFound("goal")
    return found


def review_of(session: Session, plan: LearningPlan, review_id: UUID) -> PlanReview:
    """A talk of this plan, one that was replaced among them. NotFound for a talk of another plan."""
    found = session.get(PlanReview, review_id)
    if found is None or found.plan_id != plan.id:
        raise NotFound("talk")
    return found


def correct_goal(session: Session, actor: Actor, plan: LearningPlan, goal: PlanGoal, words: str) -> None:
    """Other words in the place of a goal, which stays as it was behind them. Refused where it is not theirs to say."""
    if not may_correct_goal(goal.by_party, party_of(actor)):
        raise Refused("Whoever wrote this goal can correct it.")
    if _is_kept(session, goal, lambda after: after.words == words):
        return
    made = PlanGoal(plan_id=plan.id, words=words, by_party=party_of(actor), reached_at=goal.reached_at)
    # It stands where the other stood; when it was put right the other says.
    made.created_at = goal.created_at
    _put_in_place(session, actor, plan, goal, made)


def correct_review(session: Session, actor: Actor, plan: LearningPlan, review: PlanReview, talk: Talk) -> None:
    """A talk as it was in the place of one written down wrong. Refused where it is not theirs to put right.

    The last one says the day of the next.
    """
    if not _may_correct(session, actor, plan, review):
        raise Refused("Whoever wrote this down can correct it.")
    told = (talk.held_on, talk.words, talk.what_helped)
    is_last = is_last_talk(plan, review)
    if is_last and review.replaced_at is None and plan.review_on != talk.next_on:
        plan.review_on = talk.next_on
        _note(session, actor, plan, Action.CHANGED, "review_on")
    if _is_kept(session, review, lambda after: (after.held_on, after.words, after.what_helped) == told):
        return
    made = PlanReview(plan_id=plan.id, held_on=talk.held_on, words=talk.words, what_helped=talk.what_helped)
    made.by_id = actor.user_id
    _put_in_place(session, actor, plan, review, made)


def is_last_talk(plan: LearningPlan, review: PlanReview) -> bool:
    """Whether the day of the next talk was said with it."""
    return bool(plan.reviews) and plan.reviews[-1].id == review.id


def take_goal_away(session: Session, actor: Actor, plan: LearningPlan, goal: PlanGoal) -> None:
    """A goal that does not belong in this plan. Whoever may correct it may take it away."""
    if not may_correct_goal(goal.by_party, party_of(actor)):
        raise Refused("Whoever wrote this goal can take it away.")
    if goal.replaced_at is None:
        _put_in_place(session, actor, plan, goal, None)


def take_review_away(session: Session, actor: Actor, plan: LearningPlan, review: PlanReview) -> None:
    """A talk that does not belong in this plan. Whoever may correct it may take it away."""
    if not _may_correct(session, actor, plan, review):
        raise Refused("Whoever wrote this down can take it away.")
    if review.replaced_at is None:
        _put_in_place(session, actor, plan, review, None)


def correctable_talks(actor: Actor, plan: LearningPlan, left: frozenset[UUID]) -> list[UUID]:
    """The talks that are the actor's to put right; `left`: those whose writers have left."""
    return [one.id for one in plan.reviews if _may_with(actor, one, is_left=one.id in left)]


def to_look_over(actor: Actor, plan: LearningPlan, left: frozenset[UUID]) -> list[UUID]:
    """The talks that wait for the actor, as a manager, to read them; `left`: those whose writers have left."""
    if not actor.holds(Role.MANAGER):
        return []
    return [one.id for one in plan.reviews if one.id in left and one.looked_over_at is None]


def look_over(session: Session, actor: Actor, plan: LearningPlan, ids: Collection[UUID]) -> None:
    """A manager has read these talks, and nothing is wrong with them. Pressed again it changes nothing."""
    if not actor.holds(Role.MANAGER):
        raise Refused("A manager of the place does this.")
    read = [one for one in plan.reviews if one.id in to_look_over(actor, plan, reads.talks_left(session, plan))]
    read = [one for one in read if one.id in ids]
    for one in read:
        one.looked_over_at = clock.now()
    session.flush()
    if read:
        _note(session, actor, plan, Action.CHANGED, "looked_over_at", "writer left")


def _may_correct(session: Session, actor: Actor, plan: LearningPlan, review: PlanReview) -> bool:
    return _may_with(actor, review, is_left=review.id in reads.talks_left(session, plan))


def _may_with(actor: Actor, review: PlanReview, *, is_left: bool) -> bool:
    is_own = review.by_id is not None and review.by_id == actor.user_id
    return may_correct_talk(is_own=is_own, writer_left=is_left, is_manager=actor.holds(Role.MANAGER))


def _is_kept(session: Session, part: Part, is_said: Callable[[Part], bool]) -> bool:
    """Whether it says so already, or what replaced it does. Refused where that says something else."""
    model = type(part)
    held = select(model.replaced_at).where(model.id == part.id).with_for_update()
    if session.execute(held.order_by(model.id)).scalar_one() is None:
        return is_said(part)
    after = session.scalars(select(model).where(model.replaces_id == part.id).order_by(model.id)).one_or_none()
    if after is None or not is_said(after):
        raise Refused("Somebody put this right meanwhile. Look at the plan again.")
    return True


def _put_in_place(session: Session, actor: Actor, plan: LearningPlan, before: Part, after: Part | None) -> None:
    field = "goals" if isinstance(before, PlanGoal) else "reviews"
    is_of_another = isinstance(before, PlanReview) and before.by_id != actor.user_id
    before.replaced_at = clock.now()
    if after is not None:
        after.replaces_id = before.id
        session.add(after)
    session.flush()
    session.expire(plan, [field])
    _note(session, actor, plan, Action.CHANGED, field, "writer left" if is_of_another else "")


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
