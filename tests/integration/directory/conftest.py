"""Importing and exporting on a database of one's own, without the command around it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app import load_models
from app.directory import geography
from app.directory.importing.report import Totals
from app.directory.importing.run import Options, apply, no_progress, prepare
from app.directory.importing.staging import Staging
from app.directory.sessions import long_reading, long_transaction
from seed.reference import taxonomies

load_models()
SAMPLES = Path(__file__).parent / "samples"


@dataclass
class Imported:
    totals: Totals
    rows: list[dict[str, Any]]

    def reasons(self, level: str) -> list[str]:
        return [f"{row['object']} {row['id']}: {row['reason']}" for row in self.rows if row["level"] == level]


Importer = Callable[..., Imported]


def food_by_rule(name: str, description: str, hint: str) -> list[str]:
    """Stands for the lexicon's model."""
    return ["food"] if "food" in f"{name} {description}".lower() else []


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    geography.forget()
    yield
    geography.forget()


@pytest.fixture
def reference(database_url: str) -> None:
    with long_transaction(database_url) as session:
        taxonomies.load(session)


@pytest.fixture
def import_feed(database_url: str) -> Importer:
    def run(path: Path | str, **options: Any) -> Imported:
        chosen = Options(path=SAMPLES / path, **options)
        with Staging() as staging:
            with long_transaction(database_url) as session:
                prepare(session, staging, chosen, food_by_rule, no_progress)
            with long_transaction(database_url) as session:
                totals = apply(session, staging, chosen, no_progress)
            return Imported(totals, list(staging.problems()))

    return run


@pytest.fixture
def reading(database_url: str) -> Iterator[Session]:
    """A session that sees what is committed."""
    with long_reading(database_url) as session:
        yield session


def write_json(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path
