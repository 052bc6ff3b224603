"""Who has a place, waits for one or is offered one, and everything that happened to each booking."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.booking.codes import ACTIVE_STATES, BookingAction, BookingState, Party
from app.booking.models.pools import Pool
from app.booking.models.programme import one_of
from app.core.orm import Base, Code

_ACTIVE = text(one_of("state", *sorted(ACTIVE_STATES)))
_KEPT = text("kept_pool_id IS NOT NULL")
_EXPIRING = text(one_of("state", BookingState.DRAFT, BookingState.HELD, BookingState.OFFERED))


class Attendee(Base):
    """Somebody with bookings, known by the one address at which they are reached; staff may book somebody who has none.

    The name is of the booking and not kept here: what somebody is called at one place is not another place's business.
    """

    __tablename__ = "attendee"
    __table_args__ = (UniqueConstraint("address"), CheckConstraint("address IS NULL OR address <> ''", name="address"))

    address: Mapped[str | None]


class Booking(Base):
    """A place in a run or in a session, or the wish for one.

    Before the code has shown whose the address is there is no attendee, so that nobody learns from a form who has
    booked. `expires_at` ends a draft, a hold or an offer. `queued_at` is the place in the waiting list. `book_until`:
    "book me in if a place comes before". `person_id` is whose record it belongs to, `referral_id` why it was made:
    where staff booked on somebody's behalf, `booked_by_organization_id` is the place that did. `kept_pool_id`: the
    booking uses a place that is kept for people like them (`referred`, `carer`) and not one of those for everyone.
    """

    __tablename__ = "booking"
    __table_args__ = (
        UniqueConstraint("idempotency_key"),
        CheckConstraint(one_of("state", *BookingState), name="state"),
        CheckConstraint("places BETWEEN 1 AND 10", name="places"),
        CheckConstraint("lapsed_offers >= 0", name="lapsed_offers"),
        CheckConstraint("state NOT IN ('draft', 'held', 'offered') OR expires_at IS NOT NULL", name="expires"),
        CheckConstraint(
            "state NOT IN ('waiting', 'offered', 'booked', 'completed') OR attendee_id IS NOT NULL", name="somebody"
        ),
        CheckConstraint("state NOT IN ('waiting', 'offered') OR queued_at IS NOT NULL", name="queued"),
        # Nobody has two places, or waits beside a place, in one pool.
        Index(
            "uq_booking_once",
            "pool_id",
            "attendee_id",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        Index("ix_booking_pool_id", "pool_id", "state", "queued_at"),
        Index("ix_booking_attendee_id", "attendee_id", "state"),
        Index("ix_booking_person_id", "person_id", "state"),
        Index("ix_booking_referral_id", "referral_id"),
        Index("ix_booking_kept_pool_id", "kept_pool_id", sqlite_where=_KEPT, postgresql_where=_KEPT),
        Index("ix_booking_expires_at", "expires_at", sqlite_where=_EXPIRING, postgresql_where=_EXPIRING),
    )

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"))
    kept_pool_id: Mapped[UUID | None] = mapped_column(ForeignKey("pool.id"))
    run_invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("run_invitation.id"), index=True)
    attendee_id: Mapped[UUID | None] = mapped_column(ForeignKey("attendee.id"))
    previous_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking.id"), index=True)
    state: Mapped[BookingState] = mapped_column(Code(BookingState))
    places: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    age: Mapped[int | None]
    district: Mapped[str | None]
    discreet: Mapped[bool | None]
    with_reminders: Mapped[bool] = mapped_column(default=True)
    referred: Mapped[bool] = mapped_column(default=False)
    carer: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[datetime | None]
    queued_at: Mapped[datetime | None]
    book_until: Mapped[datetime | None]
    lapsed_offers: Mapped[int] = mapped_column(default=0)
    decided_at: Mapped[datetime | None]
    booked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    booked_by_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("member_organization.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    referral_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"))
    idempotency_key: Mapped[str]

    pool: Mapped[Pool] = relationship(foreign_keys=[pool_id], lazy="joined", innerjoin=True)
    attendee: Mapped[Attendee | None] = relationship()
    events: Mapped[list[BookingEvent]] = relationship(
        back_populates="booking", order_by="(BookingEvent.created_at, BookingEvent.id)", lazy="raise"
    )


class BookingEvent(Base):
    """One step in the life of a booking. `reason` is what a member of staff said."""

    __tablename__ = "booking_event"
    __table_args__ = (
        CheckConstraint(one_of("by_party", *Party), name="by_party"),
        Index("ix_booking_event_booking_id", "booking_id", "created_at"),
    )

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id"))
    action: Mapped[BookingAction | None] = mapped_column(Code(BookingAction))
    before: Mapped[BookingState | None] = mapped_column(Code(BookingState))
    after: Mapped[BookingState] = mapped_column(Code(BookingState))
    by_party: Mapped[Party] = mapped_column(Code(Party))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(default="")

    booking: Mapped[Booking] = relationship(back_populates="events")


class CalendarFeed(Base):
    """A secret address by which one device of a person follows their bookings. Only the token's SHA-256 is kept."""

    __tablename__ = "calendar_feed"
    __table_args__ = (UniqueConstraint("digest"), CheckConstraint("length(digest) = 64", name="digest"))

    attendee_id: Mapped[UUID] = mapped_column(ForeignKey("attendee.id"), index=True)
    digest: Mapped[str]
    name: Mapped[str]
    revoked_at: Mapped[datetime | None]
