"""Records that may be of one person, and those that were made one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.orm import Base, Code
from app.people.codes import PairState


class PersonPair(Base):
    """Two records that the hub was asked to look at, the lesser id first, and what it found."""

    __tablename__ = "person_pair"
    __table_args__ = (UniqueConstraint("one_id", "other_id"), CheckConstraint("one_id < other_id", name="in_order"))

    one_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[PairState] = mapped_column(Code(PairState), default=PairState.ASKED, index=True)
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]


class PersonMerge(Base):
    """One record led into another. `before` holds what the merge changed in the record that stays."""

    __tablename__ = "person_merge"
    __table_args__ = (CheckConstraint("kept_id <> dropped_id", name="of_two"),)

    kept_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    dropped_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undone_at: Mapped[datetime | None]


class MergeMove(Base):
    """A row of some table that a merge moved from the one record to the other."""

    __tablename__ = "person_merge_move"

    merge_id: Mapped[UUID] = mapped_column(ForeignKey("person_merge.id", ondelete="CASCADE"), index=True)
    column: Mapped[str]
    row_id: Mapped[UUID]
