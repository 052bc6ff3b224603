"""Backup of a running system, and restore into an empty one: the database and the files of the instance together."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, make_url, text
from sqlalchemy.orm import Session

from app.core import clock, upkeep
from app.core.engines import long_read_engine, write_engine
from app.core.errors import Refused
from app.migrations import commands as migrations
from app.settings import Settings
from app.upkeep import postgresql_copy, sqlite_copy
from app.upkeep.archive import ArchiveReader, ArchiveWriter, Manifest, reading, writing

SQLITE_MEMBER = "database/waymark.sqlite3"
FILES = "files"
BESIDE_SQLITE = ("", "-wal", "-shm", "-journal")


def backup(settings: Settings, path: Path) -> Path:
    """Write everything that cannot be made again to one file; into a folder under a name that tells the time."""
    if path.is_dir():
        path /= f"waymark-{clock.now():%Y%m%d-%H%M%S}.zip"
    with _engine(settings) as engine:
        kind = engine.dialect.name
        with _reader(settings) as reader, reader.connect() as connection:
            revision = migrations.revision_of(connection)
        if revision is None:
            raise Refused("There is nothing to back up: the database has no tables. Run `waymark db upgrade` first.")
        manifest = Manifest(made_at=clock.now().isoformat(), database=kind, revision=revision)
        with writing(path, manifest) as archive:
            if kind == "sqlite":
                _dump_sqlite(settings, archive, beside=path.parent)
            else:
                _dump_postgresql(engine, archive)
            # Files after rows: a file that a row names was there before the row.
            for name, file in _files(settings, but=path):
                archive.add(f"{FILES}/{name}", file)
    return path


def restore(settings: Settings, path: Path, *, force: bool) -> list[str]:
    """Make this instance what the backup says; gives sentences on what was done besides. All or nothing."""
    with reading(path) as archive, _engine(settings) as engine:
        _refuse_foreign(archive.manifest, engine)
        if not force and _holds_rows(settings):
            raise Refused("This Waymark already holds data. Restore into an empty one, or overwrite it with --force.")
        told = _load_sqlite(settings, archive) if engine.dialect.name == "sqlite" else _load(engine, archive)
        for name, member in archive.under(FILES).items():
            archive.extract(member, settings.instance / name)
    return told


def _dump_sqlite(settings: Settings, archive: ArchiveWriter, *, beside: Path) -> None:
    with _scratch(beside) as folder:
        replica = folder / "waymark.sqlite3"
        sqlite_copy.copy(_sqlite_path(settings), replica)
        sqlite_copy.settle(replica)
        archive.add(SQLITE_MEMBER, replica)
        with _file_engine(replica) as engine, engine.connect() as connection:
            archive.manifest.revision = migrations.revision_of(connection) or ""


def _dump_postgresql(engine: Engine, archive: ArchiveWriter) -> None:
    with postgresql_copy.at_one_moment(engine) as connection:
        archive.manifest.revision = migrations.revision_of(connection) or ""
        postgresql_copy.dump(connection, archive)


def _load_sqlite(settings: Settings, archive: ArchiveReader) -> list[str]:
    """Everything is made ready in a file of its own; the database in use is then replaced in one transaction."""
    with _scratch(settings.instance) as folder:
        replica = folder / "waymark.sqlite3"
        archive.extract(SQLITE_MEMBER, replica)
        sqlite_copy.refuse_damaged(replica)
        with _file_engine(replica) as engine, migrations.migrating(engine) as connection:
            told = _made_fit(connection)
        sqlite_copy.settle(replica)
        sqlite_copy.copy(replica, _sqlite_path(settings))
    return told


def _load(engine: Engine, archive: ArchiveReader) -> list[str]:
    with engine.begin() as connection:
        postgresql_copy.wipe(connection)
        migrations.upgrade_over(connection, archive.manifest.revision)
        postgresql_copy.load(connection, archive)
        return _made_fit(connection)


def _made_fit(connection: Connection) -> list[str]:
    migrations.upgrade_over(connection)
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        told = upkeep.make_fit(session)
        session.commit()
    return told


def _refuse_foreign(manifest: Manifest, engine: Engine) -> None:
    if manifest.database != engine.dialect.name:
        raise Refused(
            f"This is a backup of {manifest.database}, and WAYMARK_DATABASE_URL names {engine.dialect.name}. "
            "Restore it to the kind of database it was made from."
        )
    if not migrations.knows(manifest.revision):
        raise Refused("This backup was made by a newer Waymark. Restore it with that one.")


def _holds_rows(settings: Settings) -> bool:
    with _reader(settings) as reader, reader.connect() as connection:
        tables = {*inspect(connection).get_table_names()} - postgresql_copy.NOT_ROWS
        quote = connection.dialect.identifier_preparer.quote
        return any(connection.scalar(text(f"SELECT EXISTS (SELECT 1 FROM {quote(table)})")) for table in sorted(tables))


def _files(settings: Settings, *, but: Path) -> Iterator[tuple[str, Path]]:
    """What else lies in the instance folder, by name; no database, no index, no half-written file."""
    database = _sqlite_path(settings) if settings.database_url.startswith("sqlite") else None
    left_out = {database.with_name(database.name + end) for end in BESIDE_SQLITE} if database else set()
    left_out.add(but.resolve())
    for path in sorted(settings.instance.rglob("*")):
        is_ours = path.is_file() and not path.is_symlink() and not path.name.startswith(".")
        if is_ours and path not in left_out and not path.is_relative_to(settings.index_dir):
            yield path.relative_to(settings.instance).as_posix(), path


def _sqlite_path(settings: Settings) -> Path:
    return Path(make_url(settings.database_url).database or "").resolve()


@contextmanager
def _engine(settings: Settings) -> Iterator[Engine]:
    engine = write_engine(settings.database_url, statement_timeout=False)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def checking(settings: Settings) -> Iterator[Session]:
    """A session that only reads, without the limits that guard requests: a check may think long about a whole table."""
    with _reader(settings) as reader, Session(reader) as session:
        yield session


@contextmanager
def _reader(settings: Settings) -> Iterator[Engine]:
    """An engine that only reads, and waits for no writer."""
    reader = long_read_engine(settings.database_url)
    try:
        yield reader
    finally:
        reader.dispose()


@contextmanager
def _file_engine(path: Path) -> Iterator[Engine]:
    """An engine on a SQLite file of our own."""
    engine = write_engine(f"sqlite:///{path}")
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
    """A folder on the same disk, for this moment and for us alone."""
    beside.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".waymark-", dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
