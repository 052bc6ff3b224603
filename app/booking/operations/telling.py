"""What staff write to everybody who is booked."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.announcements import BookedTold
from app.booking.models import BookableSession, Run
from app.core.actor import Actor
from app.core.events import announce


def tell_booked(
    session: Session, actor: Actor, run: Run, dates: Sequence[BookableSession], *, words: str, key: str
) -> None:
    """Words to whoever is expected at these dates, each person once; `key` is of the form: sent twice, it is one."""
    record(session, actor, Action.CHANGED, ("run", run.id), fields=("told",))
    announce(session, BookedTold(run, tuple(dates), words, key))
