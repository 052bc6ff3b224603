"""What is read and cleaned waits in a temporary SQLite file until the whole feed is known to be readable.

So the memory of an import does not grow with the feed, and the database is locked only while it is written to.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import UUID

from app.core.text import clean
from app.directory.importing.bundles import Bundle, dumps, loads
from app.directory.importing.raw import Where

_SCHEMA = """
CREATE TABLE object (position INTEGER PRIMARY KEY, kind TEXT, id TEXT, file TEXT, row INTEGER, payload TEXT, written INTEGER DEFAULT 0, UNIQUE (kind, id));
CREATE TABLE problem (position INTEGER PRIMARY KEY, level TEXT, file TEXT, row INTEGER, object TEXT, source_id TEXT, reason TEXT);
CREATE TABLE known (kind TEXT, source_id TEXT, id TEXT, PRIMARY KEY (kind, source_id)) WITHOUT ROWID;
CREATE TABLE taken (kind TEXT, id TEXT, name TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE still_there (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE part (tbl TEXT, id TEXT, owner TEXT, PRIMARY KEY (tbl, id)) WITHOUT ROWID;
CREATE TABLE raw (position INTEGER PRIMARY KEY, tbl TEXT, id TEXT, owner TEXT, file TEXT, row INTEGER, payload TEXT, used INTEGER DEFAULT 0);
CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE tally (word TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID;
CREATE INDEX raw_id ON raw (tbl, id);
CREATE INDEX raw_owner ON raw (tbl, owner);
"""  # noqa: E501
REJECTED, MENDED, NOTE = "rejected", "mended", "note"
# Services that the directory has from another source.
THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of a table of a tabular feed."""

    position: int
    id: str
    where: Where
    value: dict[str, str]


class Staging:
    """The file. Use as a context manager: leaving it removes a temporary file, and leaves one whose `path` was given.

    A `path` at which there is one already goes on with it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="waymark-import-") if path is None else None
        self._path = path or Path(self._folder.name if self._folder else "") / "staging.sqlite3"
        is_new = not self._path.exists()
        self._db = sqlite3.connect(self._path, isolation_level=None)
        self._db.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-16000;")
        self.counts: Counter[str] = Counter()
        if is_new:
            self._path.chmod(0o600)
            self._db.executescript(f"PRAGMA journal_mode=OFF; {_SCHEMA}")
            self._db.execute("BEGIN")
        else:
            self.counts.update(json.loads(self.noted("counts")))

    def __enter__(self) -> Staging:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        if self._folder is not None:
            self._folder.cleanup()

    # Going on with it later

    def settle(self) -> None:
        """All is staged: from now on the file outlives the process, and what is written to it is written at once."""
        self.note("counts", json.dumps(self.counts))
        self._db.execute("COMMIT")
        with self._path.open("rb") as file:
            os.fsync(file.fileno())
        self._db.execute("PRAGMA journal_mode=DELETE")

    def note(self, name: str, value: str) -> None:
        """Remember something about this import."""
        self._db.execute("INSERT INTO note VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = ?2", (name, value))

    def noted(self, name: str) -> str:
        """What was remembered, or nothing."""
        row = self._db.execute("SELECT value FROM note WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def mark_written(self, kind: str, ids: Iterable[UUID]) -> None:
        """These objects are in the database: they are not told by `bundles` again."""
        self._db.executemany("UPDATE object SET written = 1 WHERE kind = ? AND id = ?", ((kind, str(i)) for i in ids))

    # What the database knows already

    def know(self, kind: str, ids: Iterable[tuple[str, UUID]]) -> None:
        """Objects of this source in the database: the source's id and ours."""
        self._db.executemany(
            "INSERT OR IGNORE INTO known VALUES (?, ?, ?)", ((kind, old, str(new)) for old, new in ids)
        )

    def take(self, kind: str, things: Iterable[tuple[UUID, str | None]]) -> None:
        """Ids and names of what belongs to another source, or to nobody's feed."""
        self._db.executemany(
            "INSERT OR IGNORE INTO taken VALUES (?, ?, ?)", ((kind, str(id_), name or "") for id_, name in things)
        )

    def known_id(self, kind: str, source_id: str) -> UUID | None:
        """Our id of what the source calls so."""
        return self._uuid("SELECT id FROM known WHERE kind = ? AND source_id = ?", kind, source_id)

    def taken_name(self, kind: str, id_: UUID) -> str | None:
        """The name of what another source has under this id; None where none has it."""
        row = self._db.execute("SELECT name FROM taken WHERE kind = ? AND id = ?", (kind, str(id_))).fetchone()
        return str(row[0]) if row else None

    def claim_part(self, table: str, id_: UUID, owner: UUID) -> bool:
        """Whether `owner` is the first in the feed to have a part with this id."""
        self._db.execute("INSERT OR IGNORE INTO part VALUES (?, ?, ?)", (table, str(id_), str(owner)))
        found = self._uuid("SELECT owner FROM part WHERE tbl = ? AND id = ?", table, str(id_))
        return found == owner

    # Cleaned objects

    def put(self, bundle: Bundle, where: Where) -> str:
        """Stage an object: "new", "same" (told again in the same words), "filled" or "other" (kept as first told)."""
        row = self._db.execute(
            "SELECT payload FROM object WHERE kind = ? AND id = ?", (bundle.kind, str(bundle.id))
        ).fetchone()
        payload = dumps(bundle)
        if row is None:
            self._db.execute(
                "INSERT INTO object (kind, id, file, row, payload) VALUES (?, ?, ?, ?, ?)",
                (bundle.kind, str(bundle.id), where.file, where.row, payload),
            )
            self.counts[bundle.kind] += 1
            return "new"
        if row[0] == payload:
            return "same"
        return self._merge(bundle, loads(row[0]))

    def _merge(self, bundle: Bundle, known: Bundle) -> str:
        if bundle.kind == "service":
            return "other"
        if known.stands_in and not bundle.stands_in:
            bundle, known = known, bundle
        elif not known.fill_from(bundle):
            return "same"
        self._db.execute(
            "UPDATE object SET payload = ? WHERE kind = ? AND id = ?", (dumps(known), known.kind, str(known.id))
        )
        return "filled"

    def bundles(self, kind: str) -> Iterator[Bundle]:
        """The staged objects of a kind that are still to be written, in the order they came."""
        statement = "SELECT payload FROM object WHERE kind = ? AND written = 0 ORDER BY position"
        for (payload,) in self._rows(statement, kind):
            yield loads(payload)

    def bundle(self, kind: str, id_: UUID) -> Bundle:
        """One of them, as it was staged."""
        statement = "SELECT payload FROM object WHERE kind = ? AND id = ?"
        return loads(self._db.execute(statement, (kind, str(id_))).fetchone()[0])

    def where(self, kind: str, id_: UUID) -> Where:
        """Where in the feed an object was told first."""
        statement = "SELECT file, row FROM object WHERE kind = ? AND id = ?"
        return Where(*self._db.execute(statement, (kind, str(id_))).fetchone())

    def has(self, kind: str, id_: UUID) -> bool:
        """Whether the object is in the feed."""
        return self._uuid("SELECT id FROM object WHERE kind = ? AND id = ?", kind, str(id_)) is not None

    def keep(self, service_id: UUID) -> None:
        """The feed names this service in a row that could not be read: it is not missing."""
        self._db.execute("INSERT OR IGNORE INTO still_there VALUES (?)", (str(service_id),))

    def in_feed(self, service_id: UUID) -> bool:
        """Whether the feed names this service at all."""
        found = self._uuid("SELECT id FROM still_there WHERE id = ?", str(service_id))
        return found is not None or self.has("service", service_id)

    # Rows of tabular feeds, waiting to be joined

    def put_raw(self, table: str, id_: str, owner: str, where: Where, value: dict[str, str]) -> None:
        """Stage a row of a table; `owner` is "table:id" of what it belongs to."""
        self._db.execute(
            "INSERT INTO raw (tbl, id, owner, file, row, payload) VALUES (?, ?, ?, ?, ?, ?)",
            (table, id_, owner, where.file, where.row, json.dumps(value)),
        )

    def raw_rows(self, table: str) -> Iterator[RawRow]:
        """The rows of a table, in the order they came."""
        yield from map(_raw_row, self._rows(f"{_RAW} WHERE tbl = ? ORDER BY position", table))

    def raw_exists(self, table: str) -> bool:
        """Whether the feed has any row of a table."""
        return self._db.execute("SELECT 1 FROM raw WHERE tbl = ? LIMIT 1", (table,)).fetchone() is not None

    def raw_of(self, table: str, owner: str) -> list[RawRow]:
        """The rows of a table that belong to `owner`, now joined. A blank id owns nothing."""
        if owner.endswith(":"):
            return []
        found = self._db.execute(f"{_RAW} WHERE tbl = ? AND owner = ? ORDER BY position", (table, owner))
        rows = [_raw_row(row) for row in found]
        self.use(rows)
        return rows

    def raw_with_id(self, table: str, id_: str) -> RawRow | None:
        """The row with this id, now joined."""
        row = self._db.execute(f"{_RAW} WHERE tbl = ? AND id = ? ORDER BY position", (table, id_)).fetchone()
        if row is None:
            return None
        self.use([_raw_row(row)])
        return _raw_row(row)

    def use(self, rows: Iterable[RawRow]) -> None:
        """These rows belong to something."""
        self._db.executemany(
            "UPDATE raw SET used = 1 WHERE position = ? AND used = 0", ((row.position,) for row in rows)
        )

    def unused(self) -> Iterator[tuple[str, RawRow, str]]:
        """Rows that nothing in the feed leads to: table, row, and the owner that it names."""
        statement = "SELECT position, id, file, row, payload, tbl, owner FROM raw WHERE used = 0 ORDER BY position"
        for row in self._rows(statement):
            yield row[5], _raw_row(row[:5]), row[6]

    def same_id(self, table: str) -> Iterator[RawRow]:
        """Rows whose id an earlier row of the table has."""
        statement = (
            f"{_RAW} WHERE tbl = ? AND id <> '' AND position NOT IN "
            "(SELECT MIN(position) FROM raw WHERE tbl = ? GROUP BY id) ORDER BY position"
        )
        yield from map(_raw_row, self._rows(statement, table, table))

    # Counting words that may be many

    def tally(self, word: str) -> int:
        """Count the word once more; how often it was counted by now."""
        self._db.execute("INSERT INTO tally VALUES (?, 1) ON CONFLICT (word) DO UPDATE SET count = count + 1", (word,))
        return self.tallied(word)

    def tallied(self, word: str) -> int:
        """How often the word was counted."""
        row = self._db.execute("SELECT count FROM tally WHERE word = ?", (word,)).fetchone()
        return int(row[0]) if row else 0

    # Problems

    def problem(self, level: str, where: Where, kind: str, source_id: str, reason: str) -> None:
        """Note something that the report has to say of a row."""
        self._db.execute(
            "INSERT INTO problem (level, file, row, object, source_id, reason) VALUES (?, ?, ?, ?, ?, ?)",
            (level, where.file, where.row, kind, clean(source_id)[:200], clean(reason)),
        )
        self.counts[level] += 1

    def problems(self) -> Iterator[dict[str, Any]]:
        """Every problem, in the order of files and rows."""
        names = ("level", "file", "row", "object", "id", "reason")
        statement = "SELECT level, file, row, object, source_id, reason FROM problem ORDER BY file, row, position"
        for row in self._rows(statement):
            yield dict(zip(names, row, strict=True))

    def _rows(self, statement: str, *values: str) -> Iterator[tuple[Any, ...]]:
        """Rows in batches, so that the table may be written to meanwhile."""
        cursor = self._db.cursor()
        cursor.execute(statement, values)
        while batch := cursor.fetchmany(500):
            yield from batch

    def _uuid(self, statement: str, *values: str) -> UUID | None:
        row = self._db.execute(statement, values).fetchone()
        return UUID(row[0]) if row else None


_RAW = "SELECT position, id, file, row, payload FROM raw"


def _raw_row(row: tuple[Any, ...]) -> RawRow:
    return RawRow(row[0], row[1], Where(row[2], row[3]), json.loads(row[4]))
