"""Requests of one process take turns, first come, first served.

Threads that work at once share one interpreter, and each takes as long as all of them together: whoever holds a lock of
the database then holds it many times longer, and who is served next is chance. So one request works at a time, and the
others wait in the order in which they came; but nobody waits for a slow one longer than `PATIENCE`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Seconds until a request begins beside the ones before it: these wait for something other than the processor.
PATIENCE = 1.0
# Bytes of a form that are read before its turn comes, so that nobody waits for a slow line.
READ_AHEAD = 64 << 10


class Turns:
    """Wraps an application; of its answers only the making takes a turn, not the sending."""

    def __init__(self, application: WSGIApplication, patience: float = PATIENCE) -> None:
        self._application = application
        self._patience = patience
        # Turns that nobody has; fewer than none where somebody had no patience.
        self._free = 1
        self._waiting: deque[Lock] = deque()
        self._lock = Lock()

    @property
    def waiting(self) -> int:
        """How many requests wait for their turn."""
        return len(self._waiting)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        _read_ahead(environ)
        self._wait()
        try:
            return self._application(environ, start_response)
        finally:
            self._leave()

    def _wait(self) -> None:
        with self._lock:
            if self._free > 0:
                self._free -= 1
                return
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=self._patience):
            return
        with self._lock:
            if mine in self._waiting:  # nobody has let it in meanwhile
                self._waiting.remove(mine)
                self._free -= 1

    def _leave(self) -> None:
        with self._lock:
            self._free += 1
            if self._waiting and self._free > 0:
                self._free -= 1
                self._waiting.popleft().release()


def _read_ahead(environ: WSGIEnvironment) -> None:
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and 0 < int(length) <= READ_AHEAD:
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))


def take_turns(app: Flask) -> None:
    """From here on the requests that reach this application in this process take turns."""
    app.wsgi_app = Turns(app.wsgi_app)  # type: ignore[method-assign]
