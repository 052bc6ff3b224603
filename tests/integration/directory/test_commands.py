"""The commands: what they say, how they end, and what the report holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cli import WaymarkGroup
from app.directory import cli
from app.directory.importing import topics
from app.directory.importing.run import apply
from app.directory.models import Service, Source
from app.directory.sessions import long_transaction
from seed.reference import taxonomies
from tests.integration.directory.conftest import SAMPLES, food_by_rule


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setattr(topics.LikelyTopics, "__call__", lambda _self, *words: food_by_rule(*words))
    with long_transaction(database_url) as session:
        taxonomies.load(session)


def waymark(app: Flask, *words: object) -> Result:
    group = WaymarkGroup("waymark")
    cli.register(group)
    return app.test_cli_runner().invoke(group, [str(word) for word in words])


def test_an_import_and_its_report(app: Flask, tmp_path: Path, reading: Session) -> None:
    report = tmp_path / "report.json"
    told = waymark(
        app, "directory", "import", SAMPLES / "groups.csv", "--source", "Groups", "--licence", "OGL", "--report", report
    )
    assert told.exit_code == 0, told.output
    assert "4 services (4 new" in told.output
    written = json.loads(report.read_text())
    assert written["source"] == "groups"
    assert written["format"] == "csv"
    assert written["totals"]["imported"] == written["totals"]["new"] == 4
    assert written["totals"]["rejected"] == 1
    assert all(row.keys() == {"level", "file", "row", "object", "id", "reason"} for row in written["rows"])
    assert [row["row"] for row in written["rows"] if row["level"] == "rejected"] == [6]
    source = reading.scalars(select(Source).order_by(Source.id)).one()
    assert (source.slug, source.name, source.licence) == ("groups", "Groups", "OGL")


def test_a_dry_run_keeps_nothing(app: Flask, reading: Session) -> None:
    told = waymark(app, "directory", "import", SAMPLES / "groups.csv", "--dry-run")
    assert told.exit_code == 0, told.output
    assert "4 new" in told.output
    assert "dry run" in told.output
    assert reading.scalar(select(func.count()).select_from(Service)) == 0


def test_what_cannot_be_read_ends_with_1_and_a_sentence(app: Flask, tmp_path: Path, reading: Session) -> None:
    path, report = tmp_path / "broken.json", tmp_path / "report.json"
    path.write_text('[{"name": "A"}, {')
    told = waymark(app, "directory", "import", path, "--report", report)
    assert told.exit_code == 1
    assert "broken.json is not readable as JSON" in told.output
    assert "not readable" in json.loads(report.read_text())["error"]
    assert reading.scalar(select(func.count()).select_from(Service)) == 0
    assert waymark(app, "directory", "import", tmp_path / "absent").exit_code == 2
    assert waymark(app, "directory", "import", path, "--format", "xml").exit_code == 2


def test_a_failure_halfway_leaves_nothing(app: Flask, reading: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> object:
        apply(*arguments)  # type: ignore[arg-type]
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(cli, "apply", fail)
    assert waymark(app, "directory", "import", SAMPLES / "groups.csv").exit_code == 1
    assert reading.scalar(select(func.count()).select_from(Service)) == 0


def test_a_mapping_file(app: Flask, tmp_path: Path) -> None:
    mapping, path = tmp_path / "mapping.json", tmp_path / "odd.csv"
    path.write_text("Projekt,Was\nA,B\n")
    mapping.write_text('{"name": "Projekt", "description": "Was"}')
    told = waymark(app, "directory", "import", path, "--mapping", mapping)
    assert told.exit_code == 0, told.output
    for content, reason in (('{"colour": "Was"}', "no field"), ("[]", "one JSON object"), ("{", "not readable")):
        mapping.write_text(content)
        told = waymark(app, "directory", "import", path, "--mapping", mapping)
        assert told.exit_code == 1
        assert reason in told.output


def test_export_and_postcodes(app: Flask, tmp_path: Path) -> None:
    waymark(app, "directory", "import", SAMPLES / "groups.csv")
    told = waymark(app, "directory", "export", tmp_path / "out.ndjson")
    assert told.exit_code == 0, told.output
    assert len((tmp_path / "out.ndjson").read_text().splitlines()) == 4
    assert waymark(app, "directory", "export", tmp_path / "folder").exit_code == 0
    assert (tmp_path / "folder" / "services.csv").exists()
    path = tmp_path / "onspd.csv"
    path.write_text("pcds,doterm,lat,long\nSW1A 1AA,,51.5,-0.14\nSW1A 1AB,202001,51.5,-0.14\n")
    told = waymark(app, "postcodes", "import", path)
    assert told.exit_code == 0, told.output
    assert "1 postcodes (1 new" in told.output
    assert "Left out: 1 no longer in use." in told.output
    assert "2 postcodes (1 new" in waymark(app, "postcodes", "import", path, "--terminated").output
