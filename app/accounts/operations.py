"""The verbs of accounts: making organisations, users and memberships, and signing in."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.codes import EndReason, OrganizationKind, Role, UserKind, UserStatus
from app.accounts.models import MemberOrganization, Membership, User, UserSession
from app.accounts.passwords import hash_password, needs_rehash, verify_password
from app.accounts.rules import may_grant
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import Refused


def create_organization(
    session: Session, actor: Actor, *, name: str, kind: OrganizationKind, ods_code: str | None = None
) -> MemberOrganization:
    """An organisation whose staff will use Waymark."""
    organization = MemberOrganization(name=name, kind=kind, ods_code=ods_code)
    session.add(organization)
    session.flush()
    record(session, actor, Action.CREATED, ("member_organization", organization.id))
    return organization


def create_user(
    session: Session,
    actor: Actor,
    *,
    name: str,
    email: str,
    password: str | None = None,
    kind: UserKind = UserKind.STAFF,
) -> User:
    """A user who can be given roles. `email` is kept in lower case."""
    user = User(kind=kind, name=name, email=email.lower())
    if password is not None:
        user.password_hash, user.password_changed_at = hash_password(password), clock.now()
    session.add(user)
    session.flush()
    record(session, actor, Action.CREATED, ("user", user.id))
    return user


def grant(session: Session, actor: Actor, *, user: User, organization_id: UUID, role: Role) -> Membership:
    """Give a user a role in an organisation; their sessions end, so that the role acts from the next sign-in.

    Refused where the actor may not grant the role there, and to oneself.
    """
    if actor.kind is not ActorKind.SYSTEM:
        if actor.organization_id != organization_id or not may_grant(actor.roles, role):
            raise Refused("You cannot give this role. Ask somebody who holds it.")
        if actor.user_id == user.id:
            raise Refused("You cannot give yourself a role. Ask another administrator.")
    membership = Membership(user_id=user.id, organization_id=organization_id, role=role, granted_by_id=actor.user_id)
    session.add(membership)
    session.flush()
    sessions.end_all(session, user.id, EndReason.ROLE_CHANGED)
    record(session, actor, Action.CREATED, ("membership", membership.id), fields=(role.value,))
    return membership


def check_password(session: Session, *, email: str, password: str) -> User | None:
    """The active member of staff whom an address and a password name, else None after the same work."""
    user = session.scalars(
        select(User).where(User.email == email.lower(), User.kind == UserKind.STAFF).order_by(User.id)
    ).one_or_none()
    fits = verify_password(user.password_hash if user else None, password)
    if user is None or not fits or user.status is not UserStatus.ACTIVE:
        return None
    if user.password_hash and needs_rehash(user.password_hash):
        user.password_hash = hash_password(password)
    return user


def sign_in(session: Session, actor: Actor, user: User, *, shared_device: bool = False, browser: str = "") -> str:
    """Begin a session for a user who has proved who they are; returns the token for the cookie."""
    token = sessions.begin(session, user, shared_device=shared_device, browser=browser)
    record(session, actor, Action.SIGNED_IN, ("user", user.id))
    return token


def sign_out(session: Session, actor: Actor, running: UserSession) -> None:
    """End a session for good."""
    sessions.end(session, running.id, EndReason.SIGNED_OUT)
    record(session, actor, Action.SIGNED_OUT, ("user", running.user_id))


def work_in(session: Session, actor: Actor, running: UserSession, organization_id: UUID) -> None:
    """Have a session act in another organisation of its user. Refused where they hold no role."""
    if not sessions.roles_in(session, running.user_id, organization_id):
        raise Refused("You have no role in that organisation.")
    running.organization_id = organization_id
    session.flush()
    record(session, actor, Action.CHANGED, ("user_session", running.id), fields=("organization",))
