"""Migrating a database that is in use loses nothing of it."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import create_engine, text

from app.core import clock
from app.migrations.commands import upgrade

ORGANIZATION = """
INSERT INTO organization (id, created_at, name, description, last_modified) VALUES (:id, :n, 'O', '', :n)
"""
SERVICE = """
INSERT INTO service
  (id, created_at, organization_id, kind, status, name, description, coverage, reach, access_routes, last_modified)
VALUES (:id, :n, :o, 'service', 'active', 'S', '', 'local', '', '', :n)
"""


def test_listings_and_reports_outlive_the_change_of_their_tables(tmp_path):
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    upgrade(url, "0005")
    engine = create_engine(url)
    organization, service, now = uuid4().hex, uuid4().hex, clock.now().isoformat()
    with engine.begin() as connection:
        connection.execute(
            text(ORGANIZATION),
            {"id": organization, "n": now},
        )
        connection.execute(text(SERVICE), {"id": service, "o": organization, "n": now})
        for table, owner in (("phone", organization), ("phone", service)):
            column = "organization_id" if owner == organization else "service_id"
            connection.execute(
                text(f"INSERT INTO {table} (id, created_at, {column}, number, position) VALUES (:id, :n, :o, '1', 0)"),
                {"id": uuid4().hex, "n": now, "o": owner},
            )
        connection.execute(
            text(
                "INSERT INTO problem_report (id, created_at, service_id, kind, details)"
                " VALUES (:id, :n, :s, 'phone', 'old')"
            ),
            {"id": uuid4().hex, "n": now, "s": service},
        )
    engine.dispose()
    upgrade(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM phone")) == 2
        assert connection.execute(text("SELECT state, details FROM problem_report")).all() == [("open", "old")]
    engine.dispose()
