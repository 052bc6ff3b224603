"""Learning plans, each by the person and the college whose it is."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.codes import Role, UserStatus
from app.accounts.models import Membership, User
from app.booking.codes import BookingState, PathStage
from app.booking.models import Booking, Course, LearningPlan, PlanGoal, PlanReview, Pool, Run
from app.core import clock
from app.core.actor import Actor
from app.people.models import Person

# What never came to anything is not a choice.
CHOSEN = frozenset(BookingState) - {
    BookingState.DRAFT,
    BookingState.HELD,
    BookingState.LAPSED,
    BookingState.REQUESTED,
    BookingState.TRANSFERRED,
}
# Whoever holds one of these roles at the place can open its plans.
OPENERS = (Role.TUTOR, Role.PROVIDER, Role.MANAGER)
ON_THE_WAY = frozenset(PathStage) - {PathStage.INTERESTED, PathStage.PEER_TRAINER}


def plan_of(session: Session, person_id: UUID, organization_id: UUID) -> LearningPlan | None:
    """The plan of a person with a college. Who may see it is for the caller to know."""
    wanted = select(LearningPlan).where(
        LearningPlan.person_id == person_id, LearningPlan.organization_id == organization_id
    )
    return session.scalars(wanted.order_by(LearningPlan.created_at, LearningPlan.id).limit(1)).one_or_none()


def plans_of_person(session: Session, person_id: UUID) -> list[LearningPlan]:
    """Every plan of a person."""
    wanted = select(LearningPlan).where(LearningPlan.person_id == person_id)
    return list(session.scalars(wanted.order_by(LearningPlan.created_at, LearningPlan.id)))


def courses_chosen(session: Session, person_id: UUID, organization_id: UUID) -> list[Booking]:
    """What a person booked with a college, the first first."""
    wanted = (
        select(Booking)
        .join(Pool, Pool.id == Booking.pool_id)
        .join(Run, Run.id == Pool.run_id)
        .where(Booking.person_id == person_id, Run.organization_id == organization_id, Booking.state.in_(CHOSEN))
        .where(Run.course.has(Course.service_id.is_not(None)))
        .order_by(Pool.starts_at, Booking.id)
    )
    return list(session.scalars(wanted))


def student_of(session: Session, booking: Booking) -> Person | None:
    """Whose plan can be opened from a booking: somebody on record whose record is open to those who teach them."""
    wanted = select(Person).where(Person.id == booking.person_id, _is_open())
    return session.scalars(wanted).one_or_none()


def _is_open() -> ColumnElement[bool]:
    return Person.erased_at.is_(None) & Person.merged_into_id.is_(None) & Person.is_restricted.is_(False)


def talks_due(session: Session, actor: Actor) -> list[tuple[LearningPlan, Booking]]:
    """With whom a talk is due, or who said that they would like to help and was not spoken to yet."""
    is_due = or_(LearningPlan.review_on <= clock.today(), LearningPlan.stage == PathStage.INTERESTED)
    return _with_booking(session, actor, is_due)


def on_the_way(session: Session, actor: Actor) -> list[tuple[LearningPlan, Booking]]:
    """Who is on the way to helping as a peer trainer."""
    return _with_booking(session, actor, LearningPlan.stage.in_(ON_THE_WAY))


def _with_booking(session: Session, actor: Actor, which: ColumnElement[bool]) -> list[tuple[LearningPlan, Booking]]:
    """Plans of the actor's organisation, each with the booking that leads to it."""
    wanted = (
        select(LearningPlan)
        .join(Person, Person.id == LearningPlan.person_id)
        .where(LearningPlan.organization_id == actor.organization_id, _is_open(), which)
        .order_by(func.coalesce(LearningPlan.review_on, clock.today()), LearningPlan.id)
    )
    found = []
    for plan in session.scalars(wanted):
        chosen = courses_chosen(session, plan.person_id, plan.organization_id)
        if chosen:
            found.append((plan, chosen[-1]))
    return found


def with_talks_left(session: Session, actor: Actor) -> list[tuple[LearningPlan, Booking]]:
    """Plans with a talk that somebody wrote down who has left since, and that no manager has looked over yet."""
    is_open = PlanReview.replaced_at.is_(None) & PlanReview.looked_over_at.is_(None)
    talk = select(PlanReview.id).where(PlanReview.plan_id == LearningPlan.id, is_open)
    return _with_booking(session, actor, talk.where(_writer_left()).correlate(LearningPlan).exists())


def talks_left(session: Session, plan: LearningPlan) -> frozenset[UUID]:
    """The talks of a plan whose writers have left, those that were replaced among them."""
    wanted = select(PlanReview.id).join(LearningPlan, LearningPlan.id == PlanReview.plan_id)
    return frozenset(session.scalars(wanted.where(PlanReview.plan_id == plan.id, _writer_left())))


def _writer_left() -> ColumnElement[bool]:
    """Whether whoever wrote a talk down can no longer open the plan."""
    can_open = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.user_id == PlanReview.by_id,
            Membership.organization_id == LearningPlan.organization_id,
            Membership.ended_at.is_(None),
            Membership.role.in_(OPENERS),
            User.status == UserStatus.ACTIVE,
        )
    )
    return ~can_open.correlate(PlanReview, LearningPlan).exists()


def goals_ever(session: Session, plan_id: UUID) -> list[PlanGoal]:
    """Every goal that was ever written in a plan, those that were corrected or taken away among them."""
    wanted = select(PlanGoal).where(PlanGoal.plan_id == plan_id)
    return list(session.scalars(wanted.order_by(PlanGoal.created_at, PlanGoal.id)))


def reviews_ever(session: Session, plan_id: UUID) -> list[PlanReview]:
    """Every talk that was ever written in a plan, those that were corrected or taken away among them."""
    wanted = select(PlanReview).where(PlanReview.plan_id == plan_id)
    return list(session.scalars(wanted.order_by(PlanReview.held_on, PlanReview.created_at, PlanReview.id)))
