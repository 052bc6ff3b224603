"""Running migrations without a configuration file."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine

from app.core.engines import write_engine
from app.core.orm import Base

HERE = Path(__file__).resolve().parent


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision`, in one transaction."""
    engine = write_engine(url, statement_timeout=False)
    try:
        with engine.begin() as connection:
            command.upgrade(_config(connection), revision)
    finally:
        engine.dispose()


def new_revision(url: str, message: str) -> None:
    """Write a migration from the difference between the models and the database at `url`."""
    engine = write_engine(url, statement_timeout=False)
    with engine.begin() as connection:
        number = f"{len(list((HERE / 'versions').glob('[0-9]*.py'))) + 1:04}"
        command.revision(_config(connection), message, autogenerate=True, rev_id=number)
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
