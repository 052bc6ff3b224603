"""The messages of accounts."""

from __future__ import annotations

from uuid import uuid4

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from app.accounts.models import Invitation, SignInCode, User
from app.accounts.operations.invitations import ABOUT
from app.notifications.about import About
from app.notifications.codes import Channel
from app.notifications.kinds import BOTH, MessageKind, register
from app.notifications.operations import Draft, send
from app.notifications.rendering import render_message
from app.settings import Settings

INVITATION = register(
    MessageKind(
        name="accounts.invitation",
        title=_("Invitation to an organisation"),
        sample=lambda: {
            "organization": "Wexmoor Wellbeing Hub",
            "address": page_address("/join/a-long-token"),
        },
        secret=True,
    )
)
RESET = register(
    MessageKind(
        name="accounts.reset",
        title=_("Link for a new password"),
        sample=lambda: {"address": page_address("/sign-in/reset/a-long-token")},
        secret=True,
    )
)
CODE = register(
    MessageKind(
        name="accounts.code", title=_("Code to sign in"), sample=lambda: {"code": "123456"}, channels=BOTH, secret=True
    )
)
CHANGED = register(
    MessageKind(
        name="accounts.changed",
        title=_("How you sign in was changed"),
        sample=dict[str, object],
    )
)


def page_address(path: str) -> str:
    """A whole address of ours, from the base URL."""
    settings: Settings = current_app.extensions["waymark_settings"]
    return settings.base_url + path


def send_invitation(session: Session, invitation: Invitation, token: str) -> str:
    """The link to join; returns it."""
    address = page_address(f"/join/{token}")
    words = render_message(INVITATION.name, "en", organization=invitation.organization.name, address=address)
    send(
        session,
        Draft(
            words=words,
            dedupe_key=f"invitation:{invitation.id}",
            recipient=invitation.email,
            about=About(type=ABOUT, id=invitation.id),
            expires_at=invitation.expires_at,
        ),
    )
    return address


def send_reset(session: Session, user: User, token: str) -> None:
    """The link to set a new password."""
    words = render_message(RESET.name, "en", address=page_address(f"/sign-in/reset/{token}"))
    _to(session, user, Draft(words=words, dedupe_key=f"reset:{uuid4()}", recipient=user.email or "", urgent=True))


def send_changed(session: Session, user: User) -> None:
    """A word that the password or the second step was changed, in case it was somebody else."""
    words = render_message(CHANGED.name, "en")
    _to(session, user, Draft(words=words, dedupe_key=f"sign-in changed:{uuid4()}", recipient=user.email or ""))


def _to(session: Session, user: User, draft: Draft) -> None:
    if user.email:
        send(session, draft)


def send_code(session: Session, row: SignInCode, code: str) -> None:
    """The code with which a person signs in. Nothing in it says what Waymark is for."""
    channel = Channel.EMAIL if "@" in row.address else Channel.SMS
    words = render_message(CODE.name, "en", by=channel, code=code)
    send(
        session,
        Draft(
            words=words,
            dedupe_key=f"sign-in code:{row.id}",
            recipient=row.address,
            urgent=True,
            expires_at=row.expires_at,
        ),
    )
