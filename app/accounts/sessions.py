"""Sessions in the database: begun at sign-in, looked up on each request, ended for good."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true, update
from sqlalchemy.orm import Session

from app.accounts.codes import EndReason, Role, UserKind, UserStatus
from app.accounts.models import IdentityProvider, MemberOrganization, Membership, User, UserSession
from app.accounts.rules import is_over, lifetime
from app.core import clock

# That a session is in use is noted at most this often, so that reading pages seldom writes.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in on this request, and what they may act as."""

    session: UserSession
    user: User
    organization: MemberOrganization | None
    roles: frozenset[str]
    provider: IdentityProvider | None = None

    @property
    def seen_lately(self) -> bool:
        """Whether the use of the session was noted within the last minute."""
        return clock.now() - self.session.last_seen_at < SEEN_EVERY


def token_hash(token: str) -> str:
    """What is kept of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    session: Session,
    user: User,
    *,
    organization_id: UUID | None = None,
    shared_device: bool = False,
    browser: str = "",
    provider: IdentityProvider | None = None,
    provider_session: str = "",
) -> str:
    """Begin a session for `user`, who has just proved who they are, and return the token for the cookie.

    Staff begin in `organization_id` if they are members there, else in the first of their organisations by name. What
    a `provider` says of somebody counts in its own organisation only.
    """
    workplaces = workplaces_of(session, user, provider) if user.kind is UserKind.STAFF else []
    chosen = next((place for place in workplaces if place.id == organization_id), workplaces[0] if workplaces else None)
    roles = roles_in(session, user.id, chosen.id) if chosen else frozenset()
    lasts = lifetime(user.kind, roles, shared_device=shared_device)
    token, now = secrets.token_urlsafe(32), clock.now()
    session.add(
        UserSession(
            token_hash=token_hash(token),
            user_id=user.id,
            organization_id=chosen.id if chosen else None,
            last_seen_at=now,
            idle_seconds=int(lasts.idle.total_seconds()),
            expires_at=now + lasts.absolute,
            reauthenticated_at=now,
            is_shared_device=shared_device,
            browser=browser,
            provider_id=provider.id if provider else None,
            provider_session=provider_session,
        )
    )
    session.flush()
    return token


def find(session: Session, token: str) -> SignedIn | None:
    """Who holds `token`, if its session still runs and its user may still enter."""
    found = session.execute(
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.token_hash == token_hash(token), UserSession.ended_at.is_(None))
    ).one_or_none()
    if found is None:
        return None
    running, user = found
    if user.status is not UserStatus.ACTIVE or is_over(
        now=clock.now(),
        last_seen_at=running.last_seen_at,
        idle_seconds=running.idle_seconds,
        expires_at=running.expires_at,
    ):
        return None
    provider = session.get(IdentityProvider, running.provider_id) if running.provider_id else None
    if provider is not None and not (provider.is_active and provider.organization_id == running.organization_id):
        return None
    organization = session.get(MemberOrganization, running.organization_id) if running.organization_id else None
    if organization is not None and not organization.is_active:
        organization = None
    roles = roles_in(session, user.id, organization.id) if organization else frozenset()
    return SignedIn(running, user, organization if roles else None, roles, provider)


def note_use(session: Session, session_id: UUID) -> None:
    """Say that a session was used just now; one that has ended stays ended."""
    session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None))
        .values(last_seen_at=clock.now())
    )


def end(session: Session, session_id: UUID, reason: EndReason) -> None:
    """End one session; the next request with its token is nobody's."""
    _end(session, UserSession.id == session_id, reason)


def end_all(session: Session, user_id: UUID, reason: EndReason, *, but: UUID | None = None) -> None:
    """End every session of a user, except `but`."""
    _end(session, UserSession.user_id == user_id, reason, but=but)


def end_of_provider(session: Session, provider_id: UUID, reason: EndReason, *, user_id: UUID | None = None) -> None:
    """End every session that a provider began, or those of one user."""
    _end(session, and_(UserSession.provider_id == provider_id, _of(user_id)), reason)


def _of(user_id: UUID | None) -> ColumnElement[bool]:
    return true() if user_id is None else UserSession.user_id == user_id


def _end(session: Session, which: object, reason: EndReason, *, but: UUID | None = None) -> None:
    statement = update(UserSession).where(which, UserSession.ended_at.is_(None))  # type: ignore[arg-type]
    if but is not None:
        statement = statement.where(UserSession.id != but)
    session.execute(statement.values(ended_at=clock.now(), end_reason=reason))


def workplaces_of(session: Session, user: User, provider: IdentityProvider | None) -> list[MemberOrganization]:
    """Where a user may work: everywhere they hold a role, or in the organisation of the provider that let them in."""
    return [
        place
        for place in organizations_of(session, user.id)
        if provider is None or place.id == provider.organization_id
    ]


def organizations_of(session: Session, user_id: UUID) -> list[MemberOrganization]:
    """The active organisations in which a user holds a role, by name."""
    return list(
        session.scalars(
            select(MemberOrganization)
            .where(
                MemberOrganization.is_active,
                MemberOrganization.id.in_(
                    select(Membership.organization_id).where(
                        Membership.user_id == user_id, Membership.ended_at.is_(None)
                    )
                ),
            )
            .order_by(MemberOrganization.name, MemberOrganization.id)
        )
    )


def roles_in(session: Session, user_id: UUID, organization_id: UUID) -> frozenset[str]:
    """The roles that a user holds in an organisation."""
    rows = session.scalars(
        select(Membership.role)
        .where(
            Membership.user_id == user_id,
            Membership.organization_id == organization_id,
            Membership.ended_at.is_(None),
        )
        .order_by(Membership.role)
    )
    return frozenset(Role(role).value for role in rows)
