"""The web server and the worker side by side: who is killed comes back, who ends of itself ends the other."""

from __future__ import annotations

import inspect
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from app import cli
from app.directory import topic_model
from app.directory.topic_model import ModelState
from search_index.lexicon import AtHand, TopicModel

# Each of them says who it is by a file, and stays until it is told to end.
_STAYS = "import os, pathlib, signal, sys; pathlib.Path(sys.argv[1], f'{sys.argv[2]}-{os.getpid()}').touch(); "
_STAYS += "signal.pause()"
_ENDS = "import sys; sys.exit(3)"
_LONG = 60


def together(folder: Path, *programs: str, hardly_begun: float = 0) -> subprocess.Popen[str]:
    commands = [[sys.executable, "-c", program, str(folder), str(number)] for number, program in enumerate(programs)]
    told = f"from app.cli import run_together; raise SystemExit(run_together(*{commands}, hardly_begun={hardly_begun}))"
    return subprocess.Popen([sys.executable, "-c", told], stderr=subprocess.PIPE, text=True)


def until(found: Callable[[], list[int]]) -> list[int]:
    end = time.monotonic() + _LONG
    while not (there := found()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)
    return there


def pids(folder: Path, number: int, *, but: int = 0) -> list[int]:
    told = [int(path.name.split("-")[1]) for path in folder.glob(f"{number}-*")]
    return [pid for pid in told if pid != but]


def test_who_is_killed_is_started_again_and_the_other_goes_on(tmp_path: Path) -> None:
    running = together(tmp_path, _STAYS, _STAYS)
    (server,), (worker,) = until(lambda: pids(tmp_path, 0)), until(lambda: pids(tmp_path, 1))
    os.kill(worker, signal.SIGKILL)
    until(lambda: pids(tmp_path, 1, but=worker))
    assert pids(tmp_path, 0) == [server]
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=_LONG)
    assert (running.returncode, "killed by signal 9. It is started again." in said) == (0, True)
    assert not Path(f"/proc/{server}").exists()


def test_who_ends_of_itself_ends_the_other(tmp_path: Path) -> None:
    running = together(tmp_path, _ENDS, _STAYS)
    running.communicate(timeout=_LONG)
    assert running.returncode == 3


def test_who_is_killed_as_soon_as_it_begins_is_not_started_for_ever(tmp_path: Path) -> None:
    running = together(tmp_path, "import os; os.kill(os.getpid(), 9)", hardly_begun=_LONG)
    running.communicate(timeout=_LONG)
    assert running.returncode == signal.SIGKILL


def test_links_in_messages_follow_the_port_that_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8000")
    monkeypatch.setattr(os, "execv", lambda *_: sys.exit(0))
    with pytest.raises(SystemExit):
        inspect.unwrap(cli.serve.callback)(host="127.0.0.1", port=9123, workers=1, with_worker=False)  # type: ignore[arg-type]
    assert os.environ["PORT"] == "9123"


@pytest.mark.parametrize(
    ("state", "said", "learns"),
    [
        (ModelState.CURRENT, "", 0),
        (ModelState.EARLIER, "Run `waymark search learn`", 0),
        (ModelState.MISSING, "Learning everyday words", 1),
    ],
)
def test_only_a_server_without_any_words_learns_them_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], state: ModelState, said: str, learns: int
) -> None:
    monkeypatch.setenv("PORT", "8000")  # put back what it sets
    learned, started = [], []
    monkeypatch.setattr(cli, "state_of_model", lambda: state)
    monkeypatch.setattr(cli, "topic_model", lambda: learned.append(1))
    monkeypatch.setattr(cli, "run_together", lambda *commands: started.append(commands) or 0)
    with pytest.raises(SystemExit):
        cli.serve.callback(host="127.0.0.1", port=8000, workers=1, with_worker=True)
    assert said in capsys.readouterr().err
    assert (len(learned), len(started)) == (learns, 1)


def test_a_server_goes_by_what_it_has_and_does_not_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = AtHand(cast("TopicModel", object()), is_current=False)
    monkeypatch.setattr(topic_model, "at_hand", lambda *_: earlier)
    monkeypatch.setattr(topic_model, "load_or_train", lambda *_: pytest.fail("it learns"))
    monkeypatch.setattr(topic_model._OfProcess, "model", None)
    assert topic_model.serve_at_hand() is ModelState.EARLIER
    assert topic_model.topic_model() is earlier.model
