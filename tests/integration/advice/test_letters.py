"""Letters of a case: made from a template, kept as they are, with nothing in them of what the case is about."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.advice.codes import DateKind
from app.advice.details import ToldDate
from app.advice.models import AdviceLetter
from app.advice.operations.cases import open_case
from app.advice.operations.contacts import key_date
from app.core import clock
from app.people.codes import ContactChannel
from app.people.models import Person

MARK = "zebrafish"
TOMORROW = clock.today() + timedelta(days=1)
WHEN = {f"on-{part}": str(getattr(TOMORROW, part)) for part in ("day", "month", "year")}
APPOINTMENT = WHEN | {"at": "9:30am", "place": "1 High Street", "bring": "The letter"}


@pytest.fixture
def case_id(session, desk, client_id):
    person = session.get_one(Person, client_id)
    person.address, person.postcode = "2 Low Road", "WX1 1AA"
    made = open_case(session, desk.actor, person_id=client_id, issue="debt/rent").id
    session.commit()
    return made


def write(desk, case_id, kind, **told):
    return desk.client.post(f"/desk/advice/cases/{case_id}/letters/new/{kind}", data=told)


def only_letter(session):
    session.rollback()
    found = session.scalars(select(AdviceLetter)).one()
    session.expunge_all()
    session.rollback()
    return found


def test_an_appointment_letter(session, desk, supervisor, case_id):
    answer = write(desk, case_id, "appointment", **APPOINTMENT, more=f"Ask for {MARK}.")
    assert answer.status_code == 303
    made = only_letter(session)
    for words in ("Dear Rowan Ashby,", "9:30am", "1 High Street", "The letter", f"Ask for {MARK}.", "let us know"):
        assert words in made.body
    page = supervisor.client.get(answer.headers["Location"]).text
    assert all(words in page for words in ("2 Low Road", "WX1 1AA", "W00001", "Wexmoor Advice", MARK))
    for word in ("debt", "rent arrears", "benefit"):
        assert word not in page.lower()
    assert f"/desk/advice/letters/{made.id}" in desk.client.get(f"/desk/advice/cases/{case_id}").text


def test_a_closing_letter_stays_as_it_was(session, desk, client_id, case_id):
    write(desk, case_id, "closing", done=f"We wrote {MARK}", next="Keep the date")
    session.get_one(Person, client_id).name = "Other Name"
    session.commit()
    made = only_letter(session)
    page = desk.client.get(f"/desk/advice/letters/{made.id}").text
    assert "Rowan Ashby" in page
    assert MARK in page
    assert "Other Name" not in page


@pytest.mark.parametrize(
    ("kind", "told", "sentence"),
    [
        ("appointment", APPOINTMENT | {"at": "later"}, "Enter the time, like 9:30am"),
        ("appointment", APPOINTMENT | {"place": ""}, "Say where it is"),
        ("appointment", APPOINTMENT | {"on-year": "2001"}, "must not be in the past"),
        ("closing", {}, "Say what was done"),
    ],
)
def test_wrong_input_is_told_and_nothing_is_lost(session, desk, case_id, kind, told, sentence):
    answer = write(desk, case_id, kind, **told, more=MARK)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert MARK in answer.text
    assert session.scalars(select(AdviceLetter)).all() == []


def test_where_a_letter_is_not_safe_it_says_so(session, desk, client_id, case_id):
    address = f"/desk/advice/cases/{case_id}/letters/new/closing"
    assert "Do not post it" in desk.client.get(address).text
    session.get_one(Person, client_id).safe_channels = frozenset({ContactChannel.LETTER})
    session.commit()
    assert "Do not post it" not in desk.client.get(address).text


def test_nobody_elses_and_erased_with_the_person(session, desk, elsewhere, client_id, case_id):
    from app.advice.reactions import erase, export

    write(desk, case_id, "closing", done=MARK)
    made = only_letter(session)
    assert elsewhere.client.get(f"/desk/advice/letters/{made.id}").status_code == 404
    assert write(elsewhere, case_id, "closing", done="x").status_code == 404
    assert write(desk, case_id, "no-such", done="x").status_code == 404
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
