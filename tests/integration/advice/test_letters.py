"""Letters of a case: begun by a template, put right, kept as they were sent; and an organisation's own templates."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.advice.codes import DateKind
from app.advice.details import ToldDate
from app.advice.models import AdviceLetter, LetterTemplate
from app.advice.operations.cases import open_case
from app.advice.operations.contacts import key_date
from app.booking.operations.appointments import Client
from app.core import clock
from app.directory.codes import LocationType
from app.directory.models import Phone
from app.people.codes import ContactChannel
from app.people.models import Person
from app.web.filters import day
from tests import factories
from tests.advice import an_appointment
from tests.integration.advice.test_logging import let_go

MARK = "zebrafish"
TOMORROW = clock.today() + timedelta(days=1)
LETTER = {"name": "Rowan Ashby", "address": "2 Low Road\nWX1 1AA", "subject": "Your appointment", "body": "Dear Rowan,"}
TEMPLATE = {"name": "Home visit", "to": "client", "subject": "A visit", "body": "Dear ((name)),\n\nOn ((fill in))."}


@pytest.fixture
def case_id(session, desk, client_id):
    person = session.get_one(Person, client_id)
    person.address, person.postcode, person.known_as = "2 Low Road", "WX1 1AA", "Ro"
    made = open_case(session, desk.actor, person_id=client_id, issue="debt/rent").id
    session.commit()
    return made


def write(desk, case_id, key, **told):
    return desk.client.post(f"/desk/advice/cases/{case_id}/letters/new/{key}", data=told)


def only(session, model):
    session.rollback()
    found = session.scalars(select(model)).one()
    session.expunge_all()
    session.rollback()
    return found


def test_a_letter_begins_with_the_case_is_put_right_and_stays_as_it_was(session, desk, supervisor, client_id, case_id):
    begun = desk.client.get(f"/desk/advice/cases/{case_id}/letters/new/missed").text
    for words in ("Dear Ro,", "2 Low Road", "WX1 1AA", "Wexmoor Advice", 'value="Rowan Ashby"'):
        assert words in begun
    answer = write(desk, case_id, "missed", **LETTER | {"body": f"Dear Ro, {MARK}"})
    assert answer.status_code == 303
    made = only(session, AdviceLetter)
    assert (made.title, made.subject) == ("Missed appointment", "Your appointment")
    session.get_one(Person, client_id).name = "Other Name"
    session.commit()
    let_go(session)
    page = supervisor.client.get(answer.headers["Location"]).text
    assert all(words in page for words in ("Rowan Ashby", "2 Low Road", "WX1 1AA", "W00001", "Wexmoor Advice", MARK))
    assert "Other Name" not in page
    for word in ("debt", "rent arrears", "benefit"):
        assert word not in page.lower()
    assert f"/desk/advice/letters/{made.id}" in desk.client.get(f"/desk/advice/cases/{case_id}").text


def test_whoever_gets_a_letter_can_answer_as_the_directory_says(session, desk, case_id):
    kept = write(desk, case_id, "missed", **LETTER).headers["Location"]
    assert "wm-letter__reach" not in desk.client.get(kept).text
    listed = factories.organization(session, member_organization_id=desk.actor.organization_id)
    listed.phones = [
        Phone(number="01632 960 004", type="fax"),
        Phone(number="01632 960 005", extension="7", position=1),
    ]
    listed.email = "advice@wexmoor.example"
    session.commit()
    page = desk.client.get(kept).text
    assert "01632 960 005, extension 7<br>advice@wexmoor.example" in page
    assert "960 004" not in page


def test_a_letter_says_where_post_reaches_us_and_never_a_confidential_place(session, desk, case_id):
    kept = write(desk, case_id, "missed", **LETTER).headers["Location"]
    assert "does not say how to answer" in desk.client.get(kept).text
    listed = factories.organization(session, member_organization_id=desk.actor.organization_id)

    def found_at(street, kind=LocationType.PHYSICAL, **more):
        place = factories.location(session, **more)
        told = {"address_1": street, "address_2": None, "city": "Wexmoor", "region": None, "postal_code": "WX1 1AB"}
        factories.address(session, place, address_type=kind, **told)
        factories.at_location(session, factories.service(session, organization=listed), place)
        session.commit()
        return desk.client.get(kept).text

    assert "Refuge Street" not in found_at("1 Refuge Street", confidential=True)
    page = found_at("2 Market Row")
    assert "2 Market Row<br>Wexmoor<br>WX1 1AB" in page
    assert "does not say how to answer" not in page
    # Of two places nobody knows which one takes post, unless one is said to.
    both = found_at("3 Church Hall")
    assert not re.search("Market Row|Church Hall", both)
    assert "PO Box 4<br>Wexmoor" in found_at("PO Box 4", LocationType.POSTAL)


def test_an_appointment_and_a_date_of_the_case_are_filled_in(session, desk, supervisor, client_id, case_id):
    at = clock.local_now().replace(hour=14, minute=30, second=0, microsecond=0) + timedelta(days=3)
    an_appointment(
        session, desk.actor, Client(person=session.get_one(Person, client_id)), starts_at=at, case_id=case_id
    )
    session.add(key_date(desk.actor, ToldDate(kind=DateKind.EVICTION, on=TOMORROW), case_id=case_id))
    session.commit()
    let_go(session)
    form = desk.client.get(f"/desk/advice/cases/{case_id}/letters/new/appointment").text
    assert "2:30pm" in form
    assert "We call you" in form
    body = {"body": "((next deadline)) ((next appointment)) ((reference)) ((full name))"}
    assert supervisor.client.post("/desk/advice/letter-templates/new", data=TEMPLATE | body).status_code == 303
    own = desk.client.get(f"/desk/advice/cases/{case_id}/letters/new/{only(session, LetterTemplate).id}").text
    assert "2:30pm" in own
    assert "W00001 Rowan Ashby" in own
    with desk.client.application.test_request_context():
        assert day(TOMORROW) in own


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"body": ""}, "Write the letter"),
        ({"body": "Until ((Fill in)) please"}, "Fill in or take out: ((fill in))"),
        ({"subject": "Ours: ((foo))"}, "Fill in or take out: ((foo))"),
        ({"body": "Dear ((name"}, "does not end"),
        ({"body": "x" * 8001}, "Use 8,000 characters or fewer"),
    ],
)
def test_a_gap_that_is_left_is_told_and_nothing_is_lost(session, desk, case_id, told, sentence):
    answer = write(desk, case_id, "creditor", **LETTER | {"address": MARK} | told)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert MARK in answer.text
    assert session.scalars(select(AdviceLetter)).all() == []


def test_a_letter_to_somebody_else_begins_without_the_clients_address_on_top(desk, case_id):
    form = desk.client.get(f"/desk/advice/cases/{case_id}/letters/new/creditor").text
    assert "Send it only if the client agreed" in form
    assert "We are helping Rowan Ashby" in form
    assert 'name="name" type="text" value=""' in form
    assert "Do not post it" not in form


def test_where_a_letter_is_not_safe_it_says_so(session, desk, client_id, case_id):
    address = f"/desk/advice/cases/{case_id}/letters/new/closing"
    assert "Do not post it" in desk.client.get(address).text
    session.get_one(Person, client_id).safe_channels = frozenset({ContactChannel.LETTER})
    session.commit()
    assert "Do not post it" not in desk.client.get(address).text


def test_an_organisation_keeps_its_own_templates(session, desk, supervisor, elsewhere, case_id):
    place, choose = "/desk/advice/letter-templates", f"/desk/advice/cases/{case_id}/letters/new"
    assert desk.client.get(place).status_code == 403
    wrong = supervisor.client.post(f"{place}/new", data=TEMPLATE | {"body": f"Dear ((nmae)), {MARK}"})
    assert wrong.status_code == 422
    assert all(words in wrong.text for words in ("There is no field ((nmae))", MARK, "((next appointment))"))
    assert supervisor.client.post(f"{place}/new", data=TEMPLATE | {"name": ""}).status_code == 422
    preview = supervisor.client.post(f"{place}/new", data=TEMPLATE | {"do": "preview"})
    assert all(words in preview.text for words in ("Dear Sam,", "On ((fill in)).", "Samira Example", "Not saved yet"))
    assert session.scalars(select(LetterTemplate)).all() == []
    let_go(session)
    assert supervisor.client.post(f"{place}/new", data=TEMPLATE).status_code == 303
    found = only(session, LetterTemplate)
    assert "Home visit" in desk.client.get(choose).text
    assert write(desk, case_id, found.id, **LETTER).status_code == 303
    assert only(session, AdviceLetter).title == "Home visit"
    assert elsewhere.client.get(f"{place}/{found.id}").status_code == 404
    assert elsewhere.client.post(f"{place}/{found.id}/use", data={"do": "out"}).status_code == 404
    assert supervisor.client.post(f"{place}/{found.id}/use", data={"do": "out"}).status_code == 303
    assert "Home visit" not in desk.client.get(choose).text
    assert desk.client.get(f"{choose}/{found.id}").status_code == 404
    assert supervisor.client.post(f"{place}/{found.id}/use", data={"do": "back"}).status_code == 303
    ours = supervisor.client.post(f"{place}/{found.id}", data=TEMPLATE | {"name": "closing LETTER"})
    assert ours.status_code == 303
    offered = desk.client.get(choose).text
    assert "closing LETTER" in offered
    assert "Closing letter" not in offered
    assert only(session, AdviceLetter).title == "Home visit"


def test_nobody_elses_and_erased_with_the_person(session, desk, elsewhere, client_id, case_id):
    from app.advice.reactions import erase, export

    write(desk, case_id, "closing", **LETTER | {"body": MARK})
    made = only(session, AdviceLetter)
    assert elsewhere.client.get(f"/desk/advice/letters/{made.id}").status_code == 404
    assert elsewhere.client.get(f"/desk/advice/cases/{case_id}/letters/new").status_code == 404
    assert write(elsewhere, case_id, "closing", **LETTER).status_code == 404
    assert write(desk, case_id, "no-such", **LETTER).status_code == 404
    assert any(MARK in value for item in export(session, client_id) for _label, value in item.lines)
    erase(session, desk.actor, client_id)
    assert session.scalars(select(AdviceLetter)).all() == []


def test_the_dates_of_all_ones_cases(session, desk, supervisor, client_id, case_id):
    other = open_case(session, desk.actor, client_number="9")
    told = ToldDate(kind=DateKind.EVICTION, on=TOMORROW)
    session.add_all([key_date(desk.actor, told, case_id=each) for each in (case_id, other.id)])
    session.commit()
    answer = desk.client.get("/desk/advice/dates.ics")
    assert answer.mimetype == "text/calendar"
    assert all(f"SUMMARY:{number}: date" in answer.text for number in ("W00001", "W00002"))
    for told_off in ("viction", "ashby", "rowan"):
        assert told_off not in answer.text.lower()
    assert supervisor.client.get("/desk/advice/dates.ics").status_code == 403
