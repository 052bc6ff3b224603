"""The Open Referral UK feed: pages, objects, and what is left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.directory.codes import Status
from app.directory.models import Service
from tests import factories

Get = Callable[..., Any]
LISTS = {
    "services": "Service",
    "service_at_locations": "ServiceAtLocation",
    "organizations": "Organization",
    "taxonomies": "Taxonomy",
    "taxonomy_terms": "TaxonomyTerm",
}
ENVELOPE = {
    "total_items": int, "total_pages": int, "page_number": int, "size": int,
    "first_page": bool, "last_page": bool, "empty": bool, "contents": list,
}  # fmt: skip


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, value
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in below:
        yield from leaves(one, f"{path}/{key}")


def test_the_root_says_which_standard(get: Get) -> None:
    about = get("")
    assert about["version"] == "HSDS-UK-3.0"
    assert about["profile"].startswith("https://github.com/OpenReferralUK/uk-profile/")
    assert about["openapi_url"] == "http://localhost/api/openapi.json"


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_list_is_one_empty_page(get: Get, path: str) -> None:
    page = get(path)
    assert {name: type(value) for name, value in page.items()} == ENVELOPE
    assert page == {
        "total_items": 0, "total_pages": 1, "page_number": 1, "size": 0,
        "first_page": True, "last_page": True, "empty": True, "contents": [],
    }  # fmt: skip


def test_every_page_but_the_last_is_full_and_together_they_are_everything(get: Get, session: Session) -> None:
    of = factories.organization(session)
    rows = [factories.service(session, organization=of) for _ in range(7)]
    session.commit()
    pages = [get("services", per_page=3, page=number) for number in (1, 2, 3)]
    assert [page["size"] for page in pages] == [3, 3, 1] == [len(page["contents"]) for page in pages]
    assert [page["first_page"] for page in pages] == [True, False, False]
    assert [page["last_page"] for page in pages] == [False, False, True]
    assert {(page["total_items"], page["total_pages"], page["empty"]) for page in pages} == {(7, 3, False)}
    ids = [item["id"] for page in pages for item in page["contents"]]
    assert ids == sorted(str(row.id) for row in rows)


def test_an_edit_does_not_move_anything_to_another_page(get: Get, session: Session) -> None:
    rows = [factories.service(session) for _ in range(4)]
    session.commit()
    before = [item["id"] for item in get("services", per_page=2)["contents"]]
    for row in rows:
        row.name = f"Another name for {row.id}"
    session.commit()
    assert [item["id"] for item in get("services", per_page=2)["contents"]] == before


@pytest.mark.parametrize(("path", "name"), LISTS.items())
def test_items_and_objects_are_as_the_document_says(
    get: Get, whole: Service, validator: Callable[[str], Any], path: str, name: str
) -> None:
    listed = get(path)["contents"]
    assert listed
    for item in listed:
        nested = get(f"{path}/{item['id']}")
        for value in (item, nested):
            assert [error.message for error in validator(name).iter_errors(value)] == []
            assert not [where for where, leaf in leaves(value) if leaf in (None, "", [], {}) and leaf is not False]
        assert item.items() <= nested.items() or name in {"Service", "ServiceAtLocation"}


def test_a_whole_service_has_every_field(get: Get, whole: Service, validator: Callable[..., Any]) -> None:
    sent = get(f"services/{whole.id}")
    properties = validator("Service").schema["components"]["schemas"]["Service"]["properties"]
    assert set(sent) == set(properties)
    place = sent["service_at_locations"][0]
    assert set(place["location"]["addresses"][0]) >= {"address_1", "city", "state_province", "postal_code", "country"}
    assert place["location"]["accessibility"][0]["x_waymark_feature"] == "step-free"
    assert place["schedules"][0]["x_waymark_by_appointment"] is True
    assert sent["schedules"][0]["opens_at"] in {"09:00Z", "09:00+01:00"}
    assert sent["cost_options"][0]["amount"] == 2.5
    assert sent["attributes"][0]["link_id"] == sent["id"]
    assert sent["attributes"][0]["taxonomy_term"]["taxonomy_id"]
    assert sent["organization"]["organization_identifiers"][0]["identifier_scheme"] == "GB-CHC"
    assert sent["languages"][0] | {"name": "Polish", "code": "pl"} == sent["languages"][0]
    assert (sent["minimum_age"], sent["last_modified"]) == (18, "2026-03-01T09:30:00Z")


def test_a_bare_service_leaves_keys_out(get: Get, session: Session) -> None:
    row = factories.service(session, url="www.hub.example", email="at the desk", description="  ")
    session.commit()
    sent = get(f"services/{row.id}")
    assert not {"url", "email", "description", "phones", "attributes", "minimum_age"} & set(sent)
    assert sent["organization"]["description"] == sent["organization"]["name"]


def test_list_items_carry_their_one_to_one_objects_only(get: Get, whole: Service) -> None:
    item = get("services")["contents"][0]
    assert item["organization"]["id"] == item["organization_id"]
    assert not [key for key, value in item.items() if isinstance(value, list) and not key.startswith("x_")]
    place = get("service_at_locations")["contents"][0]
    assert (place["service"]["id"], place["location"]["id"]) == (place["service_id"], place["location_id"])


def test_full_lists_nest_as_single_objects_do(get: Get, whole: Service) -> None:
    for path in ("services", "service_at_locations"):
        item = get(path, full="true")["contents"][0]
        assert item == get(f"{path}/{item['id']}")
    organization = get("organizations", full="true", search="Organisation")["contents"]
    assert all(one == get(f"organizations/{one['id']}") for one in organization)
    services = get(f"organizations/{whole.organization_id}", full_service="true")["services"]
    assert services == [get(f"services/{whole.id}")]


def test_a_confidential_place_is_never_told(client: FlaskClient, session: Session) -> None:
    row = factories.whole_service(session, confidential=True)
    place = row.service_at_locations[0]
    session.commit()
    told = [
        "High Street",
        "M33",
        "Sale.",
        "53.42",
        "-2.32",
        "0161 000 0002",
        "library",
        "town hall",
        "100012345678",
        "hall",
    ]
    told = [secret for secret in told if secret not in ("M33", "Sale.")] + ["M33 2AB"]
    for path in ("services", "service_at_locations", "organizations"):
        for query in ("", "?full=true", "?full_service=true", "?format=ndjson&full=true"):
            body = client.get(f"/open-referral/{path}{query}").get_data(as_text=True)
            assert not [secret for secret in told if secret in body], (path, query)
    for path in (f"services/{row.id}", f"service_at_locations/{place.id}"):
        assert not [secret for secret in told if secret in client.get(f"/open-referral/{path}").get_data(as_text=True)]
    sent = client.get(f"/open-referral/service_at_locations/{place.id}").get_json()["location"]
    assert sent == {"id": str(place.location_id), "location_type": "physical", "x_waymark_confidential": True}


def test_closed_services_are_not_listed_and_say_so_by_their_id(
    get: Get, names: Callable[..., set[str]], session: Session
) -> None:
    rows = {status: factories.service(session, name=status.value, status=status) for status in Status}
    place = factories.location(session)
    for row in rows.values():
        factories.at_location(session, row, place)
    session.commit()
    assert names() == names("service_at_locations") == {"active", "temporarily closed"}
    assert get(f"services/{rows[Status.DEFUNCT].id}")["status"] == "defunct"
    assert "services" not in get(f"organizations/{rows[Status.INACTIVE].organization_id}")


def test_an_address_without_required_parts(get: Get, session: Session) -> None:
    row = factories.service(session)
    place = factories.location(session)
    factories.address(session, place, city="", state_province="", address_1="2 Low Road", postal_code="")
    factories.address(session, place, city="", state_province="", address_1=" ", postal_code="")
    here = factories.at_location(session, row, place)
    session.commit()
    addresses = get(f"service_at_locations/{here.id}")["location"]["addresses"]
    assert len(addresses) == 1
    assert addresses[0]["city"] == addresses[0]["state_province"] == "2 Low Road"
    assert addresses[0]["postal_code"] == ""
    assert addresses[0]["x_waymark_filled_in"] == ["city", "state_province"]


def test_lines_have_everything_unpaged(client: FlaskClient, get: Get, session: Session) -> None:
    of = factories.organization(session)
    for _ in range(205):
        factories.service(session, organization=of)
    session.commit()
    response = client.get("/open-referral/services?format=ndjson&per_page=3")
    lines = response.get_data(as_text=True).splitlines()
    assert response.mimetype == "application/x-ndjson"
    assert [json.loads(line) for line in lines[:100]] == get("services", per_page=100)["contents"]
    assert len({json.loads(line)["id"] for line in lines}) == 205


def test_minimal_is_ids_and_dates_on_one_page(get: Get, session: Session) -> None:
    of = factories.organization(session)
    for _ in range(60):
        factories.service(session, organization=of)
    session.commit()
    page = get("services", minimal="true")
    assert page["size"] == page["total_items"] == 60
    assert {frozenset(item) for item in page["contents"]} == {frozenset({"id", "modified_date"})}
    assert get("services", minimal="true", per_page=10)["total_pages"] == 6


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("full", ["false", "true"])
def test_statements_do_not_grow_with_the_page(
    get: Get, session: Session, statements: list[str], path: str, full: str
) -> None:
    factories.whole_service(session)
    session.commit()
    get(path, full=full)
    statements.clear()
    get(path, full=full)
    few = len(statements)
    for _ in range(5):
        factories.whole_service(session)
    session.commit()
    statements.clear()
    get(path, full=full)
    assert len(statements) == few <= 30


UNKNOWN = "123e4567-e89b-12d3-a456-426614174000"


@pytest.mark.parametrize("path", LISTS)
def test_an_unknown_or_malformed_id_is_not_there(client: FlaskClient, path: str) -> None:
    for wrong in (
        UNKNOWN,
        "1",
        "not-an-id",
        "%00",
        "{id}",
        "a" * 3000,
        "\u202e",
        f"{{{UNKNOWN}}}",
        f"urn:uuid:{UNKNOWN}",
    ):
        response = client.get(f"/open-referral/{path}/{wrong}")
        assert response.status_code == 404
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.get_json()["error"]["message"]
