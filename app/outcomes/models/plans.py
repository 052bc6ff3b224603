"""When a person is asked how things are: plans, their occasions, and what was sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.orm import Base, Code
from app.notifications.codes import Channel
from app.outcomes.codes import CloseReason, EndReason, OccasionState
from app.people.models import Person


class OutcomeSchedule(Base):
    """A template as an organisation wants it: which follow-ups, when. A change is a new version; none is ever changed.

    `content` is a plan as data, read by `app.outcomes.plans.read_plan`. Versions go on from the shipped one. While
    `moves_since` is set the worker moves running follow-ups on to it.
    """

    __tablename__ = "outcome_schedule"
    __table_args__ = (UniqueConstraint("organization_id", "template", "version"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    template: Mapped[str]
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    content_hash: Mapped[str]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    moves_since: Mapped[datetime | None]


class OutcomePlan(Base):
    """The follow-ups of one person at one organisation, made from a version of a template and counted from an anchor.

    `schedule` is the organisation's version that it follows, as data; None where it follows the shipped template.
    `measures` are references such as `phq-9/1`. `label` tells jobs apart. While `on_hold` nothing is sent. The owner
    is the member of staff who reads the answers and makes the calls.
    """

    __tablename__ = "outcome_plan"
    __table_args__ = (
        UniqueConstraint("organization_id", "person_id", "template", "anchor_on", "label"),
        CheckConstraint("(ended_on IS NULL) = (end_reason IS NULL)", name="ended_why"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    template: Mapped[str]
    template_version: Mapped[int]
    template_hash: Mapped[str]
    schedule: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    anchor_on: Mapped[date]
    measures: Mapped[list[str]] = mapped_column(JSON, default=list)
    label: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    on_hold: Mapped[bool] = mapped_column(default=False)
    ended_on: Mapped[date | None]
    end_reason: Mapped[EndReason | None] = mapped_column(Code(EndReason))
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))

    person: Mapped[Person] = relationship()
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id], lazy="raise")
    occasions: Mapped[list[Occasion]] = relationship(
        back_populates="plan", order_by="(Occasion.due_on, Occasion.kind, Occasion.id)", lazy="raise"
    )


class Occasion(Base):
    """One date on which forms are due, and the window in which an answer counts.

    What is due together is asked for in one message: `lead_id` is the occasion that this one goes with, its own id
    where it leads. `months` counts from the plan's anchor; an extra occasion that staff added has none of its plan's.
    Of one that leads it is kept besides how far the person came (`app.outcomes.operations.how_far`): the channel of
    the last message, when a link was first followed, and whether a form that stands was answered by link.
    On `call_on` it is time for a call.
    """

    __tablename__ = "outcome_occasion"
    __table_args__ = (
        UniqueConstraint("plan_id", "kind", "months"),
        CheckConstraint("opens_on <= due_on AND due_on <= closes_on", name="window"),
        CheckConstraint("(state = 'closed-unanswered') = (close_reason IS NOT NULL)", name="closed_why"),
        CheckConstraint("state <> 'done' OR done_on IS NOT NULL", name="done_on"),
        Index("ix_outcome_occasion_due", "organization_id", "state", "due_on"),
        Index("ix_outcome_occasion_state", "state", "due_on", "id"),
        # Where people drop out is read from it alone.
        Index(
            "ix_outcome_occasion_board",
            "organization_id",
            "due_on",
            "state",
            "lead_id",
            "id",
            "last_message_no",
            "asked_by",
            "opened_at",
            "by_link",
            "close_reason",
        ),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("outcome_plan.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    months: Mapped[int]
    measures: Mapped[list[str]] = mapped_column(JSON, default=list)
    due_on: Mapped[date]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    call_on: Mapped[date | None]
    state: Mapped[OccasionState] = mapped_column(Code(OccasionState), default=OccasionState.PLANNED)
    lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("outcome_occasion.id"), index=True)
    last_message_no: Mapped[int | None]
    asked_by: Mapped[Channel | None] = mapped_column(Code(Channel))
    opened_at: Mapped[datetime | None]
    by_link: Mapped[bool | None]
    called_at: Mapped[datetime | None]
    called_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    done_on: Mapped[date | None]
    close_reason: Mapped[CloseReason | None] = mapped_column(Code(CloseReason))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))

    plan: Mapped[OutcomePlan] = relationship(back_populates="occasions", lazy="joined", innerjoin=True)
    person: Mapped[Person] = relationship(lazy="raise")
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id], lazy="raise")
    reopenings: Mapped[list[OccasionReopening]] = relationship(
        order_by="(OccasionReopening.created_at, OccasionReopening.id)", lazy="raise"
    )


class OccasionReopening(Base):
    """That an occasion was taken up again, why, and how it had been ended: closed_* are as they stood before."""

    __tablename__ = "outcome_reopening"

    occasion_id: Mapped[UUID] = mapped_column(ForeignKey("outcome_occasion.id"), index=True)
    reason: Mapped[str]
    reopened_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    close_reason: Mapped[CloseReason] = mapped_column(Code(CloseReason))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))

    reopened_by: Mapped[User | None] = relationship(foreign_keys=[reopened_by_id], lazy="joined")
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id], lazy="joined")


class OutcomeInvitation(Base):
    """A message that asked for the forms of an occasion. The key makes sure that none is written down twice.

    `opened_at` is when its link was first followed: by the person, or by a program that looks into mail.
    """

    __tablename__ = "outcome_invitation"
    __table_args__ = (
        UniqueConstraint("idempotency_key"),
        CheckConstraint("number >= 0", name="number"),
        Index("ix_outcome_invitation_occasion_id", "occasion_id", "number", "channel", "opened_at"),
    )

    occasion_id: Mapped[UUID] = mapped_column(ForeignKey("outcome_occasion.id"))
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"))
    channel: Mapped[Channel] = mapped_column(Code(Channel))
    number: Mapped[int]
    idempotency_key: Mapped[str]
    opened_at: Mapped[datetime | None]


class AttendedContact(Base):
    """A day on which the person and the organisation met: reviews and pairs are counted from these."""

    __tablename__ = "outcome_contact"
    __table_args__ = (
        UniqueConstraint("because_type", "because_id", "person_id"),
        Index("ix_outcome_contact_person_id", "person_id", "organization_id", "happened_on"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    happened_on: Mapped[date]
    because_type: Mapped[str]
    because_id: Mapped[UUID]
