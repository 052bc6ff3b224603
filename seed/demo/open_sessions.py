"""The demo's open session: today's at Wexmoor Advice, with those who came this far. Everybody in it is made up."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.advice.codes import SessionKind
from app.advice.models import AdviceSession, QueueEntry
from app.advice.operations.queue import join_queue, mark_left
from app.advice.operations.sessions import ToldSession, add_session
from app.core import clock
from app.core.actor import Actor
from seed.demo.advice import ADVISER
from seed.demo.people import actor_named

PLACE = "St Anne’s Hall"
QUEUE = (("", "Gas meter has run out", True), ("Jo", "A letter from the council", False), ("", "", False))


def load(session: Session) -> dict[str, UUID]:
    """Open today's session where it is not there yet; its id, and that of the first who waits."""
    actor = actor_named(session, ADVISER)
    start = clock.local_now().replace(hour=0, minute=0, second=0, microsecond=0)
    found = session.scalars(
        select(AdviceSession)
        .where(AdviceSession.organization_id == actor.organization_id, AdviceSession.starts_at >= start)
        .order_by(AdviceSession.starts_at, AdviceSession.id)
    ).first()
    if found is None:
        found = _open(session, actor, start)
    first = select(QueueEntry.id).where(QueueEntry.session_id == found.id).order_by(QueueEntry.number)
    return {"session": found.id, "visitor": session.scalars(first).first() or found.id}


def _open(session: Session, actor: Actor, start: datetime) -> AdviceSession:
    told = ToldSession(
        kind=SessionKind.DROP_IN,
        place_name=PLACE,
        starts_at=datetime.combine(start.date(), time(9, 30), clock.LONDON),
        ends_at=start + timedelta(hours=23, minutes=30),
        advisers_needed=2,
    )
    made = add_session(session, actor, told)
    for called_as, need, is_urgent in QUEUE:
        entry = join_queue(session, actor, made, called_as=called_as, need=need, is_urgent=is_urgent)
    mark_left(session, actor, entry)
    return made
