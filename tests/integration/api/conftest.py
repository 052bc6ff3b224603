"""What the tests of the feed share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.directory.models import Service
from app.web.database import READ, db
from tests import factories

Get = Callable[..., Any]


@pytest.fixture
def get(client: FlaskClient) -> Get:
    """The JSON of an address of the feed that must be there."""

    def ask(path: str, **query: Any) -> Any:
        response = client.get(f"/open-referral/{path}", query_string=query)
        assert response.status_code == 200, response.get_data(as_text=True)
        return response.get_json()

    return ask


@pytest.fixture
def names(get: Get) -> Callable[..., set[str]]:
    """The names of the services that a list has."""

    def ask(path: str = "services", **query: Any) -> set[str]:
        items = get(path, **query)["contents"]
        return {(item.get("service") or item)["name"] for item in items}

    return ask


@pytest.fixture
def whole(session: Session) -> Service:
    """A stored service with something in every field."""
    row = factories.whole_service(session, name="Whole")
    session.commit()
    return row


@pytest.fixture
def validator(client: FlaskClient) -> Callable[[str], Any]:
    """A validator for one of the schemas of our own document, formats included."""
    # It takes seconds to load, and only the process that runs these tests has to.
    from jsonschema import Draft202012Validator, FormatChecker

    formats = FormatChecker()
    document = client.get("/api/openapi.json").get_json()

    def make(name: str) -> Draft202012Validator:
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        return Draft202012Validator(schema, format_checker=formats)

    assert {"uri", "uuid", "email", "date-time", "date"} <= set(formats.checkers)
    return make


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL that requests send, as it is sent."""
    sent: list[str] = []
    with app.app_context():
        engine = db.engines[READ]

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
