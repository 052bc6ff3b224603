"""What somebody wants to learn, in their own words, and how it goes: the individual learning plan."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.booking.codes import Party, PathStage
from app.booking.models.programme import one_of
from app.core.orm import Base, Code


class LearningPlan(Base):
    """The plan of one person with one college. `stage` is how far they are on the way to helping as a peer trainer.

    After two records were merged a person may have two with a college: the older one goes on. A goal or a talk is never
    changed: one that corrects another names it (`replaces_id`), and the other stays, out of the plan from `replaced_at`
    on; so does one that was taken away, which nothing replaces.
    """

    __tablename__ = "learning_plan"
    __table_args__ = (
        CheckConstraint(f"stage IS NULL OR {one_of('stage', *PathStage)}", name="stage"),
        Index("ix_learning_plan_organization_id", "organization_id", "review_on"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    own_words: Mapped[str] = mapped_column(default="")
    what_helps: Mapped[str] = mapped_column(default="")
    review_on: Mapped[date | None]
    stage: Mapped[PathStage | None] = mapped_column(Code(PathStage))

    goals: Mapped[list[PlanGoal]] = relationship(
        primaryjoin="and_(PlanGoal.plan_id == LearningPlan.id, PlanGoal.replaced_at.is_(None))",
        order_by="(PlanGoal.created_at, PlanGoal.id)",
        viewonly=True,
    )
    reviews: Mapped[list[PlanReview]] = relationship(
        primaryjoin="and_(PlanReview.plan_id == LearningPlan.id, PlanReview.replaced_at.is_(None))",
        order_by="(PlanReview.held_on, PlanReview.id)",
        viewonly=True,
    )
    steps: Mapped[list[PlanStep]] = relationship(order_by="(PlanStep.created_at, PlanStep.id)")


class PlanGoal(Base):
    """Something that somebody wants, in their own words."""

    __tablename__ = "plan_goal"
    __table_args__ = (
        CheckConstraint(one_of("by_party", *Party), name="by_party"),
        Index("uq_plan_goal_replaces_id", "replaces_id", unique=True),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("learning_plan.id"), index=True)
    words: Mapped[str]
    by_party: Mapped[Party] = mapped_column(Code(Party))
    reached_at: Mapped[datetime | None]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan_goal.id"))
    replaced_at: Mapped[datetime | None]

    replaces: Mapped[PlanGoal | None] = relationship(remote_side="PlanGoal.id", viewonly=True)


class PlanReview(Base):
    """A talk about how it goes: what was said, and what helped.

    `looked_over_at`: since whoever wrote it has left, a manager has read it and found nothing wrong.
    """

    __tablename__ = "plan_review"
    __table_args__ = (Index("uq_plan_review_replaces_id", "replaces_id", unique=True),)

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("learning_plan.id"), index=True)
    held_on: Mapped[date]
    words: Mapped[str]
    what_helped: Mapped[str] = mapped_column(default="")
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan_review.id"))
    replaced_at: Mapped[datetime | None]
    looked_over_at: Mapped[datetime | None]

    replaces: Mapped[PlanReview | None] = relationship(remote_side="PlanReview.id", viewonly=True)


class PlanStep(Base):
    """A step on the way to helping as a peer trainer, or off it (`stage` is then none)."""

    __tablename__ = "plan_step"
    __table_args__ = (CheckConstraint(f"stage IS NULL OR {one_of('stage', *PathStage)}", name="stage"),)

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("learning_plan.id"), index=True)
    stage: Mapped[PathStage | None] = mapped_column(Code(PathStage))
    by_party: Mapped[Party] = mapped_column(Code(Party))
