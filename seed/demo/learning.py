"""A student of the demo's college: a place on a course, and a learning plan that is under way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking.codes import PathStage, PoolKind
from app.booking.models import Course, LearningPlan, Pool, Run
from app.booking.operations import on_behalf, plans
from app.booking.queries.plans import plan_of
from app.core import clock
from app.core.actor import Actor
from app.directory.importing.identity import minted
from app.people.models import Person
from seed.demo.listings import SOURCE
from seed.demo.people import actor_named

TUTOR = "tutor@wexmoor.example"
STUDENT = "dee"
COURSE = "course-understanding-anxiety"
GOALS = ("Know what my body is doing when it panics", "Sit in a room with people I do not know")
OWN_WORDS = "I want my afternoons back. I used to go to the market on my own."
WHAT_HELPS = "Knowing who will be there. A seat by the door."
TALKED = "We went through the courses together and chose one. Dee came to see the room."
HELPED = "Seeing the room before it starts."


def load(session: Session, people: Mapping[str, UUID]) -> None:
    """Book the student in and write their plan, where there is none yet."""
    tutor = actor_named(session, TUTOR)
    if tutor.organization_id is None or plan_of(session, people[STUDENT], tutor.organization_id) is not None:
        return
    student = session.get_one(Person, people[STUDENT])
    on_behalf.book_person(
        session, tutor, _first_pool(session), on_behalf.Behalf(person=student), key=f"demo:learning:{STUDENT}"
    )
    _write(session, tutor, plans.open_plan(session, tutor, student.id, tutor.organization_id))


def _first_pool(session: Session) -> UUID:
    wanted = (
        select(Pool.id)
        .join(Run, Run.id == Pool.run_id)
        .join(Course, Course.id == Run.course_id)
        .where(Course.service_id == minted(SOURCE, "service", COURSE), Pool.kind == PoolKind.RUN)
        .order_by(Pool.starts_at, Pool.id)
        .limit(1)
    )
    return session.scalars(wanted).one()


def _write(session: Session, tutor: Actor, plan: LearningPlan) -> None:
    plans.say(session, tutor, plan, own_words=OWN_WORDS, what_helps=WHAT_HELPS)
    for words in GOALS:
        plans.add_goal(session, tutor, plan, words)
    plans.reach_goal(session, tutor, plan, plan.goals[1].id)
    two_weeks_ago = clock.today() - timedelta(weeks=2)
    talk = plans.Talk(held_on=two_weeks_ago, words=TALKED, what_helped=HELPED, next_on=clock.today())
    plans.add_review(session, tutor, plan, talk)
    plans.step(session, tutor, plan, PathStage.INTERESTED)
