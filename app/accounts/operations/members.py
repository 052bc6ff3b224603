"""Organisations, users, and the roles that users hold."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.codes import EndReason, OrganizationKind, Role, UserKind, UserStatus
from app.accounts.models import MemberOrganization, Membership, User
from app.accounts.passwords import PasswordHash
from app.accounts.rules import may_grant
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import Refused
from app.notifications import links
from app.notifications.about import About


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
    password_hash: PasswordHash | None = None,
    kind: UserKind = UserKind.STAFF,
) -> User:
    """A user who can be given roles. `email` is kept in lower case."""
    user = User(kind=kind, name=name, email=email.lower())
    if password_hash is not None:
        user.password_hash, user.password_changed_at = password_hash, clock.now()
    session.add(user)
    session.flush()
    record(session, actor, Action.CREATED, ("user", user.id))
    return user


def grant(session: Session, actor: Actor, *, user: User, organization_id: UUID, role: Role) -> Membership:
    """Give a user a role in an organisation; their sessions end, so that the role acts from the next sign-in.

    Refused where the actor may not grant the role there, and to oneself.
    """
    check_may_grant(actor, organization_id, role)
    _check_not_oneself(actor, user)
    (membership,) = give_roles(
        session, actor, user=user, organization_id=organization_id, roles=(role,), granted_by_id=actor.user_id
    )
    return membership


def give_roles(
    session: Session,
    actor: Actor,
    *,
    user: User,
    organization_id: UUID,
    roles: Iterable[Role],
    granted_by_id: UUID | None,
) -> list[Membership]:
    """Give roles that were allowed already, except those that the user holds; their sessions end."""
    held = sessions.roles_in(session, user.id, organization_id)
    given = [
        Membership(user_id=user.id, organization_id=organization_id, role=role, granted_by_id=granted_by_id)
        for role in sorted(roles)
        if role.value not in held
    ]
    session.add_all(given)
    session.flush()
    sessions.end_all(session, user.id, EndReason.ROLE_CHANGED)
    for membership in given:
        record(session, actor, Action.CREATED, ("membership", membership.id), fields=(membership.role.value,))
    return given


def check_may_grant(actor: Actor, organization_id: UUID, role: Role) -> None:
    """Refused where `actor` may not give or take away `role` in the organisation."""
    if actor.kind is ActorKind.SYSTEM:
        return
    if actor.organization_id != organization_id or not may_grant(actor.roles, role):
        raise Refused("You cannot give or take away this role. Ask somebody who holds it.")


def _check_not_oneself(actor: Actor, user: User) -> None:
    if actor.kind is not ActorKind.SYSTEM and actor.user_id == user.id:
        raise Refused("You cannot change your own roles. Ask another administrator.")


def change_roles(session: Session, actor: Actor, *, user: User, organization_id: UUID, roles: Iterable[Role]) -> None:
    """Have a user hold exactly `roles` in an organisation; with none they are a member no longer.

    Refused for oneself, for roles that the actor may not give, and where no administrator would be left. An
    administrator ends all roles of somebody at once, whichever they are: whoever has left does not keep a way in
    until somebody with the same role is there.
    """
    _check_not_oneself(actor, user)
    wanted = frozenset(roles)
    # Two administrators who take each other's role at the same time wait for one another here.
    session.execute(select(MemberOrganization.id).where(MemberOrganization.id == organization_id).with_for_update())
    held = frozenset(Role(role) for role in sessions.roles_in(session, user.id, organization_id))
    for role in wanted ^ held if wanted else {Role.ADMINISTRATOR}:
        check_may_grant(actor, organization_id, role)
    if Role.ADMINISTRATOR in held - wanted and not _other_administrators(session, organization_id, user.id):
        raise Refused("The last administrator stays. Make somebody else an administrator first.")
    _end_roles(session, actor, user, organization_id, held - wanted)
    give_roles(
        session, actor, user=user, organization_id=organization_id, roles=wanted - held, granted_by_id=actor.user_id
    )
    if not wanted and not sessions.organizations_of(session, user.id):
        disable(session, actor, user)


def _end_roles(session: Session, actor: Actor, user: User, organization_id: UUID, roles: Iterable[Role]) -> None:
    ended = session.scalars(
        select(Membership)
        .where(
            Membership.user_id == user.id,
            Membership.organization_id == organization_id,
            Membership.ended_at.is_(None),
            Membership.role.in_(list(roles)),
        )
        .order_by(Membership.role)
    ).all()
    for membership in ended:
        membership.ended_at = clock.now()
        record(session, actor, Action.DELETED, ("membership", membership.id), fields=(membership.role.value,))
    session.flush()


def _other_administrators(session: Session, organization_id: UUID, user_id: UUID) -> bool:
    others = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organization_id == organization_id,
            Membership.role == Role.ADMINISTRATOR,
            Membership.ended_at.is_(None),
            Membership.user_id != user_id,
            User.status == UserStatus.ACTIVE,
        )
        .limit(1)
    )
    return session.scalar(others) is not None


def disable(session: Session, actor: Actor, user: User) -> None:
    """Nobody signs in as this user any more: sessions and links end at once."""
    user.status = UserStatus.DISABLED
    sessions.end_all(session, user.id, EndReason.DISABLED)
    links.revoke(session, About(type="user", id=user.id))
    session.flush()
    record(session, actor, Action.CHANGED, ("user", user.id), fields=("status",))


def end_sessions(session: Session, actor: Actor, user: User) -> None:
    """Sign a member out everywhere."""
    sessions.end_all(session, user.id, EndReason.ENDED_BY_ADMINISTRATOR)
    record(session, actor, Action.CHANGED, ("user", user.id), fields=("sessions",))


def rename(session: Session, actor: Actor, user: User, name: str) -> None:
    """Call a user by another name."""
    user.name = name
    session.flush()
    record(session, actor, Action.CHANGED, ("user", user.id), fields=("name",))
