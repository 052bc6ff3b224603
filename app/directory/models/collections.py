"""Named lists of services that staff make for others ("For new parents")."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.orm import Base
from app.directory.models.listing import Service


class Collection(Base):
    """A named list. Without `organization_id` it is the editors' own; the public sees it once it is published.

    The slug stays as it was made, so that a printed address goes on working after a change of name.
    """

    __tablename__ = "collection"
    __table_args__ = (UniqueConstraint("slug"), CheckConstraint("slug <> '' AND name <> ''", name="named"))

    slug: Mapped[str]
    name: Mapped[str]
    introduction: Mapped[str] = mapped_column(default="")
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("member_organization.id"), index=True)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None] = mapped_column(index=True)


class CollectionItem(Base):
    """A service on the list, in its place, with a word on why it is there."""

    __tablename__ = "collection_item"
    __table_args__ = (UniqueConstraint("collection_id", "service_id"),)

    collection_id: Mapped[UUID] = mapped_column(ForeignKey("collection.id", ondelete="CASCADE"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    note: Mapped[str] = mapped_column(default="")

    service: Mapped[Service] = relationship(lazy="joined", innerjoin=True)
