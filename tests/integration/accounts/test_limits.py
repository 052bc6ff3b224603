"""Guessing is slowed down, for everybody together, and the owner still gets in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.accounts import operations
from app.accounts.codes import Role
from app.core import clock
from tests.signing_in import a_member, code_now, give_authenticator

PASSWORD = "a long enough sentence"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture(autouse=True)
def _member(session):
    user = a_member(session, Role.HUB, email="dele@hub.example")
    user.password_hash = operations.hash_password(PASSWORD)
    give_authenticator(session, user, SECRET)
    session.commit()


def attempt(client, password, email="dele@hub.example"):
    return client.post("/sign-in", data={"email": email, "password": password})


@pytest.mark.parametrize("email", ["dele@hub.example", "nobody@hub.example"])
def test_at_most_ten_guesses_in_fifteen_minutes_and_a_wait_is_told(app, email):
    # At midnight buckets begin anew: whose tries they are is kept as another hash every day.
    start, tried = clock.now().replace(hour=12), 0
    for second in range(0, 15 * 60, 20):
        with clock.moved_to(start + timedelta(seconds=second)):
            answer = attempt(app.test_client(), "wrong", email)
            assert answer.status_code in {422, 429}
            tried += answer.status_code == 422
            if answer.status_code == 429:
                assert 0 < int(answer.headers["Retry-After"]) <= 225
                assert "Too many tries. Wait" in answer.get_data(as_text=True)
    assert 6 <= tried <= 10


def test_the_right_password_waits_too_from_a_strange_browser(app):
    for _guess in range(6):
        attempt(app.test_client(), "wrong")
    assert attempt(app.test_client(), PASSWORD).status_code == 429
    assert attempt(app.test_client(), "wrong", "other@hub.example").status_code == 422


def test_the_owner_gets_in_from_their_own_browser_while_strangers_guess(app):
    own = app.test_client()
    attempt(own, PASSWORD)
    own.post("/sign-in/code", data={"code": code_now(SECRET)})
    own.post("/sign-out")
    for _guess in range(8):
        stranger = attempt(app.test_client(), "wrong")
    assert stranger.status_code == 429
    assert attempt(own, PASSWORD).status_code == 303
    # The own browser has no more tries than anybody else.
    assert [attempt(own, "wrong").status_code for _guess in range(7)].count(422) == 6


def test_another_ones_browser_is_no_way_around(app, session):
    own = app.test_client()
    attempt(own, PASSWORD)
    own.post("/sign-in/code", data={"code": code_now(SECRET)})
    answers = [attempt(own, "wrong", "victim@hub.example").status_code for _guess in range(8)]
    assert answers.count(422) == 6


def test_a_right_sign_in_forgives(app):
    client = app.test_client()
    for _round in range(4):
        for _guess in range(4):
            assert attempt(client, "wrong").status_code == 422
        assert attempt(client, PASSWORD).status_code == 303


def test_codes_are_slowed_down_too(app):
    client = app.test_client()
    attempt(client, PASSWORD)
    answers = [client.post("/sign-in/code", data={"code": "000000"}).status_code for _guess in range(8)]
    assert answers == [422] * 6 + [429] * 2
