"""Of the processes that serve none takes up requests that another could answer sooner."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from app.cli import AT_ONCE, gunicorn_arguments
from tests.databases import free_port

LONG = 60.0  # seconds after which a test has failed
# It calls the test when it is loaded and when it has taken up a request, says which process it is, and goes on when the
# test hangs up.
SLOW = """
import os, socket

def call():
    with socket.create_connection(("127.0.0.1", int(os.environ["CALL"]))) as line:
        line.sendall(str(os.getpid()).encode() + b"\\n")
        line.recv(1)

def application(environ, start_response):
    call()
    start_response("204 No Content", [])
    return []

call()
"""


def _ask(port: int) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
    connection.request("GET", "/")
    return connection


def _status(connection: http.client.HTTPConnection) -> int:
    with closing(connection):
        return connection.getresponse().status


def _calls(listener: socket.socket, times: int) -> list[tuple[socket.socket, int]]:
    """Wait until somebody has called so often: the lines, and which process calls on each."""
    lines = [listener.accept()[0] for _ in range(times)]
    for line in lines:
        line.settimeout(LONG)
    return [(line, int(line.makefile().readline())) for line in lines]


def _hang_up(calls: Iterable[tuple[socket.socket, int]]) -> None:
    for line, _process in calls:
        line.close()


def test_a_busy_process_leaves_to_another_what_it_cannot_answer_soon(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    port, many = free_port(), 2 * AT_ONCE
    command = [sys.executable, "-m", "gunicorn", *gunicorn_arguments("127.0.0.1", port, 2), "slow:application"]
    with socket.create_server(("127.0.0.1", 0), backlog=many) as listener, (tmp_path / "log").open("wb") as log:
        listener.settimeout(LONG)
        environment = os.environ | {"PYTHONPATH": str(tmp_path), "CALL": str(listener.getsockname()[1])}
        server = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=log, start_new_session=True)
        try:
            loaded = _calls(listener, 2)
            busy, free = (process for _line, process in loaded)
            # Both sleep until everybody has asked: one wakes to all of it, the other when that one has its hands full.
            for process in (busy, free):
                os.kill(process, signal.SIGSTOP)
            _hang_up(loaded)
            asked = [_ask(port) for _ in range(many)]
            os.kill(busy, signal.SIGCONT)
            first = _calls(listener, AT_ONCE)
            os.kill(free, signal.SIGCONT)
            others = _calls(listener, many - AT_ONCE)
            assert {process for _line, process in first} == {busy}
            assert {process for _line, process in others} == {free}
            _hang_up([*first, *others])
            assert [_status(one) for one in asked] == [204] * many
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(LONG)
