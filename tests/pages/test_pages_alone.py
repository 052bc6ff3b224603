"""Pages of the last resort: they answer with database and index away."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.web.database import db
from tests.conftest import settings_for


@pytest.fixture
def stranded(tmp_path: Path):
    """An application whose database cannot be opened and whose index was never built."""
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'nowhere' / 'waymark.sqlite3'}", tmp_path))
    yield app.test_client()
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.mark.parametrize("path", ["/", "/help-now", "/accessibility", "/privacy", "/cookies", "/notices", "/list"])
def test_these_need_no_database(stranded: FlaskClient, path: str) -> None:
    answer = stranded.get(path)
    assert answer.status_code == 200
    assert "116 123" in answer.text


@pytest.mark.parametrize("typed", ["i want to kill myself", "she keeps going to the railway line and standing there"])
def test_a_search_of_danger_is_answered_with_help(stranded: FlaskClient, typed: str) -> None:
    answer = stranded.get("/search", query_string={"q": typed})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "You do not have to face this alone" in answer.text


def test_any_other_page_says_so_and_gives_the_numbers(stranded: FlaskClient) -> None:
    answer = stranded.get("/topics")
    assert answer.status_code == 503
    assert "116 123" in answer.text
