"""Open sessions and their queues, at_desk the actor's organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.advice.codes import QueueState, SessionKind
from app.advice.models import AdviceSession, QueueEntry
from app.advice.rules.waiting import QueueFigures, Stay, queue_figures
from app.advice.scope import at_desk
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound

# How far back and ahead the page of sessions looks.
LATELY, AHEAD = timedelta(days=7), timedelta(days=14)
MOST = 100


@dataclass(frozen=True, slots=True)
class Queue:
    """Those who came to a session, by where they are."""

    waiting: Sequence[QueueEntry]
    called: Sequence[QueueEntry]
    ended: Sequence[QueueEntry]
    figures: QueueFigures


def advice_session(session: Session, actor: Actor, session_id: UUID) -> AdviceSession:
    """One that the actor may see. NotFound for any other."""
    found = session.scalars(
        select(AdviceSession)
        .where(AdviceSession.id == session_id, at_desk(actor, AdviceSession.organization_id))
        .order_by(AdviceSession.id)
    ).one_or_none()
    if found is None:
        raise NotFound("advice session")
    return found


def sessions(session: Session, actor: Actor, since: datetime, until: datetime) -> list[AdviceSession]:
    """Those that touch the time between, the first first."""
    return list(
        session.scalars(
            select(AdviceSession)
            .where(
                at_desk(actor, AdviceSession.organization_id),
                AdviceSession.ends_at > since,
                AdviceSession.starts_at < until,
            )
            .order_by(AdviceSession.starts_at, AdviceSession.id)
            .limit(MOST)
        )
    )


def sessions_now(session: Session, actor: Actor, kind: SessionKind) -> list[AdviceSession]:
    """Those of today that are not closed, the first first."""
    start = clock.local_now().replace(hour=0, minute=0, second=0, microsecond=0)
    found = sessions(session, actor, start, start + timedelta(days=1))
    return [one for one in found if one.kind is kind and one.closed_at is None]


def queue_entry(session: Session, actor: Actor, entry_id: UUID) -> QueueEntry:
    """One that the actor may see, with its session and person. NotFound for any other."""
    found = session.scalars(
        select(QueueEntry)
        .where(QueueEntry.id == entry_id, at_desk(actor, QueueEntry.organization_id))
        .options(joinedload(QueueEntry.session), joinedload(QueueEntry.person))
        .order_by(QueueEntry.id)
    ).one_or_none()
    if found is None:
        raise NotFound("queue entry")
    return found


def queue_of(session: Session, found: AdviceSession) -> Queue:
    """The queue of a session that was found in its scope; those who wait in the order in which they are called."""
    entries = list(
        session.scalars(
            select(QueueEntry)
            .where(QueueEntry.session_id == found.id)
            .options(joinedload(QueueEntry.person), joinedload(QueueEntry.called_by))
            .order_by(QueueEntry.is_urgent.desc(), QueueEntry.number, QueueEntry.id)
        )
    )
    return Queue(
        waiting=[entry for entry in entries if entry.state is QueueState.WAITING],
        called=[entry for entry in entries if entry.state is QueueState.CALLED],
        ended=sorted((entry for entry in entries if entry.ended_at), key=lambda entry: entry.number),
        figures=queue_figures(_stays(entries), clock.now()),
    )


def figures_of(session: Session, found: Sequence[AdviceSession]) -> Mapping[UUID, QueueFigures]:
    """The figures of each of these sessions."""
    entries = session.scalars(
        select(QueueEntry)
        .where(QueueEntry.session_id.in_([one.id for one in found]))
        .order_by(QueueEntry.session_id, QueueEntry.number)
    ).all()
    by_session: dict[UUID, list[QueueEntry]] = {one.id: [] for one in found}
    for entry in entries:
        by_session[entry.session_id].append(entry)
    now = clock.now()
    return {session_id: queue_figures(_stays(rows), now) for session_id, rows in by_session.items()}


def _stays(entries: Sequence[QueueEntry]) -> list[Stay]:
    return [Stay(entry.state, entry.came_at, entry.called_at, entry.ended_at) for entry in entries]
