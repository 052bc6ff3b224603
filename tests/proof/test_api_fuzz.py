"""The server held to its own OpenAPI document: good and bad requests, made from the document by schemathesis.

WAYMARK_PROOF_CASES sets how many requests are made in all; the default is for a quick run.
"""

from __future__ import annotations

import os
from pathlib import Path
from time import thread_time

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_wsgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema
from sqlalchemy.orm import Session

from app import create_app
from app.library.engine import engine_of, index_writer
from app.library.indexing import rebuild
from app.migrations.commands import upgrade
from app.web.database import db
from seed.demo import town
from seed.reference import taxonomies
from tests.conftest import settings_for

TAKING_NOTHING = ("/open-referral/", "/healthz", "/readyz", "/metrics")
LISTS = ("services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms")
TAKING_SOMETHING = (
    *(f"/open-referral/{name}" for name in LISTS),
    *(f"/open-referral/{name}/{{id}}" for name in LISTS),
    "/api/search",
    "/api/suggest",
)
CASES = max(1, int(os.environ.get("WAYMARK_PROOF_CASES", "500")) // (2 * len(TAKING_SOMETHING)))
# Generous, for a machine that does other work besides.
LONGEST_SECONDS = 3.0
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
    negative_data_rejection,
    positive_data_acceptance,
]
# Any text is a postcode to the document, but only the postcodes that there are can be answered.
PARTICULAR = ("/open-referral/service_at_locations",)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("fuzz")
    url = f"sqlite:///{folder / 'waymark.sqlite3'}"
    upgrade(url)
    application = create_app(settings_for(url, folder))
    application.config["PROPAGATE_EXCEPTIONS"] = False
    with application.app_context(), Session(db.engines[None]) as session:
        taxonomies.load(session)
        town.load(session)
        session.commit()
        with index_writer(application) as writer:
            rebuild(session, writer)
    engine_of(application).warm()
    return application


@pytest.fixture(scope="module")
def document(app: Flask) -> OpenApiSchema:
    return from_wsgi("/api/openapi.json", app)


def hold(case: Case) -> None:
    started = thread_time()
    response = case.call()
    assert thread_time() - started < LONGEST_SECONDS
    excluded = [positive_data_acceptance] if case.path in PARTICULAR else []
    case.validate_response(response, checks=CHECKS, excluded_checks=excluded)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", TAKING_SOMETHING)
def test_requests_are_answered_as_described(document: OpenApiSchema, path: str, mode: GenerationMode) -> None:
    @settings(max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=document[path]["GET"].as_strategy(mode))
    def each(case: Case) -> None:
        hold(case)

    each()


@pytest.mark.parametrize("path", TAKING_NOTHING)
def test_what_takes_nothing_is_answered_as_described(document: OpenApiSchema, path: str) -> None:
    hold(document[path]["GET"].Case())


def test_everything_described_is_tried(document: OpenApiSchema) -> None:
    described = {f"GET {path}" for path in (*TAKING_NOTHING, *TAKING_SOMETHING)}
    assert {result.ok().label for result in document.get_all_operations()} == described


@pytest.mark.parametrize("path", ["/open-referral/services", "/open-referral/service_at_locations"])
def test_ids_from_a_list_work(document: OpenApiSchema, path: str) -> None:
    for item in (
        document[path]["GET"].Case(query={"per_page": "100"}).call().json()["contents"][:: 100 // min(CASES, 10)]
    ):
        hold(document[f"{path}/{{id}}"]["GET"].Case(path_parameters={"id": item["id"]}))
