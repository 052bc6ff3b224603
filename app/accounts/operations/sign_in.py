"""Signing in, by password and then by a second factor, and signing out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.codes import EndReason, UserKind, UserStatus
from app.accounts.models import IdentityProvider, StartedSignIn, User, UserSession
from app.accounts.passwords import PasswordHash, verify_password
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound, Refused

# How long the second step may take.
STARTED_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-in that waits for its second step."""

    row: StartedSignIn
    user: User


@dataclass(frozen=True, slots=True)
class Claimed:
    """Whom an address names, and what their password has to fit; nobody where it names nobody who may enter."""

    user_id: UUID | None
    password_hash: str | None


def claimed_by(session: Session, email: str) -> Claimed:
    """What to hold a password against. Reads only, so that the work on the password is done with nothing held."""
    user = session.scalars(
        select(User)
        .where(User.email == email.lower(), User.kind == UserKind.STAFF, User.status == UserStatus.ACTIVE)
        .order_by(User.id)
    ).one_or_none()
    return Claimed(user.id, user.password_hash) if user else Claimed(None, None)


def fits(claimed: Claimed, password: str) -> bool:
    """Whether the password is right: the same work whether the address names somebody or not."""
    return verify_password(claimed.password_hash, password)


def user_of(session: Session, claimed: Claimed, *, rehashed: PasswordHash | None = None) -> User | None:
    """The user whose password fitted, if it is still the same password; it is kept anew where it was `rehashed`."""
    user = session.get(User, claimed.user_id) if claimed.user_id else None
    if user is None or user.password_hash != claimed.password_hash or user.status is not UserStatus.ACTIVE:
        return None
    if rehashed is not None:
        user.password_hash = rehashed
    return user


def sign_in(
    session: Session,
    actor: Actor,
    user: User,
    *,
    shared_device: bool = False,
    browser: str = "",
    provider: IdentityProvider | None = None,
    provider_session: str = "",
) -> str:
    """Begin a session for a user who has proved who they are; returns the token for the cookie."""
    token = sessions.begin(
        session,
        user,
        shared_device=shared_device,
        browser=browser,
        provider=provider,
        provider_session=provider_session,
    )
    record(session, actor, Action.SIGNED_IN, ("user", user.id), fields=("provider",) if provider else ())
    return token


def sign_out(session: Session, actor: Actor, running: UserSession) -> None:
    """End a session for good."""
    sessions.end(session, running.id, EndReason.SIGNED_OUT)
    record(session, actor, Action.SIGNED_OUT, ("user", running.user_id))


def work_in(session: Session, actor: Actor, running: UserSession, organization_id: UUID) -> None:
    """Have a session act in another organisation of its user. Refused where they hold no role.

    And where a provider began it: it is believed in its own organisation only.
    """
    is_elsewhere = running.provider_id is not None and organization_id != running.organization_id
    if is_elsewhere or not sessions.roles_in(session, running.user_id, organization_id):
        raise Refused("You have no role in that organisation.")
    running.organization_id = organization_id
    session.flush()
    record(session, actor, Action.CHANGED, ("user_session", running.id), fields=("organization",))


def start(
    session: Session,
    user: User,
    *,
    shared_device: bool,
    next_path: str,
    provider: IdentityProvider | None = None,
    provider_session: str = "",
) -> str:
    """Remember that somebody gave the right password; returns the token for the second step's cookie."""
    token = secrets.token_urlsafe(32)
    session.add(
        StartedSignIn(
            token_hash=sessions.token_hash(token),
            user_id=user.id,
            is_shared_device=shared_device,
            next_path=next_path,
            provider_id=provider.id if provider else None,
            provider_session=provider_session,
            expires_at=clock.now() + STARTED_FOR,
        )
    )
    session.flush()
    return token


def find_started(session: Session, token: str) -> Started | None:
    """The sign-in that `token` started, if there is still time for its second step."""
    found = session.execute(
        select(StartedSignIn, User)
        .join(User, User.id == StartedSignIn.user_id)
        .where(
            StartedSignIn.token_hash == sessions.token_hash(token),
            StartedSignIn.ended_at.is_(None),
            StartedSignIn.expires_at > clock.now(),
            User.status == UserStatus.ACTIVE,
        )
    ).one_or_none()
    return Started(*found) if found else None


def complete(session: Session, actor: Actor, started: Started, *, browser: str = "") -> str:
    """Begin the session of a user who has given the second factor too; a started sign-in leads to one session."""
    taken = session.execute(
        update(StartedSignIn)
        .where(StartedSignIn.id == started.row.id, StartedSignIn.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(StartedSignIn.id)
    ).all()
    if not taken:
        raise NotFound("This sign-in has ended. Start again.")
    provider = session.get(IdentityProvider, started.row.provider_id) if started.row.provider_id else None
    if provider is not None and not provider.is_active:
        raise NotFound("This sign-in has ended. Start again.")
    return sign_in(
        session,
        actor,
        started.user,
        shared_device=started.row.is_shared_device,
        browser=browser,
        provider=provider,
        provider_session=started.row.provider_session,
    )


def prove_again(session: Session, actor: Actor, running: UserSession) -> None:
    """Note that the user has just proved once more who they are."""
    running.reauthenticated_at = clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("user_session", running.id), fields=("reauthenticated_at",))
