"""The record of a person learns of signposts; the outbox asks of reminders; what came back is somebody's to see to."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.core.events import on
from app.notifications.events import MessageBounced, MessageFailed, MessageStopped
from app.notifications.models import Message
from app.referrals.signposts import record, sending
from app.referrals.signposts.coming_back import came_back
from app.referrals.signposts.emails import GIVEN
from app.referrals.signposts.models import Signpost
from app.referrals.signposts.rules import PURPOSE

# A message and the note that it was given are written one after the other.
SAME_PRESS = timedelta(minutes=1)

__all__ = ["record", "sending"]


@on(MessageBounced)
def note_bounce(session: Session, event: MessageBounced) -> None:
    """The list never reached them: whoever gave it gives it another way."""
    _came_back(session, event.message)


@on(MessageFailed)
def note_failure(session: Session, event: MessageFailed) -> None:
    """As if it had come back."""
    _came_back(session, event.message)


@on(MessageStopped)
def note_stopped(session: Session, event: MessageStopped) -> None:
    """What their record calls safe changed while it waited: it reached nobody either."""
    _came_back(session, event.message)


def _came_back(session: Session, message: Message) -> None:
    if message.subject_type != PURPOSE or message.kind != GIVEN.name or message.subject_id is None:
        return
    signpost = session.get(Signpost, message.subject_id)
    later = message.created_at + SAME_PRESS
    if signpost is not None and not any(giving.created_at > later for giving in signpost.givings):
        came_back(session, signpost)
