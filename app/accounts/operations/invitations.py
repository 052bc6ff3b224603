"""Inviting somebody to an organisation, and joining it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.codes import Role, UserKind, UserStatus
from app.accounts.models import IdentityProvider, Invitation, User
from app.accounts.operations.members import check_may_grant, create_user, give_roles
from app.accounts.passwords import PasswordHash
from app.accounts.queries import (
    identities_of,
    open_invitations,
    places_without_staff,
    staff_user,
    works_at_operator,
)
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import NotFound, Refused
from app.notifications import links
from app.notifications.about import About

PURPOSE = "accounts.invitation"
ABOUT = "invitation"
LASTS = timedelta(days=7)


def invite(
    session: Session, actor: Actor, *, organization_id: UUID, email: str, roles: Iterable[Role]
) -> tuple[Invitation, str]:
    """Invite whoever reads `email`; returns the invitation and the token of its link. An earlier one is withdrawn."""
    chosen = frozenset(roles)
    if not chosen:
        raise Refused("Choose at least one role.")
    for role in chosen:
        check_may_grant(actor, organization_id, role)
    return _invite(session, actor, organization_id, email, chosen)


def _invite(
    session: Session, actor: Actor, organization_id: UUID, email: str, chosen: frozenset[Role]
) -> tuple[Invitation, str]:
    for earlier in open_invitations(session, organization_id):
        if earlier.email == email.lower():
            withdraw(session, actor, earlier)
    invitation = Invitation(
        organization_id=organization_id,
        email=email.lower(),
        roles=chosen,
        invited_by_id=actor.user_id,
        expires_at=clock.now() + LASTS,
    )
    session.add(invitation)
    session.flush()
    token = links.issue(session, PURPOSE, About(type=ABOUT, id=invitation.id), lifetime=LASTS)
    record(session, actor, Action.CREATED, ("invitation", invitation.id), fields=chosen)
    return invitation, token


def invite_where_nobody_is_left(
    session: Session, actor: Actor, *, organization_id: UUID, email: str
) -> tuple[Invitation, str]:
    """Have somebody look after a place in which nobody can sign in any more: they administer it, and invite others.

    NotFound for any other place, and for whoever does not administer the place where this Waymark is run.
    """
    is_theirs = actor.holds(Role.ADMINISTRATOR) and works_at_operator(session, actor)
    if not is_theirs or organization_id not in {place.id for place in places_without_staff(session)}:
        raise NotFound("place")
    return _invite(session, actor, organization_id, email, frozenset({Role.ADMINISTRATOR}))


def withdraw(session: Session, actor: Actor, invitation: Invitation) -> None:
    """Take an invitation back; its link stops working."""
    invitation.withdrawn_at = clock.now()
    links.revoke(session, About(type=ABOUT, id=invitation.id))
    session.flush()
    record(session, actor, Action.DELETED, ("invitation", invitation.id))


def invitation_for(session: Session, token: str) -> Invitation | None:
    """The invitation that a link is for, if it can still be accepted."""
    link = links.find(session, PURPOSE, token)
    found = session.get(Invitation, link.subject_id) if link else None
    return found if found is not None and _is_open(found) else None


def accept(session: Session, token: str, *, name: str = "", password_hash: PasswordHash | None = None) -> User:
    """Join the organisation. Who has a password keeps it and their name; anybody else gets an account now."""
    invitation = invitation_for(session, token)
    if invitation is None:
        raise NotFound("This invitation does not work any more. Ask for a new one.")
    links.use(session, PURPOSE, token)
    known = staff_user(session, invitation.email)
    if password_hash is None and (known is None or known.password_hash is None):
        raise Refused("A new account needs a password.")
    user = _joined(session, invitation, name)
    if user.password_hash is None and password_hash is not None:
        user.password_hash, user.password_changed_at = password_hash, clock.now()
        session.flush()
    return user


def accept_through_provider(session: Session, invitation_id: UUID, provider: IdentityProvider, name: str) -> User:
    """Join with a new account that has no password, because the organisation's own provider says who it is."""
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or not _is_open(invitation) or invitation.organization_id != provider.organization_id:
        raise NotFound("This invitation does not work any more. Ask for a new one.")
    if has_account(session, invitation.email):
        raise Refused("You have an account already. Sign in as you always do.")
    links.revoke(session, About(type=ABOUT, id=invitation.id))
    return _joined(session, invitation, name)


def has_account(session: Session, email: str) -> bool:
    """Whether somebody signs in with this address already, by a password or through a provider."""
    known = staff_user(session, email)
    return known is not None and (known.password_hash is not None or bool(identities_of(session, known.id)))


def _is_open(invitation: Invitation) -> bool:
    return not (invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= clock.now())


def _joined(session: Session, invitation: Invitation, name: str) -> User:
    actor = Actor(kind=ActorKind.LINK, subject_id=invitation.id)
    user = staff_user(session, invitation.email)
    if user is None:
        user = create_user(session, actor, name=name, email=invitation.email, kind=UserKind.STAFF)
    user.status = UserStatus.ACTIVE
    invitation.accepted_at = clock.now()
    give_roles(
        session,
        actor,
        user=user,
        organization_id=invitation.organization_id,
        roles=invitation.roles,
        granted_by_id=invitation.invited_by_id,
    )
    return user
