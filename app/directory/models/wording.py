"""What staff changed of the topics and of the lay phrases that the search understands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.orm import Base, Code
from app.directory.codes import WordingKind


class WordingVersion(Base):
    """What a topic or a phrase says from `created_at` on, beside what Waymark ships; the latest one holds.

    `key` is the topic's slug or the folded phrase. `document` has only what differs from what is shipped, so that a new
    release brings its own words everywhere else; an empty one is as shipped. Versions are added and never changed, but
    for `is_latest`.
    """

    __tablename__ = "wording_version"
    __table_args__ = (
        UniqueConstraint("kind", "key", "number"),
        Index(
            "uq_wording_version_latest",
            "kind",
            "key",
            unique=True,
            sqlite_where=text("is_latest"),
            postgresql_where=text("is_latest"),
        ),
        CheckConstraint("number > 0", name="number"),
    )

    kind: Mapped[WordingKind] = mapped_column(Code(WordingKind))
    key: Mapped[str]
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_latest: Mapped[bool] = mapped_column(default=True)
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
