"""Providers that sign an organisation's staff in, and who is who there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.codes import ClientProof, ProviderKind, ProviderPurpose
from app.accounts.models.people import MemberOrganization
from app.accounts.vault import PROVIDER
from app.core.orm import Base, Code, sealed


class IdentityProvider(Base):
    """An OpenID Connect provider that an organisation trusts to say who its members are.

    `issuer` never changes: who is who there would mean somebody else. `sealed_secret` is the secret that the provider
    gave, or the private key that Waymark made, encrypted. `levels` are the `acr` values that stand for two steps.
    """

    __tablename__ = "identity_provider"
    __table_args__ = (UniqueConstraint("organization_id", "issuer"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    kind: Mapped[ProviderKind] = mapped_column(Code(ProviderKind))
    name: Mapped[str]
    issuer: Mapped[str]
    client_id: Mapped[str]
    client_proof: Mapped[ClientProof] = mapped_column(Code(ClientProof))
    sealed_secret: Mapped[str] = mapped_column(info=sealed(PROVIDER))
    levels: Mapped[str] = mapped_column(default="")
    is_active: Mapped[bool] = mapped_column(default=False)

    organization: Mapped[MemberOrganization] = relationship()


class ProviderIdentity(Base):
    """Who a user is at a provider: its `sub`, which is never given to anybody else there."""

    __tablename__ = "provider_identity"
    __table_args__ = (UniqueConstraint("provider_id", "subject"), UniqueConstraint("provider_id", "user_id"))

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("identity_provider.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    subject: Mapped[str]
    last_used_at: Mapped[datetime | None]

    provider: Mapped[IdentityProvider] = relationship()


class ProviderVisit(Base):
    """A browser that was sent to a provider and has not come back yet: good once, for some minutes.

    The cookie holds a random token, and the address to come back to another one (`state`); the row has the SHA-256 of
    both. `user_id` is who connects or proves, `invitation_id` what is accepted as `name`.
    """

    __tablename__ = "provider_visit"

    token_hash: Mapped[str] = mapped_column(unique=True)
    state_hash: Mapped[str]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("identity_provider.id"))
    purpose: Mapped[ProviderPurpose] = mapped_column(Code(ProviderPurpose))
    nonce: Mapped[str]
    code_verifier: Mapped[str]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitation.id"))
    name: Mapped[str] = mapped_column(default="")
    is_shared_device: Mapped[bool] = mapped_column(default=False)
    next_path: Mapped[str] = mapped_column(default="")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
