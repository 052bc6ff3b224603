"""The demo town, seeded and indexed: what tests of pages, of relevance and of rubbish run on."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from app.library.engine import engine_of, index_writer
from app.library.indexing import rebuild
from app.migrations.commands import upgrade
from app.settings import Settings
from app.upkeep import sqlite_copy
from app.web.database import db
from seed.demo import (
    advice,
    collections,
    curation,
    open_sessions,
    outcomes,
    people,
    programme,
    referrals,
    signposts,
    staff,
    town,
)
from seed.reference import helplines, sectors, taxonomies
from tests.compiled_once import share

DATABASE = "waymark.sqlite3"
PLACE = "WAYMARK_TEST_TOWN"


def demo_town(folder: Path, base_url: str = "http://localhost") -> Flask:
    """An application over a SQLite database in `folder` with reference and demo data, its index built and warm."""
    shutil.copytree(_seeded(), folder, dirs_exist_ok=True)
    app = _application(folder, base_url)
    engine_of(app).warm()
    return app


@cache
def _seeded() -> Path:
    """A folder with database and index, made once by whichever of the test processes needs it first."""
    if PLACE not in os.environ:
        atexit.register(keep_one_place())
    place = Path(os.environ[PLACE])
    folder = place / "town"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _make(place / "unfinished")
            (place / "unfinished").rename(folder)
    return folder


def keep_one_place() -> Callable[[], None]:
    """Where all processes of this run find the town; call what is returned when they are done."""
    if PLACE in os.environ:
        return lambda: None
    os.environ[PLACE] = tempfile.mkdtemp(prefix="waymark-town-")
    return lambda: shutil.rmtree(os.environ.pop(PLACE), ignore_errors=True)


def _make(folder: Path) -> None:
    folder.mkdir()
    upgrade(f"sqlite:///{folder / DATABASE}")
    app = _application(folder, "http://localhost")
    with app.app_context():
        with Session(db.engines[None]) as session:
            _seed(session)
            with index_writer(app) as writer:
                rebuild(session, writer)
        for engine in db.engines.values():
            engine.dispose()
    sqlite_copy.settle(folder / DATABASE)


def _seed(session: Session) -> None:
    for data in (taxonomies, helplines, sectors, town, staff, collections, people, programme, signposts):
        data.load(session)
    referrals.load(session, people.load(session))
    advice.load(session, people.load(session))
    open_sessions.load(session)
    outcomes.load(session, people.load(session))
    curation.load(session)
    session.commit()


def _application(folder: Path, base_url: str) -> Flask:
    app = create_app(
        Settings(
            instance=folder,
            database_url=f"sqlite:///{folder / DATABASE}",
            index_dir=folder / "index",
            base_url=base_url,
            secret_key="only for tests",
            trusted_hosts=("localhost", "127.0.0.1"),
            testing=True,
        )
    )
    share(app)
    return app
