"""What has places. Its counter is the one truth about them, and the database refuses to let it pass the capacity."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.booking.codes import KeptFor, PoolKind, PoolStatus
from app.booking.models.programme import BookableSession, Run, one_of
from app.core.orm import Base, Code

_MAIN_OF_RUN = text("session_id IS NULL AND kind <> 'reserved'")
_MAIN_OF_SESSION = text("session_id IS NOT NULL AND kind <> 'reserved'")


class Pool(Base):
    """The places of a run, or of one session of it; or those of them that are kept for some until `release_on`.

    Kept places stand in a row of their own (`kind` reserved, `parent_id` the others) with a counter of their own. They
    are touched only by who has locked the parent, and on their day they go over to it.

    `over_allowed` is how far a manager's decision, or a room that shrank, let `taken` pass `capacity`; `asked_at` is
    when those who have a place were asked because of it whether they can move. `starts_at` and `ends_at` are of the
    first and the last session that the places are for.
    """

    __tablename__ = "pool"
    __table_args__ = (
        CheckConstraint(one_of("kind", *PoolKind), name="kind"),
        CheckConstraint(one_of("status", *PoolStatus), name="status"),
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("taken >= 0", name="taken"),
        CheckConstraint("over_allowed >= 0", name="over_allowed"),
        CheckConstraint("taken <= capacity + over_allowed", name="never_oversold"),
        CheckConstraint("(kind = 'reserved') = (parent_id IS NOT NULL)", name="reserved_of"),
        CheckConstraint("(kind = 'reserved') = (kept_for IS NOT NULL)", name="reserved_for"),
        CheckConstraint("kind <> 'reserved' OR release_on IS NOT NULL", name="released"),
        CheckConstraint(f"kept_for IS NULL OR {one_of('kept_for', *KeptFor)}", name="kept_for"),
        UniqueConstraint("parent_id", "kept_for"),
        CheckConstraint("kind <> 'session' OR session_id IS NOT NULL", name="of_session"),
        Index("uq_pool_run", "run_id", unique=True, sqlite_where=_MAIN_OF_RUN, postgresql_where=_MAIN_OF_RUN),
        Index(
            "uq_pool_session",
            "session_id",
            unique=True,
            sqlite_where=_MAIN_OF_SESSION,
            postgresql_where=_MAIN_OF_SESSION,
        ),
        Index("ix_pool_run_id", "run_id", "starts_at"),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey("run.id"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookable_session.id"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("pool.id"))
    kept_for: Mapped[KeptFor | None] = mapped_column(Code(KeptFor))
    kind: Mapped[PoolKind] = mapped_column(Code(PoolKind))
    status: Mapped[PoolStatus] = mapped_column(Code(PoolStatus), default=PoolStatus.OPEN)
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    over_allowed: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    release_on: Mapped[date | None]
    asked_at: Mapped[datetime | None]

    run: Mapped[Run] = relationship(lazy="joined", innerjoin=True)
    session: Mapped[BookableSession | None] = relationship(lazy="raise")
    kept: Mapped[list[Pool]] = relationship(order_by="(Pool.kept_for, Pool.id)", viewonly=True)

    @property
    def free(self) -> int:
        """Places that can be taken now: none while the pool is closed."""
        return max(0, self.capacity - self.taken) if self.status is PoolStatus.OPEN else 0

    @property
    def over(self) -> int:
        """How many more places are taken than there are."""
        return max(0, self.taken - self.capacity)
