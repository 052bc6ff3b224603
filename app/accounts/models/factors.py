"""Second factors: what a member of staff has, besides the password that they know."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.vault import AUTHENTICATOR
from app.core.orm import Base, sealed


class Authenticator(Base):
    """An app that shows codes (TOTP, RFC 6238). `secret` is encrypted; a code's time step is good only once."""

    __tablename__ = "authenticator"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), unique=True)
    secret: Mapped[str] = mapped_column(info=sealed(AUTHENTICATOR))
    last_step: Mapped[int | None] = mapped_column(BigInteger)


class RecoveryCode(Base):
    """A code for the day on which the phone is lost: kept as SHA-256, good once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A WebAuthn credential. `credential_id` and `public_key` are base64url."""

    __tablename__ = "passkey"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    credential_id: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    last_used_at: Mapped[datetime | None]


class PasskeyChallenge(Base):
    """What a passkey was asked to sign: for one user, good once and for some minutes."""

    __tablename__ = "passkey_challenge"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    challenge: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
