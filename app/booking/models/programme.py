"""What a college or a group puts on: terms, rooms, facilitators, courses, their runs and the sessions of each."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import MemberOrganization
from app.booking.codes import FacilitatorKind, LeadState, PoolKind, WhoMayBook
from app.core import clock
from app.core.orm import Base, Code, CodeSet
from app.directory.codes import AccessFeature
from app.directory.models import Location, Service

ZONE = "Europe/London"
_UNLISTED = text("service_id IS NULL")


def one_of(column: str, *codes: str) -> str:
    """The condition that a column holds one of these codes."""
    return f"{column} IN ({', '.join(repr(str(code.value if hasattr(code, 'value') else code)) for code in codes)})"


class Term(Base):
    """A part of the year in which courses run. Nothing happens from `pause_from` to `pause_to` (half-term)."""

    __tablename__ = "term"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("ends_on >= starts_on", name="ends_on"),
        CheckConstraint("(pause_from IS NULL) = (pause_to IS NULL)", name="whole_pause"),
        CheckConstraint("pause_to IS NULL OR pause_to >= pause_from", name="pause_to"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    pause_from: Mapped[date | None]
    pause_to: Mapped[date | None]


class Room(Base):
    """Where sessions are: a room at a place, or online, where it has the link by which to join."""

    __tablename__ = "room"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    name: Mapped[str]
    location_id: Mapped[UUID | None] = mapped_column(ForeignKey("location.id"), index=True)
    address: Mapped[str] = mapped_column(default="")
    capacity: Mapped[int | None]
    access: Mapped[frozenset[AccessFeature]] = mapped_column(CodeSet(AccessFeature), default=frozenset)
    join_link: Mapped[str | None]

    location: Mapped[Location | None] = relationship(lazy="raise")


class Facilitator(Base):
    """Somebody who leads sessions, under the name that the public may read."""

    __tablename__ = "facilitator"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    name: Mapped[str]
    kind: Mapped[FacilitatorKind] = mapped_column(Code(FacilitatorKind))
    is_active: Mapped[bool] = mapped_column(default=True)


class Course(Base):
    """A course or a peer group that is booked through Waymark: its listing, who runs it, and what people ask first.

    What has no listing is for staff to give out one by one, such as the appointments of an advice service: it goes by
    its `title`, the public finds it nowhere, and those who run courses do not see who comes.
    """

    __tablename__ = "course"
    __table_args__ = (
        UniqueConstraint("service_id"),
        CheckConstraint("(service_id IS NULL) = (title <> '')", name="listed_or_titled"),
        Index("uq_course_unlisted", "organization_id", "title", unique=True, sqlite_where=_UNLISTED,
              postgresql_where=_UNLISTED),
    )  # fmt: skip

    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id"))
    title: Mapped[str] = mapped_column(default="")
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"), index=True)
    made_by: Mapped[str] = mapped_column(default="")
    you_learn: Mapped[str] = mapped_column(default="")
    what_happens: Mapped[str] = mapped_column(default="")
    if_nervous: Mapped[str] = mapped_column(default="")
    first_session_needed: Mapped[bool] = mapped_column(default=False)

    service: Mapped[Service | None] = relationship(lazy="joined")
    organization: Mapped[MemberOrganization] = relationship()
    runs: Mapped[list[Run]] = relationship(
        back_populates="course", order_by="(Run.created_at, Run.id)", lazy="raise", passive_deletes=True
    )

    @property
    def is_listed(self) -> bool:
        """Whether it stands in the directory."""
        return self.service_id is not None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.service.name if self.service else self.title

    @property
    def host_name(self) -> str:
        """Who runs it, as people know them."""
        return self.service.organization.name if self.service else self.organization.name


class Run(Base):
    """A course put on once, for the same people from the first session to the last; or a series of a group's sessions.

    `kind` says what is booked: the run as a whole, each session, or nothing (drop-in: people just come).
    `area` are the postcode districts of those who may book where `who` is the area. `limit_each` is how many bookings
    one person may have with the organisation at a time.
    """

    __tablename__ = "run"
    __table_args__ = (
        CheckConstraint(one_of("kind", PoolKind.RUN, PoolKind.SESSION, PoolKind.DROP_IN), name="kind"),
        CheckConstraint("most_together BETWEEN 1 AND 10", name="most_together"),
        CheckConstraint("limit_each IS NULL OR limit_each >= 1", name="limit_each"),
        CheckConstraint("oldest IS NULL OR oldest >= COALESCE(youngest, 0)", name="ages"),
        CheckConstraint("cancelled_at IS NULL OR cancel_reason <> ''", name="cancelled_why"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"), index=True)
    term_id: Mapped[UUID | None] = mapped_column(ForeignKey("term.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    kind: Mapped[PoolKind] = mapped_column(Code(PoolKind))
    who: Mapped[WhoMayBook] = mapped_column(Code(WhoMayBook), default=WhoMayBook.ANYONE)
    area: Mapped[str] = mapped_column(default="")
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    youngest: Mapped[int | None]
    oldest: Mapped[int | None]
    limit_each: Mapped[int | None]
    most_together: Mapped[int] = mapped_column(default=2)
    has_waiting_list: Mapped[bool] = mapped_column(default=True)
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(default="")

    course: Mapped[Course] = relationship(back_populates="runs", lazy="joined", innerjoin=True)
    term: Mapped[Term | None] = relationship(lazy="joined")
    sessions: Mapped[list[BookableSession]] = relationship(
        back_populates="run",
        order_by="(BookableSession.starts_at, BookableSession.id)",
        lazy="raise",
        passive_deletes=True,
    )


class BookableSession(Base):
    """One meeting of a run.

    Times are kept as instants and as the clock on the wall shows them: if the law on summer time changes, the wall
    wins. `sequence` rises with every change of time, place or status; `calendar_key` is what its calendar entry is
    known by. `join_link` is how to join this one where it is not as the online room says.
    """

    __tablename__ = "bookable_session"
    __table_args__ = (
        UniqueConstraint("calendar_key"),
        CheckConstraint("ends_at > starts_at", name="ends_at"),
        CheckConstraint("sequence >= 0", name="sequence"),
        CheckConstraint("head_count IS NULL OR head_count >= 0", name="head_count"),
        CheckConstraint("cancelled_at IS NULL OR cancel_reason <> ''", name="cancelled_why"),
        Index("ix_bookable_session_starts_at", "starts_at", "id"),
        Index("ix_bookable_session_run_id", "run_id", "starts_at"),
        Index("ix_bookable_session_room_id", "room_id", "starts_at"),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey("run.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    wall_start: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    zone: Mapped[str] = mapped_column(default=ZONE)
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("room.id"))
    join_link: Mapped[str | None]
    sequence: Mapped[int] = mapped_column(default=0)
    calendar_key: Mapped[UUID] = mapped_column(default=uuid4)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(default="")
    head_count: Mapped[int | None]
    register_at: Mapped[datetime | None]

    @property
    def joined_by(self) -> str | None:
        """The link by which to join it online; None where it is in a room."""
        of_room = self.room.join_link if self.room else None
        return (self.join_link or of_room) if of_room else None

    run: Mapped[Run] = relationship(back_populates="sessions", lazy="joined", innerjoin=True)
    room: Mapped[Room | None] = relationship(lazy="joined")
    facilitators: Mapped[list[SessionFacilitator]] = relationship(
        back_populates="session",
        order_by="(SessionFacilitator.created_at, SessionFacilitator.id)",
        cascade="all, delete-orphan",
        lazy="raise",
    )


class SessionFacilitator(Base):
    """Who leads a session, who cannot come to it, and who stands in for them: `covers_id` says for whom."""

    __tablename__ = "session_facilitator"
    __table_args__ = (
        UniqueConstraint("session_id", "facilitator_id"),
        CheckConstraint(one_of("state", *LeadState), name="state"),
        CheckConstraint("covers_id IS NULL OR covers_id <> facilitator_id", name="covers_another"),
        CheckConstraint("state <> 'asked' OR covers_id IS NOT NULL", name="asked_to_cover"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("bookable_session.id", ondelete="CASCADE"))
    facilitator_id: Mapped[UUID] = mapped_column(ForeignKey("facilitator.id"), index=True)
    state: Mapped[LeadState] = mapped_column(Code(LeadState), default=LeadState.COMES)
    covers_id: Mapped[UUID | None] = mapped_column(ForeignKey("facilitator.id"), index=True)

    session: Mapped[BookableSession] = relationship(back_populates="facilitators")
    facilitator: Mapped[Facilitator] = relationship(foreign_keys=[facilitator_id], lazy="joined", innerjoin=True)
