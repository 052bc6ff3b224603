"""A signpost whose message came back: a named member of staff sees to it, until it is given again or passed on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from app.accounts.codes import Role, UserStatus
from app.accounts.models import Membership, User
from app.accounts.queries import staff_holding
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import InvalidInput, Refused
from app.notifications.about import About
from app.notifications.operations import Draft, send
from app.notifications.rendering import address_of, render_message
from app.referrals.emails import TASK
from app.referrals.signposts.access import ROLES
from app.referrals.signposts.models import Signpost
from app.referrals.signposts.rules import PURPOSE

AT_A_TIME = 50


def came_back(session: Session, signpost: Signpost) -> None:
    """It reached nobody: whoever gave it is asked to give it another way, or a colleague where they have left."""
    signpost.bounced_at = clock.now()
    if not _works_here(session, signpost.owner_id, signpost.organization_id):
        _ask(session, signpost)
    session.flush()


def pass_on(session: Session, actor: Actor, signpost: Signpost, to_id: UUID | None) -> None:
    """A colleague sees to it from now on."""
    if signpost.bounced_at is None:
        raise Refused("Somebody has seen to this already.")
    colleague = next((user for user in colleagues(session, signpost.organization_id) if user.id == to_id), None)
    if colleague is None:
        raise InvalidInput("Choose who sees to it.")
    if colleague.id != signpost.owner_id:
        _give_to(session, actor, signpost, colleague)


def find_owners(session: Session) -> int:
    """What came back and nobody sees to any more goes to a colleague. Says how many."""
    someone = exists().where(
        Membership.organization_id == Signpost.organization_id,
        Membership.role.in_(ROLES),
        Membership.ended_at.is_(None),
        User.id == Membership.user_id,
        User.status == UserStatus.ACTIVE,
    )
    owner = someone.where(Membership.user_id == Signpost.owner_id)
    left = (
        select(Signpost)
        .where(Signpost.bounced_at.is_not(None), someone, or_(Signpost.owner_id.is_(None), ~owner))
        .order_by(Signpost.bounced_at, Signpost.id)
        .limit(AT_A_TIME)
        .with_for_update(skip_locked=True, of=Signpost)
    )
    return sum(_ask(session, signpost) for signpost in session.scalars(left).all())


def colleagues(session: Session, organization_id: UUID) -> list[User]:
    """Who signposts there, by name."""
    return list(staff_holding(session, organization_id, ROLES))


def _ask(session: Session, signpost: Signpost) -> bool:
    """Whoever made it, if still there; else a manager, else anybody who signposts there. Says whether there is one."""
    there = staff_holding(session, signpost.organization_id, ROLES)
    if not there:
        return False
    best = min(there, key=lambda user: (user.id != signpost.made_by_id, Role.MANAGER not in there[user]))
    _give_to(session, SYSTEM, signpost, best)
    return True


def _give_to(session: Session, actor: Actor, signpost: Signpost, user: User) -> None:
    signpost.owner_id = user.id
    session.flush()
    record(session, actor, Action.CHANGED, (PURPOSE, signpost.id), person_id=signpost.person_id, fields=("owner",))
    if user.email and user.id != actor.user_id:
        _tell(session, signpost, user.email)


def _tell(session: Session, signpost: Signpost, recipient: str) -> None:
    """That there is something to look at; what, stands behind their sign-in."""
    address = address_of("signposts.signpost", signpost_id=signpost.id)
    words = render_message(TASK.name, "en", reference=signpost.reference, address=address)
    key = f"signpost-task:{signpost.id}:{signpost.owner_id}:{signpost.bounced_at:%Y%m%d%H%M%S}"
    send(
        session,
        Draft(words=words, dedupe_key=key, recipient=recipient, about=About(type=PURPOSE, id=signpost.id)),
    )


def _works_here(session: Session, user_id: UUID | None, organization_id: UUID) -> bool:
    return user_id is not None and any(user.id == user_id for user in colleagues(session, organization_id))
