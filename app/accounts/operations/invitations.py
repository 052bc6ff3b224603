"""Inviting somebody to an organisation, and joining it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.codes import Role, UserKind, UserStatus
from app.accounts.models import Invitation, User
from app.accounts.operations.members import check_may_grant, create_user, give_roles
from app.accounts.queries import open_invitations, staff_user
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
    if found is None or found.accepted_at or found.withdrawn_at or found.expires_at <= clock.now():
        return None
    return found


def accept(session: Session, token: str, *, name: str = "", password: str | None = None) -> User:
    """Join the organisation. Who has an account keeps its name and password; anybody else gets an account now."""
    invitation = invitation_for(session, token)
    if invitation is None:
        raise NotFound("This invitation does not work any more. Ask for a new one.")
    links.use(session, PURPOSE, token)
    actor = Actor(kind=ActorKind.LINK, subject_id=invitation.id)
    user = staff_user(session, invitation.email)
    if user is None:
        if password is None:
            raise Refused("A new account needs a password.")
        user = create_user(session, actor, name=name, email=invitation.email, password=password, kind=UserKind.STAFF)
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
