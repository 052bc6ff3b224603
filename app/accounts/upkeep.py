"""After a restore nobody is signed in: a session that was ended since the backup must not live again."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.codes import EndReason
from app.accounts.models import UserSession
from app.core import clock
from app.core.upkeep import after_restore


@after_restore("sessions")
def end_all_sessions(session: Session) -> str | None:
    """Everybody signs in again."""
    running = UserSession.ended_at.is_(None)
    count = session.scalar(select(func.count()).select_from(UserSession).where(running)) or 0
    session.execute(update(UserSession).where(running).values(ended_at=clock.now(), end_reason=EndReason.RESTORED))
    return f"{count} people have to sign in again." if count else None
