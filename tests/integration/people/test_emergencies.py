"""Opening a record in an emergency: one record, to read, for an hour, with everybody told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.accounts.codes import OrganizationKind, Role
from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.audit.queries import of_person
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import InvalidInput, NotFound
from app.notifications.models import Message
from app.people.codes import EmergencyReason, EmergencyVerdict
from app.people.models import Emergency
from app.people.operations import find_people, open_person
from app.people.operations.emergencies import emergency, open_in_emergency, review, to_review, working_days_after
from app.people.parts import timeline_of
from app.people.queries import Search
from tests.people import NHS_NUMBER, a_person
from tests.signing_in import a_member, a_workplace, actor_of, signed_in_client

WHY = "A neighbour rang: nobody has seen them for days."
WANTED = Search(nhs_number=NHS_NUMBER)


@pytest.fixture
def surgery(session):
    return actor_of(session, a_member(session, Role.SURGERY, workplace="Harbour Street"))


@pytest.fixture
def adviser(session):
    return actor_of(session, a_member(session, Role.ADVISER, workplace="Advice"))


@pytest.fixture
def officer(session):
    a_workplace(session, "Operator", OrganizationKind.OPERATOR)
    return actor_of(session, a_member(session, Role.PRIVACY_OFFICER, workplace="Operator", email="io@op.example"))


@pytest.fixture
def person(session, surgery):
    return a_person(session, surgery, nhs_number=NHS_NUMBER)


def opened(session, adviser) -> Emergency:
    return open_in_emergency(session, adviser, WANTED, reason=EmergencyReason.DANGER, words=WHY)


def test_it_opens_one_record_to_read_for_an_hour(session, surgery, adviser, person):
    other = a_person(session, surgery, "Somebody Else", born_on=date(1970, 1, 1))
    opened(session, adviser)
    assert open_person(session, adviser, person.id, to_change=False).id == person.id
    with pytest.raises(NotFound):
        open_person(session, adviser, person.id)
    with pytest.raises(NotFound):
        open_person(session, adviser, other.id, to_change=False)
    assert find_people(session, adviser, WANTED) == ([], 0)
    colleague = actor_of(session, a_member(session, Role.ADVISER, workplace="Advice", email="col@advice.example"))
    with pytest.raises(NotFound):
        open_person(session, colleague, person.id, to_change=False)
    with clock.moved_to(clock.now() + timedelta(minutes=61)), pytest.raises(NotFound):
        open_person(session, adviser, person.id, to_change=False)


def test_an_opened_record_is_read_and_leads_to_nothing_that_is_closed(app, session, adviser, person):
    made = opened(session, adviser)
    user_id, path = adviser.user_id, f"/desk/people/{made.person_id}"
    session.commit()
    page = signed_in_client(app, user_id).get(path)
    assert "You opened this record in an emergency" in page.text
    assert f"person={made.person_id}" not in page.text
    assert f"{path}/book" not in page.text


def test_everybody_who_must_know_of_it_does(session, adviser, officer, person):
    made = opened(session, adviser)
    message = session.scalars(select(Message)).one()
    assert (message.recipient, message.kind) == ("io@op.example", "people.emergency")
    assert not [word for word in ("Rowan", "Ashby", "neighbour") if word in message.subject + message.text]
    assert to_review(session, officer) == [made]
    own = Actor(kind=ActorKind.PERSON, user_id=None)
    told = {entry.detail: entry.words for entry in timeline_of(session, own, person.id)}
    assert told[WHY] == "Advice opened your record in an emergency"
    assert WHY not in [entry.detail for entry in timeline_of(session, adviser, person.id)]
    session.commit()
    assert of_person(session, person.id)[0].action is Action.BROKE_GLASS


def test_the_privacy_officer_looks_at_it_in_three_working_days(session, adviser, officer, person):
    made = opened(session, adviser)
    with pytest.raises(InvalidInput):
        review(session, officer, made, verdict=EmergencyVerdict.WRONG, finding=" ")
    review(session, officer, made, verdict=EmergencyVerdict.RIGHT, finding="")
    assert to_review(session, officer) == []
    elsewhere = actor_of(session, a_member(session, Role.PRIVACY_OFFICER, workplace="Advice", email="io@ad.example"))
    with pytest.raises(NotFound):
        emergency(session, elsewhere, made.id)


@pytest.mark.parametrize(("day", "count", "due"), [(5, 3, 10), (6, 3, 11), (7, 3, 12), (8, 1, 10)])
def test_weekends_are_no_working_days(day, count, due):
    """3 August 2026 is a Monday."""
    assert working_days_after(date(2026, 8, day), count) == date(2026, 8, due)


@pytest.mark.parametrize(
    ("search", "words"), [(WANTED, "urgent"), (Search(name="Rowan"), WHY), (Search(nhs_number="9990000026"), WHY)]
)
def test_without_a_reason_or_a_person_nothing_is_opened(session, adviser, person, search, words):
    with pytest.raises(InvalidInput):
        open_in_emergency(session, adviser, search, reason=EmergencyReason.DANGER, words=words)
    assert session.scalars(select(Emergency)).all() == []


def test_what_one_sees_anyway_needs_no_emergency(session, surgery, person):
    with pytest.raises(InvalidInput):
        open_in_emergency(session, surgery, WANTED, reason=EmergencyReason.DANGER, words=WHY)


def test_neither_a_colleagues_record_nor_ones_own_is_opened(session, surgery, adviser, person):
    person.is_restricted = True
    with pytest.raises(InvalidInput):
        opened(session, adviser)
    person.is_restricted = False
    opened(session, adviser)
    person.is_restricted = True
    with pytest.raises(NotFound):
        open_person(session, adviser, person.id, to_change=False)


def test_of_two_records_the_latest_is_opened_and_then_the_other(session, adviser, person):
    elsewhere = actor_of(session, a_member(session, Role.HUB, workplace="Hub", email="hub@hub.example"))
    with clock.moved_to(clock.now() + timedelta(minutes=1)):
        later = a_person(session, elsewhere, nhs_number=NHS_NUMBER)
        assert [opened(session, adviser).person_id for _time in range(2)] == [later.id, person.id]
        with pytest.raises(InvalidInput):
            opened(session, adviser)


def test_by_its_page_after_proving_who_one_is(app, session, adviser, officer, person):
    app.config["WTF_CSRF_ENABLED"] = False
    ids = adviser.user_id, officer.user_id
    person_id = person.id
    session.commit()
    client, privacy = (signed_in_client(app, user_id) for user_id in ids)
    told = {"nhs_number": NHS_NUMBER, "reason": "danger", "words": WHY}
    assert client.post("/desk/people/emergency", data=told | {"words": "x"}).status_code == 422
    answer = client.post("/desk/people/emergency", data=told)
    assert answer.headers["Location"] == f"/desk/people/{person_id}"
    page = client.get(f"/desk/people/{person_id}").text
    assert "You opened this record in an emergency" in page
    assert f"/desk/people/{person_id}/contact" not in page
    assert client.get(f"/desk/people/{person_id}/contact").status_code == 404
    made = session.scalars(select(Emergency.id)).one()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.person_id == person_id)).all()
    assert not any(WHY in str(vars(entry)) for entry in entries)
    session.rollback()
    assert WHY in privacy.get(f"/desk/privacy/emergencies/{made}").text
    wrong = privacy.post(f"/desk/privacy/emergencies/{made}", data={"verdict": "wrong"})
    assert "Say what was wrong" in wrong.text
    assert privacy.post(f"/desk/privacy/emergencies/{made}", data={"verdict": "right"}).status_code == 303
    with clock.moved_to(clock.now() + timedelta(minutes=11)):
        asked = client.get("/desk/people/emergency")
        assert asked.headers["Location"].startswith("/account/prove")
