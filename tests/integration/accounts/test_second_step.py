"""The second step of signing in, and changing it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.accounts import operations, totp
from app.accounts.codes import EndReason, Role
from app.accounts.models import Authenticator, RecoveryCode, UserSession
from app.accounts.operations import factors
from app.accounts.vault import Vault
from app.core import clock
from app.core.actor import SYSTEM
from tests.signing_in import a_member, code_now, give_authenticator, signed_in_client

PASSWORD = "a long enough sentence"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


def member(session, *, secret: str | None = SECRET) -> UUID:
    user = a_member(session, Role.HUB, email="dele@hub.example")
    user.password_hash = operations.hash_password(PASSWORD)
    if secret:
        give_authenticator(session, user, secret)
    user_id = user.id
    session.commit()
    return user_id


@pytest.fixture
def user(session) -> UUID:
    return member(session)


def first_step(client, **more):
    return client.post("/sign-in", data={"email": "dele@hub.example", "password": PASSWORD, **more})


def test_the_password_alone_opens_nothing(client, user):
    assert first_step(client).headers["Location"] == "/sign-in/code"
    assert client.get_cookie("sid") is None
    assert client.get("/desk").status_code == 303
    assert client.get("/account/second-step").status_code == 303


def test_password_and_code_open_the_desk_and_the_first_step_is_over(client, user):
    first_step(client, next="/desk?a=1")
    started = client.get_cookie("started").value
    assert client.post("/sign-in/code", data={"code": code_now(SECRET)}).headers["Location"] == "/desk?a=1"
    assert client.get("/desk").status_code == 200
    assert client.get_cookie("started") is None
    client.set_cookie("started", started, domain="localhost")
    assert client.get("/sign-in/code").headers["Location"].startswith("/sign-in?")


def test_the_first_step_lasts_ten_minutes(client, user):
    first_step(client)
    with clock.moved_to(clock.now() + timedelta(minutes=11)):
        assert client.post("/sign-in/code", data={"code": code_now(SECRET)}).status_code == 303
        assert client.get("/desk").status_code == 303


@pytest.mark.parametrize("code", ["000000", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "", "1" * 41, "\x00"])
def test_a_wrong_code_is_said_to_be_wrong(client, user, code):
    first_step(client)
    answer = client.post("/sign-in/code", data={"code": code})
    assert answer.status_code == 422
    assert client.get("/desk").status_code == 303


def test_a_code_works_once(app, client, user):
    with clock.moved_to(clock.now()):
        code = code_now(SECRET)
        first_step(client)
        assert client.post("/sign-in/code", data={"code": code}).status_code == 303
        other = app.test_client()
        first_step(other)
        assert other.post("/sign-in/code", data={"code": code}).status_code == 422


@pytest.mark.parametrize(("steps", "works"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_half_a_minute(session, user, app, steps, works):
    with app.app_context():
        vault = Vault(("only for tests",), "authenticator")
        assert factors.use_code(session, user, vault, code_now(SECRET, steps=steps)) is works


def test_after_a_later_code_no_earlier_one_works(session, user):
    vault = Vault(("only for tests",), "authenticator")
    assert factors.use_code(session, user, vault, code_now(SECRET, steps=1))
    assert not factors.use_code(session, user, vault, code_now(SECRET))


def test_the_first_sign_in_leads_to_setting_up(app, session, client):
    member(session, secret=None)
    assert first_step(client).headers["Location"] == "/sign-in/set-up"
    assert client.get("/sign-in/code").headers["Location"] == "/sign-in/set-up"
    page = client.get("/sign-in/set-up").get_data(as_text=True)
    secret, setup = key_on(page)
    assert "<svg" in page
    wrong = client.post("/sign-in/set-up", data={"setup": setup, "code": "000000"})
    assert wrong.status_code == 422
    assert key_on(wrong.get_data(as_text=True))[0] == secret
    done = client.post("/sign-in/set-up", data={"setup": setup, "code": code_now(secret)})
    codes = re.findall(r">([a-z0-9]{4}(?:-[a-z0-9]{4}){3})<", done.get_data(as_text=True))
    assert len(set(codes)) == 10
    assert client.get("/desk").status_code == 200
    assert secret not in session.scalars(select(Authenticator.secret)).one()
    assert not set(codes) & set(session.scalars(select(RecoveryCode.code_hash)))


def key_on(page: str) -> tuple[str, str]:
    letters = re.search(r'class="wm-code">([A-Z2-7 ]+)<', page)
    setup = re.search(r'name="setup"[^>]*value="([^"]+)"', page)
    assert letters
    assert setup
    return letters[1].replace(" ", ""), setup[1]


def test_another_ones_key_cannot_be_slipped_in(app, session, client):
    member(session, secret=None)
    first_step(client)
    foreign = Vault(("only for tests",), "authenticator set-up").seal(f"{UUID(int=1)} {SECRET}")
    page = client.post("/sign-in/set-up", data={"setup": foreign, "code": code_now(SECRET)})
    assert page.status_code == 422
    assert key_on(page.get_data(as_text=True))[0] != SECRET


def test_who_has_a_second_step_cannot_set_up_another_while_signing_in(client, user):
    first_step(client)
    assert client.get("/sign-in/set-up").headers["Location"] == "/sign-in/code"
    assert client.post("/sign-in/set-up", data={"code": "1"}).headers["Location"] == "/sign-in/code"


def test_a_recovery_code_opens_once(app, session, client, user):
    codes = factors.new_recovery_codes(session, SYSTEM, user)
    session.commit()
    first_step(client)
    assert client.post("/sign-in/recovery", data={"code": "aaaa-bbbb-cccc-dddd"}).status_code == 422
    typed = codes[3].upper().replace("-", " ")
    assert client.post("/sign-in/recovery", data={"code": typed}).headers["Location"] == "/account/second-step"
    assert "You have 9 codes left" in client.get("/account/second-step").get_data(as_text=True)
    other = app.test_client()
    first_step(other)
    assert other.post("/sign-in/recovery", data={"code": typed}).status_code == 422


def test_new_codes_take_the_place_of_the_old(session, user):
    old = factors.new_recovery_codes(session, SYSTEM, user)
    new = factors.new_recovery_codes(session, SYSTEM, user)
    assert not factors.use_recovery_code(session, SYSTEM, user, old[0])
    assert factors.use_recovery_code(session, SYSTEM, user, new[0])


def test_changing_the_second_step_asks_again_after_ten_minutes(app, user):
    client = signed_in_client(app, user)
    assert client.get("/account/second-step/app").status_code == 200
    with clock.moved_to(clock.now() + timedelta(minutes=11)):
        asked = client.get("/account/second-step/app")
        assert asked.headers["Location"] == "/account/prove?next=%2Faccount%2Fsecond-step%2Fapp"
        assert client.post("/account/second-step/codes").status_code == 303
        assert client.post("/account/prove", data={"password": "wrong"}).status_code == 422
        given = {"password": PASSWORD, "next": "/account/second-step/app"}
        assert client.post("/account/prove", data=given).headers["Location"] == "/account/second-step/app"
        assert client.get("/account/second-step/app").status_code == 200


def test_a_code_proves_too_but_not_another_ones_password(app, session, user):
    client = signed_in_client(app, user)
    with clock.moved_to(clock.now() + timedelta(minutes=11)):
        data = {"password": code_now(SECRET), "next": "/account/second-step"}
        assert client.post("/account/prove", data=data).headers["Location"] == "/account/second-step"


def test_another_app_ends_the_other_sessions(app, session, user):
    client, other = signed_in_client(app, user), signed_in_client(app, user)
    secret, setup = key_on(client.get("/account/second-step/app").get_data(as_text=True))
    client.post("/account/second-step/app", data={"setup": setup, "code": code_now(secret)})
    assert client.get("/desk").status_code == 200
    assert other.get("/desk").status_code == 303
    reasons = session.scalars(select(UserSession.end_reason).where(UserSession.ended_at.is_not(None))).all()
    assert reasons == [EndReason.FACTOR_CHANGED]
    assert not factors.use_code(session, user, Vault(("only for tests",), "authenticator"), code_now(SECRET, steps=1))


def test_secrets_open_with_an_earlier_key_and_for_their_purpose_only():
    old, both = Vault(("old",), "authenticator"), Vault(("new", "old"), "authenticator")
    sealed = old.seal("text")
    assert "text" not in sealed
    assert both.open(sealed) == "text"
    assert Vault(("new",), "authenticator").open(sealed) is None
    assert Vault(("old",), "authenticator set-up").open(sealed) is None
    assert old.open(sealed[:-4] + "AAAA") is None
    with clock.moved_to(clock.now() + timedelta(minutes=31)):
        assert old.open(sealed, within=timedelta(minutes=30)) is None


def test_codes_are_those_of_the_standard():
    """RFC 6238, appendix B: at 59 seconds the SHA-1 key "12345678901234567890" shows 94287082, of which six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    with clock.moved_to(datetime.fromtimestamp(59, UTC)):
        assert totp.matching_step(secret, "287082", after=None) == 1
        assert totp.matching_step(secret, "287 082", after=0) == 1
        assert totp.matching_step(secret, "287082", after=1) is None
