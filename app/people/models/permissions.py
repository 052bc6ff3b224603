"""What a person permitted, version after version."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.orm import Base, Code
from app.people.codes import PermissionKind, PermissionMethod, SharingLevel


class Permission(Base):
    """One answer to one of the five questions; never changed, only followed by the next version.

    `taken_by_id` is the member of staff who asked; nobody where the person answered on their own page.
    """

    __tablename__ = "person_permission"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "version"),
        CheckConstraint("version > 0", name="version_counts"),
        CheckConstraint("level IS NULL OR kind = 'tell-referrer'", name="level_of_telling"),
        CheckConstraint("expires_on IS NULL OR expires_on >= starts_on", name="expires_after_start"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[PermissionKind] = mapped_column(Code(PermissionKind))
    version: Mapped[int]
    given: Mapped[bool]
    starts_on: Mapped[date]
    expires_on: Mapped[date | None]
    method: Mapped[PermissionMethod] = mapped_column(Code(PermissionMethod))
    level: Mapped[SharingLevel | None] = mapped_column(Code(SharingLevel))
    note: Mapped[str] = mapped_column(default="")
    taken_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("member_organization.id"))

    organizations: Mapped[list[PermissionOrganization]] = relationship(
        back_populates="permission",
        order_by="(PermissionOrganization.name, PermissionOrganization.id)",
        lazy="selectin",
        cascade="all, delete-orphan",
    )


class PermissionOrganization(Base):
    """An organisation with which a referral may be shared, by the name that the person was told.

    `organization_id` is of the directory or of a member organisation: either can receive a referral.
    """

    __tablename__ = "person_permission_organization"
    __table_args__ = (UniqueConstraint("permission_id", "organization_id"),)

    permission_id: Mapped[UUID] = mapped_column(ForeignKey("person_permission.id", ondelete="CASCADE"))
    organization_id: Mapped[UUID]
    name: Mapped[str]

    permission: Mapped[Permission] = relationship(back_populates="organizations")
