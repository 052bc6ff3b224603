"""Transactions for long work of the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.engines import long_read_engine, write_engine
from app.core.errors import Refused


@contextmanager
def long_reading(database_url: str) -> Iterator[Session]:
    """A session that only reads, without the time limits of a web request, and keeps nobody from writing."""
    engine = long_read_engine(database_url)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


@contextmanager
def steps_of(database_url: str) -> Iterator[Session]:
    """A session for work that commits as it goes, without the time limits of a web request."""
    engine = write_engine(database_url, statement_timeout=False)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


@contextmanager
def long_transaction(database_url: str) -> Iterator[Session]:
    """One transaction without the time limits of a web request: committed at the end, rolled back at any exception."""
    engine = write_engine(database_url, statement_timeout=False)
    try:
        with Session(engine) as session, session.begin():
            yield session
    except OperationalError as error:
        raise Refused(f"The database did not take the work, and nothing was changed: {error.orig}") from error
    finally:
        engine.dispose()
