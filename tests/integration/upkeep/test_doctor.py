"""The doctor: silent about what is well, and each thing that can be wrong is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.cli import WaymarkGroup
from app.core import clock
from app.core.upkeep import MOST_PROBLEMS
from app.directory.models import Metadata, Service
from app.directory.topic_model import ModelState
from app.library.codes import LedgerSource
from app.library.models import UnmetNeed
from app.library.upkeep import words_are_learned
from app.upkeep import cli
from app.web.database import db
from tests import factories
from tests.town import demo_town

LATER = timedelta(minutes=5)


def doctor(app: Flask, *words: str) -> Result:
    group = WaymarkGroup("waymark")
    cli.register(group)
    return app.test_cli_runner().invoke(group, ["doctor", *words])


def test_all_is_well(filled: Flask) -> None:
    told = doctor(filled, "--json")
    assert told.exit_code == 0, told.output
    found = json.loads(told.output)
    assert found["ok"]
    names = (
        "audit, audit anchors, database file, migrations, orphans, outbox, references, search index, unmet-need ledger"
    )
    assert {check["name"] for check in found["checks"]} >= {*names.split(", ")}
    assert all(check["ok"] and not check["problems"] for check in found["checks"])
    assert "WAYMARK_CHECK_LINKS=1 turns that on." in found["remarks"]["web addresses of listings"][0]
    assert "note  web addresses of listings" in doctor(filled).output


def test_the_demo_town_is_well_from_its_first_minute(tmp_path: Path) -> None:
    told = doctor(demo_town(tmp_path), "--json")
    # No worker has sent its messages.
    assert {check["name"] for check in json.loads(told.output)["checks"] if not check["ok"]} <= {"outbox"}


def _unindexed(session: Session) -> None:
    factories.service(session)


def _left_over_place(session: Session) -> None:
    factories.location(session)


def _history_of_nothing(session: Session) -> None:
    session.add(Metadata(resource_id=uuid4(), resource_type="service", last_action_type="update", updated_by="test"))


def _ledger_of_no_topic(session: Session) -> None:
    session.add(UnmetNeed(week=date(2026, 11, 23), topic="no-such", source=LedgerSource.SEARCH))


def _ledger_of_a_tuesday(session: Session) -> None:
    session.add(UnmetNeed(week=date(2026, 11, 24), topic="", source=LedgerSource.SEARCH))


def _old_revision(session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))


@pytest.mark.parametrize(
    ("damage", "name"),
    [
        (_unindexed, "search index"),
        (_left_over_place, "orphans"),
        (_history_of_nothing, "orphans"),
        (_ledger_of_no_topic, "unmet-need ledger"),
        (_ledger_of_a_tuesday, "unmet-need ledger"),
        (_old_revision, "migrations"),
    ],
)
def test_what_is_wrong_is_named(filled: Flask, damage: Callable[[Session], None], name: str) -> None:
    with filled.app_context(), Session(db.engines[None]) as session:
        damage(session)
        session.commit()
    with clock.moved_to(clock.now() + LATER):
        told = doctor(filled, "--json")
    assert told.exit_code == 1
    assert [check["name"] for check in json.loads(told.output)["checks"] if not check["ok"]] == [name]
    assert f"WRONG {name}" in doctor(filled).output or name == "search index"


@pytest.mark.parametrize("state", [ModelState.EARLIER, ModelState.MISSING])
def test_words_that_were_not_learned_are_named(
    session: Session, monkeypatch: pytest.MonkeyPatch, state: ModelState
) -> None:
    monkeypatch.setattr("app.library.upkeep.state_of_model", lambda: state)
    assert ["waymark search learn" in told for told in words_are_learned(session)] == [True]


def test_a_change_of_this_minute_may_lag(filled: Flask) -> None:
    with filled.app_context(), Session(db.engines[None]) as session:
        _unindexed(session)
        session.commit()
    assert doctor(filled).exit_code == 0


def test_a_service_that_vanished_past_the_index(filled: Flask) -> None:
    with filled.app_context(), db.engines[None].begin() as connection:
        connection.execute(text("UPDATE service SET status = 'defunct'"))
    assert "not to be found" in doctor(filled).output


def test_a_row_that_refers_to_nothing(filled: Flask) -> None:
    with filled.app_context(), db.engines[None].connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.execute(text("ALTER TABLE phone DROP CONSTRAINT fk_phone_service_id_service"))
        connection.execute(
            Service.__table__.metadata.tables["phone"]
            .update()
            .values(service_id=uuid4(), location_id=None, organization_id=None)
        )
        connection.commit()
        connection.invalidate()
    told = doctor(filled)
    assert told.exit_code == 1
    assert "phone refer to a row of service" in told.output


def test_an_empty_machine_is_told_what_to_do(filled: Flask) -> None:
    with filled.app_context(), db.engines[None].begin() as connection:
        connection.execute(text("DROP TABLE problem_report"))
        connection.execute(text("DELETE FROM alembic_version"))
    told = doctor(filled)
    assert told.exit_code == 1
    assert "waymark db upgrade" in told.output
    assert "could not be checked" in told.output


def test_many_problems_are_cut_short(filled: Flask) -> None:
    with filled.app_context(), Session(db.engines[None]) as session:
        for number in range(MOST_PROBLEMS + 5):
            session.add(UnmetNeed(week=date(2026, 11, 23), topic=f"t{number}", source=LedgerSource.SEARCH))
        session.commit()
    assert "And 5 more" in doctor(filled).output
