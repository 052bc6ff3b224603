"""The feed as HTTP: open to every origin, conditional, patient with nonsense."""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.directory.models import Service

LISTS = ("services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms")


def test_every_answer_is_open_to_every_origin(client: FlaskClient, whole: Service) -> None:
    etag = client.get("/open-referral/services").headers["ETag"]
    answers = {
        200: client.get("/open-referral/services"),
        304: client.get("/open-referral/services", headers={"If-None-Match": etag}),
        308: client.get("/open-referral"),
        400: client.get("/open-referral/services?page=0"),
        404: client.get("/open-referral/nowhere"),
        405: client.post("/open-referral/services", data="{}", content_type="application/json"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/open-referral/services?format=ndjson").headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/open-referral/nowhere", "/api/nowhere", "/open-referral/services/nowhere"])
def test_a_browser_gets_a_page_and_a_program_json(client: FlaskClient, path: str) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
    page = client.get(path, headers=browser)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "/api/openapi.json" in page.text
    for accept in ({}, {"Accept": "*/*"}, {"Accept": "application/json"}, {"Accept": "text/nonsense"}):
        told = client.get(path, headers=accept)
        assert (told.status_code, told.mimetype) == (404, "application/json")
        assert told.get_json()["error"]["status"] == 404
        assert "Accept" in told.headers["Vary"]


def test_a_failure_is_open_to_every_origin_too(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("app.api.queries.count", lambda *_: 1 // 0)
    response = client.get("/open-referral/services")
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (500, "*")
    assert "error" in response.get_json()


@pytest.mark.parametrize("path", ["", *LISTS, "openapi"])
def test_head_options_and_conditions(client: FlaskClient, whole: Service, path: str) -> None:
    address = "/api/openapi.json" if path == "openapi" else f"/open-referral/{path}"
    got, head, options = client.get(address), client.head(address), client.options(address)
    assert head.status_code == got.status_code == options.status_code == 200
    assert head.data == b""
    assert head.headers["ETag"] == got.headers["ETag"]
    assert {"GET", "HEAD", "OPTIONS"} <= set(options.headers["Allow"].split(", "))
    assert options.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert got.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in got.headers
    assert "Cookie" not in got.headers.get("Vary", "")
    again = client.get(address, headers={"If-None-Match": got.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_change_changes_the_etag(client: FlaskClient, session: Session, whole: Service) -> None:
    before = client.get(f"/open-referral/services/{whole.id}").headers["ETag"]
    session.get_one(Service, whole.id).name = "New name"
    session.commit()
    answer = client.get(f"/open-referral/services/{whole.id}", headers={"If-None-Match": before})
    assert (answer.status_code, answer.get_json()["name"]) == (200, "New name")


def test_a_trailing_slash_is_forgiven(client: FlaskClient, whole: Service) -> None:
    assert client.get("/open-referral/services/").get_json() == client.get("/open-referral/services").get_json()


def test_other_sites_hosts_are_refused(client: FlaskClient) -> None:
    assert client.get("/open-referral/services", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=abc", "page"),
        ("page=99999999999999999999", "page"),
        ("per_page=0", "per_page"),
        ("per_page=101", "per_page"),
        ("per_page=101&format=ndjson", "per_page"),
        ("format=xml", "format"),
        ("full=maybe", "full"),
        ("minimal=true&full=maybe", "full"),
        ("taxonomy_id=5", "taxonomy_id"),
        ("modified_after=yesterday", "modified_after"),
        ("start_time=25:00", "start_time"),
        ("day=Blursday", "day"),
        ("minimum_age=old", "minimum_age"),
        ("maximum_age=-1", "maximum_age"),
    ],
)
def test_a_bad_parameter_is_named(client: FlaskClient, query: str, says: str) -> None:
    response = client.get(f"/open-referral/services?{query}")
    error = response.get_json()["error"]
    assert (response.status_code, error["status"]) == (400, 400)
    assert says in error["message"]


@pytest.mark.parametrize("page", ["2", "1000000000", "999999999"])
def test_a_page_after_the_last_is_not_there(client: FlaskClient, whole: Service, page: str) -> None:
    response = client.get(f"/open-referral/services?page={page}")
    assert response.status_code in {400, 404}
    if response.status_code == 404:
        assert "The last page is 1" in response.get_json()["error"]["message"]


NASTY = (
    "%00", "*", "%22", "(((", "'; DROP TABLE service; --", "<script>", "\U0001f600", "\u202e", "a" * 10_000, "%ff",
    "%ed%a0%80", "{", "%25s", "_", "\\",
)  # fmt: skip
PARAMETERS = (
    "search", "page", "per_page", "format", "full", "minimal", "taxonomy_id", "taxonomy_term_id", "organization_id",
    "modified_after", "minimum_age", "start_time", "day", "postcode", "proximity", "top_only", "parent_id", "zzz",
)  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_nothing_nasty_makes_it_fail_or_dawdle(client: FlaskClient, whole: Service, path: str) -> None:
    client.get(f"/open-referral/{path}?search=warm")
    for name in PARAMETERS:
        for nasty in NASTY:
            started = thread_time()
            response = client.get(f"/open-referral/{path}?{name}={nasty}")
            assert response.status_code in {200, 400}, (name, nasty, response.data)
            assert response.is_json
            assert thread_time() - started < 5  # milliseconds where nothing runs away


def test_bodies_and_types_that_nobody_asked_for_do_no_harm(client: FlaskClient, whole: Service) -> None:
    for content_type in ("application/json", "multipart/form-data", "text/xml; charset=nonsense", "\u00e9"):
        response = client.get("/open-referral/services", data=b"\x00{", content_type=content_type)
        assert response.status_code == 200
    assert client.get("/open-referral/services", headers={"Accept": "text/nonsense"}).status_code == 200


def test_closed_to_writing(client: FlaskClient, whole: Service, names: Callable[..., Any]) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert client.open(f"/open-referral/services/{whole.id}", method=method).status_code == 405
    assert names() == {"Whole"}
