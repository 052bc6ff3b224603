"""What is done on a referral: attempts to reach the person, appointments, goals and steps, notes, checklists."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.orm import Base, Code
from app.people.codes import ContactChannel
from app.referrals.codes import AppointmentKind, Attendance, ClosureOutcome, DoneBy, Reached, Way


class ContactAttempt(Base):
    """An attempt to reach the person; only `REACHED` is a contact both ways."""

    __tablename__ = "referral_contact"
    __table_args__ = (Index("ix_referral_contact_referral_id_at", "referral_id", "at"),)

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    at: Mapped[datetime]
    channel: Mapped[ContactChannel] = mapped_column(Code(ContactChannel))
    result: Mapped[Reached] = mapped_column(Code(Reached))
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))

    by: Mapped[User | None] = relationship(lazy="joined")


class Appointment(Base):
    """A meeting with the person. `attendance` stays `FUTURE` until somebody says what became of it."""

    __tablename__ = "referral_appointment"
    __table_args__ = (
        Index("ix_referral_appointment_referral_id_starts_at", "referral_id", "starts_at"),
        Index("ix_referral_appointment_with_id_starts_at", "with_id", "starts_at"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    kind: Mapped[AppointmentKind] = mapped_column(Code(AppointmentKind))
    starts_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=60)
    place: Mapped[str] = mapped_column(default="")
    with_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    attendance: Mapped[Attendance] = mapped_column(Code(Attendance), default=Attendance.FUTURE)
    attendance_reason: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime | None]
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))

    with_whom: Mapped[User | None] = relationship(foreign_keys=[with_id], lazy="joined")


class ReferralGoal(Base):
    """What the person wants, in their words, and what became of it."""

    __tablename__ = "referral_goal"

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    words: Mapped[str]
    outcome: Mapped[ClosureOutcome | None] = mapped_column(Code(ClosureOutcome))
    outcome_note: Mapped[str] = mapped_column(default="")


class PlanItem(Base):
    """A step towards a goal, and who does it."""

    __tablename__ = "referral_plan_item"

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    words: Mapped[str]
    done_by: Mapped[DoneBy] = mapped_column(Code(DoneBy))
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]


class ReferralNote(Base):
    """What a worker writes down: for the team alone unless it says that it is shared with the referrer."""

    __tablename__ = "referral_note"
    __table_args__ = (Index("ix_referral_note_referral_id_created_at", "referral_id", "created_at"),)

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    text: Mapped[str]
    is_shared: Mapped[bool] = mapped_column(default=False)

    author: Mapped[User | None] = relationship(lazy="joined")


class ChecklistItem(Base):
    """Something that a checklist of the pathway asks for, due by a time, done or not needed for a reason."""

    __tablename__ = "referral_checklist_item"
    __table_args__ = (UniqueConstraint("referral_id", "key"),)

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    checklist: Mapped[str]
    key: Mapped[str]
    label: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    not_needed: Mapped[str] = mapped_column(default="")


class LetterSent(Base):
    """That somebody posted or handed over the letter to the person; `is_closing`, the one about the end.

    What it said is what the pathway says, and is not kept again.
    """

    __tablename__ = "referral_letter_sent"

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    way: Mapped[Way] = mapped_column(Code(Way))
    sent_on: Mapped[date]
    is_closing: Mapped[bool] = mapped_column(default=False)
    sent_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))

    sent_by: Mapped[User | None] = relationship(lazy="joined")
