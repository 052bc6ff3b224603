"""An import in short transactions: others write between them, and what a killed process left is finished."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import Refused
from app.directory.importing import steps
from app.directory.importing.bundles import Bundle
from app.directory.importing.raw import Where
from app.directory.importing.run import Options, no_progress, prepare
from app.directory.importing.staging import REJECTED, Staging
from app.directory.models import FeedImport, IndexChange, Organization, Service
from app.directory.sessions import long_reading, steps_of
from app.directory.upkeep import imports_are_whole
from tests.integration.directory.conftest import food_by_rule, write_json

pytestmark = pytest.mark.usefixtures("reference")
COUNT = 450  # more than two steps of services


class Killed(BaseException):
    """Stands for the end of a process."""


@pytest.fixture(autouse=True)
def _short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "STEP_SECONDS", 0.0)
    monkeypatch.setattr(steps, "PAUSE", 0.0)


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    services: list[dict[str, Any]] = [
        {
            "id": str(number),
            "name": f"Service {number}",
            "status": "active",
            "organization": {"id": f"o{number % 7}", "name": f"Organisation {number % 7}", "description": ""},
        }
        for number in range(COUNT)
    ]
    return write_json(tmp_path / "feed.json", services)


def staged(database_url: str, feed: Path, folder: Path) -> tuple[FeedImport, Path, Staging, Options]:
    found = FeedImport(id=uuid4(), source="feed", source_name="feed")
    path, options = steps.staged_file(folder, found.id), Options(path=feed)
    staging = Staging(path)
    with long_reading(database_url) as session:
        prepare(session, staging, options, food_by_rule, no_progress)
    return found, path, staging, options


def count(session: Session, model: type[Any]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_what_a_killed_process_left_is_finished_and_told_to_the_index(
    database_url: str, feed: Path, tmp_path: Path, reading: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = steps.folder_of(tmp_path)
    found, path, staging, options = staged(database_url, feed, folder)
    commits = []

    def kill(*told: Any) -> None:
        commits.append(commit(*told))
        if count(reading, Service) >= COUNT // 2:
            raise Killed

    commit = steps._commit
    monkeypatch.setattr(steps, "_commit", kill)
    with staging, steps_of(database_url) as session, pytest.raises(Killed):
        steps.write(session, staging, options, no_progress, found, path)
    monkeypatch.setattr(steps, "_commit", commit)
    assert COUNT // 2 <= count(reading, Service) < COUNT
    assert path.exists()
    with steps_of(database_url) as session:
        for _ in range(20):
            if not steps.go_on(session, folder, seconds=0):
                break
    assert count(reading, Service) == count(reading, IndexChange) == COUNT
    assert reading.scalars(select(FeedImport.finished_at)).one() is not None
    assert not path.exists()
    assert not list(imports_are_whole(reading))


def test_a_list_is_not_imported_twice_at_once_and_a_newer_one_takes_over(
    database_url: str, feed: Path, tmp_path: Path, reading: Session
) -> None:
    folder = steps.folder_of(tmp_path)
    first, second = (staged(database_url, feed, folder) for _ in range(2))
    with steps_of(database_url) as session:
        session.add(FeedImport(id=first[0].id, source="feed", source_name="feed"))
        session.commit()
    beside, path, staging, options = second
    with staging, steps_of(database_url) as session, steps._held(first[1]), pytest.raises(Refused, match="the moment"):
        steps.write(session, staging, options, no_progress, beside, path)
    first[2].__exit__(None, None, None)
    found, path, staging, options = staged(database_url, feed, folder)
    with staging, steps_of(database_url) as session:
        totals = steps.write(session, staging, options, no_progress, found, path)
    assert totals.new == COUNT
    assert not first[1].exists()
    assert all(reading.scalars(select(FeedImport.finished_at)))


def test_what_the_database_refuses_is_listed_and_the_rest_is_imported(
    database_url: str, feed: Path, tmp_path: Path, reading: Session
) -> None:
    found, path, staging, options = staged(database_url, feed, steps.folder_of(tmp_path))
    wrong = Bundle("service", {"id": uuid4(), "name": "Wrong", "organization_id": uuid4(), "source": "feed"})
    staging.put(wrong, Where("feed.json", 999))
    with staging, steps_of(database_url) as session:
        totals = steps.write(session, staging, options, no_progress, found, path)
        listed = [row for row in staging.problems() if row["level"] == REJECTED]
    assert (totals.new, totals.rejected) == (COUNT, 1)
    assert [(row["row"], row["reason"]) for row in listed] == [(999, "the database refused it")]
    assert count(reading, Service) == count(reading, IndexChange) == COUNT


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL rehearses in one transaction
def test_a_rehearsal_keeps_nothing(database_url: str, feed: Path, reading: Session) -> None:
    with Staging() as staging:
        with long_reading(database_url) as session:
            prepare(session, staging, Options(path=feed), food_by_rule, no_progress)
        with steps_of(database_url) as session:
            totals = steps.rehearse(session, staging, Options(path=feed), no_progress)
    assert totals.new == COUNT
    assert count(reading, Service) == count(reading, Organization) == 0
