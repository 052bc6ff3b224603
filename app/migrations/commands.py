"""Running migrations without a configuration file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from app.core.engines import write_engine
from app.core.errors import Refused
from app.core.orm import Base

HERE = Path(__file__).resolve().parent


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision`, in one transaction."""
    engine = write_engine(url, statement_timeout=False)
    try:
        with migrating(engine) as connection:
            upgrade_over(connection, revision)
    finally:
        engine.dispose()


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction in which tables may be made anew.

    SQLite cannot change a table: Alembic copies it, and dropping the old one would delete all rows that refer to it.
    So references are not enforced meanwhile, and proved before the end.
    """
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        with connection.begin():
            yield connection
            if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                raise Refused(f"Rows of the table {broken[0]} would refer to nothing; nothing was changed.")


def upgrade_over(connection: Connection, revision: str = "head") -> None:
    """Bring the database of `connection` to `revision`, in its transaction."""
    command.upgrade(_config(connection), revision)


def revision_of(connection: Connection) -> str | None:
    """The revision that the database is at; None where it has no tables of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """The revision that the models are at."""
    heads = ScriptDirectory(str(HERE)).get_heads()
    return ", ".join(heads)


def knows(revision: str) -> bool:
    """Whether the revision is one of ours."""
    return any(script.revision == revision for script in ScriptDirectory(str(HERE)).walk_revisions())


def new_revision(url: str, message: str) -> None:
    """Write a migration from the difference between the models and the database at `url`."""
    engine = write_engine(url, statement_timeout=False)
    with engine.begin() as connection:
        number = int(newest_revision()) + 1
        command.revision(_config(connection), message, autogenerate=True, rev_id=f"{number:04}")
    engine.dispose()


def differences(engine: Engine) -> list[object]:
    """What the models have that the migrated database has not, or the other way round."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
