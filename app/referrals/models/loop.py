"""Who is still to hear how a referral ended, and what a named person has to look at."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.orm import Base, Code
from app.people.codes import SharingLevel
from app.referrals.codes import Recipient, TaskKind
from app.referrals.models.referrals import Referral

IS_OPEN = text("done_at IS NULL")


class Telling(Base):
    """That one of those who are to hear how a referral ended has been dealt with, or not yet.

    `number` counts the endings of a referral that was opened again. `done_at` is empty while the loop is open for
    them: nothing was issued, or what was issued came back. `parts` is what they were told, as far as `level` allows;
    `organization_id` is where it is read, empty for a practice without Waymark, which gets a letter.
    """

    __tablename__ = "referral_telling"
    __table_args__ = (
        UniqueConstraint("referral_id", "recipient", "number"),
        Index("ix_referral_telling_organization_id_issued_at", "organization_id", "issued_at"),
        Index("ix_referral_telling_open", "referral_id", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    )

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    number: Mapped[int]
    recipient: Mapped[Recipient] = mapped_column(Code(Recipient))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("member_organization.id"))
    level: Mapped[SharingLevel] = mapped_column(Code(SharingLevel))
    parts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    issued_at: Mapped[datetime | None]
    issued_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    bounced_at: Mapped[datetime | None]
    forbidden_noted_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    referral: Mapped[Referral] = relationship(lazy="joined", innerjoin=True)


class ReferralTask(Base):
    """Something that a named person has to look at. It never goes away by itself."""

    __tablename__ = "referral_task"
    __table_args__ = (
        Index(
            "uq_referral_task_open",
            "referral_id",
            "kind",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index(
            "ix_referral_task_owner_open",
            "owner_id",
            "due_on",
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index("ix_referral_task_organization_id_done_at", "organization_id", "done_at"),
    )

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    kind: Mapped[TaskKind] = mapped_column(Code(TaskKind))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[str] = mapped_column(default="")

    referral: Mapped[Referral] = relationship(lazy="joined", innerjoin=True)
    owner: Mapped[User] = relationship(foreign_keys=[owner_id], lazy="joined", innerjoin=True)
