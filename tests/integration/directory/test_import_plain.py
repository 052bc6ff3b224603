"""A spreadsheet as people keep them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import InvalidInput
from app.directory.codes import AccessRoute, FlagCode, Frequency, Precision, Reach
from app.directory.models import Flag, IndexChange, Organization, Service
from app.directory.postcodes.points import PostcodePoint, write_points
from app.directory.queries import service_page
from app.directory.sessions import long_transaction
from tests.integration.directory.conftest import Importer

pytestmark = pytest.mark.usefixtures("reference")


def service_named(session: Session, name: str) -> Service:
    found = session.scalars(select(Service.id).where(Service.name == name).order_by(Service.id)).one()
    service = service_page(session, found)
    assert service is not None
    return service


def flags_of(session: Session, service: Service) -> set[tuple[FlagCode, str]]:
    rows = session.scalars(select(Flag).where(Flag.service_id == service.id).order_by(Flag.id))
    return {(flag.code, flag.field_name) for flag in rows}


def test_every_row_is_imported_or_listed(import_feed: Importer) -> None:
    imported = import_feed("groups.csv")
    assert imported.totals.new == 4
    assert imported.reasons("rejected") == ["service : the row has no name"]
    assert any("the same row is in the file before" in reason for reason in imported.reasons("note"))


def test_what_a_row_says_arrives_clean(import_feed: Importer, reading: Session) -> None:
    import_feed("groups.csv")
    service = service_named(reading, "Tuesday Table")
    assert service.description == "Hot lunch & company."
    assert service.url == "https://www.tuesday-table.example"
    assert service.email == "hello@tuesday-table.example"
    assert [phone.number for phone in service.phones] == ["01632 960111"]
    assert service.access_routes == {AccessRoute.DROP_IN}
    assert service.application_process == "Open door"
    assert service.reach == {Reach.IN_PERSON}
    openings = [(s.freq, s.byday, s.opens_at and s.opens_at.hour) for s in service.schedules]
    assert openings == [(Frequency.WEEKLY, "TU", 12), (Frequency.MONTHLY, "1SA", 10)]
    assert service.schedules[0].description == "Tuesdays 12 noon - 2pm; 1st Saturday of month 10am - 12noon"
    address = service.service_at_locations[0].location.addresses[0]
    assert (address.address_1, address.address_2, address.city) == ("The Old Mill", "Weir Lane", "Millgate")
    assert (address.postal_code, address.filled_in) == ("WX1 3AB", "country")


def test_broken_characters_are_mended_and_doubtful_hours_left_in_words(import_feed: Importer, reading: Session) -> None:
    import_feed("groups.csv")
    service = service_named(reading, "Pantry at St Anne's")
    assert service.description == "It’s food for people who can’t wait."
    assert (FlagCode.TEXT_MENDED, "description") in flags_of(reading, service)
    assert service.url is None
    assert (FlagCode.WEB_ADDRESS_DROPPED, "url") in flags_of(reading, service)
    assert [(s.freq, s.description) for s in service.schedules] == [(None, "One morning per week")]
    repair = service_named(reading, "Repair Café")
    assert [(s.opens_at, s.description) for s in repair.schedules] == [(None, "Wednesday 9 - 5")]
    assert (FlagCode.HOURS_NOT_READ, "schedules") in flags_of(reading, repair)
    assert repair.access_routes == {AccessRoute.PROFESSIONAL_REFERRAL, AccessRoute.SELF_REFERRAL}


def test_personal_data_in_free_text_is_flagged_not_changed(import_feed: Importer, reading: Session) -> None:
    import_feed("groups.csv")
    service = service_named(reading, "Listening Chair")
    assert "07700 900123" in service.description
    assert {(FlagCode.PERSONAL_EMAIL, "description"), (FlagCode.MOBILE_NUMBER, "description")} <= flags_of(
        reading, service
    )


def test_topics_are_proposed_by_rule_and_marked(import_feed: Importer, reading: Session) -> None:
    import_feed("groups.csv")
    service = service_named(reading, "Pantry at St Anne's")
    assert [(tag.taxonomy_term.code, tag.by_rule) for tag in service.attributes] == [("food", True)]
    assert (FlagCode.TOPICS_BY_RULE, "attributes") in flags_of(reading, service)
    assert (FlagCode.NO_TOPICS, "attributes") in flags_of(reading, service_named(reading, "Repair Café"))


def test_the_feed_s_own_categories_are_read_for_topics(import_feed: Importer, reading: Session, tmp_path: Path) -> None:
    path = tmp_path / "categories.csv"
    path.write_text("name,description,category\nThe Nook,Open to all,Food bank\nThe Cove,Open to all,Event\n", "utf-8")
    import_feed(path)
    by_rule = [tag.taxonomy_term.code for tag in service_named(reading, "The Nook").attributes if tag.by_rule]
    assert by_rule == ["food"]
    assert not any(tag.by_rule for tag in service_named(reading, "The Cove").attributes)


def test_the_operator_s_topic_is_no_guess(import_feed: Importer, reading: Session) -> None:
    import_feed("groups.csv", topic="befriending")
    service = service_named(reading, "Repair Café")
    assert [(tag.taxonomy_term.code, tag.by_rule) for tag in service.attributes] == [("befriending", False)]
    with pytest.raises(InvalidInput, match="no topic"):
        import_feed("groups.csv", topic="nonsense")


def test_a_postcode_gives_the_point_and_says_how_exactly(
    import_feed: Importer, database_url: str, reading: Session
) -> None:
    with long_transaction(database_url) as session:
        point = PostcodePoint(code="WX1 3", latitude=54.6955, longitude=-2.3585, postcodes=3)
        write_points(session, "postcode_sector", [point])
        write_points(session, "postcode_district", [PostcodePoint(code="WX1", latitude=54.7, longitude=-2.35)])
    import_feed("groups.csv")
    location = service_named(reading, "Tuesday Table").service_at_locations[0].location
    assert (location.latitude, location.precision) == (54.6955, Precision.SECTOR)
    nowhere = service_named(reading, "Repair Café")
    assert nowhere.service_at_locations[0].location.latitude is None
    assert (FlagCode.NO_PLACE, "service_at_locations") in flags_of(reading, nowhere)


def test_what_is_no_postcode_is_kept_and_listed(import_feed: Importer, reading: Session, tmp_path: Path) -> None:
    path = tmp_path / "postcodes.csv"
    rows = ["Bad,1 High Street,ZZZ", "Good,2 High Street,wx1 1aa", "District,3 High Street,WX1", "None,4 High Street,"]
    path.write_text("\n".join(["name,address,postcode", *rows]), encoding="utf-8")
    imported = import_feed(path)
    told = [reason for reason in imported.reasons("note") if "postal_code" in reason]
    assert told == ["address : postal_code: 'ZZZ' is no British postcode and was kept as it is written"]
    address = service_named(reading, "Bad").service_at_locations[0].location.addresses[0]
    assert address.postal_code == "ZZZ"


def test_importing_twice_changes_nothing(import_feed: Importer, reading: Session) -> None:
    import_feed("groups.csv")
    before = reading.execute(select(Service.id, Service.last_modified).order_by(Service.id)).all()
    changes = reading.scalar(select(func.count()).select_from(IndexChange))
    reading.commit()
    again = import_feed("groups.csv")
    assert (again.totals.new, again.totals.updated, again.totals.unchanged) == (0, 0, 4)
    assert reading.execute(select(Service.id, Service.last_modified).order_by(Service.id)).all() == before
    assert reading.scalar(select(func.count()).select_from(IndexChange)) == changes


def test_ids_do_not_depend_on_the_order_of_rows(import_feed: Importer, tmp_path: Path) -> None:
    rows = [
        "Branch,1 High Street,WX1 1AA,Mondays",
        "Branch,1 High Street,WX1 1AA,Fridays",
        "Branch,2 Low Road,WX1 1AA,",
    ]
    for order in (rows, rows[::-1]):
        path = tmp_path / "branches.csv"
        path.write_text("\n".join(["name,address,postcode,description", *order]), encoding="utf-8")
        imported = import_feed(path)
    assert (imported.totals.new, imported.totals.unchanged) == (0, 3)


def test_branches_share_one_organisation(import_feed: Importer, reading: Session, tmp_path: Path) -> None:
    path = tmp_path / "chain.csv"
    path.write_text("name,postcode\nBig Chain,WX1 1AA\nBig Chain,WX2 1AA\n", encoding="utf-8")
    assert import_feed(path).totals.new == 2
    assert reading.scalar(select(func.count()).select_from(Organization)) == 1


def test_a_mapping_names_other_headings(import_feed: Importer, reading: Session, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("Projekt;Was\nMeeting place;Tea\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="no feed that Waymark knows"):
        import_feed(path)
    import_feed(path, mapping={"name": "projekt", "description": "was"}, format="csv")
    assert service_named(reading, "Meeting place").description == "Tea"
    with pytest.raises(InvalidInput, match="no column 'wo'"):
        import_feed(path, mapping={"name": "wo"}, format="csv")


def test_quotes_after_a_blank_hold_a_cell_together(import_feed: Importer, reading: Session, tmp_path: Path) -> None:
    path = tmp_path / "blanks.csv"
    path.write_text(
        '"Name", "Address", "Services Provided"\n"The Nook", "1 High Street, Millgate, WX1 1AA", "Tea, and a talk"\n',
        encoding="utf-8",
    )
    import_feed(path)
    service = service_named(reading, "The Nook")
    assert service.description == "Tea, and a talk"
    assert service.service_at_locations[0].location.addresses[0].postal_code == "WX1 1AA"


LINKED = {
    "services.csv": "Service ID,Service,Organisation(s),Location(s),Free,Description\n"
    "S1,Repair cafe,Menders;Sun House,Sun House,TRUE,We mend things\n"
    "S2,Warm room,The sun house,Sun House; Library,FALSE,Tea\n"
    "S3,Walk,Walkers,,,A walk\n",
    "organisations.csv": "Org ID,Organisation,Org Website,Description\n"
    "O1,Menders,https://menders.example,Menders mend\nO2,Choir,https://choir.example,We sing\n",
    "locations.csv": "Location ID,Location name,Organisation,Address,Town,Postcode\n"
    "L1,Sun House,Sun House,45 Ford Road,Millgate,WX1 1AA\nL2,Library,County,1 High Street,Millgate,WX1 2AA\n"
    "L3,Old Barn,County,2 High Street,Millgate,WX1 2AA\n",
}


def test_spreadsheets_that_point_to_each_other_by_name_are_joined(
    import_feed: Importer, reading: Session, tmp_path: Path
) -> None:
    for name, text in LINKED.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    imported = import_feed(tmp_path)
    assert (imported.totals.new, imported.totals.rejected) == (3, 0)
    assert imported.reasons("note") == ["location Old Barn: no service is at this location"]
    repair, warm = service_named(reading, "Repair cafe"), service_named(reading, "Warm room")
    assert (repair.organization.name, repair.organization.website) == ("Menders", "https://menders.example")
    assert (repair.fees_description, warm.fees_description) == ("Free", None)
    assert sorted(link.location.name or "" for link in warm.service_at_locations) == ["Library", "Sun House"]
    assert repair.service_at_locations[0].location.addresses[0].postal_code == "WX1 1AA"
    assert service_named(reading, "Walk").organization.name == "Walkers"
    assert reading.scalar(select(Organization.website).where(Organization.name == "Choir")) == "https://choir.example"
    assert import_feed(tmp_path).totals.unchanged == 3


def test_flat_json_is_read_as_a_spreadsheet_is(import_feed: Importer, reading: Session, tmp_path: Path) -> None:
    path = tmp_path / "flat.json"
    rows = [
        {"name": "Day centre", "address": "1 High Street", "postcode": "WX1 1AA", "tags": ["food", "showers"],
         "services": [{"name": "Meals", "description": "Hot food"}, {"name": "Showers"}]},
        {"name": "Night centre", "address": "2 High Street", "postcode": "WX1 1AB", "services": [{"name": "Meals"}]},
        {"Name": "Chat", "Telephone": "01632 960111", "location": {"latitude": 54.7, "longitude": -2.35}},
    ]  # fmt: skip
    path.write_text(json.dumps(rows), encoding="utf-8")
    imported = import_feed(path)
    assert (imported.totals.new, imported.totals.rejected) == (4, 0)
    meals = reading.scalars(select(Service).where(Service.name == "Meals")).all()
    assert sorted(service.organization.name for service in meals) == ["Day centre", "Night centre"]
    showers = service_named(reading, "Showers")
    assert showers.service_at_locations[0].location.addresses[0].postal_code == "WX1 1AA"
    chat = service_named(reading, "Chat")
    assert chat.phones[0].number == "01632 960111"
    assert chat.service_at_locations[0].location.latitude == 54.7
    assert import_feed(path).totals.unchanged == 4


def test_features_of_a_map_are_services(import_feed: Importer, reading: Session, tmp_path: Path) -> None:
    path = tmp_path / "map.geojson"
    feature = {
        "type": "Feature",
        "properties": {"name": "Food bank", "Opening Times": "10am - 12pm Fridays"},
        "geometry": {"type": "Point", "coordinates": [-2.35, 54.7]},
    }
    told = {"type": "FeatureCollection", "name": "layer", "features": [feature]}
    path.write_text(json.dumps(told), encoding="utf-8")
    import_feed(path)
    service = service_named(reading, "Food bank")
    location = service.service_at_locations[0].location
    assert (location.latitude, location.longitude) == (54.7, -2.35)
    assert [schedule.byday for schedule in service.schedules] == ["FR"]


COUNCIL = """Toilet,Address,Postcode,Tel no,Web,Facilities,More information,Location,Bus routes
Old Square,1 High Street,WX1 1AA,01632 960111,"<a href=""http://old.example""> Old Square</a>",Ramp,http://old.example/more,"54.70012,-2.35034",7
"""
DAYS = """Org name,Day,Time,Monday,Thu,Easting,Northing,Contact postcode,Disabled access
Repair shed,Tuesdays,10am - 12noon,,,380000,540000,WX1 1AA,Yes (ground floor)
Sewing shed,,,9am - 5pm,Closed,,,WX1 1AB,yes
"""


def test_the_headings_of_councils_are_understood(import_feed: Importer, reading: Session, tmp_path: Path) -> None:
    path = tmp_path / "toilets.csv"
    path.write_text(COUNCIL, encoding="utf-8")
    imported = import_feed(path)
    assert imported.reasons("note") == [
        "columns : no column is headed as a name: 'toilet' was taken for it",
        "columns : columns that were not used (a mapping can name them): bus_routes",
    ]
    service = service_named(reading, "Old Square")
    assert (service.description, service.url) == ("Facilities: Ramp", "http://old.example")
    assert [tag.taxonomy_term.name for tag in service.attributes] == ["Toilet"]
    location = service.service_at_locations[0].location
    assert (location.latitude, location.longitude) == (54.70012, -2.35034)
    assert (location.addresses[0].address_1, [phone.number for phone in service.phones]) == (
        "1 High Street",
        ["01632 960111"],
    )


def test_days_in_columns_and_the_national_grid(import_feed: Importer, reading: Session, tmp_path: Path) -> None:
    path = tmp_path / "sheds.csv"
    path.write_text(DAYS, encoding="utf-8")
    assert import_feed(path).reasons("note") == []
    repair, sewing = service_named(reading, "Repair shed"), service_named(reading, "Sewing shed")
    assert [(s.byday, s.opens_at and s.opens_at.hour) for s in repair.schedules] == [("TU", 10)]
    assert [(s.byday, s.description) for s in sewing.schedules] == [("MO", "Monday 9am - 5pm; Thursday Closed")]
    location = repair.service_at_locations[0].location
    assert (round(location.latitude or 0, 2), round(location.longitude or 0, 2)) == (54.75, -2.31)
    assert location.addresses[0].postal_code == "WX1 1AA"
    access = [service.service_at_locations[0].location.accessibility[0].description for service in (repair, sewing)]
    assert access == ["Disabled access: Yes (ground floor)", "Disabled access"]


@pytest.mark.parametrize("title", ['"Help in the town, 2026",,', "Help in the town, 2026", "Help in the town", ""])
def test_a_title_above_the_headings_is_no_heading(
    import_feed: Importer, reading: Session, tmp_path: Path, title: str
) -> None:
    path = tmp_path / "titled.csv"
    path.write_text(
        f"{title}\n\nChecked in March,,\n\nService,Run by,Tel\nLunch club,Age Friends,01632 960111\n",
        encoding="utf-8",
    )
    assert import_feed(path).reasons("note") == []
    service = service_named(reading, "Lunch club")
    assert (service.organization.name, service.phones[0].number) == ("Age Friends", "01632 960111")


def test_a_service_is_called_by_its_own_name_and_not_by_who_runs_it(
    import_feed: Importer, reading: Session, tmp_path: Path
) -> None:
    path = tmp_path / "money.csv"
    path.write_text(
        "Organization Name,Name of Service or Product\nCredit Union,Savings club\nCredit Union,Budget hour\n",
        encoding="utf-8",
    )
    import_feed(path)
    assert service_named(reading, "Savings club").organization.name == "Credit Union"


EXCEL = """Name,Phone_primary,Opening_hours,Mon_open,Mon_close,Tue_open,Tue_close
Pantry,1632960111,TRUE,0.4166666667,0.5,13:00,15:00
Advice,441632960112,,,,9am,
Childline,8001111,,,,,
Abroad,4156425905,,,,,
"""


def test_what_a_spreadsheet_does_to_numbers_and_times_is_undone(
    import_feed: Importer, reading: Session, tmp_path: Path
) -> None:
    path = tmp_path / "excel.csv"
    path.write_text(EXCEL, encoding="utf-8")
    reasons = import_feed(path).reasons("note")
    assert "'1632960111' cannot be dialled as it is written and was taken for 01632960111" in " ".join(reasons)
    numbers = [service_named(reading, name).phones[0].number for name in ("Pantry", "Advice", "Childline", "Abroad")]
    assert numbers == ["01632960111", "+441632960112", "08001111", "4156425905"]
    openings = service_named(reading, "Pantry").schedules
    assert [(s.byday, str(s.opens_at), str(s.closes_at)) for s in openings] == [
        ("MO", "10:00:00", "12:00:00"),
        ("TU", "13:00:00", "15:00:00"),
    ]
    assert [s.description for s in service_named(reading, "Advice").schedules] == ["Tuesday 9am"]
