"""Who is on which session, and the calls of a telephone shift."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.advice.codes import CallResult
from app.advice.models.sessions import AdviceSession
from app.core.orm import Base, Code


class Duty(Base):
    """An adviser is on a session.

    Who cannot come asks for cover (`cover_wanted_at`) and stays on it until somebody takes it; `swap_for_id` is
    another's duty that they would take in exchange.
    """

    __tablename__ = "advice_duty"
    __table_args__ = (
        UniqueConstraint("session_id", "adviser_id"),
        CheckConstraint("swap_for_id IS NULL OR cover_wanted_at IS NOT NULL", name="swap_wants_cover"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"), index=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("advice_session.id"))
    adviser_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    cover_wanted_at: Mapped[datetime | None]
    swap_for_id: Mapped[UUID | None] = mapped_column(ForeignKey("advice_duty.id", ondelete="SET NULL"), index=True)

    session: Mapped[AdviceSession] = relationship(lazy="raise")
    adviser: Mapped[User] = relationship(lazy="raise")
    swap_for: Mapped[Duty | None] = relationship(lazy="raise", remote_side="Duty.id")


class PhoneCall(Base):
    """A call on a telephone shift: that it was, and how it went. Who called stands in its contact, if there is one."""

    __tablename__ = "advice_call"
    __table_args__ = (
        CheckConstraint("minutes >= 0", name="minutes"),
        Index("ix_advice_call_session_id_at", "session_id", "at"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"), index=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("advice_session.id"))
    adviser_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    result: Mapped[CallResult] = mapped_column(Code(CallResult))
    minutes: Mapped[int] = mapped_column(default=0)
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("advice_contact.id"), index=True)

    session: Mapped[AdviceSession] = relationship(lazy="raise")
    adviser: Mapped[User] = relationship(lazy="raise")
