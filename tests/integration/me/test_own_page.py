"""The person's own page: nobody gets in by name, what they see is theirs alone, and what they decide holds."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.codes import Role, UserKind
from app.accounts.operations import create_user
from app.core.actor import SYSTEM
from app.core.errors import InvalidInput
from app.notifications.models import Message
from app.people.codes import ContactChannel, Ethnicity, LinkKind, PairState, PermissionKind, PermissionMethod
from app.people.models import Permission, Person, PersonAccount, PersonPair
from app.people.operations import merging, open_person, own_page, permit_sharing
from app.people.operations.equality import equality_of
from app.people.queries import standings
from tests.people import a_person
from tests.signing_in import a_member, a_workplace, actor_of, signed_in_client

BORN = date(1984, 2, 29)
TYPED = {"born_on-day": "29", "born_on-month": "2", "born_on-year": "1984"}
WRONG = TYPED | {"born_on-day": "28"}


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def surgery(session):
    return actor_of(session, a_member(session, Role.SURGERY, workplace="Harbour Street"))


def an_account(session, email="rowan@person.example", mobile=None):
    user = create_user(session, SYSTEM, name="", email=email, kind=UserKind.PERSON)
    user.mobile = mobile
    session.flush()
    return user


@pytest.fixture
def person(session, surgery):
    private = {"email": "rowan@person.example", "email_is_private": True, "contact_note": "Zebra"}
    return a_person(session, surgery, safe_channels=frozenset({ContactChannel.EMAIL}), **private)


@pytest.fixture
def own(app, session, person):
    """The client of the person, joined to the record."""
    user_id = an_account(session).id
    session.add(PersonAccount(person_id=person.id, user_id=user_id, kind=LinkKind.INVITATION))
    session.commit()
    return signed_in_client(app, user_id)


def test_an_address_that_others_read_opens_nothing(session, surgery):
    a_person(session, surgery, email="rowan@person.example", email_is_private=False)
    a_person(session, surgery, email="other@person.example", email_is_private=True)
    a_person(session, surgery, born_on=None, email="rowan@person.example", email_is_private=True)
    assert own_page.offered(session, an_account(session)) == []


def test_an_own_address_and_the_date_of_birth_open_the_record(session, person):
    user = an_account(session)
    assert own_page.offered(session, user) == [person]
    for born_on in (None, date(1984, 2, 28)):
        with pytest.raises(InvalidInput):
            own_page.claim(session, SYSTEM, user, born_on=born_on)
    assert own_page.claim(session, SYSTEM, user, born_on=BORN) == [person]
    assert own_page.offered(session, user) == []


def test_guessing_the_date_of_birth_ends_soon(app, session, person):
    user_id = an_account(session).id
    session.commit()
    client = signed_in_client(app, user_id)
    assert "There is something for you" in client.get("/me").text
    answers = [client.post("/me/join", data=WRONG) for _try in range(5)]
    assert {answer.status_code for answer in answers} == {422}
    late = client.post("/me/join", data=TYPED)
    assert late.status_code == 422
    assert "tried too often" in late.text
    assert session.scalars(select(PersonAccount)).all() == []


def test_a_link_from_staff_opens_the_page_once(app, session, surgery, person):
    receptionist, user_id, person_id = surgery.user_id, an_account(session, "new@person.example").id, person.id
    session.commit()
    desk = signed_in_client(app, receptionist)
    assert desk.post(f"/desk/people/{person_id}/invite").status_code == 303
    message = session.scalars(select(Message)).one()
    token = message.text.split("/me/link/", 1)[1].split()[0]
    words = message.subject + message.text
    assert message.recipient == "rowan@person.example"
    assert not [word for word in ("Rowan", "Ashby", "health", "Harbour") if word in words]
    session.rollback()
    nobody, client = app.test_client(), signed_in_client(app, user_id)
    assert "First we send you a code" in nobody.get(f"/me/link/{token}").text
    assert nobody.post(f"/me/link/{token}", data=TYPED).status_code == 200
    assert client.get(f"/me/link/{token}").status_code == 200
    assert client.post(f"/me/link/{token}", data=WRONG).status_code == 422
    assert client.post(f"/me/link/{token}", data=TYPED).headers["Location"].startswith(f"/me/records/{person_id}")
    assert client.get(f"/me/link/{token}").status_code == 404
    assert client.get("/me").headers["Location"] == f"/me/records/{person_id}"


def test_the_link_speaks_their_language(app, session, surgery, person):
    person.language, receptionist, person_id = "cy", surgery.user_id, person.id
    session.commit()
    signed_in_client(app, receptionist).post(f"/desk/people/{person_id}/invite")
    assert session.scalars(select(Message)).one().language == "cy"


def test_after_the_code_the_link_goes_on(app, session, surgery, person):
    token = own_page.invite(session, surgery, person)
    session.commit()
    client = app.test_client()
    client.get(f"/me/link/{token}")
    client.post("/me/sign-in", data={"address": "rowan@person.example"})
    text = session.scalars(select(Message.text)).one()
    code = next(word.strip(".") for word in text.split() if word.strip(".").isdigit())
    session.rollback()
    assert client.post("/me/sign-in/code", data={"code": code}).headers["Location"] == f"/me/link/{token}"


@pytest.mark.parametrize(
    "unsafe",
    [{"do_not_contact": True}, {"email_is_private": False}, {"safe_channels": frozenset({ContactChannel.LETTER})}],
)
def test_no_link_goes_where_it_is_not_safe(app, session, surgery, unsafe):
    private = {"email": "rowan@person.example", "email_is_private": True}
    person_id = a_person(
        session, surgery, **(private | {"safe_channels": frozenset({ContactChannel.EMAIL})} | unsafe)
    ).id
    user_id = surgery.user_id
    session.commit()
    assert signed_in_client(app, user_id).post(f"/desk/people/{person_id}/invite").status_code == 409
    assert session.scalars(select(Message)).all() == []


PAGES = ("", "/timeline", "/looks", "/permissions/record", "/contact", "/equality", "/ask")


def test_nobody_sees_the_record_of_another(app, session, surgery, person, own):
    stranger_id, other_id = an_account(session, "other@person.example").id, a_person(session, surgery, "Other").id
    person_id = person.id
    session.commit()
    stranger = signed_in_client(app, stranger_id)
    for page in PAGES:
        assert own.get(f"/me/records/{person_id}{page}").status_code == 200, page
        assert own.get(f"/me/records/{other_id}{page}").status_code == 404, page
        assert stranger.get(f"/me/records/{person_id}{page}").status_code == 404, page
        assert stranger.post(f"/me/records/{person_id}{page}").status_code in {404, 405}, page
    assert own.get(f"/desk/people/{person_id}").status_code == 303
    assert own.post(f"/me/records/{person_id}/leave").status_code == 303
    assert own.get(f"/me/records/{person_id}").status_code == 404


def test_the_person_reads_who_looked_and_not_what_staff_noted(session, surgery, person, own):
    person_id = person.id
    for _look in range(3):
        open_person(session, surgery, person_id)
        session.commit()
    page = own.get(f"/me/records/{person_id}/looks").text
    assert all(words in page for words in ("Harbour Street", "Surgery staff", "3 times"))
    assert "Zebra" not in own.get(f"/me/records/{person_id}").text + own.get(f"/me/records/{person_id}/contact").text


def test_a_permission_is_taken_back_in_writing(session, surgery, person, own):
    person_id, hub_id = person.id, a_workplace(session, "The hub").id
    permit_sharing(session, surgery, person, {hub_id: "The hub"}, method=PermissionMethod.VERBAL)
    session.commit()
    address = f"/me/records/{person_id}/permissions/share-referral"
    assert "The hub" in own.get(address).text
    assert own.post(address, data={"csrf_token": "sent with every form"}).status_code == 422
    assert own.post(address, data={"given": "no"}).status_code == 303
    assert not standings(session, person_id)[PermissionKind.SHARE_REFERRAL].in_force
    last = session.scalars(select(Permission).order_by(Permission.version.desc()).limit(1)).one()
    assert (last.method, last.taken_by_id) == (PermissionMethod.WRITTEN, None)


def test_what_is_safe_is_said_by_the_person(session, person, own):
    person_id = person.id
    session.rollback()
    given = {"do_not_contact": "y", "safe_channels": ["letter"], "revision": "1", "email": "thief@evil.example"}
    assert own.post(f"/me/records/{person_id}/contact", data=given).status_code == 303
    stored = session.get_one(Person, person_id)
    session.refresh(stored)
    assert (stored.do_not_contact, stored.safe_channels) == (True, {ContactChannel.LETTER})
    assert (stored.email, stored.contact_note) == ("rowan@person.example", "Zebra")


def test_equality_is_answered_changed_and_taken_back(session, person, own):
    person_id = person.id
    session.rollback()
    address = f"/me/records/{person_id}/equality"
    assert own.post(address, data={"ethnicity": "roma"}).status_code == 303
    assert equality_of(session, person_id).ethnicity is Ethnicity.ROMA
    session.rollback()
    assert 'value="roma" selected' in own.get(address).text
    assert own.post(address, data={"ethnicity": ""}).status_code == 303
    assert equality_of(session, person_id).ethnicity is None


def test_equality_of_which_nothing_is_answered_is_not_kept(session, person, own):
    person_id = person.id
    session.rollback()
    answer = own.post(f"/me/records/{person_id}/equality", data={"ethnicity": ""})
    assert (answer.status_code, "done" in answer.headers["Location"]) == (303, False)
    assert equality_of(session, person_id) is None


def test_a_copy_is_asked_for_and_waits_for_somebody(session, person, own):
    person_id = person.id
    session.rollback()
    assert own.post(f"/me/records/{person_id}/ask", data={"kind": "copy"}).status_code == 303
    assert "get an answer by" in own.get(f"/me/records/{person_id}").text


def test_a_page_on_a_record_that_was_merged_is_opened_anew_and_says_so(app, session, surgery, person, own):
    other = a_person(session, surgery, email="ro@person.example", email_is_private=False)
    one, two = sorted((person.id, other.id))
    pair = PersonPair(one_id=one, other_id=two, state=PairState.ASKED)
    session.add(pair)
    session.flush()
    merge_id = merging.merge(session, SYSTEM, pair, keep_id=other.id).id
    kept_id, surgery_id = other.id, surgery.user_id
    session.commit()
    # Two records may have been taken for one by mistake: what was proved of the one opens nothing of the other.
    page = own.get("/me").get_data(as_text=True)
    assert "Two records about you were put together" in page
    assert own.get(f"/me/records/{kept_id}").status_code == 404
    other = session.get_one(Person, kept_id)
    other.email, other.email_is_private, other.safe_channels = "ro@b.example", True, frozenset({ContactChannel.EMAIL})
    session.commit()
    staff = signed_in_client(app, surgery_id).get(f"/desk/people/{kept_id}").get_data(as_text=True)
    assert "They used it before the two records were put together" in staff
    merging.undo_merge(session, SYSTEM, merge_id)
    session.commit()
    assert own.get("/me").status_code == 303
