"""/healthz, /readyz and /metrics, and what strangers learn from them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import create_app
from app.api import condition
from app.directory.models import Service, Source
from app.library.documents import all_documents
from app.library.engine import engine_of, index_writer
from app.notifications.codes import Channel
from app.notifications.kinds import Words
from app.notifications.models import Message
from app.notifications.operations import Draft, send
from app.web.database import db
from tests import factories
from tests.conftest import settings_for

STRANGER = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
TOKEN = {"Authorization": "Bearer let-me-in"}


def test_alive_without_a_database(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/no/such/folder/db.sqlite3", tmp_path)
    response = create_app(settings).test_client().get("/healthz")
    assert (response.status_code, response.get_json()) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"


def test_ready_when_everything_takes_writes(client: FlaskClient, session: Session) -> None:
    assert client.get("/readyz").get_json() == {
        "status": "ready",
        "checks": {"database": True, "disk": True},
        "outbox_lag_seconds": 0,
    }
    assert client.get("/readyz", **STRANGER).get_json() == {"status": "ready"}
    assert session.query(Source).count() == 0


@pytest.mark.parametrize("what", ["database", "disk"])
def test_not_ready_says_so_and_why_only_at_home(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    if what == "disk":
        monkeypatch.setattr(condition, "LEAST_FREE_SHARE", 1.0)
    else:

        def refuse(*_: object) -> bool:
            raise OperationalError("update", {}, Exception("attempt to write a readonly database"))

        monkeypatch.setattr(condition, "_probe", refuse)
    stranger = client.get("/readyz", **STRANGER)
    assert (stranger.status_code, stranger.get_json()) == (503, {"status": "not ready"})
    assert stranger.headers["Retry-After"]
    assert client.get("/readyz").get_json()["checks"][what] is False


def test_a_database_that_is_away_is_not_ready(tmp_path: Path) -> None:
    folder = tmp_path / "db"
    folder.mkdir()
    client = create_app(settings_for(f"sqlite:///{folder}/db.sqlite3", tmp_path)).test_client()
    assert client.get("/readyz").status_code == 503  # the table is not there


def test_a_writer_at_work_does_not_make_it_unready(client: FlaskClient, app: Flask) -> None:
    with app.app_context(), db.engines[None].begin() as connection:
        connection.execute(text("UPDATE source SET name = name"))
        assert client.get("/readyz").status_code == 200


@pytest.fixture
def guarded(database_url: str, tmp_path: Path) -> Iterator[FlaskClient]:
    app = create_app(settings_for(database_url, tmp_path, metrics_token="let-me-in"))
    yield app.test_client()
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def test_numbers_are_for_this_machine_or_the_token(guarded: FlaskClient) -> None:
    assert guarded.get("/metrics").status_code == 200
    assert guarded.get("/metrics", **STRANGER, headers=TOKEN).status_code == 200
    for headers in (
        {},
        {"Authorization": "Bearer nearly"},
        {"Authorization": "let-me-in"},
        {"Authorization": "Bearer \u00e9"},
    ):
        response = guarded.get("/metrics", **STRANGER, headers=headers)
        assert (response.status_code, response.mimetype) == (403, "text/plain")
        assert "waymark_" not in response.get_data(as_text=True)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_a_proxy_of_this_machine_passes_on_is_a_stranger(client: FlaskClient, header: str) -> None:
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 403


def test_no_token_lets_nobody_in(client: FlaskClient) -> None:
    assert client.get("/metrics", **STRANGER, headers={"Authorization": "Bearer "}).status_code == 403


def numbers(client: FlaskClient) -> dict[str, float]:
    lines = client.get("/metrics").get_data(as_text=True).splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name.split("pid=")[0]: float(value) for name, value in pairs}


def test_requests_are_counted_by_template(client: FlaskClient, session: Session) -> None:
    row = factories.service(session, name="Unmistakable")
    session.commit()
    client.get(f"/open-referral/services/{row.id}")
    client.get("/open-referral/services/123e4567-e89b-12d3-a456-426614174000")
    client.get("/nowhere/in/particular")
    client.get("/api/search?q=unmistakable")
    told = client.get("/metrics").get_data(as_text=True)
    template = 'route="/open-referral/services/<uuid:service_id>"'
    assert f'{template},status="200"' in told
    assert f'{template},status="404"' in told
    assert 'route="other",status="404"' in told
    assert numbers(client)["waymark_search_seconds_count{"] == 1
    assert str(row.id) not in told
    assert "nmistakable" not in told
    assert "particular" not in told


def test_the_lag_of_the_index_is_told(client: FlaskClient, app: Flask, session: Session) -> None:
    assert numbers(client)["waymark_index_up{"] == 0
    row = factories.service(session)
    session.commit()
    writer = index_writer(app)
    writer.rebuild(all_documents(session), sequence=1)
    writer.close()
    engine_of(app).index.refresh()
    fresh = numbers(client)
    assert (fresh["waymark_index_up{"], fresh["waymark_index_documents{"]) == (1, 1)
    assert fresh["waymark_index_lag_changes{"] == 0
    session.get_one(Service, row.id).name = "Other"
    session.commit()
    assert numbers(client)["waymark_index_lag_changes{"] == 1


def test_the_outbox_is_told_in_numbers_alone(client: FlaskClient, session: Session) -> None:
    words = Words(kind="notifications.test", channel=Channel.EMAIL, language="en", subject="Note", text="Hello")
    draft = Draft(words=words, dedupe_key="one", recipient="ann@example.org")
    message = session.get_one(Message, send(session, draft))
    message.not_before -= timedelta(minutes=10)
    session.commit()
    told = client.get("/metrics").get_data(as_text=True)
    found = numbers(client)
    assert found["waymark_outbox_due{"] == 1
    assert 599 < found["waymark_outbox_lag_seconds{"] < 660
    assert found["waymark_outbox_held{"] == 0
    assert "ann@" not in told
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["outbox_lag_seconds"] > 599) == (200, True)
    assert "outbox_lag_seconds" not in client.get("/readyz", **STRANGER).get_json()
