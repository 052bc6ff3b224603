"""A referral and its history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import MemberOrganization, User
from app.core import clock
from app.core.orm import Base, Code
from app.people.codes import SharingLevel
from app.people.models import Person
from app.referrals.codes import (
    ClockKind,
    DangerCall,
    Destination,
    Move,
    Party,
    Priority,
    Source,
    Status,
)
from app.referrals.models.pathways import Pathway

IS_DUE = text("due_at IS NOT NULL")


class Referral(Base):
    """One person on one pathway, from the first draft to the word back.

    `answers`, `eligibility` and the words are written while it is a draft; sending freezes them with the person's
    details into `snapshot`. `version` counts every change, so that of two who change it at once the second is told.
    `last_press` names the press of a button that changed it last, so that a second press of the same counts once.
    `due_at` is the first of its clocks to run out (`due_clock`), worked out anew at every change; the times of its
    moves are repeated here from its history, which alone is binding.
    """

    __tablename__ = "referral"
    __table_args__ = (
        UniqueConstraint("reference"),
        UniqueConstraint("submission_key"),
        CheckConstraint("version > 0", name="version_counts"),
        CheckConstraint("status = 'draft' OR sent_at IS NOT NULL OR status IN ('withdrawn', 'error')", name="sent_at"),
        CheckConstraint("source = 'self' OR referrer_organization_id IS NOT NULL", name="somebody_refers"),
        Index("ix_referral_receiver_status", "receiver_organization_id", "status", "sent_at"),
        Index("ix_referral_referrer_status", "referrer_organization_id", "status", "changed_at"),
        Index("ix_referral_coordinator_status", "coordinator_id", "status", "due_at"),
        Index(
            "ix_referral_receiver_due",
            "receiver_organization_id",
            "due_at",
            sqlite_where=IS_DUE,
            postgresql_where=IS_DUE,
        ),
        Index("ix_referral_receiver_ended", "receiver_organization_id", "ended_at"),
        Index("ix_referral_referrer_sent", "referrer_organization_id", "sent_at"),
        Index("ix_referral_person_id_ended_at", "person_id", "ended_at"),
        Index("ix_referral_pathway_id_status", "pathway_id", "status"),
    )

    reference: Mapped[str]
    submission_key: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    pathway_id: Mapped[UUID] = mapped_column(ForeignKey("pathway.id"))
    pathway_version: Mapped[int]
    source: Mapped[Source] = mapped_column(Code(Source))
    referrer_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("member_organization.id"))
    referrer_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    receiver_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("member_organization.id"))
    receiver_service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id", ondelete="SET NULL"))
    coordinator_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    coordinator_name: Mapped[str] = mapped_column(default="")
    continues_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    re_referral_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"))

    status: Mapped[Status] = mapped_column(Code(Status), default=Status.DRAFT)
    stage: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    last_press: Mapped[str] = mapped_column(default="", server_default="")
    priority: Mapped[Priority] = mapped_column(Code(Priority), default=Priority.ROUTINE)
    danger: Mapped[DangerCall] = mapped_column(Code(DangerCall), default=DangerCall.NO_DANGER)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime | None]
    due_clock: Mapped[ClockKind | None] = mapped_column(Code(ClockKind))

    what_would_help: Mapped[str] = mapped_column(default="")
    risk_words: Mapped[str] = mapped_column(default="")
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    eligibility: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    sharing_level: Mapped[SharingLevel] = mapped_column(Code(SharingLevel), default=SharingLevel.NONE)
    agreement: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    override_reason: Mapped[str] = mapped_column(default="")
    hidden_at: Mapped[datetime | None]

    sent_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    first_contact_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    last_contact_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    carers_asked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    waiting_list: Mapped[str] = mapped_column(default="")
    waiting_since: Mapped[date | None]
    next_check_on: Mapped[date | None]
    review_by: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    next_step: Mapped[str] = mapped_column(default="")
    destination: Mapped[Destination | None] = mapped_column(Code(Destination))
    closing_summary: Mapped[str] = mapped_column(default="")
    closing_detail: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    pathway: Mapped[Pathway] = relationship(lazy="joined", innerjoin=True)
    referrer_organization: Mapped[MemberOrganization | None] = relationship(
        foreign_keys=[referrer_organization_id], lazy="joined"
    )
    receiver_organization: Mapped[MemberOrganization | None] = relationship(
        foreign_keys=[receiver_organization_id], lazy="joined"
    )
    referrer: Mapped[User | None] = relationship(foreign_keys=[referrer_user_id], lazy="joined")
    coordinator: Mapped[User | None] = relationship(foreign_keys=[coordinator_id], lazy="joined")
    events: Mapped[list[ReferralEvent]] = relationship(
        back_populates="referral", order_by="ReferralEvent.number", lazy="raise"
    )

    @property
    def work_began(self) -> bool:
        """Whether a worker has begun."""
        return self.started_at is not None


class ReferralEvent(Base):
    """A step in the history of a referral: who, as what, when, from where to where, and why.

    The database refuses to change or delete a row; only its words can be wiped. `details` holds what
    the move had to leave on record.
    """

    __tablename__ = "referral_event"
    __table_args__ = (UniqueConstraint("referral_id", "number"), CheckConstraint("number > 0", name="number"))

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id", ondelete="RESTRICT"))
    number: Mapped[int]
    move: Mapped[Move] = mapped_column(Code(Move))
    from_status: Mapped[Status] = mapped_column(Code(Status))
    to_status: Mapped[Status] = mapped_column(Code(Status))
    stage: Mapped[str] = mapped_column(default="")
    party: Mapped[Party] = mapped_column(Code(Party))
    by_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    by_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("member_organization.id"))
    by_name: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    comment: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    referral: Mapped[Referral] = relationship(back_populates="events")
