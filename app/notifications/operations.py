"""What features and operators do with messages. Nothing here reaches out: workers deliver after commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import InvalidInput
from app.core.events import announce
from app.core.orm import table_of
from app.core.text import clean
from app.notifications import calendar_parts, kinds, rules
from app.notifications.about import About
from app.notifications.codes import Channel, MessageEventKind, MessageState, Outcome, Priority
from app.notifications.events import MessageBounced, MessageDelivered, MessageFailed
from app.notifications.kinds import Words
from app.notifications.models import Message, MessageEvent, OutboxHold


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPart:
    """An iCalendar object and its METHOD, which the MIME part repeats."""

    method: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message to be sent: the words, to whom, and between when and when.

    The same `dedupe_key` never makes a second message. It names kind, object and version ("remind:24h:<booking>:v2")
    and holds nothing personal.
    """

    words: Words
    dedupe_key: str
    recipient: str
    calendar: CalendarPart | None = None
    reply_to: str | None = None
    about: About | None = None
    urgent: bool = False
    not_before: datetime | None = None
    expires_at: datetime | None = None


_MESSAGES = table_of(Message)
# Put together once: every message is written with it.
_INSERT = {
    name: dialect.insert(_MESSAGES).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(_MESSAGES.c.id)
    for name, dialect in {"postgresql": postgresql, "sqlite": sqlite}.items()
}
_BY_KEY = select(Message.id).where(Message.dedupe_key == bindparam("key"))
_HOLDS = select(OutboxHold.id).limit(1)


def send(session: Session, draft: Draft) -> UUID:
    """Put a message into the outbox; says which it is, or which was there already under the same key.

    It leaves after the transaction commits, and never when that rolls back.
    """
    values = _values(session, draft)
    session.flush()
    insert = _INSERT[session.get_bind().dialect.name]
    made: UUID | None = session.scalar(insert, values)
    return made or session.scalars(_BY_KEY, {"key": draft.dedupe_key}).one()


def _values(session: Session, draft: Draft) -> dict[str, Any]:
    now, words, part = clock.now(), draft.words, draft.calendar
    _check(draft, now)
    recipient = rules.address(words.channel, draft.recipient)
    return {
        "kind": words.kind,
        "dedupe_key": draft.dedupe_key,
        "channel": words.channel,
        "recipient": recipient,
        "reply_to": rules.email_address(draft.reply_to) if draft.reply_to else None,
        "language": words.language,
        "subject": rules.subject_line(words.subject),
        "text": clean(words.text),
        "html": clean(words.html) if words.html else None,
        "calendar": calendar_parts.checked(part.method, part.text, recipient=recipient) if part else None,
        "calendar_method": calendar_parts.method_of(part.method) if part else None,
        "subject_type": draft.about.type if draft.about else None,
        "subject_id": draft.about.id if draft.about else None,
        "priority": Priority.URGENT if draft.urgent else Priority.NORMAL,
        "not_before": max(draft.not_before or now, now),
        "expires_at": draft.expires_at,
        "created_at": now,
        "state": MessageState.HELD if not draft.urgent and is_held(session) else MessageState.QUEUED,
    }


def _check(draft: Draft, now: datetime) -> None:
    kinds.get(draft.words.kind)
    if draft.expires_at is not None and draft.expires_at <= now:
        raise InvalidInput("A message that is to be sent must not have expired already.")
    if draft.words.channel is Channel.SMS and (draft.words.subject or draft.words.html or draft.calendar):
        raise InvalidInput("A text message is plain text.")


def cancel(
    session: Session, *, dedupe_prefix: str | None = None, about: About | None = None, reason: str = "withdrawn"
) -> int:
    """Withdraw what has not left yet: messages whose key begins so, or that are about an object. Says how many.

    A message that a worker is handing over at this moment is not caught.
    """
    if dedupe_prefix is None and about is None:
        raise InvalidInput("Say which messages to cancel.")
    wanted = _waiting()
    if dedupe_prefix is not None:
        wanted = wanted.where(Message.dedupe_key.startswith(dedupe_prefix, autoescape=True))
    if about is not None:
        wanted = wanted.where(Message.subject_type == about.type, Message.subject_id == about.id)
    messages = session.scalars(wanted).all()
    for message in messages:
        drop(session, message, reason)
    return len(messages)


def _waiting() -> Select[Message]:
    is_waiting = or_(Message.state == MessageState.QUEUED, Message.state == MessageState.HELD)
    return select(Message).where(is_waiting).order_by(Message.created_at, Message.id).with_for_update()


def drop(session: Session, message: Message, reason: str) -> None:
    """Give up a message that has not left."""
    message.state, message.reason = MessageState.CANCELLED, rules.short_code(reason)
    message.lease_until = message.lease_holder = None
    note(session, message, MessageEventKind.CANCELLED, message.reason)


def hold_all(session: Session, reason: str) -> int:
    """Keep everything that is not urgent from leaving, now and from now on, until `release`. Says how many it held."""
    if not is_held(session):
        session.add(OutboxHold(reason=rules.short_code(reason) or "held"))
    caught = (MessageState.QUEUED, MessageState.LEASED)
    messages = session.scalars(
        select(Message).where(Message.state.in_(caught)).order_by(Message.created_at, Message.id).with_for_update()
    ).all()
    for message in messages:
        message.state, message.lease_until, message.lease_holder = MessageState.HELD, None, None
        note(session, message, MessageEventKind.HELD, reason)
    session.flush()
    return len(messages)


def is_held(session: Session) -> bool:
    """Whether the outbox as a whole is held."""
    return session.scalar(_HOLDS) is not None


def release(session: Session, *, drop_created_before: datetime | None = None) -> int:
    """Let the outbox go again; messages older than `drop_created_before` are cancelled. Says how many will leave."""
    session.execute(delete(OutboxHold))
    released = 0
    held = select(Message).where(Message.state == MessageState.HELD).order_by(Message.created_at, Message.id)
    for message in session.scalars(held.with_for_update()).all():
        if drop_created_before is not None and message.created_at < drop_created_before:
            drop(session, message, "not released")
            continue
        message.state = MessageState.QUEUED
        note(session, message, MessageEventKind.RELEASED)
        released += 1
    session.flush()
    return released


def retry(session: Session, message: Message) -> None:
    """Give a dead letter, or one to an address that was mended, its five tries anew."""
    if message.state not in {MessageState.FAILED, MessageState.BOUNCED}:
        raise InvalidInput("Only a message that failed can be tried again.")
    message.state, message.reason, message.attempts = MessageState.QUEUED, None, 0
    message.not_before, message.sent_at, message.provider_reference = clock.now(), None, None
    note(session, message, MessageEventKind.RETRIED)
    session.flush()


def erase(session: Session, about: About) -> int:
    """Wipe recipient and words of every message about an object; that it was sent stays. Says how many.

    What has not left yet is cancelled first.
    """
    cancel(session, about=about, reason="erased")
    wiped = session.execute(
        update(Message)
        .where(Message.subject_type == about.type, Message.subject_id == about.id)
        .values(recipient="", reply_to=None, subject="", text="", html=None, calendar=None, calendar_method=None)
        .returning(Message.id)
    )
    return len(wiped.all())


def record_receipt(session: Session, message: Message, outcome: Outcome, *, detail: str | None = None) -> None:
    """Record delivery, bounce or failure as the provider tells it, once however often it is told.

    It counts whatever we thought: a message that waits, or is held since a restore, has left all the same.
    """
    session.refresh(message, with_for_update=True)
    state = MessageState(outcome.value)
    if message.state is state or message.state in {MessageState.BOUNCED, MessageState.CANCELLED}:
        return
    message.lease_until = message.lease_holder = None
    message.sent_at = message.sent_at or clock.now()
    conclude(session, message, state, detail=detail)


def conclude(session: Session, message: Message, state: MessageState, *, detail: str | None = None) -> None:
    """Bring a message to `state`, write it down and tell the features above."""
    message.state, message.reason = state, rules.short_code(detail)
    note(session, message, MessageEventKind(state.value), detail)
    match state:
        case MessageState.DELIVERED:
            announce(session, MessageDelivered(message))
        case MessageState.BOUNCED:
            announce(session, MessageBounced(message))
        case MessageState.FAILED:
            announce(session, MessageFailed(message))


def note(session: Session, message: Message, kind: MessageEventKind, detail: str | None = None) -> None:
    """Add to what happened to a message."""
    session.flush()
    session.add(MessageEvent(message_id=message.id, kind=kind, detail=rules.short_code(detail)))
