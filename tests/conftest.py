"""What all tests share: an application over a database of its own, migrated once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app
from app.accounts import passwords
from app.core import engines
from app.migrations.commands import upgrade
from app.settings import Settings
from app.web.database import db
from tests import chance, garbage, town
from tests.compiled_once import keep_routes, keep_statements, share
from tests.databases import PostgreSQL, postgresql_server
from tests.lending import LentDatabases

keep_routes()
keep_statements()
# No test cuts the power, and waiting for the disk took a third of their time.
AS_SHIPPED, engines.SYNCHRONOUS = engines.SYNCHRONOUS, "OFF"
# Nobody guesses the passwords of tests, and to check them as shipped took a tenth of the time of those of accounts.
HASHER_AS_SHIPPED, passwords._hasher = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
passwords._NOBODYS = passwords._hasher.hash("nobody has this password")


def pytest_configure(config: pytest.Config) -> None:
    """The town is made once for all processes: the first of them starts the others."""
    config.add_cleanup(town.keep_one_place())
    config.pluginmanager.register(garbage)
    config.pluginmanager.register(chance)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "waymark.sqlite3"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def lent_postgresql(postgresql: PostgreSQL) -> Iterator[LentDatabases]:
    name = postgresql.create()
    upgrade(postgresql.url(name))
    with closing(LentDatabases(postgresql, template=name)) as lent:
        yield lent


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated database; every test that uses it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "waymark.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        # Some thousand copies would be written to the disk in the end.
        for left in (path, *tmp_path.glob(f"{path.name}-*")):
            left.unlink(missing_ok=True)
        return
    lent: LentDatabases = request.getfixturevalue("lent_postgresql")
    with lent.lend() as url:
        yield url


def settings_for(database_url: str, folder: Path, **changes: object) -> Settings:
    values: dict[str, object] = {
        "instance": folder,
        "database_url": database_url,
        "index_dir": folder / "index",
        "base_url": "http://localhost",
        "secret_key": "only for tests",
        "trusted_hosts": ("localhost", "127.0.0.1"),
        "testing": True,
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    application = create_app(settings_for(database_url, tmp_path))
    share(application)
    yield application
    with application.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A writing session on the application's database."""
    with app.app_context(), Session(db.engines[None]) as open_session:
        yield open_session
