"""People looking for help sign in with a code."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.addresses import as_reached
from app.accounts.codes import Role, UserKind
from app.accounts.models import SignInCode, User, UserSession
from app.core import clock
from app.notifications.models import Message
from app.people.details import can_be_rung
from tests.signing_in import a_member
from tests.work import LONGEST_SECONDS, busy_seconds


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


def ask(client, address="Ann@Person.example", **more):
    return client.post("/me/sign-in", data={"address": address, **more})


def sent_code(session) -> str:
    text = session.scalars(select(Message.text).order_by(Message.created_at.desc())).first()
    session.rollback()
    found = re.search(r"\b(\d{6})\b", text)
    assert found
    return found[1]


def give(client, code):
    return client.post("/me/sign-in/code", data={"code": code})


@pytest.mark.parametrize("address", ["Ann@Person.example", "07700 900123"])
def test_a_code_is_all_it_takes_and_makes_the_account(client, session, address):
    assert ask(client, address).headers["Location"] == "/me/sign-in/code"
    code = sent_code(session)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert give(client, wrong).status_code == 422
    assert session.scalars(select(User)).all() == []
    session.rollback()
    assert give(client, f"{code[:3]} {code[3:]}").headers["Location"] == "/me"
    assert client.get("/me/account").status_code == 200
    assert client.get("/desk").status_code == 303
    assert session.scalars(select(User.kind)).all() == [UserKind.PERSON]


def test_the_second_time_it_is_the_same_account(app, session):
    for _time in range(2):
        client = app.test_client()
        ask(client)
        give(client, sent_code(session))
    assert len(session.scalars(select(User)).all()) == 1
    assert len(session.scalars(select(UserSession)).all()) == 2


def test_a_code_works_once_for_ten_minutes_and_in_one_browser(app, client, session):
    ask(client)
    code = sent_code(session)
    assert give(app.test_client(), code).headers["Location"] == "/me/sign-in"
    with clock.moved_to(clock.now() + timedelta(minutes=11)):
        assert give(client, code).headers["Location"] == "/me/sign-in"
    assert give(client, code).headers["Location"] == "/me"
    client.post("/sign-out")
    assert give(client, code).headers["Location"] == "/me/sign-in"


def test_five_guesses_and_the_code_is_spent(client, session):
    ask(client)
    code = sent_code(session)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert [give(client, wrong).status_code for _guess in range(5)] == [422] * 5
    assert give(client, code).status_code == 422
    assert client.get("/me/account").status_code == 303


def test_a_shared_device_is_signed_out_soon(client, session):
    ask(client, shared_device="y")
    give(client, sent_code(session))
    running = session.scalars(select(UserSession)).one()
    assert running.is_shared_device
    assert running.idle_seconds == 600
    session.rollback()
    assert "a shared device" in client.get("/me/account").get_data(as_text=True)
    with clock.moved_to(clock.now() + timedelta(minutes=11)):
        assert client.get("/me/account").status_code == 303


def test_nobody_comes_into_a_staff_account_with_a_code(client, session):
    a_member(session, Role.HUB, email="dele@hub.example")
    session.commit()
    known, unknown = ask(client, "dele@hub.example"), None
    code = sent_code(session)
    assert give(client, code).status_code == 422
    assert client.get_cookie("sid") is None
    unknown = ask(client, "nobody@hub.example")
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data)


def test_codes_are_sent_three_times_and_then_slower(client):
    answers = [ask(client).status_code for _time in range(4)]
    assert answers == [303, 303, 303, 429]


@pytest.mark.parametrize(
    "address", ["", "rubbish", "a@b", "01632 960001", "999", "\x00", "+1 212 555 0100", "a@b.c\nd"]
)
def test_what_is_no_address_is_told_so(client, address):
    assert ask(client, address).status_code == 422


def test_what_was_asked_for_is_forgotten_after_an_hour(app, client, session):
    from app.accounts.sweeps import forget_old_limits

    ask(client)
    with app.app_context(), clock.moved_to(clock.now() + timedelta(minutes=71)):
        forget_old_limits()
    assert session.scalars(select(SignInCode)).all() == []


def test_how_addresses_are_written_makes_no_difference():
    assert as_reached(" Ann@Person.Example ".strip()) == "ann@person.example"
    assert as_reached("07400 123456") == as_reached("+44 7400 123456") == "+447400123456"
    assert as_reached("07700 900123") == "+447700900123"  # of the range for drama
    assert as_reached("tel: 07400 123456") == "+447400123456"
    assert as_reached("07700 9001234") is None
    # Letters are slips, and not the keys that bear them: 0770 rubbish would be somebody's 07707 822474.
    assert as_reached("0770 rubbish") is as_reached("07400 1234o56") is None
    for slip in ("1" * 200_000, "1 " * 100_000, " " * 200_000 + "1a"):
        assert busy_seconds(lambda typed=slip: as_reached(typed)) < LONGEST_SECONDS
    assert can_be_rung("01632 960123 ext 4")
    assert not can_be_rung("0770 rubbish")
