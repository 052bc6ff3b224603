"""Migrating a database that holds what people said: nothing of it is lost, and nothing leads back to a name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, select

from app.core.engines import write_engine
from app.core.orm import UtcDateTime
from app.migrations.commands import upgrade
from tests.databases import PostgreSQL

ANSWERS = sa.table(
    "equality_answers",
    sa.column("id", sa.Uuid()),
    sa.column("created_at", UtcDateTime()),
    sa.column("pseudonym", sa.Text()),
    sa.column("answered_on", sa.Date()),
    sa.column("ethnicity", sa.Text()),
)
# As it was before the answers knew the day only.
BEFORE = "0074"
MORNING, LATER_DAY = datetime(2026, 3, 2, 9, 41, 7, tzinfo=UTC), datetime(2026, 4, 1, 16, 3, tzinfo=UTC)
LATE_AT_NIGHT = datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database at the revision before, with no rows."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = server.url(server.create())
    upgrade(url, BEFORE)
    engine = write_engine(url)
    yield engine
    engine.dispose()


def test_the_time_of_old_answers_about_equality_is_gone_and_the_answers_stay(old: Engine) -> None:
    rows = [
        {"pseudonym": name, "created_at": at, "answered_on": day, "ethnicity": "A"}
        for name, at, day in (
            ("first", MORNING, date(2026, 3, 2)),
            ("same day", LATE_AT_NIGHT, date(2026, 3, 2)),
            # Answered anew a month later: the day that counts is the day of the last answers.
            ("answered anew", MORNING, date(2026, 4, 1)),
            ("another day", LATER_DAY, date(2026, 4, 1)),
        )
    ]
    with old.begin() as connection:
        connection.execute(ANSWERS.insert(), [{"id": uuid4(), **row} for row in rows])
    upgrade(old.url.render_as_string(hide_password=False))
    wanted = select(ANSWERS.c.pseudonym, ANSWERS.c.created_at, ANSWERS.c.answered_on, ANSWERS.c.ethnicity)
    with old.connect() as connection:
        kept = {row.pseudonym: row for row in connection.execute(wanted.order_by(ANSWERS.c.pseudonym))}
    assert {name: row.created_at for name, row in kept.items()} == {
        "first": datetime(2026, 3, 2, tzinfo=UTC),
        "same day": datetime(2026, 3, 2, tzinfo=UTC),
        "answered anew": datetime(2026, 4, 1, tzinfo=UTC),
        "another day": datetime(2026, 4, 1, tzinfo=UTC),
    }
    assert {(name, row.answered_on, row.ethnicity) for name, row in kept.items()} == {
        (row["pseudonym"], row["answered_on"], "A") for row in rows
    }
