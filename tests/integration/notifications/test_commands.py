"""`waymark worker`, `waymark messages`, and the rounds of the worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import InvalidInput
from app.notifications import worker
from app.notifications.carriers.parcel import Refused
from app.notifications.cli import messages_group, run_worker
from app.notifications.codes import MessageState
from app.notifications.sweeps import tools
from app.notifications.worker import NamedSweep, Worker, sweep
from tests.conftest import settings_for
from tests.integration.notifications.conftest import Bench, Put

Ask = Callable[..., str]


@pytest.fixture
def ask(app: Flask, session: Session) -> Ask:
    """Run a command; gives what it says."""
    for command in (messages_group, run_worker):
        app.cli.add_command(command)

    def _ask(*words: str) -> str:
        session.rollback()
        result = app.test_cli_runner().invoke(args=list(words), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return _ask


@pytest.fixture
def sweeps(monkeypatch: pytest.MonkeyPatch) -> list[NamedSweep]:
    """The sweeps of the worker: none but those of messages."""
    found = [named for named in worker._sweeps if named.name.startswith("message")]
    monkeypatch.setattr(worker, "_sweeps", found)
    return found


def drop(folder: Path) -> list[Path]:
    return sorted((folder / "mail").glob("*.eml")) + sorted((folder / "sms").glob("*.json"))


@pytest.mark.usefixtures("sweeps")
def test_the_worker_sends_and_its_clock_can_be_moved(ask: Ask, put: Put, tmp_path: Path) -> None:
    put(not_before=clock.now() + timedelta(days=1))
    assert ask("worker", "--once") == "0 done.\n"
    assert drop(tmp_path) == []
    later = (clock.now() + timedelta(days=1, minutes=5)).isoformat()
    assert ask("worker", "--once", "--now", later) == "1 done.\n"
    assert len(drop(tmp_path)) == 1


@pytest.mark.usefixtures("sweeps")
def test_a_test_message(ask: Ask, tmp_path: Path) -> None:
    ask("messages", "test", "ann@example.org")
    ask("messages", "test", "+447700900123")
    ask("worker", "--once")
    assert len(drop(tmp_path)) == 2
    with pytest.raises(InvalidInput):
        ask("messages", "test", "nobody")


def test_holding_and_releasing(ask: Ask, put: Put) -> None:
    message = put()
    assert "1 messages are held" in ask("messages", "hold")
    assert "The outbox is held." in ask("messages", "status")
    assert "1 messages will leave" in ask("messages", "release")
    assert "1 due" in ask("messages", "status")
    assert message.state is MessageState.QUEUED
    ask("messages", "hold")
    soon = (clock.now() + timedelta(minutes=1)).isoformat()
    assert "0 messages will leave" in ask("messages", "release", "--drop-before", soon)
    assert message.state is MessageState.CANCELLED


def test_dead_letters_are_tried_again(ask: Ask, put: Put, bench: Bench) -> None:
    message = put()
    bench.carrier.failure = Refused("smtp 554")
    bench.run()
    assert "1 failed" in ask("messages", "status")
    assert "1 messages will be tried again" in ask("messages", "retry")
    assert message.state is MessageState.QUEUED


def test_a_setting_that_cannot_be_used_is_told_at_once(ask: Ask, app: Flask, database_url: str, tmp_path: Path) -> None:
    app.extensions["waymark_settings"] = settings_for(database_url, tmp_path, mail="pigeon:")
    with pytest.raises(InvalidInput, match="WAYMARK_MAIL"):
        ask("worker", "--once")


@pytest.mark.usefixtures("session")
def test_a_sweep_that_fails_keeps_no_other_from_working(sweeps: list[NamedSweep]) -> None:
    sweeps.clear()
    left = [3]

    @sweep("breaks")
    def breaks() -> int:
        raise RuntimeError("broken")

    @sweep("works")
    def works() -> int:
        left[0] -= 1
        return left[0] + 1

    assert Worker(tools().turns).run_once() == 3 + 2 + 1
    assert left == [-1]


@pytest.mark.usefixtures("session")
def test_a_sweep_with_a_period_runs_once_in_it(sweeps: list[NamedSweep]) -> None:
    sweeps.clear()
    runs: list[int] = []

    @sweep("digest", every=timedelta(hours=1))
    def digest() -> int:
        runs.append(1)
        return len(runs) % 2  # every other call finds something, so there is a second look

    turns = Worker(tools().turns)
    turns.run_once(whether_or_not_due=False)
    assert len(runs) == 2
    turns.run_once(whether_or_not_due=False)
    assert len(runs) == 2
    with clock.moved_to(clock.now() + timedelta(hours=1, minutes=1)):
        turns.run_once(whether_or_not_due=False)
        assert len(runs) == 4
    turns.run_once()  # told to run once, it does
    assert len(runs) == 6
