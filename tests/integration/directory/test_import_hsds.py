"""Feeds in the shapes of the standard, with the dirt that real ones have."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory.codes import AccessFeature, Coverage, Frequency, LocationType, Status
from app.directory.models import Organization, Service, Taxonomy
from app.directory.queries import service_page
from tests.integration.directory.conftest import SAMPLES, Importer, write_json

pytestmark = pytest.mark.usefixtures("reference")


def by_source_id(session: Session, source_id: str) -> Service:
    service_id = session.scalars(select(Service.id).where(Service.source_id == source_id).order_by(Service.id)).one()
    service = service_page(session, service_id)
    assert service is not None
    return service


def test_tables_of_version_1_are_joined(import_feed: Importer, reading: Session) -> None:
    import_feed("hsds1", source="harbour")
    service = by_source_id(reading, "10")
    assert service.organization.name == "Harbour Trust"
    assert service.description == "Rent arrears, notices\nand court."
    assert (service.url, service.status, service.fees_description) == (
        "https://harbour.example/help",
        Status.ACTIVE,
        "Free",
    )
    # The last of each is told at one of the service's places.
    assert {phone.number for phone in service.phones} == {"01632 960301", "01632 960303", "01632 960306"}
    people = {(contact.name, contact.title) for contact in service.contacts}
    assert people == {("Sam", "Duty worker"), ("Ana", "Front desk")}
    days = {(s.byday, s.opens_at, s.closes_at) for s in service.schedules}
    assert days == {("MO", time(9), time(17)), ("TU", time(9, 30), time(13)), (None, time(9), time(10))}
    assert (service.minimum_age, service.maximum_age) == (16, 60)
    assert service.eligibility_description == "Young tenants\nTheir parents"
    assert [(language.code, language.name) for language in service.languages] == [("pl", "Polish")]
    places = [link.location for link in service.service_at_locations]
    assert [(place.name, place.latitude, place.longitude) for place in places] == [
        ("Harbour House", 54.7, -2.35),
        ("Swapped", 54.6951, -2.3591),
    ]


def test_terms_are_ours_by_exact_label_else_the_source_s_own(import_feed: Importer, reading: Session) -> None:
    import_feed("hsds1", source="harbour")
    service = by_source_id(reading, "10")
    terms = [(tag.taxonomy_term.taxonomy.slug, tag.taxonomy_term.code, tag.by_rule) for tag in service.attributes]
    assert terms == [("need", "rent-arrears", False), ("harbour-themes", "T2", False)]
    assert reading.scalars(
        select(Taxonomy.name).where(Taxonomy.slug == "harbour-themes").order_by(Taxonomy.id)
    ).all() == ["Themes"]


def test_orphans_and_second_ids_are_listed(import_feed: Importer) -> None:
    imported = import_feed("hsds1", source="harbour")
    rejected = imported.reasons("rejected")
    assert "organization 1: the id is used twice: only the first row with it counts" in rejected
    assert "location 103: no service is at this location" in rejected
    assert "service_at_location 1004: the row belongs to nothing: its link is blank" in rejected
    assert any(reason.startswith("phone 603: the row belongs to service '55'") for reason in rejected)
    assert any(reason.startswith("physical_address 502") for reason in rejected)
    assert "service 14: the service has no name" in rejected
    notes = " ".join(imported.reasons("note"))
    assert "at a location that the feed does not tell" in notes
    assert "coordinates are not in the United Kingdom" in notes
    assert "'sleeping' is unknown" in notes
    assert "'Someday' names no days" in notes
    assert "'ring the bell' has no number" in notes
    assert imported.totals.new == 5


def test_a_service_without_its_organisation_is_still_found(import_feed: Importer, reading: Session) -> None:
    imported = import_feed("hsds1", source="harbour")
    assert by_source_id(reading, "13").organization.name == "Orphan service"
    assert by_source_id(reading, "12").status is Status.DEFUNCT
    assert any("no organisation is named" in reason for reason in imported.reasons("note"))
    names = reading.scalars(select(Organization.name).order_by(Organization.name)).all()
    assert "Nobody's Services" in names


def test_parts_of_an_address_that_are_absent_are_marked(import_feed: Importer, reading: Session) -> None:
    import_feed("hsds1", source="harbour")
    address = by_source_id(reading, "11").service_at_locations[0].location.addresses[0]
    assert address.filled_in == "address_1 city state_province country"
    assert (address.address_1, address.country) == ("Impossible", "GB")


OLDEST = {
    "organizations.csv": "id,name,description\n1,Harbour Trust,We help\n",
    "locations.csv": "id,organization_id,name,accessibility,latitude,longitude\n"
    '7,1,Harbour House,"ramp, disabled_parking",54.7,-2.35\n',
    "addresses.csv": "id,location_id,address_1,city,state_province,postal_code,country\n"
    "1,7,1 High Street,Millgate,Wexshire,WX1 1AA,GB\n",
    "phones.csv": "id,location_id,number\n1,7,01632 960301\n",
    "contacts.csv": "id,location_id,name\n1,7,Sam\n",
    "taxonomy.csv": "taxonomy_id,name\n101,Sailing\n",
    "services.csv": "id,location_id,name,languages,service_areas,website,taxonomy_ids\n"
    '1,7,Boat club,"English, Polish","Millgate, Colby",www.boats.example,"101"\n',
}


def test_a_service_of_version_1_0_names_its_place_itself(
    import_feed: Importer, reading: Session, tmp_path: Path
) -> None:
    for name, text in OLDEST.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    imported = import_feed(tmp_path, source="oldest")
    assert (imported.totals.new, imported.reasons("rejected")) == (1, [])
    service = by_source_id(reading, "1")
    assert (service.organization.name, service.url) == ("Harbour Trust", "https://www.boats.example")
    location = service.service_at_locations[0].location
    assert (location.name, location.latitude, location.addresses[0].postal_code) == ("Harbour House", 54.7, "WX1 1AA")
    assert [part.feature for part in location.accessibility if part.feature] == [
        AccessFeature.STEP_FREE,
        AccessFeature.PARKING,
    ]
    assert [contact.name for contact in service.contacts] == ["Sam"]
    assert sorted(language.name or "" for language in service.languages) == ["English", "Polish"]
    assert sorted(area.name or "" for area in service.service_areas) == ["Colby", "Millgate"]
    assert "Sailing" in {tag.taxonomy_term.name for tag in service.attributes}
    assert import_feed(tmp_path, source="oldest").totals.unchanged == 1


def test_a_zip_file_is_the_same_as_its_folder(import_feed: Importer, tmp_path: Path) -> None:
    path = tmp_path / "hsds1.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in (SAMPLES / "hsds1").iterdir():
            archive.write(file, f"deep/{file.name}")
    import_feed("hsds1", source="harbour")
    assert import_feed(path, source="harbour").totals.unchanged == 5


def test_a_page_of_version_2(import_feed: Importer, reading: Session) -> None:
    imported = import_feed("page2.json", source="two")
    service = by_source_id(reading, "7d2f7a1c-58a6-4d57-9a4c-1f0b6b0d0001")
    assert service.id == UUID("7d2f7a1c-58a6-4d57-9a4c-1f0b6b0d0001")
    assert service.description == "A gentle walk – bring a friend."
    assert (service.coverage, service.assured_date) == (Coverage.NATIONAL, date(2026, 10, 1))
    assert (service.minimum_age, service.maximum_age) == (18, None)
    assert [cost.amount for cost in service.cost_options] == [Decimal("2.00")]
    assert [phone.number for phone in service.phones] == ["01632 960401"]
    assert [(s.freq, s.byday, s.opens_at) for s in service.schedules] == [(Frequency.WEEKLY, "WE", time(10))]
    assert service.fundings[0].source == "The lottery"
    location = service.service_at_locations[0].location
    assert location.addresses[0].country == "GB"
    features = [AccessFeature.ACCESSIBLE_TOILET, AccessFeature.STEP_FREE]
    assert [access.feature for access in location.accessibility] == features
    assert location.accessibility[0].description == "Level access and disabled toilet"
    assert {tag.taxonomy_term.code for tag in service.attributes} == {"physical-activity", "esd:999"}
    numbers = by_source_id(reading, "22")
    assert (numbers.status, numbers.minimum_age, numbers.organization.source_id) == (Status.ACTIVE, None, "5")
    assert any("20 is below 60" in reason for reason in imported.reasons("note"))


def test_an_organisation_told_elsewhere_is_not_overwritten_by_its_id(import_feed: Importer, reading: Session) -> None:
    import_feed("page2.json", source="two")
    service = by_source_id(reading, "7d2f7a1c-58a6-4d57-9a4c-1f0b6b0d0003")
    assert (service.organization.name, service.organization.website) == ("Walk and Talk CIC", "https://walk.example")


def test_full_services_of_version_3_and_a_confidential_address(import_feed: Importer, reading: Session) -> None:
    import_feed("full3.json", source="three")
    service = by_source_id(reading, "5b0a3b64-0c3e-4c07-8a54-8f4a8b510001")
    location = service.service_at_locations[0].location
    assert (location.confidential, location.location_type) == (True, LocationType.PHYSICAL)
    assert location.addresses == []
    opening = service.schedules[0]
    assert (opening.freq, opening.byday, opening.opens_at, opening.closes_at) == (
        Frequency.MONTHLY,
        "1MO",
        time(18),
        time(20),
    )
    assert service.last_modified == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert [tag.taxonomy_term.code for tag in service.attributes] == ["domestic-abuse"]
    assert service.organization.identifiers[0].identifier == "123"


@pytest.mark.parametrize("feed", ["hsds1", "page2.json", "full3.json", "page3.json"])
def test_importing_twice_changes_nothing(import_feed: Importer, feed: str) -> None:
    first = import_feed(feed).totals
    again = import_feed(feed).totals
    assert (again.new, again.updated, again.missing) == (0, 0, 0)
    assert again.unchanged == first.new > 0


def test_one_service_a_line_and_one_service_alone(import_feed: Importer, tmp_path: Path) -> None:
    services = (
        json.loads((SAMPLES / "full3.json").read_text()) + json.loads((SAMPLES / "page3.json").read_text())["contents"]
    )
    lines = tmp_path / "lines.ndjson"
    lines.write_text("\n".join(json.dumps(service) for service in services), encoding="utf-8")
    assert import_feed(lines, source="s").totals.new == 2
    assert import_feed(write_json(tmp_path / "one.json", services[0]), source="alone").totals.imported == 0


@pytest.mark.parametrize(("encoding", "ending"), [("cp1252", "json"), ("utf-16", "json"), ("cp1252", "ndjson")])
def test_json_of_an_old_windows_program_is_read(
    import_feed: Importer, reading: Session, tmp_path: Path, encoding: str, ending: str
) -> None:
    path = tmp_path / f"old.{ending}"
    told = json.dumps({"id": "1", "name": "Women’s café – Thursdays", "status": "active"}, ensure_ascii=False)
    path.write_bytes(told.encode(encoding))
    assert import_feed(path).totals.new == 1
    assert reading.scalars(select(Service.name)).all() == ["Women’s café – Thursdays"]


def test_organisations_with_their_services_inside(import_feed: Importer, tmp_path: Path) -> None:
    told = [
        {"id": "o1", "name": "Parent", "description": "", "services": [{"id": "s1", "name": "Inside"}]},
        {"id": "o2", "name": "Alone", "description": "", "organization_identifiers": []},
    ]
    totals = import_feed(write_json(tmp_path / "organizations.json", told)).totals
    assert (totals.new, totals.organizations) == (1, 2)
