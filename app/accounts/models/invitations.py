"""Invitations, and what somebody asked for who is not signed in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.codes import Role
from app.accounts.models.people import MemberOrganization
from app.core.orm import Base, CodeSet


class Invitation(Base):
    """To join an organisation with roles. Its link goes to `email`, which is kept in lower case."""

    __tablename__ = "invitation"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"), index=True)
    email: Mapped[str] = mapped_column(index=True)
    roles: Mapped[frozenset[Role]] = mapped_column(CodeSet(Role))
    invited_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    organization: Mapped[MemberOrganization] = relationship()


class ResetRequest(Base):
    """Somebody typed this address to get a new password. A worker finds out whether it is anybody's, and deletes it.

    Whoever typed it cannot tell by the time of the answer.
    """

    __tablename__ = "reset_request"

    email: Mapped[str]


class SignInCode(Base):
    """A code that went to the address of a person looking for help: good once, for some minutes, in one browser."""

    __tablename__ = "sign_in_code"

    address: Mapped[str]
    code_hash: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
