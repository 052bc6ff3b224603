"""Copies, erasure, legal hold and the end of a record: everything is reached, and nothing is that must stay."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role, UserKind
from app.accounts.operations import create_user
from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.core import clock
from app.core.actor import SYSTEM, Actor, ActorKind
from app.core.errors import InvalidInput, NotFound, Refused
from app.core.orm import Base
from app.notifications import links
from app.notifications.about import About
from app.notifications.models import Message
from app.people import parts
from app.people.codes import (
    CarerRelation,
    ContactChannel,
    EndOfRecord,
    Ethnicity,
    PermissionKind,
    PermissionMethod,
    RequestKind,
    RequestState,
    RetentionClass,
)
from app.people.details import Details
from app.people.models import EqualityAnswers, Person, PersonRequest, RecordEnd
from app.people.operations import (
    Answer,
    add_person,
    answer_permission,
    ending,
    find_people,
    open_person,
    own_page,
    requests,
)
from app.people.operations.carers import CarerDetails, add_carer
from app.people.operations.equality import answer_equality, equality_of
from app.people.operations.own_page import PURPOSE
from app.people.queries import Search
from app.people.rules.retention import years_after
from tests.people import NHS_NUMBER, a_person
from tests.signing_in import a_member, actor_of, signed_in_client


@pytest.fixture
def surgery(session):
    return actor_of(session, a_member(session, Role.SURGERY, workplace="Harbour Street"))


@pytest.fixture
def officer(session):
    return actor_of(session, a_member(session, Role.PRIVACY_OFFICER, workplace="Harbour Street"))


@pytest.fixture
def person(session, surgery):
    """A record with a word of its own in every place that takes words."""
    made = a_person(
        session,
        surgery,
        "Markname Surname",
        known_as="Markcalled",
        nhs_number=NHS_NUMBER,
        address_status="known",
        address="Markaddress",
        postcode="WX2 1AA",
        gp_name="Markpractice",
        gp_ods_code="MARKODS",
        email="markmail@person.example",
        mobile="+447700900777",
        phone="markphone",
        contact_note="Marknote",
        adjustments=("Markneed",),
    )
    answer = Answer(kind=PermissionKind.RECORD, given=True, method=PermissionMethod.PROXY, note="Markproxy")
    answer_permission(session, surgery, made, answer)
    add_carer(session, surgery, made, CarerDetails(name="Markcarer", relation=CarerRelation.FRIEND, reach="Markreach"))
    answer_equality(session, surgery, made, {"ethnicity": Ethnicity.ROMA})
    links.issue(session, PURPOSE, About(type="person", id=made.id), lifetime=timedelta(days=1))
    session.flush()
    return made


def every_text(session: Session) -> str:
    """All words and numbers of every table, but for the audit trail."""
    found = []
    for table in Base.metadata.sorted_tables:
        found += [str(row) for row in session.execute(select(table).order_by(*table.primary_key))]
    return "\n".join(found)


def test_every_column_that_refers_to_a_person_belongs_to_a_part(app):
    """A feature that keeps something of people registers it, or merging and erasure would forget it."""
    registered = {
        f"{column.class_.__tablename__}.{column.key}" for part in parts.all_parts() for column in part.columns
    }
    referring = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "person"
    }
    own = {name for name in referring if name.startswith("person")}
    assert referring - own - registered == set(), "register these with app.people.parts"


def test_erasure_reaches_every_word(session, surgery, person):
    before = every_text(session)
    assert before.lower().count("mark") > 12
    secrets = (NHS_NUMBER, "+447700900777", "WX2 1AA", "date(1984, 2, 29)")
    assert [secret for secret in secrets if secret not in before] == []
    person_id = person.id
    stub = ending.end_record(session, surgery, person, how=EndOfRecord.ERASED, reason="They asked.")
    session.commit()
    session.expire_all()
    after = every_text(session)
    assert "mark" not in after.lower()
    assert [secret for secret in secrets if secret in after] == []
    assert session.scalars(select(EqualityAnswers)).all() == []
    assert stub.wiped["people"] > 5
    assert session.scalars(select(RecordEnd.person_id)).one() == person_id
    with pytest.raises(NotFound):
        open_person(session, surgery, person_id)
    assert find_people(session, surgery, Search(nhs_number=NHS_NUMBER)) == ([], 0)


def test_a_hold_keeps_a_record_whatever_happens(session, surgery, officer, person):
    ending.hold(session, officer, person, "A case at court")
    with pytest.raises(Refused):
        ending.end_record(session, officer, person, how=EndOfRecord.DESTROYED, reason="Over.")
    with clock.moved_to(clock.now() + timedelta(days=366 * 21)):
        assert ending.due_for_review(session, officer) == []
        ending.hold(session, officer, person, "")
        assert ending.due_for_review(session, officer) == [person]


def test_another_feature_can_keep_a_record(session, officer, person):
    part = parts.register(parts.RecordPart(name="test", keeps=lambda _session, _id: "A referral is open."))
    try:
        with pytest.raises(Refused, match="A referral is open"):
            ending.end_record(session, officer, person, how=EndOfRecord.ERASED, reason="x")
    finally:
        parts._parts.pop(part.name)


def test_the_time_begins_anew_with_each_visit(session, officer, person):
    ending.classify(session, officer, person, RetentionClass.ADULT)
    first = person.review_on
    ending.note_seen(session, person, clock.today() + timedelta(days=30))
    assert person.review_on > first
    ending.note_seen(session, person, date(2000, 1, 1))
    assert person.review_on > first


def test_who_asked_on_the_website_was_seen_by_nobody_and_is_looked_at_all_the_same(session, surgery, officer):
    visitor = Actor(kind=ActorKind.ANONYMOUS)
    made = add_person(session, visitor, Details(name="Jo"), organization_id=surgery.organization_id)
    today = clock.today()
    assert (made.last_seen_on, made.review_on) == (None, years_after(today, 20))
    with clock.moved_to(clock.now() + timedelta(days=366 * 20)):
        assert made in ending.due_for_review(session, officer)


def test_equality_is_kept_apart_from_the_name(session, surgery, person):
    row = equality_of(session, person.id)
    assert row.ethnicity is Ethnicity.ROMA
    assert str(person.id) not in str(vars(row))
    assert person.id.hex not in row.pseudonym
    # An entry of the trail has the name and the moment: the answers have the day.
    assert row.created_at == datetime.combine(row.answered_on, time.min, UTC)
    answer_equality(session, surgery, person, {"ethnicity": Ethnicity.PREFER_NOT_TO_SAY})
    assert len(session.scalars(select(EqualityAnswers)).all()) == 1


def test_a_copy_is_read_before_it_goes_out(app, session, surgery, officer, person):
    app.config["WTF_CSRF_ENABLED"] = False
    asked_id = requests.ask_for(session, surgery, person, RequestKind.COPY).id
    assert requests.ask_for(session, surgery, person, RequestKind.COPY).id == asked_id
    items = requests.copy_of(session, person.id)
    held = [number for number, item in enumerate(items) if item.needs_review]
    give = [requests.key_of(item) for item in items if not item.needs_review]
    assert {items[number].heading for number in held} == {
        "A note on reaching you",
        "Who decided for you, and why",
        "People close to you",
    }
    officer_id, elsewhere_id = officer.user_id, a_member(session, Role.PRIVACY_OFFICER, workplace="Elsewhere").id
    session.commit()
    client = signed_in_client(app, officer_id)
    address = f"/desk/privacy/requests/{asked_id}"
    assert signed_in_client(app, elsewhere_id).get(address).status_code == 404
    page = client.get(address).text
    assert page.count("Read this") == len(held)
    refused = client.post(address, data={"decision": "do", "give": give})
    assert refused.status_code == 422
    assert re.search(r'href="#answer"[^>]*>\s*Say why you hold something back', refused.text)
    told = {"decision": "do", "give": give, "answer": "These parts speak of somebody else."}
    assert client.post(address, data=told).status_code == 303
    assert client.post(address, data=told).status_code == 422
    asked = session.get_one(PersonRequest, asked_id)
    assert (asked.state, asked.withheld) == (RequestState.DONE, len(held))
    words = str(asked.prepared)
    assert "Markname" in words
    assert not [secret for secret in ("Marknote", "Markcarer", "Markproxy") if secret in words]
    with clock.moved_to(clock.now() + timedelta(days=31)):
        assert requests.forget_copies(session) == 1
    session.refresh(asked)
    assert asked.prepared is None


def test_what_has_to_be_read_is_given_or_held_back_line_by_line(session, surgery, officer, person):
    for note in ("Her brother decided", "Her mother says she cannot"):
        no = Answer(kind=PermissionKind.FOLLOW_UP, given=False, method=PermissionMethod.PROXY, note=note)
        answer_permission(session, surgery, person, no)
    asked = requests.ask_for(session, surgery, person, RequestKind.COPY)
    items = requests.copy_of(session, person.id)
    assert {len(item.lines) for item in items if item.needs_review} == {1}
    give = [requests.key_of(item) for item in items if "Her mother" not in str(item.lines)]
    requests.give_copy(session, officer, asked, give=give, answer="One line speaks of somebody else.")
    words = str(asked.prepared)
    assert ("Her brother decided" in words, "Her mother" in words, asked.withheld) == (True, False, 1)


def test_nobody_dies_on_a_day_to_come(app, session, officer, person):
    app.config["WTF_CSRF_ENABLED"] = False
    address, officer_id, day = f"/desk/privacy/records/{person.id}", officer.user_id, clock.today() + timedelta(days=1)
    session.commit()
    died = {"died_on-day": day.day, "died_on-month": day.month, "died_on-year": day.year}
    client = signed_in_client(app, officer_id)
    answer = client.post(address, data={"retention_class": "mental-health"} | died)
    assert (answer.status_code, "Enter today, or a day before it" in answer.text) == (422, True)
    unsure = client.post(f"{address}/destroy", data={"reason": "Its time is over"})
    assert (unsure.status_code, "Say that you are sure" in unsure.text) == (422, True)


def test_what_was_written_since_it_was_read_does_not_go_out(session, surgery, officer, person):
    asked = requests.ask_for(session, surgery, person, RequestKind.COPY)
    read = {requests.key_of(item) for item in requests.copy_of(session, person.id)}
    person.contact_note = "His sister told us this since"
    session.flush()
    with pytest.raises(InvalidInput):
        requests.give_copy(session, officer, asked, give=read)
    requests.give_copy(session, officer, asked, give=read, answer="One part speaks of somebody else.")
    assert (asked.withheld, "told us this since" in str(asked.prepared)) == (1, False)


def test_a_copy_says_how_and_when_they_are_reached_and_who_can_see_it(session, surgery, person):
    person.language, person.interpreter, person.voicemail_allowed = "pl", True, False
    lines = {label: value for item in requests.copy_of(session, person.id) for label, value in item.lines}
    assert (lines["Language"], lines["Interpreter"]) == ("Polish", "They need one")
    assert lines["Voicemail"] == "Leave no message"
    shown = [item for item in requests.copy_of(session, person.id) if item.heading == "Who can see it"]
    assert [value for item in shown for _label, value in item.lines] == ["Harbour Street"]


def test_staff_write_down_what_somebody_asked_for(app, session, surgery, officer, person):
    app.config["WTF_CSRF_ENABLED"] = False
    address, person_id = f"/desk/people/{person.id}/asked", person.id
    surgery_id, officer_id = surgery.user_id, officer.user_id
    session.commit()
    client = signed_in_client(app, surgery_id)
    assert client.post(address, data={"kind": "rubbish"}).status_code == 422
    assert client.post(address, data={"kind": "erasure"}).status_code == 303
    [asked] = session.scalars(select(PersonRequest)).all()
    assert asked.kind is RequestKind.ERASURE
    session.rollback()
    assert "Delete everything" in signed_in_client(app, officer_id).get("/desk/privacy").text
    # Only those who keep the record can end what keeps it from being deleted.
    assert "They ask that everything here be deleted" in client.get(f"/desk/people/{person_id}").text
    unsaid = client.post(address, data={"kind": "correction", "wish": " "})
    assert (unsaid.status_code, "Say what is wrong" in unsaid.text) == (422, True)


def test_what_a_person_says_is_wrong_is_put_right_and_they_hear_of_it(app, session, surgery, officer, person):
    app.config["WTF_CSRF_ENABLED"] = False
    own = create_user(session, SYSTEM, name="", email="markmail@person.example", kind=UserKind.PERSON)
    person.safe_channels = frozenset({ContactChannel.EMAIL})
    own_page.accept(session, SYSTEM, own, own_page.invite(session, surgery, person), born_on=person.born_on)
    ids = person.id, own.id, surgery.user_id, officer.user_id
    session.commit()
    person_id, own_id, surgery_id, officer_id = ids
    theirs, desk, office = (signed_in_client(app, user_id) for user_id in (own_id, surgery_id, officer_id))
    page, record = f"/me/records/{person_id}", f"/desk/people/{person_id}"
    unsaid = theirs.post(f"{page}/ask", data={"kind": "correction"})
    assert (unsaid.status_code, "Say what is wrong" in unsaid.text) == (422, True)
    wish = "I was never in Markport, it was Markhaven"
    for _pressed_twice in range(2):
        assert theirs.post(f"{page}/ask", data={"kind": "correction", "wish": wish}).status_code == 303
    assert wish in desk.get(record).text
    asked_id = session.scalars(select(PersonRequest.id)).one()
    session.rollback()
    address = f"/desk/privacy/requests/{asked_id}"
    assert wish in office.get(address).text
    silent = office.post(address, data={"decision": "do"})
    assert (silent.status_code, "Say what was changed" in silent.text) == (422, True)
    assert office.post(address, data={"decision": "do", "answer": "It says Markhaven now."}).status_code == 303
    assert wish not in desk.get(record).text
    assert "It says Markhaven now." in theirs.get(page).text
    told = session.scalars(select(Message).where(Message.kind == "people.answered")).one()
    assert (told.recipient, "/me" in told.text, "Mark" in told.text) == ("markmail@person.example", True, False)
    copied = {label: value for item in requests.copy_of(session, person_id) for label, value in item.lines}
    assert (copied["Your words"], copied["The answer"]) == (wish, "It says Markhaven now.")
    ending.end_record(session, officer, session.get_one(Person, person_id), how=EndOfRecord.ERASED, reason="Asked.")
    assert session.get_one(PersonRequest, asked_id).wish == ""


def test_danger_in_what_a_person_asks_is_heard(app, session, surgery, officer, person):
    app.config["WTF_CSRF_ENABLED"] = False
    own = create_user(session, SYSTEM, name="", email="markmail@person.example", kind=UserKind.PERSON)
    own_page.accept(session, SYSTEM, own, own_page.invite(session, surgery, person), born_on=person.born_on)
    ids = person.id, own.id, surgery.user_id, officer.user_id
    session.commit()
    person_id, own_id, surgery_id, officer_id = ids
    theirs, desk, office = (signed_in_client(app, user_id) for user_id in (own_id, surgery_id, officer_id))
    page, safe, heard = f"/me/records/{person_id}", "Are you safe now?", "may speak of danger"
    calm, grave = "It was Markhaven", "I have the tablets saved up and nobody would miss me."
    # The words are kept for who must read them, also where nothing is to be put right; pressed twice they are one.
    for kind, wish in (("correction", calm), ("copy", calm), ("erasure", grave), ("copy", grave)):
        answer = theirs.post(f"{page}/ask", data={"kind": kind, "wish": wish}, follow_redirects=True).text
        assert ("We got it" in answer, safe in answer, answer.count("116 123")) == (True, wish == grave, 1)
    rows = office.get("/desk/privacy").text.split('<li class="wm-rows__row">')[1:4]
    assert [heard in row for row in rows] == [True, True, False]
    asked = session.scalars(select(PersonRequest).order_by(PersonRequest.kind)).all()
    assert [(each.kind.value, each.wish) for each in asked] == [
        ("copy", grave), ("correction", calm), ("erasure", grave),
    ]  # fmt: skip
    addresses = [f"/desk/privacy/requests/{each.id}" for each in asked]
    session.rollback()
    told = "What they wrote may speak of danger"
    assert [told in office.get(address).text for address in addresses] == [True, False, True]
    kept = desk.get(f"/desk/people/{person_id}").text
    assert (kept.count(told), kept.count(grave)) == (2, 2)
    assert kept.index(grave) < kept.index("They say that something here is wrong")


def test_the_privacy_officer_finds_a_record_to_hold_it_and_sees_what_is_held(app, session, surgery, officer, person):
    app.config["WTF_CSRF_ENABLED"] = False
    born, name, person_id = person.born_on, person.name, person.id
    ids = officer.user_id, a_member(session, Role.PRIVACY_OFFICER, workplace="Elsewhere").id
    session.commit()
    client, elsewhere = (signed_in_client(app, user_id) for user_id in ids)
    wanted = {"name": name, "born_on-day": born.day, "born_on-month": born.month, "born_on-year": born.year}
    record = f"/desk/privacy/records/{person_id}"
    assert record in client.post("/desk/privacy", data=wanted).text
    assert record not in elsewhere.post("/desk/privacy", data=wanted).text
    # A name alone fits too many.
    assert client.post("/desk/privacy", data={"name": name}).status_code == 422
    assert record not in client.get("/desk/privacy").text
    client.post(record, data={"retention_class": "adult", "legal_hold": "An inquiry"})
    page = client.get("/desk/privacy").text
    assert record in page
    assert "An inquiry" in page


def test_what_is_left_of_a_record_is_seen_by_who_answers_for_it_alone(session, surgery, officer, person):
    other = actor_of(
        session, a_member(session, Role.PRIVACY_OFFICER, workplace="Quay Practice", email="q@quay.example")
    )
    asked = requests.ask_for(session, surgery, person, RequestKind.ERASURE)
    requests.erase(session, officer, asked, person, answer="")
    assert [place for _stub, place, _by in ending.ended_lately(session, officer)] == ["Harbour Street"]
    assert ending.ended_lately(session, other) == []


def test_an_officer_who_looks_for_somebody_is_on_record_without_a_value(session, officer, person):
    assert ending.find_governed(session, officer, Search(name="markname", nhs_number=NHS_NUMBER)) == [person]
    session.commit()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == Action.SEARCHED)).one()
    assert (entry.user_id, entry.fields, entry.person_id) == (officer.user_id, "name nhs_number", None)


def test_who_says_no_says_why(session, surgery, officer, person):
    asked = requests.ask_for(session, surgery, person, RequestKind.ERASURE)
    assert requests.open_requests(session, officer) == [(asked, person)]
    with pytest.raises(InvalidInput):
        requests.refuse(session, officer, asked, answer=" ")
    requests.refuse(session, officer, asked, answer="We must keep it for 20 years.")
    assert requests.open_requests(session, officer) == []


def test_erasure_and_destruction_by_their_pages(app, session, surgery, officer, person):
    app.config["WTF_CSRF_ENABLED"] = False
    other = a_person(session, surgery, "Another Name")
    asked_id = requests.ask_for(session, surgery, person, RequestKind.ERASURE).id
    ids, other_id, officer_id = person.id, other.id, officer.user_id
    session.commit()
    client = signed_in_client(app, officer_id)
    assert client.post(f"/desk/privacy/requests/{asked_id}", data={"decision": "do"}).status_code == 303
    assert session.get_one(Person, ids).name == ""
    session.rollback()
    record = f"/desk/privacy/records/{other_id}"
    kept = {"retention_class": "adult", "legal_hold": "A case"}
    assert client.post(record, data=kept).status_code == 303
    sure = {"reason": "Its time is over", "sure": "yes"}
    assert client.post(f"{record}/destroy", data=sure).status_code == 422
    assert client.post(record, data=kept | {"legal_hold": ""}).status_code == 303
    assert client.post(f"{record}/destroy", data={"reason": "Its time is over"}).status_code == 422
    early = client.post(f"{record}/destroy", data=sure)
    assert (early.status_code, "Its time is not over" in early.text) == (422, True)
    session.get_one(Person, other_id).last_seen_on = date(2010, 1, 4)
    session.commit()
    assert client.post(record, data=kept | {"legal_hold": ""}).status_code == 303
    assert client.post(f"{record}/destroy", data=sure).status_code == 303
    assert client.get(record).status_code == 404
    assert session.get_one(Person, other_id).name == ""
