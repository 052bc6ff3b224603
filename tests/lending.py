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

# What any change of a table, a rule or a function leaves behind: rows that are gone or newer.
SHAPE = cast(
    "LiteralString",
    " UNION ALL ".join(
        f"SELECT '{catalogue}', count(*), max(xmin::text::bigint) FROM {catalogue}"
        for catalogue in ("pg_class", "pg_attribute", "pg_constraint", "pg_trigger", "pg_proc")
    ),
)
NAMES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = %s ORDER BY 1"
KEPT = "alembic_version"
REVISION = "SELECT version_num FROM alembic_version"


class LentDatabases:
    """Copies of a migrated, empty database."""

    def __init__(self, server: PostgreSQL, template: str) -> None:
        self._server, self._template = server, template
        self._free: list[str] = []
        with server.connected(template) as own:
            self._shape = _shape(own)

    @contextmanager
    def lend(self) -> Iterator[str]:
        """The address of an empty database, for as long as the block runs."""
        name = self._free.pop() if self._free else self._server.create(template=self._template)
        yield self._server.url(name)
        with self._server.connected(name) as own:
            if is_whole := self._is_whole(own):
                _empty(own)
        if is_whole:
            self._free.append(name)
        else:
            self._server.drop(name)

    def _is_whole(self, own: psycopg.Connection) -> bool:
        """Whether its tables are as they were. Whoever still speaks to it is sent away first."""
        own.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return _shape(own) == self._shape


def _shape(own: psycopg.Connection) -> list[tuple[object, ...]]:
    return [*own.execute(SHAPE), *own.execute(REVISION)]


def _empty(own: psycopg.Connection) -> None:
    # No trigger that refuses a change and no foreign key is asked.
    own.execute("SET session_replication_role = replica")
    for table in _filled(own, [name for name in _names(own, "r") if name != KEPT]):
        own.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    for sequence in _names(own, "S"):
        own.execute("SELECT setval(%s::regclass, 1, false)", [sequence])


def _names(own: psycopg.Connection, kind: str) -> list[str]:
    return [name for (name,) in own.execute(NAMES, [kind])]


def _filled(own: psycopg.Connection, tables: list[str]) -> list[str]:
    one = sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})")
    asked = sql.SQL(" UNION ALL ").join(one.format(sql.Literal(name), sql.Identifier(name)) for name in tables)
    return [name for (name,) in own.execute(asked)]
