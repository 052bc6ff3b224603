"""The OpenAPI document: complete, and true."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.api.parameters import UUID_PATTERN

OURS = ("/open-referral", "/api/", "/healthz", "/readyz", "/metrics")


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/openapi.json").get_json()
    return found


def test_every_address_is_described_and_no_other(app: Flask, document: dict[str, Any]) -> None:
    rules = {re.sub(r"<[^>]+>", "{id}", rule.rule) for rule in app.url_map.iter_rules() if rule.rule.startswith(OURS)}
    assert set(document["paths"]) == rules


def test_methods_are_as_described(app: Flask, document: dict[str, Any]) -> None:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(OURS):
            described = document["paths"][re.sub(r"<[^>]+>", "{id}", rule.rule)]
            assert {method.upper() for method in described} == (rule.methods or set()) - {"HEAD", "OPTIONS"}


def test_references_lead_somewhere_and_schemas_are_schemas(document: dict[str, Any]) -> None:
    from jsonschema import Draft202012Validator

    text = str(document)
    for reference in set(re.findall(r"#/[A-Za-z0-9/_-]+", text)):
        value: Any = document
        for part in reference[2:].split("/"):
            value = value[part]
        assert value
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    used = set(re.findall(r"#/components/schemas/(\w+)", text))
    assert used == set(document["components"]["schemas"])


def test_it_names_the_server_and_the_version(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "http://localhost"}]
    assert document["info"]["title"] == "Waymark"


def test_each_parameter_has_a_name_of_its_own_and_words(document: dict[str, Any]) -> None:
    for path in document["paths"].values():
        for operation in path.values():
            names = [parameter["name"] for parameter in operation.get("parameters", ())]
            assert len(names) == len(set(names))
            assert all(parameter["description"] for parameter in operation.get("parameters", ()))
            assert operation["summary"]


def test_the_pattern_of_ids_is_the_one_of_addresses(client: FlaskClient) -> None:
    weird = "123E4567-e89b-12d3-A456-426614174000"
    assert re.fullmatch(UUID_PATTERN, weird)
    assert client.get(f"/open-referral/services/{weird}").status_code == 404
