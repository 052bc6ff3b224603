"""One migrated PostgreSQL database lent to test after test, emptied in between: a new one costs ten times as much.

A test that changes the tables themselves spoils its database; the next one gets a new copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString, cast

import psycopg
from psycopg import sql

from tests.databases import PostgreSQL

# What any change of a table, a rule or a function leaves behind: rows that are gone, or newer than a transaction.
SHAPE = cast(
    "LiteralString",
    " UNION ALL ".join(
        f"SELECT count(*), count(*) FILTER (WHERE age(xmin) < age(%(made)s::xid)) FROM {catalogue}"
        for catalogue in ("pg_class", "pg_attribute", "pg_constraint", "pg_trigger", "pg_proc")
    ),
)
NAMES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = %s ORDER BY 1"
KEPT = "alembic_version"
REVISION = "SELECT version_num FROM alembic_version"


class LentDatabases:
    """Copies of a migrated, empty database. Close it when no test comes any more."""

    def __init__(self, server: PostgreSQL, template: str) -> None:
        self._server, self._template = server, template
        self._free: list[_Lent] = []
        with server.connected(template) as own:
            (self._made,) = own.execute("SELECT pg_current_xact_id()::text").fetchone() or ()
            self._shape = self._shape_of(own)

    @contextmanager
    def lend(self) -> Iterator[str]:
        """The address of an empty database, for as long as the block runs."""
        lent = self._free.pop() if self._free else self._new()
        yield self._server.url(lent.name)
        if self._is_whole(lent.own):
            lent.empty()
            self._free.append(lent)
        else:
            lent.own.close()
            self._server.drop(lent.name)

    def close(self) -> None:
        """Let go of all."""
        for lent in self._free:
            lent.own.close()

    def _new(self) -> _Lent:
        name = self._server.create(template=self._template)
        return _Lent(name, self._server.connected(name))

    def _is_whole(self, own: psycopg.Connection) -> bool:
        """Whether its tables are as they were. Whoever still speaks to it is sent away first."""
        own.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return self._shape_of(own) == self._shape

    def _shape_of(self, own: psycopg.Connection) -> list[tuple[object, ...]]:
        return [*own.execute(SHAPE, {"made": self._made}, prepare=True), *own.execute(REVISION)]


class _Lent:
    """A database and our own connection to it, which knows all tables: a new one needs longer than the emptying."""

    def __init__(self, name: str, own: psycopg.Connection) -> None:
        self.name, self.own = name, own
        # No trigger that refuses a change and no foreign key is asked.
        own.execute("SET session_replication_role = replica")
        one = sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})")
        tables = [table for table in _names(own, "r") if table != KEPT]
        self._filled = sql.SQL(" UNION ALL ").join(
            one.format(sql.Literal(each), sql.Identifier(each)) for each in tables
        )
        self._sequences = _names(own, "S")

    def empty(self) -> None:
        """Take out all rows, and count from one again."""
        for (table,) in self.own.execute(self._filled, prepare=True).fetchall():
            self.own.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for sequence in self._sequences:
            self.own.execute("SELECT setval(%s::regclass, 1, false)", [sequence])


def _names(own: psycopg.Connection, kind: str) -> list[str]:
    return [name for (name,) in own.execute(NAMES, [kind])]
