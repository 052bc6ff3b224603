"""Limits on tries that count over all processes and machines: one row of the database a key.

A bucket (the generic cell rate algorithm): `burst` tries at once, then one more each `every`. A delay, never a lock:
who waits may try again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import case, delete, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.accounts.models import Throttle
from app.core import clock


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be tried."""

    burst: int
    every: timedelta

    @property
    def step(self) -> int:
        """Milliseconds between tries at the steady pace."""
        return int(self.every.total_seconds() * 1000)


# In any fifteen minutes at most ten tries: six at once, and one each 225 seconds.
SIGN_IN = Limit(6, timedelta(seconds=225))
# Many people of one surgery share an address.
NETWORK = Limit(60, timedelta(seconds=10))
RESET = Limit(3, timedelta(minutes=10))


def take(session: Session, key: str, limit: Limit) -> timedelta | None:
    """Take a try; None where there was one to take, else how long to wait for it. The caller commits at once."""
    now = _now()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    start = case((Throttle.due_at > now, Throttle.due_at), else_=literal(now))
    taken = session.execute(
        insert(Throttle)
        .values(id=uuid4(), created_at=clock.now(), key=key, due_at=now + limit.step)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"due_at": start + limit.step},
            where=start - now <= (limit.burst - 1) * limit.step,
        )
        .returning(Throttle.due_at)
    ).all()
    if taken:
        return None
    due_at = session.scalar(select(Throttle.due_at).where(Throttle.key == key)) or now
    return timedelta(milliseconds=max(due_at - (limit.burst - 1) * limit.step - now, 1))


def forgive(session: Session, key: str) -> None:
    """Forget the tries before: the last one was right."""
    session.execute(delete(Throttle).where(Throttle.key == key))


def give_back(session: Session, key: str, limit: Limit) -> None:
    """Give one try back."""
    session.execute(update(Throttle).where(Throttle.key == key).values(due_at=Throttle.due_at - limit.step))


def forget_old(session: Session) -> int:
    """Delete the rows that limit nothing any more; says how many."""
    gone = session.execute(delete(Throttle).where(Throttle.due_at < _now()).returning(Throttle.id))
    return len(gone.all())


def _now() -> int:
    return int(clock.now().timestamp() * 1000)
