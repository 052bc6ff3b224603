"""What each filter keeps, and that together they keep only what fits all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.directory import geography
from app.directory.models import PostcodeDistrict, PostcodeSector, ServiceArea
from app.library.documents import all_documents
from app.library.engine import engine_of, index_writer
from tests import factories

Names = Callable[..., set[str]]


def test_terms_and_taxonomies(names: Names, session: Session) -> None:
    needs, kinds = factories.taxonomy(session), factories.taxonomy(session)
    money = factories.term(session, needs)
    debt, rent = factories.term(session, needs, parent_id=money.id), factories.term(session, needs, parent_id=money.id)
    advice = factories.term(session, kinds)
    for name, bears in {"debt": [debt], "both": [debt, rent], "advice": [debt, advice], "none": []}.items():
        row = factories.service(session, name=name)
        for one in bears:
            factories.attribute(session, row, one)
    session.commit()
    assert names(taxonomy_term_id=debt.id) == {"debt", "both", "advice"}
    assert names(taxonomy_term_id=[debt.id, rent.id]) == {"both"}
    assert names(taxonomy_term_id=money.id) == set()
    assert names(taxonomy_id=needs.id) == {"debt", "both", "advice"}
    assert names(taxonomy_id=kinds.id, taxonomy_term_id=debt.id) == {"advice"}
    assert names(taxonomy_id=debt.id) == set()


def test_organisation_ages_and_dates(names: Names, session: Session) -> None:
    of = factories.organization(session)
    factories.service(session, name="young", organization=of, minimum_age=11, maximum_age=25)
    new = datetime(2026, 5, 1, 12, tzinfo=UTC)
    factories.service(session, name="grown", organization=of, minimum_age=18, last_modified=new)
    factories.service(session, name="any", maximum_age=120)
    session.commit()
    assert names(organization_id=of.id) == {"young", "grown"}
    assert names(minimum_age=12) == {"grown"}
    assert names(minimum_age=11) == {"young", "grown"}
    assert names(maximum_age=25) == {"young"}
    assert names(minimum_age=11, maximum_age=25) == {"young"}
    assert names(modified_after="2026-05-01T12:00:00Z") == {"grown"}
    assert names(modified_after="2026-05-01T13:00:00+01:00") == {"grown"}
    assert names(modified_after="2026-05-01T12:00:01Z") == set()
    assert names(modified_after="2026-05-01", organization_id=of.id) == {"grown"}


def test_hours_hold_together(names: Names, session: Session) -> None:
    monday = factories.service(session, name="monday")
    factories.schedule(session, service=monday, byday="MO,TH", opens_at=time(9), closes_at=time(12))
    factories.schedule(session, service=monday, byday="FR", opens_at=time(18), closes_at=time(20))
    monthly = factories.service(session, name="monthly")
    here = factories.at_location(session, monthly, factories.location(session))
    factories.schedule(session, service_at_location=here, byday="1FR,-1TU", opens_at=time(10), closes_at=time(11))
    factories.service(session, name="never")
    session.commit()
    assert names(day="FR") == {"monday", "monthly"}
    assert names(day="Tuesday") == {"monthly"}
    assert names(day="MO", start_time="10:00") == set()
    assert names(day="FR", start_time="17:00") == {"monday"}
    assert names(end_time="11:00") == {"monthly"} == names("service_at_locations", end_time="11:00")
    assert names(start_time="09:00", end_time="12:00") == {"monday", "monthly"}


def test_terms_by_taxonomy_parent_and_depth(get: Callable, session: Session) -> None:
    needs, kinds = factories.taxonomy(session, name="Needs"), factories.taxonomy(session, name="Kinds")
    money = factories.term(session, needs, name="Money")
    factories.term(session, needs, name="Debt", description="Owing money", parent_id=money.id)
    factories.term(session, kinds, name="Course")
    session.commit()

    def found(**query: object) -> set[str]:
        return {item["name"] for item in get("taxonomy_terms", **query)["contents"]}

    assert found(taxonomy_id=needs.id) == {"Money", "Debt"}
    assert found(top_only="true") == {"Money", "Course"}
    assert found(top_only="true", taxonomy_id=needs.id) == {"Money"}
    assert found(parent_id=money.id) == {"Debt"}
    assert found(search="MONEY") == {"Money", "Debt"}
    assert found(search="owing debt") == {"Debt"}
    assert {item["name"] for item in get("taxonomies", search="kind")["contents"]} == {"Kinds"}
    assert {term["name"] for term in get(f"taxonomies/{needs.id}")["taxonomy_terms"]} == {"Money", "Debt"}


@pytest.fixture
def postcodes(session: Session) -> Iterator[None]:
    geography.forget()
    session.add(PostcodeDistrict(code="M33", latitude=53.42, longitude=-2.32, postcodes=9, lad_code="E08000009"))
    session.add(PostcodeSector(code="M33 2", latitude=53.42, longitude=-2.32, postcodes=9, lad_code="E08000009"))
    session.commit()
    yield
    geography.forget()


@pytest.mark.usefixtures("postcodes")
def test_postcode_and_proximity(names: Names, session: Session) -> None:
    def put(name: str, *areas: str, **place: object) -> None:
        row = factories.service(session, name=name)
        factories.at_location(session, row, factories.location(session, **place))
        for extent in areas:
            session.add(ServiceArea(service=row, name="Area", extent=extent))

    put("here", latitude=53.42, longitude=-2.32)
    put("a mile", latitude=53.42, longitude=-2.344)
    put("far", latitude=55.0, longitude=-1.5)
    put("nowhere", latitude=None, longitude=None)
    put("secret", latitude=53.42, longitude=-2.32, confidential=True)
    put("for us", "M41", "M33")
    put("for others", "M41")
    put("unclear", "M41", "the north")
    session.commit()
    everywhere = names("service_at_locations")
    assert names("service_at_locations", postcode="M33 2AB") == everywhere - {"for others"}
    assert names("service_at_locations", postcode="M33", proximity=1000) == {"here", "for us", "unclear"}
    assert names("service_at_locations", postcode="m332ab", proximity=1650) == {"here", "for us", "unclear", "a mile"}
    assert names("service_at_locations", postcode="M33", proximity=0) == {"here", "for us", "unclear"}


@pytest.mark.usefixtures("postcodes")
@pytest.mark.parametrize("query", ["proximity=5", "postcode=ZZ99 9ZZ", "postcode=M33&proximity=near", "postcode=?"])
def test_places_that_cannot_be_told_are_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/open-referral/service_at_locations?{query}").status_code == 400


@pytest.fixture(params=["index", "database"])
def searched(request: pytest.FixtureRequest, app: Flask, session: Session) -> str:
    of = factories.organization(session, name="Citizens of Sale")
    factories.service(session, name="Debt desk", organization=of, description="Bills and bailiffs", minimum_age=18)
    factories.service(session, name="Bills club", description="For everybody")
    factories.service(session, name="Choir", description="Songs, 100% fun")
    session.commit()
    if request.param == "index":
        writer = index_writer(app)
        writer.rebuild(all_documents(session), sequence=1)
        writer.close()
        engine_of(app).index.refresh()
    return str(request.param)


def test_search_wants_every_word(names: Names, searched: str) -> None:
    assert names(search="bills") == {"Debt desk", "Bills club"}
    assert names(search="the BAILIFFS bills") == {"Debt desk"}
    assert names(search="bills choir") == set()
    assert names(search="citizens") == {"Debt desk"}
    assert names(search="bills", minimum_age=18) == {"Debt desk"}
    assert names(search=["bills", "club"]) == {"Bills club"}
    assert names(search=" ... ") == {"Debt desk", "Bills club", "Choir"}
    assert names(search="%") == {"Debt desk", "Bills club", "Choir"}
    assert names("service_at_locations", search="bills") == set()
    if searched == "index":
        assert names(search="bailiff song") == set()
        assert names(search="singing songs") <= {"Choir"}
        assert names(search="bill") == {"Debt desk", "Bills club"}


def test_a_search_pages_and_counts(get: Callable, searched: str) -> None:
    page = get("services", search="bills", per_page=1, page=2)
    assert (page["total_items"], page["total_pages"], page["size"], page["last_page"]) == (2, 2, 1, True)


def test_organisations_by_word(get: Callable, session: Session) -> None:
    factories.organization(session, name="Citizens of Sale", description="Advice")
    factories.organization(session, name="Choir", alternate_name="100% fun")
    session.commit()
    assert [one["name"] for one in get("organizations", search="sale advice")["contents"]] == ["Citizens of Sale"]
    assert [one["name"] for one in get("organizations", search="fun")["contents"]] == ["Choir"]
