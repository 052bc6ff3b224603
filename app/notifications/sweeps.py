"""What the worker does with the outbox, and what it needs for it."""

from __future__ import annotations

import logging
import time
import weakref
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core import clock
from app.notifications.carriers.notify import NotifyCarrier
from app.notifications.carriers.parcel import NotDelivered, Unreachable
from app.notifications.codes import Channel, MessageState
from app.notifications.delivery import Delivery
from app.notifications.holders import Holder
from app.notifications.models import Message, SignedLink, SweepTurn
from app.notifications.operations import record_receipt
from app.notifications.post import Post
from app.notifications.turns import Turns
from app.notifications.worker import sweep
from app.settings import Settings
from app.web.database import READ, db

log = logging.getLogger(__name__)
EXTENSION = "waymark_worker_tools"
# Then the other sweeps have their turn.
SECONDS_AT_A_TIME = 5.0
# Notify tries for up to three days.
FIRST_ASKED_AFTER = timedelta(hours=1)
ASKED_ABOUT_FOR = timedelta(days=4)
ASKED_AT_A_TIME = 250
LINKS_ARE_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Tools:
    """What one worker process has of its own."""

    holder: Holder
    post: Post
    delivery: Delivery
    turns: Turns


def tools() -> Tools:
    """Those of this process, made at first need."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if EXTENSION not in app.extensions:
        app.extensions[EXTENSION] = _make(app)
    made: Tools = app.extensions[EXTENSION]
    return made


def _make(app: Flask) -> Tools:
    settings: Settings = app.extensions["waymark_settings"]
    holder = Holder(settings.instance)
    weakref.finalize(app, holder.close)
    writing, reading = db.engines[None], db.engines[READ]
    with Session(reading) as session:
        holder.tidy(_names_in_use(session))
    post = Post(settings)
    return Tools(
        holder,
        post,
        Delivery(writing=writing, reading=reading, post=post, holder=holder),
        Turns(writing=writing, reading=reading, holder=holder),
    )


def _names_in_use(session: Session) -> set[str]:
    messages = select(Message.lease_holder).where(Message.lease_holder.is_not(None)).distinct()
    turns = select(SweepTurn.lease_holder).where(SweepTurn.lease_holder.is_not(None)).distinct()
    return {name for query in (messages, turns) for name in session.scalars(query.order_by(None)) if name}


@sweep("messages")
def send_messages() -> int:
    """Send what is due for a few seconds."""
    delivery = tools().delivery
    done = delivery.recover()
    until = time.monotonic() + SECONDS_AT_A_TIME
    try:
        while time.monotonic() < until and delivery.send_next():
            done += 1
    except Unreachable:
        done += 1
    return done


@sweep("message receipts", every=timedelta(minutes=30))
def ask_for_receipts() -> int:
    """Ask GOV.UK Notify about messages of which it has not told within an hour: its own telling may have been lost."""
    for channel in Channel:
        carrier = tools().post.carrier(channel)
        if isinstance(carrier, NotifyCarrier):
            with Session(db.engines[READ]) as session:
                waiting = _without_receipt(session, channel)
            for message_id, reference in waiting:
                _ask(carrier, message_id, reference)
    return 0  # whatever is still open is asked about next time


def _without_receipt(session: Session, channel: Channel) -> list[tuple[UUID, str]]:
    now = clock.now()
    rows = session.execute(
        select(Message.id, Message.provider_reference)
        .where(
            Message.state == MessageState.SENT,
            Message.channel == channel,
            Message.provider == NotifyCarrier.name,
            Message.sent_at.between(now - ASKED_ABOUT_FOR, now - FIRST_ASKED_AFTER),
        )
        .order_by(Message.sent_at, Message.id)
        .limit(ASKED_AT_A_TIME)
    )
    return [(message_id, reference) for message_id, reference in rows if reference]


def _ask(carrier: NotifyCarrier, message_id: UUID, reference: str) -> None:
    try:
        found = carrier.outcome(reference)
    except NotDelivered as error:
        log.warning("no receipt: %s", error.code)
        return
    if found is not None:
        with Session(db.engines[None]) as session:
            record_receipt(session, session.get_one(Message, message_id), found[0], detail=found[1])
            session.commit()


@sweep("old links", every=timedelta(days=1))
def forget_links() -> int:
    """Delete signed links some while after they expired: until then a page can say that they have."""
    with Session(db.engines[None]) as session:
        session.execute(delete(SignedLink).where(SignedLink.expires_at < clock.now() - LINKS_ARE_KEPT))
        session.commit()
    return 0
