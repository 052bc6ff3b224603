"""The pages of people as staff use them: from a search to a record, wrong input, and what is on record afterwards."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from app.accounts.codes import OrganizationKind, Role
from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.core import clock
from app.people.codes import ContactChannel, PermissionKind
from app.people.models import Person
from app.people.operations.records import details_of
from app.people.queries import permission_history
from app.people.safe_time_field import clock_time
from tests.people import a_person
from tests.signing_in import a_member, a_workplace, actor_of, signed_in_client


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def receptionist(session):
    a_workplace(session, "Harbour Street", OrganizationKind.SURGERY).ods_code = "WX0001"
    return a_member(session, Role.SURGERY, workplace="Harbour Street")


@pytest.fixture
def desk(app, session, receptionist):
    user_id = receptionist.id
    session.commit()
    return signed_in_client(app, user_id)


def kept(session, receptionist, **details):
    """The id of a record that is committed; the test's own transaction is over, or the pages would wait for it."""
    person_id = a_person(session, actor_of(session, receptionist), **details).id
    session.commit()
    return person_id


def stored(session, person_id):
    session.rollback()
    person = session.get_one(Person, person_id)
    session.refresh(person, ["adjustments"])
    return person


def looks(session, person_id) -> int:
    session.rollback()
    read = (AuditEntry.person_id == person_id, AuditEntry.action == Action.READ)
    count = session.scalar(select(func.count()).select_from(AuditEntry).where(*read))
    session.rollback()
    return count


def test_from_a_search_that_finds_nobody_to_a_record_with_safe_contact(session, desk):
    born = {"born_on-day": "29", "born_on-month": "2", "born_on-year": "1984"}
    nobody = desk.post("/desk/people", data={"name": "Rowan Ashby", **born})
    assert "Nobody here fits" in nobody.text
    started = desk.post("/desk/people/new", data={"start": "1", "name": "Rowan Ashby", **born})
    assert started.status_code == 200
    assert all(words in started.text for words in ('value="Rowan Ashby"', 'value="1984"', 'value="WX0001"'))
    assert session.scalars(select(Person)).all() == []
    session.rollback()
    answer = desk.post("/desk/people/new", data={"name": "Rowan Ashby", "address_status": "not-given", **born})
    person_id = session.scalars(select(Person.id)).one()
    session.rollback()
    assert answer.headers["Location"] == f"/desk/people/{person_id}/contact?new=1"
    given = {"revision": "1", "safe_channels": ["sms", "phone"], "mobile": "07700 900118", "mobile_is_private": "y"}
    given |= {"time_1-days": ["0", "2"], "time_1-from": "9", "time_1-to": "12.30pm", "discreet": "y"}
    saved = desk.post(f"/desk/people/{person_id}/contact", data=given)
    assert saved.headers["Location"] == f"/desk/people/{person_id}?done=saved"
    page = desk.get(saved.headers["Location"]).text
    for words in (
        "Rowan Ashby",
        "29 February 1984",
        "07700 900118",
        "Text message",
        "9:00 to 12:30",
        "Leave no message",
    ):
        assert words in page
    assert stored(session, person_id).safe_channels == {ContactChannel.SMS, ContactChannel.PHONE}
    session.rollback()
    found = desk.post("/desk/people", data={"name": "ashby"}).text
    assert f"/desk/people/{person_id}" in found


def test_each_look_is_one_row(session, desk, receptionist):
    person_id = kept(session, receptionist)
    desk.get(f"/desk/people/{person_id}")
    assert looks(session, person_id) == 1
    desk.get(f"/desk/people/{person_id}/contact")
    assert looks(session, person_id) == 2
    refused = desk.post(f"/desk/people/{person_id}/contact", data={"revision": "1", "email": "nonsense"})
    assert refused.status_code == 422
    assert looks(session, person_id) == 3


@pytest.mark.parametrize(
    ("page", "wrong", "sentence"),
    [
        ("identity", {"name": ""}, "Enter a name"),
        ("identity", {"name": "A", "nhs_number": "999 000 0019"}, "That is not an NHS number"),
        ("identity", {"name": "A", "born_on-day": "31", "born_on-month": "2", "born_on-year": "1984"}, "real date"),
        ("identity", {"name": "A", "address_status": "known", "postcode": "nowhere"}, "Enter a postcode"),
        ("identity", {"name": "A", "gp_ods_code": "!"}, "Enter letters and digits"),
        ("contact", {"mobile": "01632 960001"}, "Enter a UK mobile number"),
        ("contact", {"time_1-days": "0", "time_1-from": "17", "time_1-to": "9"}, "must be later"),
        ("contact", {"time_2-from": "9", "time_2-to": "10"}, "Choose at least one day"),
        ("contact", {"time_3-days": "1", "time_3-from": "half past"}, "Enter both times"),
        ("needs", {"language": "xx"}, "Choose one of the answers"),
        ("permissions/record", {}, "Choose yes or no"),
        ("permissions/tell-referrer", {"given": "yes"}, "Choose how much may be told"),
        ("permissions/share-referral", {"given": "yes"}, "Choose at least one organisation"),
        ("permissions/record", {"given": "yes", "method": "proxy"}, "Say who decided for them"),
    ],
)
def test_wrong_input_is_told_beside_its_field_and_kept(session, desk, receptionist, page, wrong, sentence):
    person_id = kept(session, receptionist)
    given = {"revision": "1", "address_status": "not-given", "method": "verbal", "language": "en"} | wrong
    answer = desk.post(f"/desk/people/{person_id}/{page}", data=given)
    assert answer.status_code == 422
    assert sentence in re.sub(r"&#39;", "'", answer.text)
    assert 'class="govuk-error-message"' in answer.text
    for name, value in wrong.items():
        if value and name in {"nhs_number", "postcode", "mobile", "time_3-from"}:
            assert f'value="{value}"' in answer.text
    assert stored(session, person_id).revision == 1


def test_a_form_that_was_open_while_a_colleague_saved_is_told(session, desk, receptionist):
    person_id = kept(session, receptionist)
    first = {"revision": "1", "name": "Rowan Lee", "address_status": "not-given"}
    assert desk.post(f"/desk/people/{person_id}/identity", data=first).status_code == 303
    second = desk.post(f"/desk/people/{person_id}/identity", data=first | {"name": "Rowan Hill"})
    assert second.status_code == 422
    assert "Somebody else changed this record" in second.text
    assert 'value="Rowan Hill"' in second.text


def test_one_form_leaves_alone_what_the_others_hold(session, desk, receptionist):
    person_id = kept(session, receptionist, contact_note="By text", adjustments=("Ramp",))
    before = details_of(stored(session, person_id))
    session.rollback()
    given = {"revision": "1", "language": "pl", "interpreter": "y", "adjustments": "Ramp\nQuiet room"}
    assert desk.post(f"/desk/people/{person_id}/needs", data=given).status_code == 303
    after = details_of(stored(session, person_id))
    assert (after.language, after.adjustments) == ("pl", ("Ramp", "Quiet room"))
    assert (after.contact_note, after.born_on) == (before.contact_note, before.born_on)


def test_a_permission_is_asked_answered_and_taken_back(session, desk, receptionist):
    hub_id, asker_id = a_workplace(session, "The hub").id, receptionist.id
    person_id = kept(session, receptionist)
    address, yes = f"/desk/people/{person_id}/permissions/share-referral", {"given": "yes", "method": "verbal"}
    yes |= {"expires_on-day": "1", "expires_on-month": "2", "expires_on-year": str(clock.today().year + 1)}
    assert desk.post(address, data=yes | {"organizations": [str(hub_id)]}).status_code == 303
    assert "until 1 February" in desk.get(f"/desk/people/{person_id}").text
    assert desk.post(address, data={"given": "no", "method": "written"}).status_code == 303
    session.rollback()
    rows = [row for row in permission_history(session, person_id) if row.kind is PermissionKind.SHARE_REFERRAL]
    assert [(row.version, row.given, [each.name for each in row.organizations]) for row in rows] == [
        (2, False, []),
        (1, True, ["The hub"]),
    ]
    assert rows[0].taken_by_id == asker_id
    session.rollback()
    assert "Taken back" in desk.get(f"/desk/people/{person_id}").text


def test_nothing_that_was_typed_stands_in_an_address(session, desk):
    answer = desk.post("/desk/people", data={"name": "Zebedee"})
    assert answer.request.query_string == b""
    assert not [link for link in re.findall(r'(?:href|action)="([^"]*)"', answer.text) if "ebedee" in link]


@pytest.mark.parametrize(
    ("typed", "read"),
    [("9", "09:00"), ("9:30", "09:30"), ("9.30pm", "21:30"), ("12am", "00:00"), ("12 PM", "12:00"), ("23:59", "23:59")],
)
def test_times_are_read_as_people_type_them(typed, read):
    assert f"{clock_time(typed):%H:%M}" == read


@pytest.mark.parametrize("typed", ["", "24", "9:60", "13pm", "0am", "٣", "9:3", "noon", "9:30:00"])
def test_and_nothing_else_is_a_time(typed):
    assert clock_time(typed) is None


def test_who_is_there_already_is_not_added_twice_by_mistake(session, desk, receptionist):
    person_id = kept(session, receptionist)
    born = {"born_on-day": "29", "born_on-month": "2", "born_on-year": "1984"}
    again = {"name": "ASHBY Rowan", "address_status": "not-given"} | born
    asked = desk.post("/desk/people/new", data=again)
    assert asked.status_code == 422
    assert f"/desk/people/{person_id}" in asked.text
    assert desk.post("/desk/people/new", data=again | {"another": "1"}).status_code == 303
    assert desk.post("/desk/people/new", data=again | {"name": "Rowan Other"}).status_code == 303
    assert session.scalar(select(func.count()).select_from(Person)) == 3


def test_a_record_can_be_kept_to_managers(app, session, desk, receptionist):
    person_id = kept(session, receptionist)
    manager_id = a_member(session, Role.MANAGER, workplace="Harbour Street").id
    session.commit()
    manager, address = signed_in_client(app, manager_id), f"/desk/people/{person_id}"
    assert desk.post(f"{address}/restrict", data={"restricted": "yes"}).status_code == 403
    assert manager.post(f"{address}/restrict", data={"restricted": "yes"}).status_code == 303
    assert desk.get(address).status_code == 404
    assert "ashby" not in desk.post("/desk/people", data={"name": "rowan"}).text.lower()
    assert manager.get(address).status_code == 200
    assert manager.post(f"{address}/restrict", data={"restricted": "no"}).status_code == 303
    assert desk.get(address).status_code == 200


def test_nobody_opens_their_own_record_at_work(app, session, desk, receptionist):
    person_id = kept(session, receptionist, email=receptionist.email)
    assert desk.get(f"/desk/people/{person_id}").status_code == 404
    colleague_id = a_member(session, Role.SURGERY, workplace="Harbour Street", email="colleague@x.example").id
    session.commit()
    assert signed_in_client(app, colleague_id).get(f"/desk/people/{person_id}").status_code == 200
