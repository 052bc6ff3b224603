"""Database engines: how Waymark talks to SQLite and to PostgreSQL.

On SQLite a transaction that reads and then writes would fail on a busy database or lose an update, so writers begin
IMMEDIATE on an engine of their own and readers use one that cannot write.
"""

from __future__ import annotations

import importlib
import os
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

POSTGRESQL_OPTIONS = (
    "-c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=10000 -c timezone=UTC"
)
# An acknowledged change outlives a cut of the power; it costs some milliseconds a commit.
SYNCHRONOUS = "FULL"
# The first releases with the mend of the WAL-reset corruption bug (sqlite.org/wal.html, section 11).
WAL_SAFE_FROM = (3, 51, 3)
WAL_SAFE_BRANCHES = ((3, 50, 7), (3, 44, 6))


def sqlite_module() -> ModuleType:
    """The newest SQLite this machine has: pysqlite3's own copy, else the one Python was built with."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite release is free of the WAL-reset bug."""
    return version >= WAL_SAFE_FROM or any(
        version[:2] == branch[:2] and version >= branch for branch in WAL_SAFE_BRANCHES
    )


def write_engine(url: str, *, statement_timeout: bool = True) -> Engine:
    """The engine for transactions that change data.

    `statement_timeout=False` is for long work of the command line (imports, migrations) on PostgreSQL.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url, write=True)
    return _postgresql_engine(url, statement_timeout=statement_timeout)


def read_engine(url: str, *, beside: Engine) -> Engine:
    """The engine for transactions that only read; on PostgreSQL it shares the pool of `beside`."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url, write=False)
    return beside.execution_options(postgresql_readonly=True)


def _postgresql_engine(url: str, *, statement_timeout: bool) -> Engine:
    parsed = make_url(url)
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    arguments = {"options": POSTGRESQL_OPTIONS} if statement_timeout else {"options": "-c timezone=UTC"}
    return create_engine(parsed, pool_pre_ping=True, connect_args=arguments)


def _sqlite_engine(url: str, *, write: bool) -> Engine:
    module = sqlite_module()
    engine = create_engine(url, module=module, connect_args={"timeout": 5})
    _create_privately(make_url(url).database)
    pragmas = _pragmas(wal=wal_is_safe(tuple(module.sqlite_version_info)), write=write)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _pragmas(*, wal: bool, write: bool) -> tuple[str, ...]:
    return (
        "busy_timeout=5000",
        f"journal_mode={'WAL' if wal else 'DELETE'}",
        f"synchronous={SYNCHRONOUS}",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
        f"query_only={'OFF' if write else 'ON'}",
    )


def _create_privately(path: str | None) -> None:
    """The database file is made readable by its owner alone before anything is written to it."""
    if path and path != ":memory:" and not Path(path).exists():
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
