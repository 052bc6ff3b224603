"""Database engines: how Waymark talks to SQLite and to PostgreSQL.

On SQLite a transaction that reads and then writes would fail on a busy database or lose an update, so writers begin
IMMEDIATE on an engine of their own and readers use one that cannot write. On PostgreSQL what only reads has an engine
of its own too, on which each statement stands alone.
"""

from __future__ import annotations

import importlib
import os
import select
import sqlite3
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

# Compiling a statement costs more than it saves here: 917 ms with jit, 225 ms without, for one page of figures.
POSTGRESQL_OPTIONS = "-c timezone=UTC -c jit=off"
TIME_LIMITS = " -c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=10000"
ONLY_READS = " -c default_transaction_read_only=on"
# An acknowledged change outlives a cut of the power; it costs some milliseconds a commit.
SYNCHRONOUS = "FULL"
# How often, in seconds, a writer asks whether the one before it is done.
ASKS_EVERY = 0.002
# How many seconds a connection may lie idle before the network between may have dropped it without a word.
BELIEVED_FOR = 30.0
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
    return _postgresql_engine(url, TIME_LIMITS if statement_timeout else "")


def read_engine(url: str) -> Engine:
    """The engine for requests that only read.

    On PostgreSQL there are no transactions on it. Each statement sees what is committed when it begins, as it would
    within one, and the driver keeps what it has prepared: the rollback that ends a reading transaction throws it away.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url, write=False)
    return _postgresql_engine(url, TIME_LIMITS + ONLY_READS).execution_options(isolation_level="AUTOCOMMIT")


def long_read_engine(url: str) -> Engine:
    """The engine for long work that only reads: no time limits, and all it sees is of the moment when it began."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url, write=False)
    return _postgresql_engine(url, ONLY_READS).execution_options(isolation_level="REPEATABLE READ")


def _postgresql_engine(url: str, options: str) -> Engine:
    parsed = make_url(url)
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(parsed, connect_args={"options": POSTGRESQL_OPTIONS + options})
    _look_before_lending(engine)
    return engine


def _look_before_lending(engine: Engine) -> None:
    """A connection that the server has left is not lent again. It is asked only where it may have left.

    Who ends a connection says so on its socket. Asking each time was one question of the database in six.
    """

    @event.listens_for(engine, "checkin")
    def taken_back(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def lent(connection: Any, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        idle_since = record.info.get("idle_since")
        if idle_since is None or (time.monotonic() - idle_since < BELIEVED_FOR and _is_silent(connection)):
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def _is_silent(connection: Any) -> bool:
    """Whether nothing waits to be read from an idle connection, not even its end."""
    asked = select.poll()
    asked.register(connection.fileno(), select.POLLIN)
    return not asked.poll(0)


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

    turnstile = threading.Lock()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if write:
            _begin_writing(connection, turnstile)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_writing(connection: Connection, turnstile: threading.Lock) -> None:
    """Wait for the one writer before us, for as long as the connection waits for anything.

    SQLite's own waiting sleeps up to 100 ms at a time, and longer the longer somebody has waited, so whoever came last
    is served first. Here one thread of each process asks every few ms and the others wait behind it.
    """
    own: Any = connection.connection.driver_connection
    waits_ms = int(own.execute("PRAGMA busy_timeout").fetchone()[0])
    until = time.monotonic() + waits_ms / 1000
    own.execute("PRAGMA busy_timeout=0")
    is_first = turnstile.acquire(timeout=waits_ms / 1000)
    try:
        while is_first and _is_refused(own) and time.monotonic() < until:
            # SQLite wakes nobody when the lock is free: whoever waits has to ask.
            time.sleep(ASKS_EVERY)
        if not own.in_transaction:
            # Once more, so that what is wrong is told as with any other statement.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        if is_first:
            turnstile.release()
        own.execute(f"PRAGMA busy_timeout={waits_ms}")


def _is_refused(own: Any) -> bool:
    """Begin, if nobody else writes."""
    try:
        own.execute("BEGIN IMMEDIATE")
    except sqlite_module().OperationalError as error:
        return "locked" in str(error)
    return False


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
