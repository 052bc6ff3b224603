"""Who came, what people need so that they can come, and the calls after a missed session."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.booking.codes import Attendance, NeedKind
from app.booking.models.bookings import Booking
from app.booking.models.programme import BookableSession, one_of
from app.core import clock
from app.core.orm import Base, Code


class AttendanceRecord(Base):
    """One booking in one session: what the register says, and what the person's calendar entry is known by.

    `own_sequence` rises with what concerns the person alone, such as giving the place back; a calendar counts it with
    the session's. `ended_at` is when the place in this session was given up.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("booking_id", "session_id"),
        UniqueConstraint("calendar_key"),
        CheckConstraint(one_of("state", *Attendance), name="state"),
        CheckConstraint("own_sequence >= 0", name="own_sequence"),
        Index("ix_attendance_session_id", "session_id", "state"),
    )

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("bookable_session.id"))
    state: Mapped[Attendance] = mapped_column(Code(Attendance), default=Attendance.EXPECTED)
    calendar_key: Mapped[UUID] = mapped_column(default=uuid4)
    own_sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    # When the mark was made in the room: of two that arrive in the wrong order the later mark stands.
    marked_at: Mapped[datetime | None]
    marked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))

    booking: Mapped[Booking] = relationship(lazy="joined", innerjoin=True)
    session: Mapped[BookableSession] = relationship(lazy="joined", innerjoin=True)


class AccessNeed(Base):
    """Something that must be arranged for a booking, open until somebody says that it is met."""

    __tablename__ = "access_need"
    __table_args__ = (
        CheckConstraint(one_of("kind", *NeedKind), name="kind"),
        UniqueConstraint("booking_id", "kind"),
    )

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id"))
    kind: Mapped[NeedKind] = mapped_column(Code(NeedKind))
    words: Mapped[str] = mapped_column(default="")
    met_at: Mapped[datetime | None]
    met_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))

    booking: Mapped[Booking] = relationship(lazy="joined", innerjoin=True)


class AbsenceCall(Base):
    """After a session that somebody missed: a call to ask how they are, never a penalty."""

    __tablename__ = "absence_call"
    __table_args__ = (UniqueConstraint("attendance_id"),)

    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendance.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"), index=True)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    outcome: Mapped[str] = mapped_column(default="")

    attendance: Mapped[AttendanceRecord] = relationship(lazy="joined", innerjoin=True)
