"""The outbox: messages as rows of the sender's own transaction, and what became of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.orm import Base, Code
from app.notifications.codes import Channel, MessageEventKind, MessageState, Priority


def _one_of(column: str, codes: type[Channel] | type[MessageState] | type[MessageEventKind]) -> str:
    return f"{column} IN ({', '.join(repr(code.value) for code in codes)})"


class Message(Base):
    """One message to one recipient.

    `subject_type` and `subject_id` name what it is about (a booking, a listing), so that it can be found again and
    cancelled. `not_before` is when it is due, and moves on when a try failed. A lease is held in system time by one
    worker while it hands the message over. `mail_id` (the Message-ID) stays the same over all tries.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        UniqueConstraint("mail_id"),
        CheckConstraint(_one_of("channel", Channel), name="channel"),
        CheckConstraint(_one_of("state", MessageState), name="state"),
        CheckConstraint("dedupe_key <> '' AND kind <> ''", name="named"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("priority IN (0, 1)", name="priority"),
        CheckConstraint("(subject_type IS NULL) = (subject_id IS NULL)", name="about"),
        CheckConstraint("(calendar IS NULL) = (calendar_method IS NULL)", name="calendar"),
        CheckConstraint("channel = 'email' OR (html IS NULL AND calendar IS NULL)", name="plain_sms"),
        CheckConstraint("expires_at IS NULL OR expires_at > created_at", name="expires"),
        CheckConstraint("(state = 'leased') = (lease_until IS NOT NULL)", name="lease_until"),
        CheckConstraint("(state = 'leased') = (lease_holder IS NOT NULL)", name="lease_holder"),
        CheckConstraint("state NOT IN ('sent', 'delivered') OR sent_at IS NOT NULL", name="sent_at"),
        # For the sweep: of each priority what has been due for longest, without a look at what is due later.
        Index("ix_message_due", "state", "priority", "not_before", "id"),
        Index("ix_message_subject_id", "subject_id", "subject_type"),
    )

    dedupe_key: Mapped[str]
    kind: Mapped[str]
    channel: Mapped[Channel] = mapped_column(Code(Channel))
    recipient: Mapped[str]
    reply_to: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    html: Mapped[str | None]
    calendar: Mapped[str | None]
    calendar_method: Mapped[str | None]
    subject_type: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    priority: Mapped[int] = mapped_column(default=Priority.NORMAL)
    not_before: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime | None]
    state: Mapped[MessageState] = mapped_column(Code(MessageState), default=MessageState.QUEUED)
    reason: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    lease_holder: Mapped[str | None]
    mail_id: Mapped[str | None]
    provider: Mapped[str | None]
    provider_reference: Mapped[str | None]
    sent_at: Mapped[datetime | None]

    events: Mapped[list[MessageEvent]] = relationship(
        back_populates="message", order_by="(MessageEvent.created_at, MessageEvent.id)", lazy="raise"
    )

    @property
    def is_urgent(self) -> bool:
        """Whether it also goes at night and while other messages are held."""
        return self.priority == Priority.URGENT


class MessageEvent(Base):
    """Something that happened to a message. The database refuses to change or delete a row.

    `detail` is a code of ours or of the provider ("550 5.1.1"), never words: they may quote the address.
    """

    __tablename__ = "message_event"
    __table_args__ = (CheckConstraint(_one_of("kind", MessageEventKind), name="kind"),)

    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[MessageEventKind] = mapped_column(Code(MessageEventKind))
    detail: Mapped[str | None]

    message: Mapped[Message] = relationship(back_populates="events")


class OutboxHold(Base):
    """While there is a row, nothing but what is urgent leaves. A restored system begins so."""

    __tablename__ = "outbox_hold"
    __table_args__ = (UniqueConstraint("name"), CheckConstraint("name = 'outbox'", name="single"))

    name: Mapped[str] = mapped_column(default="outbox")
    reason: Mapped[str]


class SweepTurn(Base):
    """Whose turn a sweep is that only one worker at a time runs, and when it is due again."""

    __tablename__ = "sweep_turn"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("(lease_until IS NULL) = (lease_holder IS NULL)", name="lease"),
    )

    name: Mapped[str]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_holder: Mapped[str | None]


class SignedLink(Base):
    """A link that lets whoever has it do one thing to one object. Only the token's SHA-256 is kept.

    `detail` is what the link's purpose wants to remember (an answer offered, an e-mail address to confirm).
    """

    __tablename__ = "signed_link"
    __table_args__ = (
        UniqueConstraint("digest"),
        CheckConstraint("length(digest) = 64", name="digest"),
        CheckConstraint("purpose <> '' AND subject_type <> ''", name="named"),
        Index("ix_signed_link_subject_id", "subject_id", "subject_type"),
        Index("ix_signed_link_expires_at", "expires_at"),
    )

    digest: Mapped[str]
    purpose: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    detail: Mapped[str | None]
    once: Mapped[bool] = mapped_column(default=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
