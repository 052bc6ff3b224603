"""One transaction a request: what commits and what does not."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.directory.models import Source
from app.web.access import PUBLIC
from app.web.blueprint import FeatureBlueprint, afterwards
from app.web.database import db


@pytest.fixture
def trial(app: Flask) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    blueprint = FeatureBlueprint("trial", __name__)

    def add(slug: str) -> None:
        db.session.add(Source(slug=slug, name=slug))
        db.session.flush()

    @blueprint.route("/write/<int:status>", access=PUBLIC, methods=["GET", "POST"])
    def write(status: int) -> tuple[str, int]:
        add("written")
        return "", status

    @blueprint.route("/write-and-fail", access=PUBLIC, methods=["POST"])
    def write_and_fail() -> str:
        add("written")
        raise RuntimeError("after the write")

    @blueprint.route("/reading-that-records", access=PUBLIC, writes=True)
    def reading_that_records() -> str:
        add("written")
        return ""

    @blueprint.route("/later", access=PUBLIC)
    def later() -> str:
        afterwards(lambda session: session.add(Source(slug="later", name="later")))
        return ""

    app.register_blueprint(blueprint)
    return app


def stored(app: Flask) -> int:
    with app.app_context(), Session(db.engines[None]) as session:
        return session.scalar(select(func.count()).select_from(Source)) or 0


@pytest.mark.parametrize(
    ("method", "path", "status", "rows"),
    [
        ("POST", "/write/200", 200, 1),
        ("POST", "/write/302", 302, 1),
        ("POST", "/write/422", 422, 0),
        ("POST", "/write/409", 409, 0),
        ("POST", "/write-and-fail", 500, 0),
        ("GET", "/reading-that-records", 200, 1),
        ("GET", "/later", 200, 1),
    ],
)
def test_what_a_request_leaves_behind(trial: Flask, method: str, path: str, status: int, rows: int) -> None:
    response = trial.test_client().open(path, method=method)
    assert response.status_code == status
    assert stored(trial) == rows


def test_a_get_cannot_write(trial: Flask) -> None:
    response = trial.test_client().get("/write/200")
    assert response.status_code >= 500
    assert stored(trial) == 0
