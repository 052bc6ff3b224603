"""Times that advisers offer, and the appointments in them. The places themselves are booking's."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.advice.codes import Channel
from app.advice.models.cases import AdviceCase
from app.advice.models.contacts import AdviceContact
from app.booking.models import BookableSession, Booking, Pool
from app.core.orm import Base, Code


class AppointmentTime(Base):
    """A time that an adviser offers: whose, and how they meet. When, where and whether it is free booking says."""

    __tablename__ = "advice_appointment_time"
    __table_args__ = (
        UniqueConstraint("pool_id"),
        UniqueConstraint("session_id"),
        Index("ix_advice_appointment_time_adviser_id", "adviser_id"),
        Index("ix_advice_appointment_time_organization_id", "organization_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    adviser_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("bookable_session.id"))
    channel: Mapped[Channel] = mapped_column(Code(Channel))

    adviser: Mapped[User] = relationship(lazy="raise")
    pool: Mapped[Pool] = relationship(lazy="raise")
    session: Mapped[BookableSession] = relationship(lazy="raise")


class Appointment(Base):
    """A booking of such a time, and the case or the contact because of which it was made (`contact_id`).

    `led_to_id` is the contact that was logged of it. Of whoever comes nothing is kept here: that stands in the booking.
    """

    __tablename__ = "advice_appointment"
    __table_args__ = (UniqueConstraint("booking_id"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"), index=True)
    time_id: Mapped[UUID] = mapped_column(ForeignKey("advice_appointment_time.id"), index=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("advice_case.id"), index=True)
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("advice_contact.id"), index=True)
    led_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("advice_contact.id"), index=True)

    time: Mapped[AppointmentTime] = relationship(lazy="raise")
    booking: Mapped[Booking] = relationship(lazy="raise")
    case: Mapped[AdviceCase | None] = relationship(lazy="raise")
    contact: Mapped[AdviceContact | None] = relationship(lazy="raise", foreign_keys=[contact_id])
