"""Reading accounts: members and invitations of an organisation, one's own sessions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.accounts.codes import OrganizationKind, Role, UserKind, UserStatus
from app.accounts.models import (
    IdentityProvider,
    Invitation,
    MemberOrganization,
    Membership,
    ProviderIdentity,
    User,
    UserSession,
)
from app.accounts.rules import is_over
from app.core import clock
from app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Member:
    """A user with the roles that they hold in one organisation."""

    user: User
    roles: tuple[Role, ...]
    last_seen_at: datetime | None


def members_of(session: Session, organization_id: UUID) -> list[Member]:
    """Who holds a role in an organisation, by name."""
    rows = session.execute(
        select(User, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == organization_id, Membership.ended_at.is_(None))
        .order_by(User.name, User.id, Membership.role)
    ).all()
    roles: dict[User, list[Role]] = {}
    for user, role in rows:
        roles.setdefault(user, []).append(role)
    seen = _last_seen(session, [user.id for user in roles])
    return [Member(user, tuple(held), seen.get(user.id)) for user, held in roles.items()]


def member(session: Session, organization_id: UUID, user_id: UUID) -> Member | None:
    """One member of an organisation; None where the user holds no role there."""
    return next((found for found in members_of(session, organization_id) if found.user.id == user_id), None)


def staff_holding(session: Session, organization_id: UUID, roles: Iterable[Role]) -> dict[User, frozenset[Role]]:
    """Who holds one of the roles in an organisation and can sign in, by name, and which of them."""
    rows = session.execute(
        select(User, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organization_id == organization_id,
            Membership.ended_at.is_(None),
            Membership.role.in_(list(roles)),
            User.status == UserStatus.ACTIVE,
        )
        .order_by(User.name, User.id, Membership.role)
    ).all()
    held: dict[User, set[Role]] = {}
    for user, role in rows:
        held.setdefault(user, set()).add(role)
    return {user: frozenset(own) for user, own in held.items()}


def works_at_operator(session: Session, actor: Actor) -> bool:
    """Whether the actor works where this Waymark is run, and so answers for what nobody else does."""
    place = session.get(MemberOrganization, actor.organization_id) if actor.organization_id else None
    return place is not None and place.kind is OrganizationKind.OPERATOR


def places_without_staff(session: Session) -> list[MemberOrganization]:
    """Organisations in which nobody can sign in any more, by name."""
    somebody = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organization_id == MemberOrganization.id,
            Membership.ended_at.is_(None),
            User.status == UserStatus.ACTIVE,
        )
    )
    wanted = select(MemberOrganization).where(~somebody.exists())
    return list(session.scalars(wanted.order_by(MemberOrganization.name, MemberOrganization.id)))


def _last_seen(session: Session, user_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    rows = session.execute(
        select(UserSession.user_id, func.max(UserSession.last_seen_at))
        .where(UserSession.user_id.in_(list(user_ids)))
        .group_by(UserSession.user_id)
        .order_by(UserSession.user_id)
    )
    return {user_id: seen for user_id, seen in rows}  # noqa: C416 - the types are clearer so


def open_invitations(session: Session, organization_id: UUID) -> list[Invitation]:
    """Those that wait for an answer, latest first."""
    return list(
        session.scalars(
            select(Invitation)
            .where(
                Invitation.organization_id == organization_id,
                Invitation.accepted_at.is_(None),
                Invitation.withdrawn_at.is_(None),
                Invitation.expires_at > clock.now(),
            )
            .order_by(Invitation.created_at.desc(), Invitation.id)
        )
    )


def invitation_of(session: Session, organization_id: UUID, invitation_id: UUID) -> Invitation | None:
    """One of an organisation's open invitations."""
    return next((found for found in open_invitations(session, organization_id) if found.id == invitation_id), None)


def running_sessions(session: Session, user_id: UUID) -> list[UserSession]:
    """Where a user is signed in now, latest first."""
    now = clock.now()
    rows = session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.expires_at > now)
        .order_by(UserSession.last_seen_at.desc(), UserSession.id)
    )
    return [
        row
        for row in rows
        if not is_over(now=now, last_seen_at=row.last_seen_at, idle_seconds=row.idle_seconds, expires_at=row.expires_at)
    ]


def is_session_of(session: Session, session_id: UUID, user_id: UUID) -> bool:
    """Whether a session is, or was, the user's."""
    found = session.get(UserSession, session_id)
    return found is not None and found.user_id == user_id


def staff_user(session: Session, email: str) -> User | None:
    """The member of staff with an address."""
    return session.scalars(select(User).where(User.email == email.lower(), User.kind == UserKind.STAFF)).one_or_none()


def organization_named(session: Session, name: str) -> MemberOrganization | None:
    """The organisation of that name."""
    return session.scalars(select(MemberOrganization).where(MemberOrganization.name == name)).one_or_none()


def providers_of(session: Session, organization_id: UUID) -> list[IdentityProvider]:
    """The providers that sign an organisation's staff in, by name; those that are off too."""
    return list(
        session.scalars(
            select(IdentityProvider)
            .where(IdentityProvider.organization_id == organization_id)
            .order_by(IdentityProvider.name, IdentityProvider.id)
        )
    )


def provider_of(session: Session, organization_id: UUID, provider_id: UUID) -> IdentityProvider | None:
    """One of an organisation's providers."""
    return session.scalars(
        select(IdentityProvider).where(
            IdentityProvider.id == provider_id, IdentityProvider.organization_id == organization_id
        )
    ).one_or_none()


def offered_providers(session: Session, organization_ids: Iterable[UUID] | None = None) -> list[IdentityProvider]:
    """The providers that one can sign in with, of all organisations or of some, by the organisation's name."""
    found = (
        select(IdentityProvider)
        .join(MemberOrganization, MemberOrganization.id == IdentityProvider.organization_id)
        .where(IdentityProvider.is_active, MemberOrganization.is_active)
        .options(contains_eager(IdentityProvider.organization))
        .order_by(MemberOrganization.name, IdentityProvider.name, IdentityProvider.id)
    )
    if organization_ids is not None:
        found = found.where(IdentityProvider.organization_id.in_(list(organization_ids)))
    return list(session.scalars(found))


def offered_provider(session: Session, provider_id: UUID) -> IdentityProvider | None:
    """A provider that one can sign in with."""
    return next((found for found in offered_providers(session) if found.id == provider_id), None)


def count_connected(session: Session, provider_id: UUID) -> int:
    """How many accounts can come in through a provider."""
    statement = select(func.count(ProviderIdentity.id)).where(ProviderIdentity.provider_id == provider_id)
    return session.scalar(statement) or 0


def identities_of(session: Session, user_id: UUID) -> list[ProviderIdentity]:
    """Who a user is at which providers."""
    return list(
        session.scalars(
            select(ProviderIdentity)
            .where(ProviderIdentity.user_id == user_id)
            .options(joinedload(ProviderIdentity.provider).joinedload(IdentityProvider.organization))
            .order_by(ProviderIdentity.created_at, ProviderIdentity.id)
        )
    )
