"""How this process and what it stands on are doing: database, disk, search index."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, false, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core import clock
from app.directory.models import IndexChange, Source
from app.notifications.queries import outbox_numbers
from search_index import Index, IndexUnavailable, Snapshot

LEAST_FREE_SHARE = 0.05
# A probe that finds another writer at work has found a database that takes writes.
PROBE_WAITS_MS = 300


def database_takes_writes(engine: Engine) -> bool:
    """Try to write, without leaving anything behind; waits a moment at most for another writer."""
    try:
        with engine.connect() as connection:
            return _probe(connection)
    except DBAPIError:
        return False


def _probe(connection: Connection) -> bool:
    is_sqlite = connection.dialect.name == "sqlite"
    own = connection.connection.driver_connection
    if is_sqlite:
        waited = _pragma(own, "busy_timeout")
        _pragma(own, f"busy_timeout={PROBE_WAITS_MS}")
    try:
        connection.execute(update(Source).where(false()).values(name=Source.name))
        connection.rollback()
    except DBAPIError as error:
        return is_sqlite and "locked" in str(error.orig)
    finally:
        if is_sqlite:
            _pragma(own, f"busy_timeout={waited}")
    return True


def _pragma(connection: Any, pragma: str) -> int:
    row = connection.execute(f"PRAGMA {pragma}").fetchone()
    return int(row[0]) if row else 0


def disk_has_room(folder: Path) -> bool:
    """Whether the disk of `folder` takes a small file and has more than a twentieth free."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".probe-") as file:
            file.write(b"0" * 4096)
            file.flush()
        usage = shutil.disk_usage(folder)
    except OSError:
        return False
    return usage.free > usage.total * LEAST_FREE_SHARE


def index_numbers(index: Index, session: Session) -> dict[str, float]:
    """The search index as gauges: readable, how big, how far behind the database."""
    try:
        snapshot = index.snapshot()
    except IndexUnavailable:
        return {"waymark_index_up": 0.0}
    numbers = {
        "waymark_index_up": 1.0,
        "waymark_index_generation": float(snapshot.generation),
        "waymark_index_documents": float(snapshot.live.sum()),
        "waymark_index_memory_bytes": float(snapshot.memory),
    }
    try:
        return numbers | {"waymark_database_up": 1.0} | _lag(snapshot, session)
    except DBAPIError:
        return numbers | {"waymark_database_up": 0.0}


def _lag(snapshot: Snapshot, session: Session) -> dict[str, float]:
    behind = select(func.count(), func.min(IndexChange.created_at)).where(IndexChange.sequence > snapshot.sequence)
    changes, oldest = session.execute(behind).one()
    seconds = max((clock.now() - oldest).total_seconds(), 0.0) if oldest else 0.0
    return {"waymark_index_lag_changes": float(changes), "waymark_index_lag_seconds": seconds}


def outbox_gauges(session: Session) -> dict[str, float]:
    """The outbox as gauges; nothing while the database is away."""
    try:
        numbers = outbox_numbers(session)
    except DBAPIError:
        return {}
    return {
        "waymark_outbox_due": float(numbers.due),
        "waymark_outbox_lag_seconds": numbers.lag_seconds,
        "waymark_outbox_leased": float(numbers.leased),
        "waymark_outbox_held": float(numbers.held),
        "waymark_outbox_failed": float(numbers.failed),
        "waymark_outbox_bounced": float(numbers.bounced),
    }
