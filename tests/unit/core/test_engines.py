from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import OperationalError

from app.core import engines
from app.core.engines import read_engine, wal_is_safe, write_engine
from tests.conftest import AS_SHIPPED
from tests.databases import PostgreSQL


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_knows_the_releases_without_the_wal_reset_bug(version: tuple[int, ...], safe: bool) -> None:
    assert wal_is_safe(version) is safe


def test_the_reading_engine_cannot_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "SYNCHRONOUS", AS_SHIPPED)
    url = f"sqlite:///{tmp_path / 'private' / 'one.sqlite3'}"
    writing = write_engine(url)
    with writing.begin() as connection:
        connection.execute(text("CREATE TABLE thing (name TEXT)"))
    reading = read_engine(url)
    with reading.begin() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.execute(text("INSERT INTO thing VALUES ('x')"))
    with writing.begin() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        assert connection.scalar(text("PRAGMA synchronous")) == 2
    writing.dispose()
    reading.dispose()
    assert (tmp_path / "private" / "one.sqlite3").stat().st_mode & 0o077 == 0


def test_a_writer_waits_for_another(tmp_path: Path) -> None:
    """Two writers that read first must not both go on from what they read: the second begins after the first ends."""
    url = f"sqlite:///{tmp_path / 'one.sqlite3'}"
    engine = write_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE thing (name TEXT)"))
    with engine.begin() as first:
        first.execute(text("SELECT * FROM thing"))
        second = engine.connect()
        second.connection.driver_connection.execute("PRAGMA busy_timeout=50")
        with pytest.raises(OperationalError, match="locked"):
            second.execute(text("SELECT * FROM thing"))
        second.close()
    engine.dispose()


def test_all_who_wait_get_their_turn_and_wait_as_long_as_before_afterwards(tmp_path: Path) -> None:
    engine = write_engine(f"sqlite:///{tmp_path / 'one.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE thing (number INTEGER)"))
        connection.execute(text("INSERT INTO thing VALUES (0)"))

    def add_one(_turn: int) -> int:
        with engine.begin() as connection:
            number = connection.scalar(text("SELECT number FROM thing"))
            connection.execute(text("UPDATE thing SET number = :number"), {"number": number + 1})
            waits: int = connection.scalar(text("PRAGMA busy_timeout"))
            return waits

    with ThreadPoolExecutor(6) as crowd:
        assert set(crowd.map(add_one, range(60))) == {5000}
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT number FROM thing")) == 60
    engine.dispose()


def test_a_connection_that_postgresql_has_ended_is_not_lent_again(
    postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    ping = PGDialect_psycopg.do_ping
    monkeypatch.setattr(PGDialect_psycopg, "do_ping", lambda *given: asked.append(1) or ping(*given))
    monkeypatch.setattr(engines, "BELIEVED_FOR", 3_600)
    name = postgresql.create()
    engine = write_engine(postgresql.url(name))

    def number() -> int:
        with engine.begin() as connection:
            found: int = connection.scalar(text("SELECT pg_backend_pid()"))
            return found

    first = number()
    assert number() == first
    assert not asked
    with postgresql.connected(name) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (first,))
    assert number() != first
    assert asked == [1]
    monkeypatch.setattr(engines, "BELIEVED_FOR", 0)
    number()
    assert asked == [1, 1]
    engine.dispose()
    postgresql.drop(name)
