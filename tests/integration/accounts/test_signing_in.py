"""Signing in and out, and what a session lets one do."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.accounts import operations, sessions
from app.accounts.codes import EndReason, Role
from app.accounts.models import User, UserSession
from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.core import clock
from app.core.actor import SYSTEM
from app.core.errors import Refused
from tests.signing_in import a_member, a_workplace, actor_of, signed_in_client

PASSWORD = "a long enough sentence"


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def app(app):
    """Without second factors, which have tests of their own."""
    settings = app.extensions["waymark_settings"]
    app.extensions["waymark_settings"] = dataclasses.replace(settings, second_factor_required=False)
    return app


@pytest.fixture
def user(session) -> UUID:
    """The id of a member; the session is left without a transaction, which on SQLite would keep others from writing."""
    member = a_member(session, Role.HUB, email="dele@hub.example")
    member.password_hash = operations.hash_password(PASSWORD)
    user_id = member.id
    session.commit()
    return user_id


def sign_in(client, email="dele@hub.example", password=PASSWORD, **more):
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def test_the_right_password_opens_the_desk(client, user):
    assert sign_in(client).headers["Location"] == "/desk"
    assert "Sign out" in client.get("/desk").get_data(as_text=True)


@pytest.mark.parametrize(("email", "password"), [("dele@hub.example", "wrong"), ("nobody@hub.example", PASSWORD)])
def test_a_wrong_one_says_the_same_whoever_it_is(client, user, email, password):
    answer = sign_in(client, email, password)
    assert answer.status_code == 422
    assert "The email address or the password is not right" in answer.get_data(as_text=True)
    assert client.get("/desk").headers["Location"] == "/sign-in?next=%2Fdesk"


def test_one_is_led_back_to_where_one_was_going_but_never_elsewhere(client, user):
    assert sign_in(client, next="/desk?a=1").headers["Location"] == "/desk?a=1"
    assert sign_in(client, next="//evil.example").headers["Location"] == "/desk"


def test_signing_out_ends_the_session_for_good(app, client, user):
    sign_in(client)
    token = client.get_cookie("sid").value
    client.post("/sign-out")
    replay = app.test_client()
    replay.set_cookie("sid", token, domain="localhost")
    assert replay.get("/desk").status_code == 303


def test_each_sign_in_is_another_session(client, user, session):
    sign_in(client)
    first = client.get_cookie("sid").value
    sign_in(client)
    assert client.get_cookie("sid").value != first
    assert len(session.scalars(select(UserSession)).all()) == 2


@pytest.mark.parametrize(("idle", "still_in"), [(29, True), (31, False)])
def test_an_unused_session_is_over_after_half_an_hour(app, user, idle, still_in):
    client = signed_in_client(app, user)
    with clock.moved_to(clock.now() + timedelta(minutes=idle)):
        assert (client.get("/desk").status_code == 200) is still_in


def test_a_session_in_use_is_over_after_twelve_hours(app, user):
    client = signed_in_client(app, user)
    start = clock.now()
    for minutes in range(25, 12 * 60, 25):
        with clock.moved_to(start + timedelta(minutes=minutes)):
            assert client.get("/desk").status_code == 200, minutes
    with clock.moved_to(start + timedelta(hours=12, minutes=1)):
        assert client.get("/desk").status_code == 303


def test_a_new_role_ends_the_sessions(app, session, user):
    client = signed_in_client(app, user)
    place = sessions.organizations_of(session, user)[0]
    operations.grant(session, SYSTEM, user=session.get_one(User, user), organization_id=place.id, role=Role.MANAGER)
    session.commit()
    assert client.get("/desk").status_code == 303
    ended = session.scalars(select(UserSession.end_reason)).all()
    assert ended == [EndReason.ROLE_CHANGED]


def test_an_organisation_that_is_no_longer_active_opens_nothing(app, session, user):
    client = signed_in_client(app, user)
    sessions.organizations_of(session, user)[0].is_active = False
    session.commit()
    assert client.get("/desk").status_code == 403
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == Action.DENIED)).one().user_id == user


def test_nobody_works_in_an_organisation_of_others(app, session, user):
    other = a_workplace(session, "Another place").id
    session.commit()
    client = signed_in_client(app, user)
    assert client.post("/work-in", data={"organization": str(other)}).status_code == 409
    assert client.post("/work-in", data={"organization": "rubbish"}).status_code == 400


@pytest.mark.parametrize(
    ("own", "given", "allowed"),
    [
        ({Role.ADMINISTRATOR}, Role.ADVISER, True),
        ({Role.ADMINISTRATOR}, Role.ADMINISTRATOR, True),
        ({Role.ADMINISTRATOR}, Role.PRIVACY_OFFICER, False),
        ({Role.ADMINISTRATOR}, Role.COMMISSIONER, False),
        ({Role.MANAGER}, Role.ADVISER, False),
    ],
)
def test_who_may_grant_what(session, own, given, allowed):
    granter = a_member(session, *own, email="granter@hub.example")
    user = a_member(session, Role.TUTOR, email="new@hub.example")
    place = sessions.organizations_of(session, granter.id)[0]
    actor = actor_of(session, granter)
    if allowed:
        operations.grant(session, actor, user=user, organization_id=place.id, role=given)
        return
    with pytest.raises(Refused):
        operations.grant(session, actor, user=user, organization_id=place.id, role=given)


def test_a_password_is_never_written_back_into_the_page(client, user):
    assert "typed once" not in sign_in(client, password="typed once").get_data(as_text=True)
