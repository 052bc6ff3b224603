"""Lists of services that editors upload: what they would do, and what they did."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.core.orm import Base, Code
from app.directory.codes import ImportState


class ListingImport(Base):
    """An uploaded list. Until it is decided on, `content` holds the file, packed; nothing of it is in the directory.

    `report` says what would be added, changed, left and refused; once it is applied, what was.
    """

    __tablename__ = "listing_import"
    __table_args__ = (
        Index("ix_listing_import_created_at", "created_at"),
        CheckConstraint("(state = 'waiting') = (content IS NOT NULL)", name="content_while_waiting"),
        CheckConstraint("state = 'waiting' OR decided_at IS NOT NULL", name="decided"),
    )

    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    source: Mapped[str]
    source_name: Mapped[str]
    file_name: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[ImportState] = mapped_column(Code(ImportState), default=ImportState.WAITING)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
