"""The exact headers of every sort of answer, and what a request may weigh."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.web.database import db
from tests.signing_in import a_member, signed_in_client

ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    "X-Frame-Options": "DENY",
}
TOO_MUCH = "a=1&" * 300_000


@pytest.mark.parametrize(
    ("status", "method", "path", "sent"),
    [
        (200, "GET", "/help-now", {}),
        (200, "GET", "/static/favicon.svg", {}),
        (200, "GET", "/.well-known/security.txt", {}),
        (303, "GET", "/desk", {}),
        (303, "GET", "/account", {}),
        (400, "POST", "/sign-in", {}),
        (400, "GET", "/", {"headers": {"Host": "evil.example"}}),
        (404, "GET", "/nothing", {}),
        (404, "GET", "/static/nothing.css", {}),
        (404, "GET", "/join/rubbish", {}),
        (405, "POST", "/help-now", {}),
        (413, "POST", "/sign-in", {"data": TOO_MUCH, "content_type": "application/x-www-form-urlencoded"}),
        (500, "GET", "/breaks", {}),
    ],
)
def test_every_answer_carries_the_headers(app: Flask, status: int, method: str, path: str, sent: dict) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/breaks", "breaks", _breaks)
    response = app.test_client().open(path, method=method, **sent)
    response.close()
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
    assert response.headers.getlist("Content-Security-Policy") == [ALWAYS["Content-Security-Policy"]]
    assert "Server" not in response.headers or "Werkzeug" not in response.headers["Server"]
    if path not in {"/static/favicon.svg", "/.well-known/security.txt"}:
        assert response.headers["Cache-Control"] == "no-store"


def _breaks() -> str:
    raise RuntimeError("on purpose")


@pytest.mark.parametrize("path", ["/desk", "/account", "/account/second-step", "/desk/members", "/desk/members/invite"])
def test_private_pages_are_kept_nowhere(app: Flask, path: str) -> None:
    with app.app_context(), Session(db.engines[None]) as session:
        user_id = a_member(session, Role.ADMINISTRATOR).id
        session.commit()
    response = signed_in_client(app, user_id).get(path)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert "Cookie" in response.vary
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/reset", "/not-found"])
def test_a_form_of_300000_fields_is_refused_at_once(client: FlaskClient, path: str) -> None:
    before = time.process_time()
    response = client.post(path, data=TOO_MUCH, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert time.process_time() - before < 0.5


def test_security_txt_says_where_to_tell_of_a_weakness(client: FlaskClient) -> None:
    lines = client.get("/.well-known/security.txt").get_data(as_text=True).splitlines()
    assert lines[0] == "Contact: mailto:security@localhost"
    assert [line.split(":")[0] for line in lines] == ["Contact", "Expires", "Preferred-Languages", "Canonical"]
