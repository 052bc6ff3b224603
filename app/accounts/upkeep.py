"""What the doctor asks beside the audit chain, and what a restored database needs: nobody is signed in.

A session that was ended since the backup must not live again.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.codes import EndReason
from app.accounts.models import UserSession
from app.audit.anchors import what_anchors_miss
from app.core import clock
from app.core.upkeep import after_restore, check
from app.settings import Settings


@after_restore("sessions")
def end_all_sessions(session: Session) -> str | None:
    """Everybody signs in again."""
    running = UserSession.ended_at.is_(None)
    count = session.scalar(select(func.count()).select_from(UserSession).where(running)) or 0
    session.execute(update(UserSession).where(running).values(ended_at=clock.now(), end_reason=EndReason.RESTORED))
    return f"{count} people have to sign in again." if count else None


@check("audit anchors")
def trail_is_what_was_noted(session: Session) -> Iterator[str]:
    """Nothing was cut off the audit trail, and it was not written anew."""
    settings: Settings = current_app.extensions["waymark_settings"]
    yield from what_anchors_miss(session, settings.instance)
