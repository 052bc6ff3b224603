"""Pathways: how somebody comes to a service, kept as data with every version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import MemberOrganization
from app.core.orm import Base, CodeSet
from app.directory.models import Service
from app.referrals.codes import Source

IS_TEMPLATE = text("is_template")


class Pathway(Base):
    """A way in; a template is received by nobody, and a manager can take it over.

    `organization_id` receives what is sent; a group without an account has none, and `service_id` names its listing.
    `version` is the one in use; what must be asked of the database is repeated here from its definition.
    """

    __tablename__ = "pathway"
    __table_args__ = (
        UniqueConstraint("organization_id", "slug"),
        Index(
            "uq_pathway_template_slug",
            "slug",
            unique=True,
            sqlite_where=IS_TEMPLATE,
            postgresql_where=IS_TEMPLATE,
        ),
        Index("ix_pathway_is_open_name", "is_open", "name"),
        CheckConstraint("version > 0", name="version_counts"),
        CheckConstraint("NOT (is_template AND is_open)", name="no_open_template"),
    )

    slug: Mapped[str]
    name: Mapped[str]
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("member_organization.id"))
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id", ondelete="SET NULL"), index=True)
    is_template: Mapped[bool] = mapped_column(default=False)
    is_open: Mapped[bool] = mapped_column(default=False)
    self_referral: Mapped[bool] = mapped_column(default=False)
    sources: Mapped[frozenset[Source]] = mapped_column(CodeSet(Source), default=frozenset)
    notify_email: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[MemberOrganization | None] = relationship()
    service: Mapped[Service | None] = relationship(lazy="raise")


class PathwayVersion(Base):
    """What a pathway said from `created_at` on. A referral keeps the version under which it was written."""

    __tablename__ = "pathway_version"
    __table_args__ = (UniqueConstraint("pathway_id", "number"), CheckConstraint("number > 0", name="number"))

    pathway_id: Mapped[UUID] = mapped_column(ForeignKey("pathway.id", ondelete="CASCADE"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
