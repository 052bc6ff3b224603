"""Turns: a sweep that only one worker at a time runs, and that is due again after a while."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Engine, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core import clock
from app.notifications.holders import Holder
from app.notifications.models import SweepTurn

LEASE = timedelta(minutes=10)
AFTER_A_FAILURE = timedelta(minutes=1)


class Turns:
    """Takes turns with the workers of other machines and processes."""

    def __init__(self, *, writing: Engine, reading: Engine, holder: Holder) -> None:
        self._writing = writing
        self._reading = reading
        self._holder = holder

    def may_be_open(self, wanted: Mapping[str, timedelta]) -> frozenset[str]:
        """Which of these it may be this worker's turn at, by how often each is due: one question for all of them."""
        with Session(self._reading) as session:
            turns = session.scalars(select(SweepTurn).where(SweepTurn.name.in_(wanted))).all()
            shut = {turn.name for turn in turns if not self._is_open(turn, wanted[turn.name], now_or_never=False)}
        return frozenset(wanted.keys() - shut)

    def take(self, name: str, every: timedelta, *, now_or_never: bool = False) -> bool:
        """Whether it is this worker's turn at `name`; `now_or_never` takes it before it is due, but from nobody."""
        with Session(self._writing) as session:
            _ensure(session, name)
            turn = session.scalars(select(SweepTurn).where(SweepTurn.name == name).with_for_update()).one()
            is_open = self._is_open(turn, every, now_or_never=now_or_never)
            if is_open:
                turn.lease_holder, turn.lease_until = self._holder.name, clock.system_now() + LEASE
            session.commit()
            return is_open

    def give_back(self, name: str, *, due_in: timedelta) -> None:
        """End the turn; the next is due after `due_in`."""
        with Session(self._writing) as session:
            session.execute(
                update(SweepTurn)
                .where(SweepTurn.name == name, SweepTurn.lease_holder == self._holder.name)
                .values(lease_holder=None, lease_until=None, due_at=clock.now() + due_in)
            )
            session.commit()

    def _is_open(self, turn: SweepTurn, every: timedelta, *, now_or_never: bool) -> bool:
        now = clock.now()
        # Due later than it ever can be: a run whose clock was moved was here.
        is_due = now_or_never or not now < turn.due_at <= now + every
        return is_due and self._is_free(turn)

    def _is_free(self, turn: SweepTurn) -> bool:
        holder, until, now = turn.lease_holder, turn.lease_until, clock.system_now()
        if holder is None or until is None or holder == self._holder.name:
            return True
        return not now < until < now + 2 * LEASE or self._holder.is_gone(holder)


def _ensure(session: Session, name: str) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"name": name, "due_at": clock.now()}
    session.execute(insert(SweepTurn).values(**values).on_conflict_do_nothing(index_elements=["name"]))
