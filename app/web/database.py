"""The database as Flask sees it: a writing engine and a reading one, and which of them a request uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, make_url

from app.core.engines import read_engine, write_engine
from app.core.orm import Base

READ = "read"
# Under this a session holds, while a view runs, what a request that only reads need not ask twice.
ASKED_ONCE = "asked_once"


class RequestSession(Session):
    """A session that goes to the reading engine unless the request was declared to write."""

    def get_bind(
        self,
        mapper: Any = None,  # noqa: ARG002 - all tables are in one database, so it does not matter which one it is about
        clause: Any = None,  # noqa: ARG002
        bind: Any = None,
        **_more: Any,
    ) -> Engine | Connection:
        """The engine for a statement."""
        return bind or self._engines[READ if self.info.get("reads_only") else None]

    @cached_property
    def _engines(self) -> Mapping[str | None, Engine]:
        # Asked for each statement. A session is of one application.
        return self._db.engines


class Database(SQLAlchemy):
    """Flask-SQLAlchemy with Waymark's engines."""

    def _make_engine(
        self,
        bind_key: str | None,
        options: dict[str, Any],
        app: Flask,  # noqa: ARG002 - Flask-SQLAlchemy gives it
    ) -> Engine:
        url = make_url(options["url"]).render_as_string(hide_password=False)
        return write_engine(url) if bind_key is None else read_engine(url)


db = Database(model_class=Base, disable_autonaming=True, session_options={"class_": RequestSession})


@contextmanager
def nothing_held() -> Iterator[None]:
    """For slow work in a request that will write: a costly hash, a question over the network.

    What was read or written before is let go, so it comes first; what is read inside goes to the reading engine.
    """
    session = db.session()
    session.rollback()
    before = session.info.get("reads_only", False)
    session.info["reads_only"] = True
    try:
        yield
    finally:
        session.rollback()
        session.info["reads_only"] = before


def write_from_here() -> None:
    """In a view whose route `looks_first`: what it read is let go, and from here on it may write.

    SQLite has one writer at a time and PostgreSQL locks rows, so nothing that can be done before is done after. Rows
    that were read before may have changed: whoever writes them locks and reads them anew.
    """
    session = db.session()
    session.rollback()
    session.info["reads_only"] = False


def keep_what_was_written() -> None:
    """Though the page will say no: what was written until here stays, and from here on nothing is."""
    session = db.session()
    session.commit()
    session.info["reads_only"] = True


def configure(app: Flask, url: str) -> None:
    """Point the application at `url` and make its engines."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_BINDS"] = {READ: url}
    db.init_app(app)
