"""The queue of an open session: somebody comes, is called, is seen or goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.advice.codes import QueueState, SessionKind
from app.advice.details import worker_of
from app.advice.models import AdviceContact, AdviceSession, QueueEntry
from app.advice.operations.sessions import close_session, hold
from app.advice.rules.waiting import WORDS_KEPT
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import Refused

SUBJECT = "advice_queue_entry"
# What changes when somebody is moved on.
MOVING = ("state", "called_at", "called_by_id", "ended_at", "contact_id")


def join_queue(
    session: Session,
    actor: Actor,
    found: AdviceSession,
    *,
    called_as: str = "",
    need: str = "",
    is_urgent: bool = False,
    person_id: UUID | None = None,
) -> QueueEntry:
    """Somebody came: give them the next number. Refused where the session is closed."""
    hold(session, found)
    if found.kind is not SessionKind.DROP_IN:
        raise Refused("People do not come to a telephone shift.")
    if found.closed_at is not None:
        raise Refused("This session is closed. Open it again to add somebody.")
    last = select(func.coalesce(func.max(QueueEntry.number), 0)).where(QueueEntry.session_id == found.id)
    made = QueueEntry(
        organization_id=found.organization_id,
        session_id=found.id,
        number=(session.scalar(last) or 0) + 1,
        called_as=called_as,
        need=need,
        is_urgent=is_urgent,
        person_id=person_id,
        came_at=clock.now(),
    )
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, (SUBJECT, made.id), person_id=person_id)
    return made


def call_next(session: Session, actor: Actor, found: AdviceSession) -> QueueEntry | None:
    """Whoever is next comes to this adviser; emergencies first, then by number. None where nobody waits.

    Two advisers never get the same one: the row is taken under a lock, and one that another adviser holds is skipped.
    An adviser is with one at a time: where somebody is with them already, it is that one again.
    """
    adviser_id = worker_of(actor).user_id
    # The adviser's own presses come one after the other.
    itself = select(User.id).where(User.id == adviser_id).order_by(User.id)
    session.execute(itself.with_for_update(key_share=True))
    with_them = (QueueEntry.called_by_id == adviser_id, QueueEntry.state == QueueState.CALLED)
    if present := session.scalars(select(QueueEntry).where(*with_them).order_by(QueueEntry.id)).one_or_none():
        return present
    taken = session.scalars(
        select(QueueEntry)
        .where(QueueEntry.session_id == found.id, QueueEntry.state == QueueState.WAITING)
        .order_by(QueueEntry.is_urgent.desc(), QueueEntry.number, QueueEntry.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if taken is not None:
        taken.state, taken.called_at, taken.called_by_id = QueueState.CALLED, clock.now(), adviser_id
        _changed(session, actor, taken)
    return taken


def put_back(session: Session, actor: Actor, entry: QueueEntry) -> None:
    """They wait again, at the place that they had; also who was said to have left. Refused in a closed session."""
    found = session.get_one(AdviceSession, entry.session_id)
    hold(session, found)
    if found.closed_at is not None:
        raise Refused("This session is closed. Open it again to add somebody.")
    _hold(session, entry, QueueState.CALLED, QueueState.LEFT)
    entry.state, entry.called_at, entry.called_by_id, entry.ended_at = QueueState.WAITING, None, None, None
    _changed(session, actor, entry)


def mark_left(session: Session, actor: Actor, entry: QueueEntry) -> None:
    """They went before they were seen, or did not answer when they were called."""
    _hold(session, entry, QueueState.WAITING, QueueState.CALLED)
    entry.state, entry.ended_at = QueueState.LEFT, clock.now()
    _changed(session, actor, entry)


def mark_seen(session: Session, actor: Actor, entry: QueueEntry) -> None:
    """They were seen, and no contact is logged now."""
    _hold(session, entry, QueueState.CALLED)
    entry.state, entry.ended_at = QueueState.SEEN, clock.now()
    _changed(session, actor, entry)


def set_urgent(session: Session, actor: Actor, entry: QueueEntry, *, urgent: bool) -> None:
    """It turned out to be an emergency, or not to be one."""
    _hold(session, entry, QueueState.WAITING)
    entry.is_urgent = urgent
    _changed(session, actor, entry)


def tie_contact(session: Session, actor: Actor, entry: QueueEntry, contact: AdviceContact) -> None:
    """Their contact was logged: they were seen, if nobody said so before."""
    session.refresh(entry, MOVING, with_for_update=True)
    entry.contact_id = contact.id
    if entry.called_at is not None and entry.state in {QueueState.CALLED, QueueState.NOT_SAID}:
        entry.state, entry.ended_at = QueueState.SEEN, entry.ended_at or clock.now()
    _changed(session, actor, entry)


def end_the_day(session: Session, now: datetime) -> int:
    """Close the open sessions of days that are over, whose queues nobody closed; says how many.

    Of those who still stood there nobody knows whether they were seen: they end with the session, as not said.
    """
    midnight = now.astimezone(clock.LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    forgotten = session.scalars(
        select(AdviceSession)
        .where(
            AdviceSession.kind == SessionKind.DROP_IN,
            AdviceSession.closed_at.is_(None),
            AdviceSession.ends_at < midnight,
        )
        .order_by(AdviceSession.ends_at, AdviceSession.id)
        .with_for_update(skip_locked=True)
    ).all()
    for found in forgotten:
        for entry in _there(session, found):
            since = entry.called_at or entry.came_at
            entry.state, entry.ended_at = QueueState.NOT_SAID, max(since, found.ends_at)
            _changed(session, SYSTEM, entry)
        close_session(session, SYSTEM, found)
    return len(forgotten)


def _there(session: Session, found: AdviceSession) -> Sequence[QueueEntry]:
    """Those who wait or are with an adviser, held."""
    return session.scalars(
        select(QueueEntry)
        .where(QueueEntry.session_id == found.id, QueueEntry.state.in_([QueueState.WAITING, QueueState.CALLED]))
        .order_by(QueueEntry.number)
        .with_for_update()
    ).all()


def wipe_words(session: Session, now: datetime) -> int:
    """Forget what was said in the queues of sessions that are over; says of how many people."""
    over = select(AdviceSession.id).where(AdviceSession.ends_at < now - WORDS_KEPT)
    wiped = session.scalars(
        update(QueueEntry)
        .where(QueueEntry.wiped_at.is_(None), QueueEntry.session_id.in_(over))
        .values(called_as="", need="", person_id=None, wiped_at=now)
        .returning(QueueEntry.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(wiped)


def _hold(session: Session, entry: QueueEntry, *states: QueueState) -> None:
    """See the entry as it is now and keep it so. Refused where somebody else moved it on meanwhile."""
    session.refresh(entry, MOVING, with_for_update=True)
    if entry.state not in states:
        raise Refused("Somebody else moved them on meanwhile. Look at the queue as it is now.")


def _changed(session: Session, actor: Actor, entry: QueueEntry) -> None:
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, entry.id), person_id=entry.person_id, fields=["state"])
