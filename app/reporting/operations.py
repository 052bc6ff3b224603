"""That figures left Waymark is put on record."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core.actor import Actor


def record_export(session: Session, actor: Actor, name: str) -> None:
    """Say who took a report out, and when."""
    record(session, actor, Action.EXPORTED, ("report", None), reason=name)
