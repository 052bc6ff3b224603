"""What the worker looks for, so that nothing lies: unopened referrals, open loops, people whose worker has left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from app.notifications.worker import sweep
from app.referrals.operations import previews, watching
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


@sweep("referrals left alone", every=EVERY)
def find_left_alone() -> int:
    """What is with, or from, a place where nobody is left."""
    return _in_one_transaction(watching.left_alone)


@sweep("tasks of leavers", every=EVERY)
def find_tasks_left_behind() -> int:
    """What somebody was to look at who works there no longer."""
    return _in_one_transaction(watching.tasks_left_behind)


@sweep("leavers who are there again", every=EVERY)
def find_come_back() -> int:
    """Tasks that say that somebody had left, or that nobody was left, where it is so no longer."""
    return _in_one_transaction(watching.come_back)


@sweep("groups that look again", every=EVERY)
def remind_groups() -> int:
    """A group without an account gets its link on the day on which it said it would look again."""
    return _in_one_transaction(watching.remind_groups)


@sweep("messages that people read first", every=EVERY)
def let_messages_go() -> int:
    """What the person had time to read goes when that time is over; each by itself, so that none holds up another."""
    with Session(db.engines[None]) as session:
        waiting = previews.due(session)
    return sum(_in_one_transaction(partial(_let_go, preview_id=each)) for each in waiting)


def _let_go(session: Session, preview_id: UUID) -> int:
    return int(previews.let_go(session, preview_id))


def _in_one_transaction(work: Callable[[Session], int]) -> int:
    with Session(db.engines[None]) as session:
        done = work(session)
        session.commit()
        return done
