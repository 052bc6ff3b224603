"""Open sessions: a time and a place without appointments, and the queue of those who came."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.advice.codes import Place, QueueState, SessionKind
from app.core.orm import Base, Code
from app.people.models import Person

WITH_AN_ADVISER = text("state = 'called'")
HAS_WORDS = text("wiped_at IS NULL")


class AdviceSession(Base):
    """A stretch of time in which people come to a place, or call, without an appointment.

    `place` is what an adviser's contacts begin with, `place_name` what people know it by.
    """

    __tablename__ = "advice_session"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("advisers_needed > 0", name="needs_somebody"),
        Index("ix_advice_session_organization_id_starts_at", "organization_id", "starts_at"),
        Index("ix_advice_session_ends_at", "ends_at"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    kind: Mapped[SessionKind] = mapped_column(Code(SessionKind))
    place: Mapped[Place] = mapped_column(Code(Place), default=Place.OFFICE)
    place_name: Mapped[str] = mapped_column(default="")
    place_ods_code: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    advisers_needed: Mapped[int] = mapped_column(default=1)
    closed_at: Mapped[datetime | None]


class QueueEntry(Base):
    """Somebody who came to an open session.

    `number` is their ticket; `called_as` and `need` are in their words and may be empty. Those words, and whose record
    it is, are wiped soon after the session (`wiped_at`); when they came and how long they waited stays, to be counted.
    """

    __tablename__ = "advice_queue_entry"
    __table_args__ = (
        UniqueConstraint("session_id", "number"),
        CheckConstraint("(state IN ('waiting', 'called')) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("state <> 'waiting' OR called_at IS NULL", name="waits"),
        CheckConstraint("state NOT IN ('called', 'seen') OR called_at IS NOT NULL", name="was_called"),
        CheckConstraint("(called_at IS NULL) = (called_by_id IS NULL)", name="called_by_somebody"),
        # An adviser is with one at a time.
        Index(
            "uq_advice_queue_entry_with_adviser",
            "called_by_id",
            unique=True,
            sqlite_where=WITH_AN_ADVISER,
            postgresql_where=WITH_AN_ADVISER,
        ),
        Index("ix_advice_queue_entry_words", "session_id", sqlite_where=HAS_WORDS, postgresql_where=HAS_WORDS),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("advice_session.id"))
    number: Mapped[int]
    called_as: Mapped[str] = mapped_column(default="")
    need: Mapped[str] = mapped_column(default="")
    is_urgent: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[QueueState] = mapped_column(Code(QueueState), default=QueueState.WAITING)
    came_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    called_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("advice_contact.id"), index=True)
    wiped_at: Mapped[datetime | None]

    session: Mapped[AdviceSession] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")
    called_by: Mapped[User | None] = relationship(lazy="raise")
