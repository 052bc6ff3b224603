"""What the worker looks for, so that nothing lies: unopened referrals, open loops, people whose worker has left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from app.notifications.worker import sweep
from app.referrals.operations import watching
from app.web.database import db

EVERY = timedelta(minutes=15)


@sweep("unopened referrals", every=EVERY)
def find_unopened() -> int:
    """A referral that nobody opened in its time is a task."""
    return _in_one_transaction(watching.unopened)


@sweep("open loops of referrals", every=EVERY)
def find_open_loops() -> int:
    """A message back that is late is a task."""
    return _in_one_transaction(watching.open_loops)


@sweep("caseloads of leavers", every=EVERY)
def find_left_behind() -> int:
    """People whose coordinator works there no longer, and referrals whose sender does not."""
    return _in_one_transaction(watching.left_behind)


def _in_one_transaction(work: Callable[[Session], int]) -> int:
    with Session(db.engines[None]) as session:
        done = work(session)
        session.commit()
        return done
