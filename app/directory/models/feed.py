"""Where listings come from, what an editor should look at, and which services changed since when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.orm import Base, Code
from app.directory.codes import FlagCode

if TYPE_CHECKING:
    from app.directory.models.listing import Service


class Source(Base):
    """A feed or file that listings were imported from."""

    __tablename__ = "source"

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    licence: Mapped[str | None]
    url: Mapped[str | None]
    last_imported_at: Mapped[datetime | None]


class FeedImport(Base):
    """An import that is written in many short transactions: until `finished_at` some of it is still to be written.

    What is still to be written lies in a file of the instance folder, named after the id.
    """

    __tablename__ = "feed_import"
    __table_args__ = (Index("ix_feed_import_finished_at", "finished_at"),)

    source: Mapped[str]
    source_name: Mapped[str]
    finished_at: Mapped[datetime | None]


class Flag(Base):
    """Something in a listing that an editor should look at."""

    __tablename__ = "flag"
    __table_args__ = (UniqueConstraint("service_id", "code", "field_name"),)

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    code: Mapped[FlagCode] = mapped_column(Code(FlagCode), index=True)
    field_name: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")

    service: Mapped[Service] = relationship(back_populates="flags")


class Metadata(Base):
    """HSDS metadata: who changed which field of which object, when, from what to what."""

    __tablename__ = "metadata"
    __table_args__ = (Index("ix_metadata_resource", "resource_type", "resource_id", "last_action_date"),)

    resource_id: Mapped[UUID]
    resource_type: Mapped[str]
    last_action_date: Mapped[datetime] = mapped_column(default=clock.now)
    last_action_type: Mapped[str]
    field_name: Mapped[str] = mapped_column(default="")
    previous_value: Mapped[str] = mapped_column(default="")
    replacement_value: Mapped[str] = mapped_column(default="")
    updated_by: Mapped[str]


class IndexChange(Base):
    """A service whose search document is no longer what it was; each machine's index follows the sequence."""

    __tablename__ = "index_change"
    # Without AUTOINCREMENT SQLite gives a number again once the highest row is gone.
    __table_args__ = ({"sqlite_autoincrement": True},)

    # SQLite only counts up by itself in a column that is exactly INTEGER PRIMARY KEY.
    sequence: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    id = None  # type: ignore[assignment]
    service_id: Mapped[UUID]
