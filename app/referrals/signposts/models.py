"""What was given to somebody at the desk, and what became of it.

Who they are is known only where somebody asked for it to go into their record.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.vault import SIGNPOST
from app.core.orm import Base, Code, CodeSet, sealed
from app.directory.models import Service
from app.notifications.codes import Channel
from app.referrals.rules.aid import Tick
from app.referrals.signposts.codes import Contacted, Declined, Helped, Hindrance, Way, Whom


class Signpost(Base):
    """Up to ten services that a member of staff picked for somebody who will get in touch themselves.

    `reference` stands on the slip, so that one brought back can be found. `sealed_link` is the token of its link,
    encrypted, for printing it again; the link itself is known by its hash alone. `remind_to` is encrypted too, and
    goes once the reminder has gone or is not wanted any more. A form that is sent twice has one `form_key`, and makes
    one signpost. `bounced_at` says that the message with its link came back, until it was given another way; until
    then `owner_id` is who sees to that.
    """

    __tablename__ = "signpost"
    __table_args__ = (
        UniqueConstraint("reference"),
        UniqueConstraint("made_by_id", "form_key"),
        CheckConstraint("(remind_by IS NULL) = (remind_on IS NULL)", name="reminder"),
        CheckConstraint("remind_to IS NULL OR remind_by IS NOT NULL", name="reminded"),
        Index("ix_signpost_organization_id_created_at", "organization_id", "created_at"),
        Index("ix_signpost_remind_on", "remind_on"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    made_as: Mapped[str] = mapped_column(default="")
    form_key: Mapped[UUID]
    reference: Mapped[str]
    whom: Mapped[Whom] = mapped_column(Code(Whom), default=Whom.SOMEBODY)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    need: Mapped[str] = mapped_column(default="")
    district: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    large_print: Mapped[bool] = mapped_column(default=False)
    ticks: Mapped[frozenset[Tick]] = mapped_column(CodeSet(Tick), default=frozenset)
    declined: Mapped[Declined | None] = mapped_column(Code(Declined))
    sealed_link: Mapped[str] = mapped_column(info=sealed(SIGNPOST))
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    noted_at: Mapped[datetime | None]
    remind_by: Mapped[Channel | None] = mapped_column(Code(Channel))
    remind_to: Mapped[str | None] = mapped_column(info=sealed(SIGNPOST))
    remind_on: Mapped[date | None]
    reminded_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)

    lines: Mapped[list[SignpostLine]] = relationship(
        back_populates="signpost",
        order_by="(SignpostLine.position, SignpostLine.id)",
        cascade="all, delete-orphan",
        lazy="selectin",
    )
    givings: Mapped[list[Giving]] = relationship(
        back_populates="signpost",
        order_by="(Giving.created_at, Giving.id)",
        cascade="all, delete-orphan",
        lazy="selectin",
    )

    def settle(self) -> None:
        """Nobody has to see to a message that came back any more."""
        self.bounced_at = self.owner_id = None


class SignpostLine(Base):
    """One service on a signpost: the words given with it, and what the person said afterwards.

    `name` is what the service was called then. `unmet_in_week` is the Monday under which the ledger of unmet needs
    counts this answer, with `unmet_topic`.
    """

    __tablename__ = "signpost_line"
    __table_args__ = (
        UniqueConstraint("signpost_id", "service_id"),
        CheckConstraint("(unmet_in_week IS NULL) = (unmet_topic IS NULL)", name="unmet"),
    )

    signpost_id: Mapped[UUID] = mapped_column(ForeignKey("signpost.id", ondelete="CASCADE"))
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id", ondelete="SET NULL"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    what_to_say: Mapped[str] = mapped_column(default="")
    what_to_bring: Mapped[str] = mapped_column(default="")
    what_happens_next: Mapped[str] = mapped_column(default="")
    contacted: Mapped[Contacted | None] = mapped_column(Code(Contacted))
    helped: Mapped[Helped | None] = mapped_column(Code(Helped))
    hindrance: Mapped[Hindrance | None] = mapped_column(Code(Hindrance))
    answered_at: Mapped[datetime | None]
    unmet_in_week: Mapped[date | None]
    unmet_topic: Mapped[str | None]

    signpost: Mapped[Signpost] = relationship(back_populates="lines")
    service: Mapped[Service | None] = relationship(lazy="raise")


class Giving(Base):
    """A signpost was handed over in some way."""

    __tablename__ = "signpost_giving"

    signpost_id: Mapped[UUID] = mapped_column(ForeignKey("signpost.id", ondelete="CASCADE"), index=True)
    way: Mapped[Way] = mapped_column(Code(Way))
    given_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))

    signpost: Mapped[Signpost] = relationship(back_populates="givings")
