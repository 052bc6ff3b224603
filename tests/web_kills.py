"""A gunicorn whose workers are killed with -9 while clients write: what tests and the long proof share."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import requests
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.accounts import sessions
from app.accounts.codes import Role
from app.audit.queries import broken_links
from app.directory.models import Collection
from app.web.database import db
from tests.conftest import settings_for
from tests.databases import free_port
from tests.signing_in import a_member

ROOT = Path(__file__).resolve().parents[1]
CLIENTS = 4


class Fire:
    """The server under fire, and what its clients were told."""

    def __init__(self, app: Flask, url: str, master: int, token: str) -> None:
        self.app, self.url, self.master, self._token = app, url, master, token
        self.acknowledged: set[str] = set()
        self.failures = 0
        self._stop, self._told = threading.Event(), threading.Event()

    def write(self, client: int) -> None:
        """Make one collection after the other; note each that the server said was made."""
        number = 0
        with requests.Session() as own:
            own.cookies.set("sid", self._token)
            while not self._stop.is_set():
                name = f"client {client} number {number}"
                number += 1
                try:
                    answer = own.post(f"{self.url}/desk/collections", {"name": name}, allow_redirects=False, timeout=20)
                except requests.RequestException:
                    self.failures += 1
                    continue
                if answer.status_code == 303:
                    self.acknowledged.add(name)
                    self._told.set()

    def kill_workers(self, kills: int, chance: random.Random) -> None:
        """Kill one worker after the other at moments that have nothing to do with what they do.

        Before each kill somebody has been told of a change since the last, however slow the machine is.
        """
        writers = [threading.Thread(target=self.write, args=(client,)) for client in range(CLIENTS)]
        for writer in writers:
            writer.start()
        try:
            for _kill in range(kills):
                self._told.clear()
                self._told.wait(60)
                time.sleep(chance.uniform(0.05, 0.6))
                if workers := children_of(self.master):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(chance.choice(workers), signal.SIGKILL)
        finally:
            self._stop.set()
            for writer in writers:
                writer.join()

    def check(self) -> None:
        """Nothing that was acknowledged is lost, nothing is there twice, and the audit trail is whole."""
        with self.app.app_context(), Session(db.engines["read"]) as session:
            kept = list(session.scalars(select(Collection.name).order_by(Collection.name)))
            assert self.acknowledged - set(kept) == set()
            assert len(kept) == len(set(kept))
            assert list(broken_links(session)) == []
        assert self.acknowledged


def children_of(pid: int) -> list[int]:
    """The processes that a process started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextlib.contextmanager
def under_fire(database_url: str, folder: Path) -> Iterator[Fire]:
    """Serve the database at `database_url` with two workers, forked from a loaded master so that they are soon back."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = create_app(settings_for(database_url, folder, base_url=url))
    with app.app_context(), Session(db.engines[None]) as session:
        token = sessions.begin(session, a_member(session, Role.DIRECTORY_EDITOR, email="editor@hub.example"))
        session.commit()
    environment = os.environ | {
        "WAYMARK_DATABASE_URL": database_url,
        "WAYMARK_INSTANCE": str(folder),
        "WAYMARK_INDEX_DIR": str(folder / "index"),
        "WAYMARK_BASE_URL": url,
        "WAYMARK_SECRET_KEY": "only for tests",
    }
    options = ["--preload", "--workers=2", "--worker-class=gthread", "--threads=4", "--graceful-timeout=1"]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--no-control-socket",
        f"--bind=127.0.0.1:{port}",
        "--log-level=critical",
        *options,
    ]
    server = subprocess.Popen(
        [*command, "tests.web_kills:serve()"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(url, server)
        yield Fire(app, url, server.pid, token)
    finally:
        server.terminate()
        server.wait()
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


def serve() -> Flask:
    """The application without its check against forged forms, which has tests of its own."""
    app = create_app()
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            requests.get(f"{url}/healthz", timeout=5)
        except requests.RequestException:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
