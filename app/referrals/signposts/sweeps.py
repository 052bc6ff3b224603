"""What the worker does for signposts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from app.accounts.current import vault
from app.accounts.vault import SIGNPOST
from app.notifications.worker import sweep
from app.referrals.signposts import coming_back, sending
from app.web.database import db


@sweep("reminders of signposts", every=timedelta(minutes=10))
def remind() -> int:
    """One reminder two weeks after a signpost, where the person agreed."""
    return _in_one_transaction(lambda session: sending.remind(session, vault(SIGNPOST)))


@sweep("addresses of signposts", every=timedelta(hours=6))
def forget_addresses() -> int:
    """Forget to whom old signposts were sent."""
    return _in_one_transaction(sending.forget_addresses)


@sweep("owners of signposts that came back", every=timedelta(minutes=10))
def find_owners() -> int:
    """Where whoever was to see to it has left, a colleague does."""
    return _in_one_transaction(coming_back.find_owners)


def _in_one_transaction(work: Callable[[Session], int]) -> int:
    with Session(db.engines[None]) as session:
        done = work(session)
        session.commit()
        return done
