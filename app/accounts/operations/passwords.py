"""Changing a password, and getting a new one by a link."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.codes import EndReason, UserKind, UserStatus
from app.accounts.models import ResetRequest, User
from app.accounts.passwords import PasswordHash
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import NotFound
from app.notifications import links
from app.notifications.about import About

PURPOSE = "accounts.reset"
LASTS = timedelta(hours=1)


def change_password(
    session: Session, actor: Actor, user: User, password_hash: PasswordHash, *, but: UUID | None = None
) -> None:
    """Set a new password: every session ends (except `but`), and so do links that would set another."""
    user.password_hash, user.password_changed_at = password_hash, clock.now()
    sessions.end_all(session, user.id, EndReason.PASSWORD_CHANGED, but=but)
    links.revoke(session, About(type="user", id=user.id), purpose=PURPOSE)
    session.flush()
    record(session, actor, Action.CHANGED, ("user", user.id), fields=("password",))


def ask_for_reset(session: Session, email: str) -> None:
    """Note that somebody wants a new password; the same work whether the address is known or not."""
    session.add(ResetRequest(email=email.lower()))
    session.flush()


def issue_reset(session: Session, user: User) -> str:
    """A link that sets a new password, in place of earlier ones; returns its token."""
    about = About(type="user", id=user.id)
    links.revoke(session, about, purpose=PURPOSE)
    return links.issue(session, PURPOSE, about, lifetime=LASTS)


def user_for_reset(session: Session, token: str) -> User | None:
    """Whose password a link may set."""
    link = links.find(session, PURPOSE, token)
    user = session.get(User, link.subject_id) if link else None
    return user if user and user.status is UserStatus.ACTIVE and user.kind is UserKind.STAFF else None


def reset_password(session: Session, token: str, password_hash: PasswordHash) -> User:
    """Set a new password by a link. The second step stays as it is."""
    user = user_for_reset(session, token)
    if user is None:
        raise NotFound("This link does not work any more. Ask for a new one.")
    links.use(session, PURPOSE, token)
    change_password(session, Actor(kind=ActorKind.LINK, subject_id=user.id), user, password_hash)
    return user
