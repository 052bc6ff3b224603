"""Taxonomy, TaxonomyTerm and Attribute (the tag that joins a term to an object)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.orm import Base
from app.directory.models.facts import exactly_one

if TYPE_CHECKING:
    from app.directory.models.listing import Location, Organization, Service


class Taxonomy(Base):
    """HSDS taxonomy: a list of terms. Waymark's own topic tree is the one with the slug "need"."""

    __tablename__ = "taxonomy"

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    uri: Mapped[str | None]
    version: Mapped[str | None]

    terms: Mapped[list[TaxonomyTerm]] = relationship(
        back_populates="taxonomy",
        order_by="(TaxonomyTerm.position, TaxonomyTerm.id)",
        lazy="raise",
        passive_deletes=True,
    )


class TaxonomyTerm(Base):
    """HSDS taxonomy_term; `code` is its slug within the taxonomy.

    A `retired` one is offered nowhere any more, and listings keep it; `heir_id` is the term to look at instead.
    `name_cy` and `description_cy` are what editors say in Welsh; where they are empty the shipped translation counts.
    """

    __tablename__ = "taxonomy_term"
    __table_args__ = (UniqueConstraint("taxonomy_id", "code"),)

    taxonomy_id: Mapped[UUID] = mapped_column(ForeignKey("taxonomy.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("taxonomy_term.id"), index=True)
    code: Mapped[str]
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    name_cy: Mapped[str] = mapped_column(default="", server_default="")
    description_cy: Mapped[str] = mapped_column(default="", server_default="")
    term_uri: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False, server_default=false())
    heir_id: Mapped[UUID | None] = mapped_column(ForeignKey("taxonomy_term.id"))

    taxonomy: Mapped[Taxonomy] = relationship(back_populates="terms", lazy="joined", innerjoin=True)


class Attribute(Base):
    """HSDS attribute: a term said of an object. `by_rule` marks one that Waymark proposed and nobody has checked."""

    __tablename__ = "attribute"
    __table_args__ = (
        exactly_one("organization_id", "service_id", "location_id"),
        UniqueConstraint("service_id", "taxonomy_term_id"),
    )

    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), index=True)
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    location_id: Mapped[UUID | None] = mapped_column(ForeignKey("location.id", ondelete="CASCADE"), index=True)
    taxonomy_term_id: Mapped[UUID] = mapped_column(ForeignKey("taxonomy_term.id"), index=True)
    by_rule: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    taxonomy_term: Mapped[TaxonomyTerm] = relationship(lazy="joined", innerjoin=True)
    organization: Mapped[Organization | None] = relationship(back_populates="attributes")
    service: Mapped[Service | None] = relationship(back_populates="attributes")
    location: Mapped[Location | None] = relationship(back_populates="attributes")
