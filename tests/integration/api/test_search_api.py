"""/api/search and /api/suggest."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.directory.codes import Status
from app.directory.models import Service
from app.library.documents import all_documents
from app.library.engine import engine_of, index_writer
from tests import factories
from tests.work import calls

Validator = Callable[[str], Any]


@pytest.fixture
def indexed(app: Flask, session: Session) -> Service:
    """A directory of three services, indexed; the one that is returned helps with debts."""
    needs = factories.taxonomy(session, slug="need", name="Needs")
    debt = factories.term(session, needs, code="debt-advice", name="Debt advice")
    factories.term(session, needs, code="rent-arrears", name="Behind with rent")
    of = factories.organization(session, name="Debtors United")
    row = factories.service(session, name="Debt desk", organization=of, description="Bills and bailiffs")
    factories.attribute(session, row, debt)
    factories.service(session, name="Choir", organization=of)
    factories.service(session, name="Debt club", organization=of)
    session.commit()
    _index(app, session)
    return row


def _index(app: Flask, session: Session) -> None:
    writer = index_writer(app)
    writer.rebuild(all_documents(session), sequence=1)
    writer.close()
    engine_of(app).index.refresh()


def test_results_are_as_the_document_says(client: FlaskClient, indexed: Service, validator: Validator) -> None:
    response = client.get("/api/search?q=debt")
    found = response.get_json()
    assert [error.message for error in validator("SearchResults").iter_errors(found)] == []
    assert str(indexed.id) in {hit["id"] for hit in found["results"]}
    assert found["degraded"] is False
    assert response.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in response.headers


def test_without_an_index_the_database_answers(client: FlaskClient, session: Session, validator: Validator) -> None:
    row = factories.service(session, name="Debt desk")
    session.commit()
    found = client.get("/api/search?q=debt").get_json()
    assert [error.message for error in validator("SearchResults").iter_errors(found)] == []
    assert (found["degraded"], [hit["id"] for hit in found["results"]]) == (True, [str(row.id)])


RUBBISH = (
    "", "q=", "q=%00", "q=" + "a" * 10_000, "page=-1", "page=1000000000", "page=x", "near=nonsense", "within=NaN",
    "within=1e999", "topic=%00", "topic=no-such", "kind=x&kind=y", "age=old", "open=never", "q=(((&exact=1", "zzz=1",
)  # fmt: skip


def test_rubbish_is_answered(client: FlaskClient, indexed: Service, validator: Validator) -> None:
    checker = validator("SearchResults")
    for query in RUBBISH:
        response = client.get(f"/api/search?{query}")
        assert response.status_code == 200, query
        assert not list(checker.iter_errors(response.get_json())), query


def labels(client: FlaskClient, typed: str) -> dict[str, str | None]:
    response = client.get("/api/suggest", query_string={"q": typed})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    return {one["label"]: one["url"] for one in response.get_json()["suggestions"]}


def test_topics_come_first_then_names_with_their_addresses(client: FlaskClient, indexed: Service) -> None:
    offered = labels(client, "deb")
    assert next(iter(offered)) == "Debt advice"
    assert offered["Debt advice"] is None
    assert offered["Debt desk"] == f"/services/{indexed.id}"
    assert "Debtors United" in offered
    assert "Choir" not in offered
    assert "Behind with rent" in labels(client, "cant pay my ren")
    assert "Behind with rent" in labels(client, "hello I need help with ren")


def test_suggestions_keep_the_shape_and_the_limit(
    client: FlaskClient, app: Flask, session: Session, validator: Validator
) -> None:
    of = factories.organization(session)
    for number in range(20):
        factories.service(session, name=f"Debt group {number}", organization=of)
    session.commit()
    _index(app, session)
    found = client.get("/api/suggest?q=debt").get_json()
    assert not list(validator("Suggestions").iter_errors(found))
    assert len(found["suggestions"]) == 8


def test_what_is_no_longer_published_is_not_suggested(client: FlaskClient, session: Session, indexed: Service) -> None:
    session.get_one(Service, indexed.id).status = Status.INACTIVE
    session.commit()
    assert "Debt desk" not in labels(client, "debt d")


def test_little_and_rubbish_suggest_nothing_and_do_no_harm(client: FlaskClient, indexed: Service) -> None:
    for typed in ("", "d", " ", "\x00", "a" * 10_000, "((((", "\u202e\U0001f600", "%", "the", "zzzzzz"):
        assert not labels(client, typed), typed


def test_suggestions_without_an_index_are_topics(client: FlaskClient, session: Session) -> None:
    needs = factories.taxonomy(session, slug="need")
    factories.term(session, needs, code="debt-advice", name="Debt advice")
    session.commit()
    assert labels(client, "debt") == {"Debt advice": None}


def test_suggestions_are_quick(client: FlaskClient, indexed: Service) -> None:
    labels(client, "warm")
    for typed in ("de", "deb", "cant pay", "my landlord wants me ou"):
        assert calls(lambda typed=typed: labels(client, typed)) < 10_000  # measured: 4,700


def test_what_is_typed_is_logged_nowhere(
    client: FlaskClient, indexed: Service, caplog: pytest.LogCaptureFixture
) -> None:
    secret = uuid4().hex
    with caplog.at_level(logging.DEBUG):
        client.get(f"/api/search?q={secret}")
        client.get(f"/api/suggest?q={secret}")
        client.get(f"/open-referral/services?search={secret}")
    told = [
        f"{record.getMessage()} {record.__dict__}" for record in caplog.records if record.name.startswith("waymark")
    ]
    assert told
    assert not [line for line in told if secret in line]
    assert secret not in client.get("/metrics").get_data(as_text=True)
