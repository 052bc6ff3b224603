"""Reads of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.core import clock
from app.notifications.about import About
from app.notifications.codes import MessageState
from app.notifications.models import Message, OutboxHold


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxNumbers:
    """How the outbox is doing; no message can be told from it."""

    due: int
    lag_seconds: float
    later: int
    leased: int
    held: int
    failed: int
    bounced: int
    held_since: datetime | None


def outbox_numbers(session: Session) -> OutboxNumbers:
    """Count the outbox at this moment. `lag_seconds` is how long the oldest due message has waited."""
    now = clock.now()
    queued = Message.state == MessageState.QUEUED
    due, oldest = session.execute(
        select(func.count(), func.min(Message.not_before)).where(queued, Message.not_before <= now)
    ).one()
    counted = (MessageState.LEASED, MessageState.HELD, MessageState.FAILED, MessageState.BOUNCED)
    counts = dict(
        session.execute(
            select(Message.state, func.count())
            .where(Message.state.in_(counted))
            .group_by(Message.state)
            .order_by(Message.state)
        ).all()
    )
    return OutboxNumbers(
        due=due,
        lag_seconds=max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
        later=session.scalar(select(func.count()).select_from(Message).where(queued, Message.not_before > now)) or 0,
        leased=counts.get(MessageState.LEASED, 0),
        held=counts.get(MessageState.HELD, 0),
        failed=counts.get(MessageState.FAILED, 0),
        bounced=counts.get(MessageState.BOUNCED, 0),
        held_since=session.scalar(select(OutboxHold.created_at).limit(1)),
    )


def messages_about(session: Session, about: About) -> list[Message]:
    """Every message about an object with what happened to it, the newest first. The caller checks who may see it."""
    return list(
        session.scalars(
            select(Message)
            .where(Message.subject_type == about.type, Message.subject_id == about.id)
            .order_by(Message.created_at.desc(), Message.id)
            .options(selectinload(Message.events))
        )
    )


def message_by_id(session: Session, message_id: UUID) -> Message | None:
    """A message with what happened to it."""
    return session.get(Message, message_id, options=[selectinload(Message.events)])
