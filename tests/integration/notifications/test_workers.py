"""Several workers at once, and workers that are killed: real processes against a real mail server."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, update
from sqlalchemy.orm import Session

from app.core import clock
from app.notifications import rules
from app.notifications.codes import MessageState
from app.notifications.holders import Accepted, Holder
from app.notifications.models import Message
from app.notifications.turns import Turns
from app.notifications.worker import NamedSweep, Worker
from app.web.database import READ, db
from tests.integration.notifications.conftest import Bench, Put
from tests.outbox_runs import Run, kill_while_sending, outbox_run
from tests.worker_forks import wait_for


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Iterator[Run]:
    with outbox_run(database_url, tmp_path) as made:
        yield made


def test_four_workers_share_and_nothing_goes_twice(run: Run) -> None:
    run.put(60, named="shared")
    now = clock.now() + timedelta(seconds=1)
    for pid in [run.forks.start(f"once {now.isoformat()}") for _ in range(4)]:
        wait_for(pid)
    assert run.states() == {MessageState.SENT: 60}
    assert len(run.sink.copies) == 60
    assert set(run.sink.copies.values()) == {1}
    assert all(len(recipients) == 1 for recipients in run.sink.recipients)


def test_workers_that_are_killed_lose_nothing(run: Run) -> None:
    chance = random.Random(1)
    for number in range(8):
        run.put(7, named=f"killed{number}-")
        kill_while_sending(run, chance)
    run.drain()
    run.check(56)


def test_a_worker_that_is_asked_to_end_ends_between_messages(run: Run) -> None:
    run.put(30, named="ended")
    pid = run.forks.start()
    os.kill(pid, signal.SIGTERM)
    wait_for(pid)
    assert MessageState.LEASED not in run.states()


def lease(session: Session, message: Message, holder: Holder, *, attempts: int = 1) -> None:
    session.execute(
        update(Message)
        .where(Message.id == message.id)
        .values(
            state=MessageState.LEASED,
            lease_holder=holder.name,
            lease_until=clock.system_now() + rules.LEASE,
            attempts=attempts,
        )
    )
    session.commit()


def test_a_living_workers_lease_is_respected(bench: Bench, put: Put, session: Session, tmp_path: Path) -> None:
    message, other = put(), Holder(tmp_path)
    lease(session, message, other)
    assert bench.run() == 0
    other.close()


def test_the_lease_of_another_machine_is_respected_until_it_runs_out(
    bench: Bench, put: Put, session: Session, tmp_path: Path
) -> None:
    message = put()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    lease(session, message, Holder(elsewhere))
    with clock.moved_to(clock.now() + timedelta(days=1)):
        assert bench.run() == 0  # leases follow the system's clock, wherever ours was moved to
    for until in (clock.system_now() - timedelta(seconds=1), clock.system_now() + timedelta(days=400)):
        session.execute(update(Message).values(lease_until=until))
        session.commit()
        assert bench.worker().recover() == 1
        lease(session, message, Holder(elsewhere))


def test_what_a_dead_worker_noted_as_taken_is_not_sent_again(
    bench: Bench, put: Put, session: Session, tmp_path: Path
) -> None:
    message, dead = put(), Holder(tmp_path)
    lease(session, message, dead)
    dead.accepted(Accepted(message.id, "smtp", "ref-9"))
    os.close(dead._file)
    assert bench.run() == 1
    session.refresh(message)
    assert (message.state, message.provider_reference) == (MessageState.SENT, "ref-9")
    assert bench.carrier.taken == []


def test_what_kills_every_worker_becomes_a_dead_letter(
    bench: Bench, put: Put, session: Session, tmp_path: Path
) -> None:
    message = put()
    for attempt in range(1, rules.TRIES + 1):
        dead = Holder(tmp_path)
        lease(session, message, dead, attempts=attempt)
        os.close(dead._file)
        assert bench.worker().recover() == 1
        session.refresh(message)
    assert (message.state, message.reason) == (MessageState.FAILED, "interrupted")


@pytest.mark.parametrize(
    ("noted", "repeats_safely", "state"),
    [
        (True, False, MessageState.FAILED),  # a third copy might go out
        (True, True, MessageState.QUEUED),
        (False, False, MessageState.QUEUED),  # both were killed before it left
    ],
)
def test_what_may_have_left_twice_is_not_sent_a_third_time(
    bench: Bench, put: Put, session: Session, tmp_path: Path, *, noted: bool, repeats_safely: bool, state: MessageState
) -> None:
    bench.carrier.repeats_safely = repeats_safely
    message = put()
    message_id = message.id
    for attempt in (1, 2):
        dead = Holder(tmp_path)
        lease(session, message, dead, attempts=attempt)
        if noted:
            dead.leaving(message_id)
        os.close(dead._file)
        assert bench.worker().recover() == 1
        session.refresh(message)
    assert message.state is state
    assert message.reason == ("may have left" if state is MessageState.FAILED else None)


def turns(folder: Path) -> tuple[Turns, Holder]:
    holder = Holder(folder)
    return Turns(writing=db.engines[None], reading=db.engines[READ], holder=holder), holder


@pytest.mark.usefixtures("session")
def test_turns(tmp_path: Path) -> None:
    hour = timedelta(hours=1)
    (ours, _), (theirs, their_holder) = turns(tmp_path), turns(tmp_path)
    assert theirs.take("digest", hour)
    assert not ours.take("digest", hour)
    assert not ours.take("digest", hour, now_or_never=True)
    assert ours.take("another", hour)
    theirs.give_back("digest", due_in=hour)
    assert not ours.take("digest", hour)
    assert ours.take("digest", hour, now_or_never=True)
    ours.give_back("digest", due_in=hour)
    with clock.moved_to(clock.now() + 2 * hour):
        assert theirs.take("digest", hour)
        os.close(their_holder._file)  # it dies
        assert ours.take("digest", hour)
        ours.give_back("digest", due_in=hour)
    assert ours.take("digest", hour)  # a run with a moved clock keeps nobody waiting


@pytest.mark.usefixtures("session")
def test_of_turns_that_have_not_come_a_worker_asks_once_a_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour, ran = timedelta(hours=1), list[str]()

    def named(name: str) -> NamedSweep:
        return NamedSweep(name, lambda: ran.append(name) or 0, hour)

    monkeypatch.setattr("app.notifications.worker._sweeps", [named(f"sweep {number}") for number in range(9)])
    (ours, _), asked = turns(tmp_path), list[str]()
    worker = Worker(ours)
    worker.run_once(whether_or_not_due=False)
    assert ran == [f"sweep {number}" for number in range(9)]

    def hear(*said: object) -> None:
        asked.append(str(said[2]))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        worker.run_once(whether_or_not_due=False)
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    assert (len(ran), len([statement for statement in asked if "sweep_turn" in statement])) == (9, 1)
    with clock.moved_to(clock.now() + 2 * hour):
        worker.run_once(whether_or_not_due=False)
    assert len(ran) == 18
