"""A server that speaks what Waymark needs of the Redis protocol (RESP 2): `python -m tests.redis_stand_in PORT`.

One lock makes every command atomic, WATCH fails a transaction whose key was changed meanwhile, PX lets keys go in time.
"""

from __future__ import annotations

import contextlib
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

from tests.databases import free_port


class Store:
    """The keys, when they go, and how often each was changed."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.kept: dict[str, tuple[str, float]] = {}
        self.changes: dict[str, int] = {}

    def get(self, key: str) -> str | None:
        value, ends = self.kept.get(key, (None, 0.0))
        return value if value is not None and time.monotonic() < ends else None

    def put(self, key: str, value: str, milliseconds: int) -> None:
        self.kept[key] = (value, time.monotonic() + milliseconds / 1000)
        self.changes[key] = self.changes.get(key, 0) + 1

    def drop(self, key: str) -> int:
        self.changes[key] = self.changes.get(key, 0) + 1
        return int(self.kept.pop(key, None) is not None)


STORE = Store()


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    def setup(self) -> None:
        super().setup()
        self.watched: dict[str, int] = {}
        self.queued: list[list[str]] | None = None

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            while words := self.read():
                with STORE.lock:
                    answer = self.answer(words)
                self.wfile.write(encoded(answer))

    def read(self) -> list[str]:
        line = self.rfile.readline()
        if not line.startswith(b"*"):
            return []
        words = []
        for _number in range(int(line[1:])):
            length = int(self.rfile.readline()[1:])
            words.append(self.rfile.read(length + 2)[:-2].decode())
        return words

    def answer(self, words: list[str]) -> object:
        name, *rest = words
        name = name.upper()
        if name == "EXEC":
            return self.execute()
        if self.queued is not None:
            self.queued.append(words)
            return "+QUEUED"
        if name == "MULTI":
            self.queued = []
            return "+OK"
        return self.done(name, rest)

    def execute(self) -> object:
        queued, watched = self.queued or [], self.watched
        self.queued, self.watched = None, {}
        if any(STORE.changes.get(key, 0) != count for key, count in watched.items()):
            return None
        return [self.done(words[0].upper(), words[1:]) for words in queued]

    def done(self, name: str, rest: list[str]) -> object:
        match name:
            case "WATCH":
                self.watched |= {key: STORE.changes.get(key, 0) for key in rest}
            case "UNWATCH":
                self.watched = {}
            case "GET":
                return STORE.get(rest[0]) or b""
            case "SET":
                STORE.put(rest[0], rest[1], int(rest[3]))
            case "DEL":
                return STORE.drop(rest[0])
        return "+OK"


def encoded(answer: object) -> bytes:
    """RESP 2."""
    if answer is None:
        return b"*-1\r\n"
    if answer == b"":
        return b"$-1\r\n"
    if isinstance(answer, int):
        return b":%d\r\n" % answer
    if isinstance(answer, list):
        return b"*%d\r\n" % len(answer) + b"".join(encoded(part) for part in answer)
    words = str(answer)
    return f"{words}\r\n".encode() if words.startswith("+") else f"${len(words)}\r\n{words}\r\n".encode()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Running:
    """The server as a test sees it: its address, and putting an end to it."""

    def __init__(self, port: int) -> None:
        self.url = f"redis://127.0.0.1:{port}/0"
        command = [sys.executable, "-m", "tests.redis_stand_in", str(port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout
        assert self._process.stdout.readline() == b"ready\n"

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


@contextlib.contextmanager
def redis_stand_in() -> Iterator[Running]:
    """Start the server as a process of its own, and end it afterwards."""
    running = Running(free_port())
    try:
        yield running
    finally:
        running.end()


if __name__ == "__main__":
    with Server(("127.0.0.1", int(sys.argv[1])), Talk) as server:
        print("ready", flush=True)
        server.serve_forever()
