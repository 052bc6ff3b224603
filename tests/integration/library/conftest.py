"""A small town in the database, and an index of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.library.engine import engine_of, index_writer
from app.library.indexing import follow
from app.library.request import SearchRequest
from app.library.search import SearchResults, search
from app.web.database import db
from seed.reference import taxonomies

Ask = Callable[..., SearchResults]


@pytest.fixture
def topics(session: Session) -> None:
    taxonomies.load(session)
    session.commit()


@pytest.fixture
def take_in(app: Flask) -> Callable[[], int]:
    """Does what the worker's sweep does."""

    def run() -> int:
        with app.app_context(), index_writer(app) as writer, Session(db.engines["read"]) as reading:
            done = follow(reading, writer)
        engine_of(app).index.refresh()
        return done

    return run


@pytest.fixture
def ask(app: Flask) -> Ask:
    def asked(text: str = "", **more: object) -> SearchResults:
        with app.test_request_context(), Session(db.engines["read"]) as reading:
            return search(SearchRequest(text=text, **more), session=reading, engine=engine_of(app))  # type: ignore[arg-type]

    return asked
