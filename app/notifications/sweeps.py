"""What the worker does with the outbox, and what it needs for it."""

from __future__ import annotations

import time
import weakref
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.notifications.carriers.parcel import Unreachable
from app.notifications.delivery import Delivery
from app.notifications.holders import Holder
from app.notifications.models import Message, SweepTurn
from app.notifications.post import Post
from app.notifications.turns import Turns
from app.notifications.worker import sweep
from app.settings import Settings
from app.web.database import READ, db

EXTENSION = "waymark_worker_tools"
# Then the other sweeps have their turn.
SECONDS_AT_A_TIME = 5.0


@dataclass(frozen=True, slots=True)
class Tools:
    """What one worker process has of its own."""

    holder: Holder
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
    return Tools(
        holder,
        Delivery(writing=writing, reading=reading, post=Post(settings), holder=holder),
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
