"""Real worker processes, forked from one that has everything loaded, so that hundreds can be started and killed.

`python -m tests.worker_forks` takes its settings from the environment. For each line on standard input ("forever", or
"once" with an instant) it starts a worker and prints its process id.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).resolve().parents[1]


class Forks:
    """The nursery, as a test sees it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, command: str = "forever") -> int:
        """Start a worker; gives its process id."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def run_once(self, now: datetime) -> None:
        """Let a worker do what is due at an instant."""
        wait_for(self.start(f"once {now.isoformat()}"), seconds=600)


def kill(pid: int) -> bool:
    """kill -9, and wait until it is gone. False where it had come to its own end before."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    wait_for(pid)
    return True


def wait_for(pid: int, seconds: float = 60) -> None:
    """Wait until a process has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.002)
    raise TimeoutError(f"process {pid} did not end")


@contextmanager
def worker_forks(environment: Mapping[str, str]) -> Iterator[Forks]:
    """Start the nursery; ends it, and so its workers, afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.worker_forks"],
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield Forks(process)
    finally:
        process.communicate()  # closes its input
        process.wait()


def _work(app: Flask, command: str) -> None:
    from app.core import clock
    from app.notifications.sweeps import tools
    from app.notifications.worker import Worker

    os.dup2(2, 1)
    with app.app_context():
        worker = Worker(tools().turns)
        if command == "forever":
            worker.run_forever()
            return
        with clock.moved_to(datetime.fromisoformat(command.split()[1])):
            worker.run_once()


def _serve() -> None:
    from sqlalchemy.orm import configure_mappers

    from app import create_app
    from app.notifications import worker

    app = create_app()
    configure_mappers()
    # The search index has its own tests, and would take most of each short life.
    wanted = tuple(os.environ.get("WAYMARK_FORKED_SWEEPS", "message").split(","))
    worker._sweeps[:] = [named for named in worker._sweeps if named.name.startswith(wanted)]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    children = []
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                _work(app, line.strip())
            finally:
                os._exit(0)
        children.append(pid)
        print(pid, flush=True)
    for pid in children:
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    _serve()
