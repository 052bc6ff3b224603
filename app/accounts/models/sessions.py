"""Signed-in browsers, and those on their way in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.codes import EndReason
from app.core.orm import Base, Code


class UserSession(Base):
    """A signed-in browser. The cookie holds a random token, the row only its SHA-256.

    `organization_id` is where a member of staff acts at the moment. `idle_seconds` after `last_seen_at`, or at
    `expires_at`, it is over. `reauthenticated_at` is when the user last proved who they are. `provider_id` is the
    provider that said so, where it was not Waymark: such a session stays within the provider's organisation.
    `provider_session` is what the provider calls its own session (`sid`), so that it can say that it is over.
    """

    __tablename__ = "user_session"
    __table_args__ = (CheckConstraint("idle_seconds > 0", name="idle"),)

    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("member_organization.id"))
    last_seen_at: Mapped[datetime]
    idle_seconds: Mapped[int]
    expires_at: Mapped[datetime]
    reauthenticated_at: Mapped[datetime]
    is_shared_device: Mapped[bool] = mapped_column(default=False)
    browser: Mapped[str] = mapped_column(default="")
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity_provider.id"), index=True)
    provider_session: Mapped[str] = mapped_column(default="", server_default="")
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[EndReason | None] = mapped_column(Code(EndReason))


class StartedSignIn(Base):
    """A browser whose user has given the password and not yet the second factor. It opens nothing else.

    The cookie holds a random token, the row only its SHA-256. `next_path` is where the user was going. `provider_id`
    is the provider that stood for the password, where one did.
    """

    __tablename__ = "started_sign_in"

    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    is_shared_device: Mapped[bool] = mapped_column(default=False)
    next_path: Mapped[str] = mapped_column(default="")
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity_provider.id"))
    provider_session: Mapped[str] = mapped_column(default="", server_default="")
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
