"""Secret addresses of a person's calendar: one a device, each of which can be taken back by itself."""

from __future__ import annotations

import secrets
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.models import CalendarFeed
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound, Refused

# 256 bits; at least 128 are asked for.
TOKEN_BYTES = 32
MOST_FEEDS = 10


def digest(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def open_feeds(session: Session, attendee_id: UUID) -> list[CalendarFeed]:
    """The devices that follow somebody's calendar."""
    wanted = select(CalendarFeed).where(CalendarFeed.attendee_id == attendee_id, CalendarFeed.revoked_at.is_(None))
    return list(session.scalars(wanted.order_by(CalendarFeed.created_at, CalendarFeed.id)))


def add_feed(session: Session, actor: Actor, attendee_id: UUID, name: str) -> str:
    """A new address for a device; gives its token, which is kept nowhere."""
    if len(open_feeds(session, attendee_id)) >= MOST_FEEDS:
        raise Refused("There are many devices already. Take one off first.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed(attendee_id=attendee_id, digest=digest(token), name=name)
    session.add(feed)
    session.flush()
    record(session, actor, Action.CREATED, ("calendar_feed", feed.id))
    return token


def revoke_feed(session: Session, actor: Actor, attendee_id: UUID, feed_id: UUID) -> None:
    """Take the address of a device back; NotFound for somebody else's."""
    feed = session.get(CalendarFeed, feed_id)
    if feed is None or feed.attendee_id != attendee_id:
        raise NotFound("feed")
    feed.revoked_at = feed.revoked_at or clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("calendar_feed", feed.id), fields=("revoked_at",))
