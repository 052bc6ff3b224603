"""Providers of an organisation, visits to them, and who a user is there."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.codes import ClientProof, EndReason, ProviderKind, ProviderPurpose, UserKind, UserStatus
from app.accounts.models import IdentityProvider, ProviderIdentity, ProviderVisit, StartedSignIn, User, UserSession
from app.accounts.oidc.logout import LoggedOut
from app.accounts.oidc.problems import ProviderProblem, Reason
from app.accounts.oidc.tokens import CLOCKS_APART
from app.accounts.oidc.visits import Pledge
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Refused

# How long signing in at a provider may take.
VISIT_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Errand:
    """What a visit to a provider is for."""

    purpose: ProviderPurpose
    next_path: str = ""
    is_shared_device: bool = False
    user_id: UUID | None = None
    invitation_id: UUID | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """How an organisation reaches its provider. `sealed_secret` is encrypted already."""

    kind: ProviderKind
    name: str
    issuer: str
    client_id: str
    client_proof: ClientProof
    sealed_secret: str
    levels: str = ""


def add_provider(session: Session, actor: Actor, organization_id: UUID, settings: Settings) -> IdentityProvider:
    """Keep a provider; it is off until somebody switches it on."""
    known = select(IdentityProvider.id).where(
        IdentityProvider.organization_id == organization_id, IdentityProvider.issuer == settings.issuer
    )
    if session.scalar(known) is not None:
        raise Refused("Your organisation has this provider already. Change that one.")
    provider = IdentityProvider(
        organization_id=organization_id,
        kind=settings.kind,
        name=settings.name,
        issuer=settings.issuer,
        client_id=settings.client_id,
        client_proof=settings.client_proof,
        sealed_secret=settings.sealed_secret,
        levels=settings.levels,
    )
    session.add(provider)
    session.flush()
    record(session, actor, Action.CREATED, ("identity_provider", provider.id))
    return provider


def change_provider(session: Session, actor: Actor, provider: IdentityProvider, settings: Settings) -> None:
    """Change all but the kind and the issuer, which say who its users are."""
    changed = [
        name
        for name in ("name", "client_id", "client_proof", "sealed_secret", "levels")
        if getattr(provider, name) != getattr(settings, name)
    ]
    for name in changed:
        setattr(provider, name, getattr(settings, name))
    session.flush()
    record(session, actor, Action.CHANGED, ("identity_provider", provider.id), fields=changed)


def switch(session: Session, actor: Actor, provider: IdentityProvider, *, on: bool) -> None:
    """Offer a provider on the sign-in page or not. Once it is off, all whom it signed in are signed out."""
    provider.is_active = on
    session.flush()
    if not on:
        sessions.end_of_provider(session, provider.id, EndReason.PROVIDER_OFF)
    record(session, actor, Action.CHANGED, ("identity_provider", provider.id), fields=("is_active",))


def new_pledge(errand: Errand) -> Pledge:
    """What will tie the answer to the question."""
    return Pledge(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        code_verifier=secrets.token_urlsafe(48),
        anew=errand.purpose is ProviderPurpose.PROVE,
    )


def begin_visit(session: Session, provider_id: UUID, errand: Errand, pledge: Pledge) -> str:
    """Note that a browser goes to a provider; returns the token for its cookie."""
    token = secrets.token_urlsafe(32)
    session.add(
        ProviderVisit(
            token_hash=sessions.token_hash(token),
            state_hash=sessions.token_hash(pledge.state),
            provider_id=provider_id,
            purpose=errand.purpose,
            nonce=pledge.nonce,
            code_verifier=pledge.code_verifier,
            user_id=errand.user_id,
            invitation_id=errand.invitation_id,
            name=errand.name,
            is_shared_device=errand.is_shared_device,
            next_path=errand.next_path,
            expires_at=clock.now() + VISIT_LASTS,
        )
    )
    session.flush()
    return token


def end_visit(session: Session, provider_id: UUID, *, token: str, state: str) -> tuple[Pledge, Errand]:
    """What a browser that came back had been sent for; good once. A problem where it was not sent, or elsewhere."""
    taken = session.execute(
        update(ProviderVisit)
        .where(
            ProviderVisit.token_hash == sessions.token_hash(token),
            ProviderVisit.state_hash == sessions.token_hash(state),
            ProviderVisit.provider_id == provider_id,
            ProviderVisit.used_at.is_(None),
            ProviderVisit.expires_at > clock.now(),
        )
        .values(used_at=clock.now())
        .returning(ProviderVisit)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if taken is None:
        raise ProviderProblem(Reason.NOT_BEGUN)
    pledge = Pledge(state, taken.nonce, taken.code_verifier, anew=taken.purpose is ProviderPurpose.PROVE)
    errand = Errand(
        taken.purpose, taken.next_path, taken.is_shared_device, taken.user_id, taken.invitation_id, taken.name
    )
    return pledge, errand


def end_as_told(session: Session, actor: Actor, provider_id: UUID, told: LoggedOut) -> int:
    """End the sessions that a provider says are over, and sign-ins that wait for a second step; says how many.

    Where it names a subject, sessions of theirs that it gave no name end too. What began since stays.
    """
    latest = told.at + CLOCKS_APART
    ended = 0
    kinds: tuple[type[UserSession], type[StartedSignIn]] = (UserSession, StartedSignIn)
    for kind in kinds:
        which = [kind.provider_id == provider_id, kind.ended_at.is_(None), kind.created_at <= latest]
        if told.subject:
            known = select(ProviderIdentity.user_id).where(
                ProviderIdentity.provider_id == provider_id, ProviderIdentity.subject == told.subject
            )
            which.append(kind.user_id.in_(known))
        if told.session:
            names = (told.session, "") if told.subject else (told.session,)
            which.append(kind.provider_session.in_(names))
        rows: Iterable[UserSession | StartedSignIn] = session.scalars(select(kind).where(*which).order_by(kind.id))
        for row in rows:
            row.ended_at = clock.now()
            if isinstance(row, UserSession):
                row.end_reason = EndReason.SIGNED_OUT_AT_PROVIDER
                record(session, actor, Action.SIGNED_OUT, ("user", row.user_id), reason="provider")
            ended += 1
    session.flush()
    return ended


def user_by_subject(session: Session, provider: IdentityProvider, subject: str) -> User:
    """The active member of the provider's organisation who is `subject` there.

    By the subject alone: an e-mail address in a token may be anybody's word.
    """
    found = session.execute(
        select(ProviderIdentity, User)
        .join(User, User.id == ProviderIdentity.user_id)
        .where(ProviderIdentity.provider_id == provider.id, ProviderIdentity.subject == subject)
    ).one_or_none()
    if found is None:
        raise ProviderProblem(Reason.UNKNOWN)
    identity, user = found
    is_member = bool(sessions.roles_in(session, user.id, provider.organization_id))
    if user.kind is not UserKind.STAFF or user.status is not UserStatus.ACTIVE or not is_member:
        raise ProviderProblem(Reason.UNKNOWN)
    identity.last_used_at = clock.now()
    session.flush()
    return user


def connect(session: Session, actor: Actor, provider: IdentityProvider, user: User, subject: str) -> ProviderIdentity:
    """Remember who a user is at a provider; what was remembered of them there before goes."""
    owner = session.scalars(
        select(ProviderIdentity).where(ProviderIdentity.provider_id == provider.id, ProviderIdentity.subject == subject)
    ).one_or_none()
    if owner is not None and owner.user_id != user.id:
        raise ProviderProblem(Reason.TAKEN)
    identity = (
        owner
        or session.scalars(
            select(ProviderIdentity).where(
                ProviderIdentity.provider_id == provider.id, ProviderIdentity.user_id == user.id
            )
        ).one_or_none()
    )
    if identity is None:
        identity = ProviderIdentity(provider_id=provider.id, user_id=user.id, subject=subject)
        session.add(identity)
    identity.subject, identity.last_used_at = subject, clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("user", user.id), fields=("provider_identity",))
    return identity


def disconnect(session: Session, actor: Actor, user: User, identity: ProviderIdentity) -> None:
    """Forget who a user is at a provider; sessions that it began end. Refused where they could not come in again."""
    if user.password_hash is None:
        raise Refused("This is the only way you can sign in. Ask an administrator if it must go.")
    sessions.end_of_provider(session, identity.provider_id, EndReason.FACTOR_CHANGED, user_id=user.id)
    session.delete(identity)
    session.flush()
    record(session, actor, Action.CHANGED, ("user", user.id), fields=("provider_identity",))
