"""A Waymark with something in it, and an empty one beside it on the same kind of database."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app, load_models
from app.core import upkeep
from app.directory.models import Service
from app.library.engine import index_writer
from app.library.indexing import rebuild
from app.web.database import db
from tests import factories
from tests.conftest import settings_for

load_models()  # so that what the features register is there before a test keeps it aside


@pytest.fixture(autouse=True)
def _own_hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is forgotten after it."""
    monkeypatch.setattr(upkeep, "_after_restore", dict(upkeep._after_restore))


@pytest.fixture
def filled(app: Flask) -> Flask:
    """With one service, an index, and a file in a folder of its instance."""
    with app.app_context(), Session(db.engines[None]) as session:
        factories.whole_service(session)
        session.commit()
        with index_writer(app) as writer:
            rebuild(session, writer)
    keys = app.extensions["waymark_settings"].instance / "keys"
    keys.mkdir()
    (keys / "first.key").write_bytes(b"of great worth")
    return app


@pytest.fixture
def empty(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    with contextlib.ExitStack() as stack:
        folder = tmp_path / "other"
        if database_url.startswith("sqlite"):
            path = folder / "waymark.sqlite3"
            folder.mkdir()
            shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
            url = f"sqlite:///{path}"
        else:
            url = stack.enter_context(request.getfixturevalue("lent_postgresql").lend())
        other = create_app(settings_for(url, folder))
        yield other
        with other.app_context():
            for engine in db.engines.values():
                engine.dispose()


@pytest.fixture
def names():
    """The names of an application's services."""

    def read(app: Flask) -> list[str]:
        with app.app_context(), Session(db.engines["read"]) as session:
            return [service.name for service in session.query(Service).order_by(Service.name, Service.id)]

    return read
