"""Advice to a group at once, counted by heads; and templates that contacts begin with."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.advice.codes import Level, Place, StepBy
from app.advice.models.versions import Versioned
from app.core.orm import Base, Code


class GroupSession(Versioned, Base):
    """A talk or a workshop: how many came, and nobody by name. `issue` is its topic in the tree of issues."""

    __tablename__ = "advice_group_session"
    __table_args__ = (
        CheckConstraint("came >= 0", name="came"),
        CheckConstraint("minutes > 0", name="minutes"),
        Index("ix_advice_group_session_organization_id_happened_on", "organization_id", "happened_on"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    adviser_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    happened_on: Mapped[date]
    issue: Mapped[str]
    came: Mapped[int]
    minutes: Mapped[int]
    place: Mapped[Place] = mapped_column(Code(Place))
    place_name: Mapped[str] = mapped_column(default="")

    adviser: Mapped[User] = relationship(lazy="raise")


class ContactTemplate(Versioned, Base):
    """What an organisation's common contacts begin with: issues, level, words of advice, the next step.

    `step_days` is in how many days the step is due. One that is out of use (`retired_at`) is not offered any more.
    """

    __tablename__ = "advice_template"
    __table_args__ = (
        CheckConstraint("step_days IS NULL OR step_days >= 0", name="step_days"),
        Index("ix_advice_template_organization_id_name", "organization_id", "name"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    name: Mapped[str]
    issues: Mapped[list[str]] = mapped_column(JSON, default=list)
    level: Mapped[Level] = mapped_column(Code(Level))
    advice: Mapped[str] = mapped_column(default="")
    sources: Mapped[str] = mapped_column(default="")
    step: Mapped[str] = mapped_column(default="")
    step_by: Mapped[StepBy] = mapped_column(Code(StepBy), default=StepBy.ADVISER)
    step_days: Mapped[int | None]
    retired_at: Mapped[datetime | None]
