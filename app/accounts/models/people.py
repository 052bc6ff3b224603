"""Organisations that use Waymark, their users, and who does what there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.codes import OrganizationKind, Role, UserKind, UserStatus
from app.core.orm import Base, Code

STILL_HELD = text("ended_at IS NULL")


class MemberOrganization(Base):
    """An organisation whose staff use Waymark. Its listings in the directory are `Organization`s, linked to it."""

    __tablename__ = "member_organization"
    __table_args__ = (UniqueConstraint("name"), UniqueConstraint("ods_code"))

    name: Mapped[str]
    kind: Mapped[OrganizationKind] = mapped_column(Code(OrganizationKind))
    ods_code: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="organization", order_by="(Membership.role, Membership.id)", lazy="raise"
    )


class User(Base):
    """Somebody who can sign in. `email` is kept in lower case; a person may have a `mobile` (E.164) instead."""

    __tablename__ = "user_account"
    __table_args__ = (
        UniqueConstraint("email"),
        UniqueConstraint("mobile"),
        CheckConstraint("email IS NOT NULL OR mobile IS NOT NULL", name="reachable"),
    )

    kind: Mapped[UserKind] = mapped_column(Code(UserKind), default=UserKind.STAFF)
    status: Mapped[UserStatus] = mapped_column(Code(UserStatus), default=UserStatus.ACTIVE)
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    mobile: Mapped[str | None]
    password_hash: Mapped[str | None]
    password_changed_at: Mapped[datetime | None]

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="user",
        foreign_keys="Membership.user_id",
        order_by="(Membership.organization_id, Membership.role, Membership.id)",
        lazy="raise",
    )


class Membership(Base):
    """A role that a user holds in an organisation, from `created_at` until `ended_at`."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_user_organization_role",
            "user_id",
            "organization_id",
            "role",
            unique=True,
            sqlite_where=STILL_HELD,
            postgresql_where=STILL_HELD,
        ),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"), index=True)
    role: Mapped[Role] = mapped_column(Code(Role))
    granted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(back_populates="memberships", foreign_keys=[user_id])
    organization: Mapped[MemberOrganization] = relationship(back_populates="memberships")
