"""PostgreSQL in and out of a backup: the rows of each table by COPY, all as they are at one moment.

The tables themselves are not written down: our migrations make them again. See docs/decisions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Engine, inspect, text

from app.core.errors import InvalidInput
from app.upkeep.archive import ArchiveReader, ArchiveWriter

FOLDER = "database"
NOT_ROWS = frozenset({"alembic_version"})

_FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY oid
"""
_OWN_FUNCTIONS = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1
"""
_COUNTED = """
    SELECT c.relname, a.attname, pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.oid = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
      AND pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) IS NOT NULL ORDER BY 1, 2
"""


def tables_of(connection: Connection) -> dict[str, list[str]]:
    """The columns of every table that holds rows of ours, but for what the database works out itself."""
    found = inspect(connection)
    names = sorted({*found.get_table_names()} - NOT_ROWS)
    return {
        name: [column["name"] for column in found.get_columns(name) if not column.get("computed")] for name in names
    }


@contextmanager
def at_one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is now, however long the reading takes, and hinders nobody."""
    with engine.connect() as plain:
        yield plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def dump(connection: Connection, archive: ArchiveWriter) -> None:
    """Write the rows of every table."""
    tables = archive.manifest.tables = tables_of(connection)
    for table, columns in tables.items():
        statement = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), _listed(columns))
        with (
            archive.member(_member(table)) as member,
            _driver(connection).cursor() as cursor,
            cursor.copy(statement) as rows,
        ):
            for data in rows:
                member.write(data)
    archive.manifest.counters = {
        f"{table}.{column}": _next_number(connection, sequence)
        for table, column, sequence in connection.execute(text(_COUNTED)).all()
    }


def load(connection: Connection, archive: ArchiveReader) -> None:
    """Fill the tables, which are there, in place of what the migrations put into them."""
    tables = archive.manifest.tables
    there = tables_of(connection)
    if unknown := sorted(name for name, columns in tables.items() if not {*columns} <= {*there.get(name, ())}):
        raise InvalidInput(f"The backup has a table that this Waymark does not know: {unknown[0]}.")
    with _nothing_enforced(connection, there):
        if there:
            _run(connection, sql.SQL("TRUNCATE {} CASCADE").format(_listed(there)))
        for table, columns in tables.items():
            _fill(connection, archive, table, columns)
    _count_on(connection, archive.manifest.counters)


def wipe(connection: Connection) -> None:
    """Take away every table and function of the schema that no extension brought."""
    for table in inspect(connection).get_table_names():
        _run(connection, sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(table)))
    for (function,) in connection.execute(text(_OWN_FUNCTIONS)).all():
        connection.exec_driver_sql(f"DROP ROUTINE IF EXISTS {function} CASCADE")


def _fill(connection: Connection, archive: ArchiveReader, table: str, columns: Sequence[str]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _listed(columns))
    with _driver(connection).cursor() as cursor, cursor.copy(statement) as rows:
        for chunk in archive.chunks(_member(table)):
            rows.write(chunk)


@contextmanager
def _nothing_enforced(connection: Connection, tables: Mapping[str, object]) -> Iterator[None]:
    """References and triggers stand back while rows come in any order; the references are proved again at the end."""
    keys = connection.execute(text(_FOREIGN_KEYS)).all()
    for table, name, _definition in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    _triggers(connection, tables, "DISABLE")
    yield
    for table, name, definition in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    _triggers(connection, tables, "ENABLE")


def _triggers(connection: Connection, tables: Mapping[str, object], verb: str) -> None:
    for table in tables:
        _run(connection, sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(table), sql.SQL(verb)))


def _next_number(connection: Connection, sequence: str) -> int:
    """What the sequence, whose name is quoted already, gives out next."""
    number: int = connection.exec_driver_sql(
        f"SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END FROM {sequence}"
    ).scalar_one()
    return number


def _count_on(connection: Connection, counters: Mapping[str, int]) -> None:
    """Numbers that the database gives out go on after the last that was given."""
    for table, column, sequence in connection.execute(text(_COUNTED)).all():
        _run(
            connection,
            sql.SQL("SELECT setval({}, {}, false)").format(
                sql.Literal(sequence), sql.Literal(counters.get(f"{table}.{column}", 1))
            ),
        )


def _run(connection: Connection, statement: sql.Composed) -> None:
    _driver(connection).execute(statement)


def _driver(connection: Connection) -> Any:
    connection.execute(text("SELECT 1"))  # so that SQLAlchemy has begun its transaction
    return connection.connection.driver_connection


def _listed(names: Sequence[str] | Mapping[str, object]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _member(table: str) -> str:
    return f"{FOLDER}/{table}.copy"
