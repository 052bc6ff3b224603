"""Of the processes that serve none takes up requests that another could answer sooner."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from app.cli import AT_ONCE, gunicorn_arguments
from tests.databases import free_port

LONG = 30.0  # seconds after which a test has failed
PROCESSES = 2
# It notes which process has taken it up, and answers when it is told to.
SLOW = """
import os, time, uuid
from pathlib import Path

HERE = Path(__file__).parent

def application(environ, start_response):
    if environ["PATH_INFO"] == "/held":
        (HERE / f"{os.getpid()}-{uuid.uuid4()}.taken").touch()
        while not (HERE / "go").exists():
            time.sleep(0.01)
    start_response("204 No Content", [])
    return []
"""


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def _until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + LONG
    while time.monotonic() < until:
        with suppress(OSError):
            if is_so():
                return
        time.sleep(0.02)
    raise TimeoutError


def test_many_at_once_are_shared_evenly(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    port, many = free_port(), PROCESSES * AT_ONCE
    command = [sys.executable, "-m", "gunicorn", *gunicorn_arguments("127.0.0.1", port, PROCESSES)]
    with (tmp_path / "log").open("wb") as log:
        environment = os.environ | {"PYTHONPATH": str(tmp_path)}
        server = subprocess.Popen(
            [*command, "slow:application"], cwd=tmp_path, env=environment, stderr=log, start_new_session=True
        )
        try:
            _until(lambda: _status(port, "/") == 204)
            with ThreadPoolExecutor(many) as crowd:
                asked = [crowd.submit(_status, port, "/held") for _ in range(many)]
                try:
                    _until(lambda: len(list(tmp_path.glob("*.taken"))) == many)
                    taken = Counter(one.name.split("-")[0] for one in tmp_path.glob("*.taken"))
                finally:
                    (tmp_path / "go").touch()
                assert [one.result() for one in asked] == [204] * many
            assert sorted(taken.values()) == [AT_ONCE] * PROCESSES
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(LONG)
