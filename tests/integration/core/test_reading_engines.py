"""Engines that only read: the database itself keeps them from writing, and what is prepared stays prepared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core.engines import long_read_engine, read_engine, write_engine
from app.directory.models import Taxonomy

PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT taxonomy.name %'")
A_TAXONOMY = {"slug": "topics", "name": "Topics", "description": "What it is about"}


@pytest.fixture(params=[read_engine, long_read_engine])
def reading(request: pytest.FixtureRequest, database_url: str) -> Iterator[Engine]:
    engine: Engine = request.param(database_url)
    yield engine
    engine.dispose()


def test_what_only_reads_cannot_write(reading: Engine) -> None:
    with Session(reading) as session, pytest.raises(DBAPIError, match=r"read-?only"):
        session.execute(insert(Taxonomy).values(A_TAXONOMY))


def test_long_reading_sees_one_moment(database_url: str) -> None:
    writing, reading = write_engine(database_url), long_read_engine(database_url)
    with Session(reading) as session:
        assert session.scalar(select(func.count()).select_from(Taxonomy)) == 0
        with Session(writing) as other:
            other.execute(insert(Taxonomy).values(A_TAXONOMY))
            other.commit()
        assert session.scalar(select(func.count()).select_from(Taxonomy)) == 0
    with Session(reading) as session:
        assert session.scalar(select(func.count()).select_from(Taxonomy)) == 1
    writing.dispose()
    reading.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_a_request_reads_is_planned_once_and_not_in_each_request(database_url: str) -> None:
    reading = read_engine(database_url)
    for _request in range(10):
        with Session(reading) as session:
            session.execute(select(Taxonomy.name)).all()
            session.rollback()
    with reading.connect() as connection:
        assert connection.scalar(PREPARED) == 1
    reading.dispose()
