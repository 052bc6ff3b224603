"""Throw-away databases for tests: SQLite files and a PostgreSQL server of our own on a free port."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg

from tests.system_packages import postgresql_bin


def free_port() -> int:
    """A TCP port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PostgreSQL:
    """A running server; `create` gives the address of a new database in it."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://waymark@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template0") -> str:
        name = f"t{uuid4().hex}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def connected(self, database: str) -> psycopg.Connection:
        """A connection of its own, each statement a transaction."""
        return psycopg.connect(host="127.0.0.1", port=self.port, user="waymark", dbname=database, autocommit=True)

    def _run(self, statement: str) -> None:
        with self.connected("postgres") as own:
            own.execute(statement)


@contextlib.contextmanager
def postgresql_server(*, durable: bool = False) -> Iterator[PostgreSQL]:
    """Start a server in a temporary folder and stop it afterwards. It must not run as root, so root lends it a user.

    A durable one waits for the disk at each commit as one that serves people does; tests need not.
    """
    binaries = postgresql_bin()
    if binaries is None:
        raise RuntimeError("no PostgreSQL server is installed: run `python -m tests.system_packages`")
    folder = Path(tempfile.mkdtemp(prefix="waymark-pg-"))
    lend = _as_unprivileged(folder)
    data, port = folder / "data", free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    initdb = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "waymark",
        "-A",
        "trust",
        "--no-sync",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    if not durable:
        options += " -c fsync=off -c full_page_writes=off"
    try:
        subprocess.run([*lend, *map(str, initdb)], check=True, **quiet)
        control = [*lend, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
        subprocess.run([*control, "-o", options, "start"], check=True, **quiet)
        try:
            yield PostgreSQL(port)
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_unprivileged(folder: Path) -> list[str]:
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
