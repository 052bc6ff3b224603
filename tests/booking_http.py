"""People who book over HTTP as browsers do, with forms, cookies and codes, against a server of several processes."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, select

from app import create_app
from app.cli import gunicorn_arguments
from app.notifications.models import Message
from app.settings import ROOT
from app.web.database import READ, db
from app.web.loaded import keep_what_is_loaded
from app.web.turns import take_turns
from tests.databases import free_port

RETRIES = 12
WARM_PERSON = 9_999
WARM_POOL = "WAYMARK_TEST_WARM_POOL"
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_KEY = re.compile(r'name="key" value="([^"]+)"')
_CODE = re.compile(r"\b(\d{6})\b")


@dataclass(frozen=True)
class Running:
    """A server: where it listens, and the process that its workers belong to."""

    port: int
    pid: int

    def workers(self) -> list[int]:
        """The process ids of its workers."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.pid)], capture_output=True, text=True, check=False
        )
        return [int(line) for line in listed.stdout.split()]


@contextmanager
def serving(url: str, folder: Path, *, workers: int = 4, warm: UUID | None = None) -> Iterator[Running]:
    """Gunicorn with `workers` processes on the database at `url`.

    `warm`: a pool in which one person books before the workers are forked from one that has everything but
    the search loaded. Who is killed is then soon back.
    """
    port = free_port()
    environment = os.environ | {
        "WAYMARK_INSTANCE": str(folder),
        "WAYMARK_DATABASE_URL": url,
        "WAYMARK_INDEX_DIR": str(folder / "index"),
        "WAYMARK_BASE_URL": f"http://127.0.0.1:{port}",
        "WAYMARK_SECRET_KEY": "only for tests",
        # Each person comes from a network of their own.
        "WAYMARK_TRUSTED_PROXIES": "1",
        **({WARM_POOL: str(warm)} if warm else {}),
    }
    what = ["--preload", "tests.booking_http:loaded()"] if warm else ["wsgi:app"]
    command = [sys.executable, "-m", "gunicorn", *gunicorn_arguments("127.0.0.1", port, workers), *what]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log, start_new_session=True)
        try:
            _wait_for(port)
            yield Running(port, process.pid)
        finally:
            # At once: to take a warm process down in good order takes seconds, and nothing is asked of it any more.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=60)


def loaded() -> Flask:
    """As `wsgi` serves it, after one person has booked in it: no worker compiles templates and statements anew."""
    app = create_app()
    take_turns(app)
    if pool := os.environ.get(WARM_POOL):
        with app.app_context():
            book(InProcess(0, WARM_PERSON, app=app), UUID(pool), db.engines[READ])
            # No connection is carried over into the workers.
            for engine in db.engines.values():
                engine.dispose()
    keep_what_is_loaded()
    return app


def _wait_for(port: int) -> None:
    for _ in range(900):
        with suppress(OSError), closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise TimeoutError("the server did not come up")


@dataclass
class Visitor:
    """One browser, which tries again where the server went away in the middle."""

    port: int
    number: int
    cookies: dict[str, str] = field(default_factory=dict)
    requests: int = 0

    def get(self, path: str) -> str:
        return self._ask("GET", path, None)[1]

    def post(self, path: str, page: str, **values: str) -> str:
        """Send the form of `page`; gives where it leads."""
        token = _CSRF.search(page)
        assert token, page[:2000]
        body = urlencode({"csrf_token": token[1]} | values)
        status, text, location = self._ask("POST", path, body)
        if status != 303:
            raise Refused(status, text)
        return location

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        for attempt in range(RETRIES):
            try:
                return self._once(method, path, body)
            except OSError:
                # The worker was killed: a person waits a moment and presses again.
                time.sleep(0.05 * (attempt + 1))
        raise ConnectionError(path)

    def _once(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        headers = {
            "Host": f"127.0.0.1:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": f"10.{self.number // 250}.{self.number % 250}.1",
            "Connection": "close",
        }
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        answer = _answer(self.port, f"{method} {path} HTTP/1.1\r\n{head}\r\n{body or ''}")
        self.requests += 1
        for name, _, value in (cookie.partition("=") for cookie in answer.told("set-cookie")):
            self.cookies[name] = value.split(";", 1)[0]
        if answer.status == 503:
            raise ConnectionError("the database was busy")
        location = "".join(answer.told("location")).replace(f"http://127.0.0.1:{self.port}", "")
        return answer.status, answer.text, location


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Sequence[str]
    text: str

    def told(self, name: str) -> list[str]:
        """The values of a header; its name in small letters."""
        return [value.strip() for key, _, value in (one.partition(":") for one in self.headers) if key.lower() == name]


def _answer(port: int, request: str) -> Answer:
    """Ask on a line of its own. By hand: the crowd shares the machine with the server, and `http.client` costs more."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as line:
        line.sendall(request.encode())
        got = b"".join(iter(lambda: line.recv(65_536), b""))
    head, _, body = got.partition(b"\r\n\r\n")
    first, *headers = head.decode("latin-1").split("\r\n")
    if f"content-length: {len(body)}" not in map(str.lower, headers):
        raise ConnectionError("the server went away in the middle of its answer")
    return Answer(int(first.split()[1]), headers, body.decode())


@dataclass
class InProcess(Visitor):
    """One browser of an application in this process."""

    app: Flask | None = None

    def _once(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        assert self.app is not None
        client = self.app.test_client(use_cookies=False)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        form = "application/x-www-form-urlencoded"
        answer = client.open(path, method=method, data=body, content_type=form, headers={"Cookie": cookies})
        for told in answer.headers.getlist("Set-Cookie"):
            name, _, rest = told.partition("=")
            self.cookies[name] = rest.split(";", 1)[0]
        return answer.status_code, answer.text, urlsplit(answer.headers.get("Location", "")).path


class Refused(Exception):
    """The server said no."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text[:200]}")
        self.status = status


def book(visitor: Visitor, pool: UUID, reading: Engine, *, waits: bool = True) -> str:
    """The whole way of a person without an account; what the page of the booking says in the end.

    Who does not wait leaves when there is no place left, before they have told anything of themselves.
    """
    address = f"p{visitor.number}@person.example"
    page = visitor.get(f"/book/{pool}")
    if not waits and "Join the waiting list" in page:
        return "left"
    key = _KEY.search(page)
    assert key, page[:2000]
    details = visitor.post(f"/book/{pool}", page, key=key[1], places="1")
    page = visitor.get(details)
    if not waits and "We keep 1 place for you" not in page:
        return "left"
    asked = visitor.post(details, page, name="Sam", address=address)
    own = visitor.post(asked, visitor.get(asked), code=code_to(reading, address))
    page = visitor.get(own)
    return "booked" if "You have a place" in page else "waiting" if "on the waiting list" in page else "something else"


def code_to(reading: Engine, address: str) -> str:
    """The code that went out last, as the outbox has it."""
    wanted = select(Message.text).where(Message.recipient == address, Message.kind == "accounts.code")
    with reading.connect() as connection:
        text = connection.scalars(wanted.order_by(Message.created_at.desc(), Message.id).limit(1)).one()
    found = _CODE.search(text)
    assert found
    return found[1]
