"""SQLite in and out of a backup, by its own backup interface: the one safe way to copy a database in use."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from app.core.engines import sqlite_module
from app.core.errors import InvalidInput

BUSY_SECONDS = 30


def copy(source: Path, target: Path) -> None:
    """Make `target` what `source` is at one moment. Either may be in use; `target` is changed wholly or not at all."""
    with contextlib.closing(_open(source)) as original, contextlib.closing(_open(target)) as replica:
        original.backup(replica)


def settle(path: Path) -> None:
    """Take the write-ahead log into the file, so that the file alone is the database."""
    with contextlib.closing(_open(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()


def refuse_damaged(path: Path) -> None:
    """InvalidInput where the file is no sound SQLite database."""
    module = sqlite_module()
    try:
        with contextlib.closing(_open(path)) as connection:
            (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except module.DatabaseError as error:
        raise InvalidInput("The database in the backup cannot be read.") from error
    if told != "ok":
        raise InvalidInput("The database in the backup is damaged.")


def _open(path: Path) -> Any:
    return sqlite_module().connect(str(path), timeout=BUSY_SECONDS)
