"""Opening and closing open sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.advice.codes import Place, QueueState, SessionKind
from app.advice.details import worker_of
from app.advice.models import AdviceSession, QueueEntry
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused

SUBJECT = "advice_session"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldSession:
    """When and where; how many advisers it takes."""

    kind: SessionKind
    starts_at: datetime
    ends_at: datetime
    place: Place = Place.OFFICE
    place_name: str = ""
    place_ods_code: str = ""
    advisers_needed: int = 1


def add_session(session: Session, actor: Actor, told: ToldSession) -> AdviceSession:
    """An open session of the actor's organisation. InvalidInput where it ends before it starts."""
    if told.ends_at <= told.starts_at:
        raise InvalidInput("The end must be later than the start.")
    made = AdviceSession(
        organization_id=worker_of(actor).organization_id,
        kind=told.kind,
        place=told.place,
        place_name=told.place_name,
        place_ods_code=told.place_ods_code,
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        advisers_needed=told.advisers_needed,
    )
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, (SUBJECT, made.id))
    return made


def close_session(session: Session, actor: Actor, found: AdviceSession) -> None:
    """Nobody comes any more. Refused while somebody waits or is with an adviser."""
    hold(session, found)
    if found.closed_at is not None:
        return
    there = select(func.count()).select_from(QueueEntry)
    unfinished = QueueEntry.state.in_([QueueState.WAITING, QueueState.CALLED])
    if session.scalar(there.where(QueueEntry.session_id == found.id, unfinished)):
        raise Refused("Somebody still waits or is with an adviser. Say that they were seen or left, then close.")
    found.closed_at = clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, found.id), fields=["closed_at"])


def reopen_session(session: Session, actor: Actor, found: AdviceSession) -> None:
    """Somebody came after all."""
    hold(session, found)
    if found.closed_at is not None:
        found.closed_at = None
        session.flush()
        record(session, actor, Action.CHANGED, (SUBJECT, found.id), fields=["closed_at"])


def hold(session: Session, found: AdviceSession) -> None:
    """Let nobody else add to the session or close it until the transaction ends, and see it as it is now."""
    session.refresh(found, with_for_update=True)
