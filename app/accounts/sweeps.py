"""What the worker does for accounts."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.codes import UserStatus
from app.accounts.emails import send_reset
from app.accounts.models import PasskeyChallenge, ProviderVisit, ResetRequest, SignInCode, StartedSignIn, User
from app.accounts.operations.passwords import issue_reset
from app.accounts.queries import identities_of, staff_user
from app.audit.anchors import drop_anchor
from app.core import clock
from app.core.limits import forget_old
from app.notifications.worker import sweep
from app.settings import Settings
from app.web.database import READ, db

log = logging.getLogger(__name__)
AT_A_TIME = 20
KEPT_FOR = timedelta(hours=1)


@sweep("password resets")
def answer_resets() -> int:
    """Send a link to those whose address is known; nothing to the others."""
    waiting = select(ResetRequest).order_by(ResetRequest.created_at, ResetRequest.id).limit(AT_A_TIME)
    with Session(db.engines[READ]) as session:
        if session.scalar(waiting.with_only_columns(ResetRequest.id)) is None:
            return 0
    with Session(db.engines[None]) as session:
        requests = session.scalars(waiting.with_for_update(skip_locked=True)).all()
        for asked in requests:
            user = staff_user(session, asked.email)
            if user is not None and user.status is UserStatus.ACTIVE and _may_have_password(session, user):
                send_reset(session, user, issue_reset(session, user))
            session.delete(asked)
        session.commit()
        return len(requests)


def _may_have_password(session: Session, user: User) -> bool:
    """Not who comes in through a provider alone: the link would be a way around it."""
    return user.password_hash is not None or not identities_of(session, user.id)


@sweep("old limits", every=timedelta(hours=1))
def forget_old_limits() -> int:
    """Delete what limits nothing any more, and what waited for an answer that can come no longer."""
    with Session(db.engines[None]) as session:
        gone = forget_old(session)
        for kind in (SignInCode, StartedSignIn, PasskeyChallenge, ProviderVisit):
            session.execute(delete(kind).where(kind.expires_at < clock.now() - KEPT_FOR))
        session.commit()
        return 0 if gone < AT_A_TIME else gone


@sweep("audit anchor", every=timedelta(hours=1))
def anchor_trail() -> int:
    """Once a day note outside the database where the audit trail ends, and say so in the log."""
    with Session(db.engines[READ]) as session:
        anchor = drop_anchor(session, _instance())
    if anchor is None:
        return 0
    log.info("audit anchor: entry %d, hash %s, signature %s", anchor.sequence, anchor.hash, anchor.signature)
    return 1


def _instance() -> Path:
    settings: Settings = current_app.extensions["waymark_settings"]
    return settings.instance
