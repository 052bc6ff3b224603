"""Who is still to hear how a referral ended, and what a named person has to look at."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.orm import Base, Code
from app.people.codes import SharingLevel
from app.referrals.codes import Occasion, PreviewState, Recipient, TaskKind, Way
from app.referrals.models.referrals import Referral

IS_OPEN = text("done_at IS NULL")


class Telling(Base):
    """That one of those who are to hear how a referral ended has been dealt with, or not yet.

    The `occasion` can also be that appointments were missed while the work goes on; that never keeps a loop open.
    `number` counts the occasions of a kind: the endings of a referral that was opened again. `done_at` is empty while
    the loop is open for them: nothing was issued, or what was issued came back. `parts` is what they were told, as far
    as `level` allows; `organization_id` is where it is read, empty for a practice without Waymark, which gets a letter;
    `way` is how somebody says that such a one was told.
    """

    __tablename__ = "referral_telling"
    __table_args__ = (
        UniqueConstraint("referral_id", "recipient", "occasion", "number"),
        Index("ix_referral_telling_organization_id_issued_at", "organization_id", "issued_at"),
        Index("ix_referral_telling_open", "referral_id", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    )

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    occasion: Mapped[Occasion] = mapped_column(Code(Occasion), default=Occasion.END, server_default=Occasion.END)
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
    way: Mapped[Way | None] = mapped_column(Code(Way))

    referral: Mapped[Referral] = relationship(lazy="joined", innerjoin=True)


class MessagePreview(Base):
    """That the person reads the word back of an ending (`number`) before it goes, until `goes_at` at the latest.

    While `done_at` is empty nobody else is told. `wish` is what the person would have changed; where the time ran out
    before anybody saw to it, the words were kept back and only codes went. `times` counts how often it was shown.
    """

    __tablename__ = "referral_preview"
    __table_args__ = (
        UniqueConstraint("referral_id", "number"),
        CheckConstraint("times > 0", name="times_count"),
        Index("ix_referral_preview_open", "goes_at", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    )

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    number: Mapped[int]
    state: Mapped[PreviewState] = mapped_column(Code(PreviewState), default=PreviewState.READING)
    times: Mapped[int] = mapped_column(default=1)
    goes_at: Mapped[datetime]
    wish: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    referral: Mapped[Referral] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_open(self) -> bool:
        """Whether the message still waits for the person."""
        return self.done_at is None

    @property
    def is_kept_back(self) -> bool:
        """Whether the time ran out on a wish that nobody saw to: the words did not go."""
        return self.done_at is not None and self.state is PreviewState.CHANGE_ASKED


class ReferralTask(Base):
    """Something that a named person has to look at. It goes only by what somebody, or the person, does about it."""

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
