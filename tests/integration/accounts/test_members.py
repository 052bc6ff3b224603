"""Inviting, joining, changing roles and leaving."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.accounts import queries, sessions
from app.accounts.codes import Role, UserStatus
from app.accounts.models import Authenticator, Invitation, User, UserSession
from app.accounts.operations import factors, invitations, members, passwords
from app.accounts.operations.sealing import reseal
from app.accounts.passwords import hash_password
from app.accounts.vault import AUTHENTICATOR, Vault
from app.core import clock
from app.core.actor import SYSTEM
from app.core.errors import NotFound, Refused
from app.notifications.models import Message
from tests.signing_in import a_member, a_workplace, actor_of, code_now, give_authenticator, signed_in_client

GOOD = "kettle marsh trombone"


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def administrator(session) -> UUID:
    user_id = a_member(session, Role.ADMINISTRATOR, email="joan@hub.example").id
    session.commit()
    return user_id


def place_of(session, user_id) -> UUID:
    place_id = sessions.organizations_of(session, user_id)[0].id
    session.rollback()
    return place_id


def link_in(session) -> str:
    found = session.scalars(select(Message.text).order_by(Message.created_at.desc(), Message.id)).first()
    session.rollback()
    match = re.search(r"http://localhost(/\S+)", found)
    assert match
    return match[1]


def test_from_invitation_to_the_desk(app, session, administrator):
    boss = signed_in_client(app, administrator)
    sent = boss.post("/desk/members/invite", data={"email": "New@Hub.example", "roles": ["hub", "tutor"]})
    assert sent.headers["Location"] == "/desk/members?done=invited"
    assert "new@hub.example" in boss.get("/desk/members").get_data(as_text=True)
    path, client = link_in(session), app.test_client()
    for _mail_scanner in range(3):
        assert "Join Wexmoor Hub" in client.get(path).get_data(as_text=True)
    weak = client.post(path, data={"name": "Nell Hart", "new_password": "passwordpassword"})
    assert weak.status_code == 422
    assert client.post(path, data={"name": "", "new_password": GOOD}).status_code == 422
    joined = client.post(path, data={"name": "Nell  Hart", "new_password": GOOD})
    assert joined.headers["Location"] == "/sign-in/set-up"
    assert client.get(path).status_code == 404
    user = queries.staff_user(session, "new@hub.example")
    assert user.name == "Nell Hart"
    assert sessions.roles_in(session, user.id, place_of(session, administrator)) == {"hub", "tutor"}


def test_who_has_an_account_joins_with_it(app, session, administrator):
    other = a_member(session, Role.ADVISER, workplace="Another", email="nell@advice.example")
    other.password_hash = hash_password(GOOD)
    user_id = other.id
    session.commit()
    boss = signed_in_client(app, administrator)
    boss.post("/desk/members/invite", data={"email": "nell@advice.example", "roles": "hub"})
    assert app.test_client().post(link_in(session)).headers["Location"] == "/sign-in?done=joined"
    session.expire_all()
    assert len(sessions.organizations_of(session, user_id)) == 2
    assert session.get_one(User, user_id).name == "nell"


def test_a_link_is_over_after_a_week_when_withdrawn_or_when_sent_again(app, session, administrator):
    boss, client = signed_in_client(app, administrator), app.test_client()
    boss.post("/desk/members/invite", data={"email": "a@hub.example", "roles": "hub"})
    first = link_in(session)
    with clock.moved_to(clock.now() + timedelta(days=8)):
        assert client.get(first).status_code == 404
        assert client.post(first, data={"name": "N", "new_password": GOOD}).status_code == 404
    boss.post("/desk/members/invite", data={"email": "a@hub.example", "roles": "tutor"})
    assert client.get(first).status_code == 404
    open_ones = session.scalars(select(Invitation.id).where(Invitation.withdrawn_at.is_(None))).all()
    session.rollback()
    assert boss.post(f"/desk/members/invitations/{open_ones[0]}/withdraw").status_code == 303
    assert client.get(link_in(session)).status_code == 404


def test_known_and_unknown_addresses_are_invited_alike(app, session, administrator):
    a_member(session, Role.HUB, workplace="Another", email="known@hub.example")
    session.commit()
    boss = signed_in_client(app, administrator)
    answers = [
        boss.post("/desk/members/invite", data={"email": email, "roles": "hub"})
        for email in ("known@hub.example", "nobody@hub.example")
    ]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].data == answers[1].data


@pytest.mark.parametrize("role", ["privacy_officer", "commissioner", "manager", "rubbish"])
def test_nobody_invites_to_a_role_that_they_lack(app, session, administrator, role):
    boss = signed_in_client(app, administrator)
    assert boss.post("/desk/members/invite", data={"email": "a@hub.example", "roles": role}).status_code == 422
    assert session.scalars(select(Invitation)).all() == []


@pytest.mark.parametrize("email", ["", "rubbish", "a@b", "a@hub.example\nBcc: b@hub.example", "x" * 300])
def test_an_address_that_is_none_is_refused(app, administrator, email):
    boss = signed_in_client(app, administrator)
    assert boss.post("/desk/members/invite", data={"email": email, "roles": "hub"}).status_code == 422


def test_nobody_is_taken_off_by_a_form_with_nothing_ticked(app, session, administrator):
    user_id = a_member(session, Role.HUB, email="dele@hub.example").id
    session.commit()
    boss = signed_in_client(app, administrator)
    page = boss.post(f"/desk/members/{user_id}", data={"sent": "1"})
    assert (page.status_code, "take them off below" in page.text) == (422, True)
    assert sessions.roles_in(session, user_id, place_of(session, administrator)) == {"hub"}


def test_new_roles_end_the_sessions_and_count_at_once(app, session, administrator):
    user_id = a_member(session, Role.HUB, Role.MANAGER, email="dele@hub.example").id
    session.commit()
    member, boss = signed_in_client(app, user_id), signed_in_client(app, administrator)
    page = boss.get(f"/desk/members/{user_id}").get_data(as_text=True)
    assert "Also: Manager" in page
    assert boss.post(f"/desk/members/{user_id}", data={"roles": ["tutor"]}).status_code == 303
    assert member.get("/desk").status_code == 303
    assert sessions.roles_in(session, user_id, place_of(session, administrator)) == {"tutor", "manager"}


def test_an_administrator_of_another_place_sees_nobody(app, session, administrator):
    stranger = a_member(session, Role.ADMINISTRATOR, workplace="Another", email="x@another.example").id
    session.commit()
    client = signed_in_client(app, stranger)
    assert "joan" not in client.get("/desk/members").get_data(as_text=True)
    missing = client.get(f"/desk/members/{UUID(int=5)}")
    foreign = client.get(f"/desk/members/{administrator}")
    assert foreign.status_code == missing.status_code == 404
    assert _without_id(foreign) == _without_id(missing)
    for what in ("", "/remove", "/end-sessions", "/start-over"):
        assert client.post(f"/desk/members/{administrator}{what}", data={"roles": "hub"}).status_code == 404


def _without_id(answer) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", answer.get_data(as_text=True))


def test_nobody_changes_or_removes_themselves(app, session, administrator):
    boss = signed_in_client(app, administrator)
    assert boss.post(f"/desk/members/{administrator}", data={"roles": ["hub"]}).status_code == 422
    assert boss.post(f"/desk/members/{administrator}/remove").status_code == 409
    assert boss.post(f"/desk/members/{administrator}/start-over").status_code == 409


def test_the_last_administrator_stays(session, administrator):
    user, place_id = session.get_one(User, administrator), place_of(session, administrator)
    with pytest.raises(Refused, match="last administrator"):
        members.change_roles(session, SYSTEM, user=user, organization_id=place_id, roles=(Role.HUB,))


def test_who_leaves_their_last_place_cannot_sign_in_and_comes_back_by_invitation(app, session, administrator):
    leaver = a_member(session, Role.HUB, email="dele@hub.example")
    leaver.password_hash = hash_password(GOOD)
    user_id = leaver.id
    reset = passwords.issue_reset(session, leaver)
    session.commit()
    member, boss = signed_in_client(app, user_id), signed_in_client(app, administrator)
    assert boss.post(f"/desk/members/{user_id}/remove").status_code == 303
    assert member.get("/desk").status_code == 303
    assert member.post("/sign-in", data={"email": "dele@hub.example", "password": GOOD}).status_code == 422
    assert member.get(f"/sign-in/reset/{reset}").status_code == 404
    boss.post("/desk/members/invite", data={"email": "dele@hub.example", "roles": "hub"})
    member.post(link_in(session))
    assert member.post("/sign-in", data={"email": "dele@hub.example", "password": GOOD}).status_code == 303
    session.expire_all()
    assert session.get_one(User, user_id).status is UserStatus.ACTIVE


def test_who_has_left_is_taken_off_whatever_they_were_and_by_nobody_else(app, session, administrator):
    """Nobody has to wait for another manager to come; the roles one by one still need somebody who holds them."""
    user_id = a_member(session, Role.HUB, Role.MANAGER, email="samir@hub.example").id
    hub_id = a_member(session, Role.HUB, email="dele@hub.example").id
    session.commit()
    place_id = place_of(session, administrator)
    for who, roles in ((hub_id, ()), (administrator, (Role.HUB,))):
        actor, leaver = actor_of(session, session.get_one(User, who)), session.get_one(User, user_id)
        with pytest.raises(Refused, match="this role"):
            members.change_roles(session, actor, user=leaver, organization_id=place_id, roles=roles)
    session.rollback()
    member, boss = signed_in_client(app, user_id), signed_in_client(app, administrator)
    assert boss.post(f"/desk/members/{user_id}/remove").status_code == 303
    assert member.get("/desk").status_code == 303
    session.expire_all()
    assert session.get_one(User, user_id).status is UserStatus.DISABLED


def test_starting_over_takes_the_second_step_away(app, session, administrator):
    member = a_member(session, Role.HUB, email="dele@hub.example")
    give_authenticator(session, member, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    factors.new_recovery_codes(session, SYSTEM, member.id)
    user_id = member.id
    session.commit()
    signed_in_client(app, administrator).post(f"/desk/members/{user_id}/start-over")
    assert not factors.factors_of(session, user_id).any
    assert factors.factors_of(session, user_id).recovery_codes_left == 0
    assert session.scalars(select(Message.kind)).all() == ["accounts.changed"]


def test_a_forgotten_password(app, session, administrator):
    from app.accounts.sweeps import answer_resets

    joan = session.get_one(User, administrator)
    give_authenticator(session, joan, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    session.commit()
    running, client = signed_in_client(app, administrator), app.test_client()
    answers = [client.post("/sign-in/reset", data={"email": email}) for email in ("Joan@Hub.example", "no@hub.example")]
    assert answers[0].data == answers[1].data
    with app.app_context():
        assert answer_resets() == 2
        assert answer_resets() == 0
    assert session.scalars(select(Message.recipient)).all() == ["joan@hub.example"]
    path = link_in(session)
    assert client.get(path).status_code == 200
    assert client.post(path, data={"new_password": "joan@hub.example"}).status_code == 422
    assert client.post(path, data={"new_password": GOOD}).headers["Location"] == "/sign-in?done=password"
    assert "Your new password is set." in client.get("/sign-in?done=password").text
    again = client.get(path)
    assert (again.status_code, "Ask for a new link" in again.text) == (404, True)
    assert client.get(path).status_code == 404
    assert running.get("/desk").status_code == 303
    # The second step is asked for all the same.
    signed = client.post("/sign-in", data={"email": "joan@hub.example", "password": GOOD})
    assert signed.headers["Location"] == "/sign-in/code"
    assert client.post("/sign-in/code", data={"code": code_now("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")}).status_code == 303


def test_a_reset_link_is_over_after_an_hour(app, session, administrator):
    token = passwords.issue_reset(session, session.get_one(User, administrator))
    session.commit()
    with clock.moved_to(clock.now() + timedelta(minutes=61)):
        assert app.test_client().get(f"/sign-in/reset/{token}").status_code == 404


def test_another_password_ends_the_other_sessions(app, session, administrator):
    here, there = signed_in_client(app, administrator), signed_in_client(app, administrator)
    assert here.post("/account/password", data={"new_password": "short"}).status_code == 422
    assert here.post("/account/password", data={"new_password": GOOD}).headers["Location"] == "/account?done=password"
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303


def test_one_ends_ones_own_sessions_and_nobody_elses(app, session, administrator):
    other_id = a_member(session, Role.HUB, email="dele@hub.example").id
    session.commit()
    here, there, others = (signed_in_client(app, user) for user in (administrator, administrator, other_id))
    ids = session.execute(select(UserSession.user_id, UserSession.id)).all()
    session.rollback()
    here.post(f"/account/sessions/{dict(ids)[other_id]}/end")
    assert others.get("/account").status_code == 200
    here.post("/account/sessions/end-others")
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 303)


def test_keys_are_sealed_anew_before_an_old_one_goes(session, administrator):
    session.add(Authenticator(user_id=administrator, secret=Vault(("old",), AUTHENTICATOR).seal("SECRET")))
    session.flush()
    counts = reseal(session, lambda purpose: Vault(("new", "old"), purpose))
    assert counts["authenticator.secret"] == 1
    assert "signpost.sealed_link" in counts
    assert Vault(("new",), AUTHENTICATOR).open(session.scalars(select(Authenticator.secret)).one()) == "SECRET"
    with pytest.raises(Refused):
        reseal(session, lambda purpose: Vault(("other",), purpose))


def test_of_two_who_accept_at_the_same_time_one_joins(session, administrator):
    _made, token = invitations.invite(
        session, SYSTEM, organization_id=place_of(session, administrator), email="a@hub.example", roles=[Role.HUB]
    )
    invitations.accept(session, token, name="A", password_hash=hash_password(GOOD))
    with pytest.raises(NotFound):
        invitations.accept(session, token, name="B", password_hash=hash_password(GOOD))


def test_nobody_invites_to_another_place(session, administrator):
    actor = actor_of(session, session.get_one(User, administrator))
    with pytest.raises(Refused):
        invitations.invite(
            session, actor, organization_id=a_workplace(session, "Another").id, email="a@b.example", roles=[Role.HUB]
        )


def test_the_first_administrator_is_invited_from_the_command_line(app, session):
    from click.testing import CliRunner
    from flask.cli import ScriptInfo

    from app.accounts.cli import accounts_group

    runner, script = CliRunner(), ScriptInfo(create_app=lambda: app)
    made = runner.invoke(accounts_group, ["create-organization", "The Hub", "--kind", "hub"], obj=script)
    assert made.exit_code == 0, made.output
    arguments = ["invite", "first@hub.example", "--organization", "The Hub", "--role", "administrator"]
    link = runner.invoke(accounts_group, arguments, obj=script).output.strip()
    assert link.startswith("http://localhost/join/")
    assert "Join The Hub" in app.test_client().get(link.removeprefix("http://localhost")).get_data(as_text=True)
