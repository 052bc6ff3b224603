"""The house's own rules: floors, guards, migrations, and what no tracked file may hold."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, inspect

from app import load_models
from app.migrations.commands import differences, upgrade
from app.web.routes import describe_routes

ROOT = Path(__file__).resolve().parents[2]
# Spelt apart, so that this file does not hold what it looks for.
REGISTRY_HOSTS = re.compile(r"\b(?:pypi|pythonhosted|npmjs|debian)\." + r"(?:org|com)\b")
LOCAL_PATHS = re.compile(r"/(?:home|root|Users|work|farm)/" + r"[A-Za-z0-9_.-]+/")
SECRETS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:AKIA|ghp_|glpat-)" + r"[A-Za-z0-9]{16,}")


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def test_the_floors_hold() -> None:
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("pattern", [REGISTRY_HOSTS, LOCAL_PATHS, SECRETS], ids=["registry", "path", "secret"])
def test_no_tracked_file_holds(pattern: re.Pattern[str]) -> None:
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in pattern.finditer(text)]
    assert not found


def test_every_route_names_its_guard(app: Flask) -> None:
    unguarded = [row["rule"] for row in describe_routes(app) if not row["guard"]]
    assert describe_routes(app)
    assert not unguarded


def test_a_route_without_a_guard_is_refused() -> None:
    from app.web.blueprint import FeatureBlueprint

    blueprint = FeatureBlueprint("trial", __name__)
    with pytest.raises(TypeError, match="access"):
        blueprint.route("/trial")  # type: ignore[call-arg]


def test_a_rule_added_past_the_blueprint_is_noticed(app: Flask) -> None:
    app.add_url_rule("/sneaked-in", "sneaked_in", lambda: "")
    assert [row["rule"] for row in describe_routes(app) if not row["guard"]] == ["/sneaked-in"]


def test_migrations_equal_the_models(database_url: str) -> None:
    load_models()
    engine = create_engine(database_url)
    try:
        assert differences(engine) == []
    finally:
        engine.dispose()


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    engine = create_engine(database_url)
    before = inspect(engine).get_table_names()
    upgrade(database_url)
    assert inspect(engine).get_table_names() == before
    engine.dispose()
