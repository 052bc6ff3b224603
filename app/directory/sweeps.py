"""What the worker does for the directory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from app.directory.curation import freshness, places
from app.notifications.worker import sweep
from app.web.database import db

EVERY = timedelta(minutes=10)
EVERY_HOUR = timedelta(hours=1)


@sweep("listing reminders", every=EVERY)
def remind() -> int:
    """Ask whether listings are still right."""
    return _in_one_transaction(freshness.remind)


@sweep("stale listings", every=EVERY)
def hide_stale() -> int:
    """Hide what nobody has checked for too long."""
    return _in_one_transaction(freshness.hide_expired)


@sweep("places at providers", every=EVERY_HOUR)
def ask_for_places() -> int:
    """Ask each provider once a month whether it has places."""
    return _in_one_transaction(places.ask_for_places)


def _in_one_transaction(work: Callable[[Session], int]) -> int:
    with Session(db.engines[None]) as session:
        done = work(session)
        session.commit()
        return done
