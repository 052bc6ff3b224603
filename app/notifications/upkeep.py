"""A restored outbox is held: what it has not sent, its other life may have sent already."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.upkeep import after_restore, check
from app.notifications.codes import MessageState
from app.notifications.models import Message
from app.notifications.operations import hold_all

MAY_WAIT = timedelta(hours=1)


@after_restore("outbox")
def hold_the_outbox(session: Session) -> str:
    """Nothing leaves until somebody has looked."""
    count = hold_all(session, "restored")
    return f"The outbox is held, with {count} messages in it: `waymark messages release` lets them go."


@check("outbox")
def messages_leave(session: Session) -> Iterator[str]:
    """No message that is due has waited for long."""
    waiting = (
        select(func.count())
        .select_from(Message)
        .where(Message.state == MessageState.QUEUED, Message.not_before < clock.now() - MAY_WAIT)
    )
    if count := session.scalar(waiting):
        yield f"{count} messages have been due for more than an hour. Is a worker running?"
    stuck = (
        select(func.count())
        .select_from(Message)
        .where(Message.state == MessageState.LEASED, Message.lease_until < clock.system_now() - MAY_WAIT)
    )
    if count := session.scalar(stuck):
        yield f"{count} messages were left by workers that are gone. Is a worker running?"
