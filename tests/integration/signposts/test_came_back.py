"""A list whose message came back reached nobody: that is seen on the desk until it was given another way."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.accounts.current import vault
from app.accounts.models import Membership
from app.accounts.vault import SIGNPOST
from app.core import clock
from app.core.errors import InvalidInput
from app.notifications.codes import Outcome
from app.notifications.models import Message
from app.notifications.operations import record_receipt
from app.referrals.signposts import coming_back, operations, queries, sending
from app.referrals.signposts.codes import Way
from app.referrals.signposts.models import Signpost
from app.referrals.signposts.operations import Pick, Wanted
from tests.factories import service
from tests.signing_in import a_member, actor_of, signed_in_client


@pytest.fixture
def surgery(session):
    return actor_of(session, a_member(session, Role.SURGERY, email="priya@surgery.example"))


@pytest.fixture
def given(session, surgery) -> Signpost:
    wanted = Wanted(picks=[Pick(service(session, name="Anxiety group"))])
    made = operations.give(session, surgery, vault(SIGNPOST), wanted, form_key=uuid4())
    sending.send_link(session, made, link="http://localhost/slip/a", address="tom@person.example")
    operations.hand_over(session, surgery, made, Way.EMAIL)
    return made


def bounced(session) -> None:
    link = select(Message).where(Message.kind == "signposts.given")
    record_receipt(session, session.scalars(link).one(), Outcome.BOUNCED, detail="5.1.1")


def leaves(session, actor) -> None:
    membership = session.scalars(select(Membership).where(Membership.user_id == actor.user_id)).one()
    membership.ended_at = clock.now()
    session.flush()


def told(session) -> list[str]:
    wanted = select(Message.recipient).where(Message.kind == "referrals.task").order_by(Message.created_at, Message.id)
    return list(session.scalars(wanted))


def test_it_is_counted_and_listed_for_the_organisation_alone(session, surgery, given):
    other = actor_of(session, a_member(session, Role.SURGERY, workplace="Elsewhere", email="tom@elsewhere.example"))
    assert queries.count_came_back(session, surgery) == 0
    bounced(session)
    assert queries.own(session, surgery, show=queries.Show.CAME_BACK) == ([given], 1)
    assert (queries.count_came_back(session, surgery), queries.count_came_back(session, other)) == (1, 0)


def test_given_another_way_it_is_off_the_list(session, surgery, given):
    bounced(session)
    operations.hand_over(session, surgery, given, Way.A4)
    assert queries.count_came_back(session, surgery) == 0


def test_a_bounce_that_comes_after_it_was_given_again_says_nothing_new(session, surgery, given):
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        operations.hand_over(session, surgery, given, Way.A4)
    bounced(session)
    assert queries.count_came_back(session, surgery) == 0


def test_who_cannot_reach_them_says_so_on_its_page(app, session, surgery, given):
    app.config["WTF_CSRF_ENABLED"] = False
    bounced(session)
    address, user_id, signpost_id = f"/desk/signposts/{given.id}", surgery.user_id, given.id
    session.commit()
    client = signed_in_client(app, user_id)
    assert "It did not reach them" in client.get(address).text
    assert client.post(f"{address}/note").status_code == 303
    assert "It did not reach them" not in client.get(address).text
    assert session.get_one(Signpost, signpost_id).bounced_at is None


def test_whoever_gave_it_is_told_and_has_it_on_their_desk_until_it_was_given_again(session, surgery, given):
    colleague = actor_of(session, a_member(session, Role.SURGERY, email="asha@surgery.example"))
    bounced(session)
    assert queries.own(session, surgery, show=queries.Show.MINE) == ([given], 1)
    assert (queries.count_mine(session, surgery), queries.count_mine(session, colleague)) == (1, 0)
    assert told(session) == ["priya@surgery.example"]
    operations.hand_over(session, colleague, given, Way.A4)
    assert (queries.count_mine(session, surgery), given.owner_id) == (0, None)


def test_where_they_have_left_it_is_a_managers_and_never_one_elsewhere(session, surgery, given):
    a_member(session, Role.SURGERY, email="asha@surgery.example")
    a_member(session, Role.MANAGER, workplace="Elsewhere", email="boss@elsewhere.example")
    manager = actor_of(session, a_member(session, Role.MANAGER, email="zoe@surgery.example"))
    leaves(session, surgery)
    bounced(session)
    assert (given.owner_id, told(session)) == (manager.user_id, ["zoe@surgery.example"])
    assert coming_back.find_owners(session) == 0


def test_who_leaves_with_it_on_their_desk_leaves_it_to_a_colleague(session, surgery, given):
    bounced(session)
    leaves(session, surgery)
    assert coming_back.find_owners(session) == 0
    only_receives = a_member(session, Role.FRONT_DESK, email="desk@surgery.example")
    assert coming_back.find_owners(session) == 0
    colleague = a_member(session, Role.SURGERY, email="zoe@surgery.example")
    assert (coming_back.find_owners(session), coming_back.find_owners(session)) == (1, 0)
    assert given.owner_id == colleague.id != only_receives.id


def test_where_nobody_is_left_others_do_not_wait_for_that(session, surgery, given, monkeypatch):
    monkeypatch.setattr(coming_back, "AT_A_TIME", 1)
    elsewhere = actor_of(session, a_member(session, Role.SURGERY, workplace="Elsewhere", email="tom@elsewhere.example"))
    wanted = Wanted(picks=[Pick(service(session, name="Debt advice"))])
    theirs = operations.give(session, elsewhere, vault(SIGNPOST), wanted, form_key=uuid4())
    bounced(session)
    with clock.moved_to(clock.now() + timedelta(minutes=1)):
        coming_back.came_back(session, theirs)
    leaves(session, surgery)
    leaves(session, elsewhere)
    colleague = a_member(session, Role.SURGERY, workplace="Elsewhere", email="asha@elsewhere.example")
    assert coming_back.find_owners(session) == 1
    assert theirs.owner_id == colleague.id


def test_it_is_passed_on_to_a_colleague_alone(app, session, surgery, given):
    app.config["WTF_CSRF_ENABLED"] = False
    colleague = a_member(session, Role.SURGERY, email="asha@surgery.example")
    stranger = a_member(session, Role.SURGERY, workplace="Elsewhere", email="tom@elsewhere.example")
    bounced(session)
    with pytest.raises(InvalidInput):
        coming_back.pass_on(session, surgery, given, stranger.id)
    address, user_id, to_id, signpost_id = f"/desk/signposts/{given.id}", surgery.user_id, colleague.id, given.id
    session.commit()
    client = signed_in_client(app, user_id)
    assert f'value="{to_id}"' in client.get(address).text
    for rubbish in ("", "rubbish", str(uuid4())):
        assert client.post(f"{address}/pass-on", data={"to": rubbish}).status_code == 422
    assert client.post(f"{address}/pass-on", data={"to": str(to_id)}).status_code == 303
    assert "asha sees to it" in client.get("/desk/signposts?show=came-back").text
    assert session.get_one(Signpost, signpost_id).owner_id == to_id
    assert told(session) == ["priya@surgery.example", "asha@surgery.example"]


def test_a_second_bounce_leaves_it_with_whom_it_was_passed_on_to(session, surgery, given):
    colleague = a_member(session, Role.SURGERY, email="asha@surgery.example")
    bounced(session)
    coming_back.pass_on(session, surgery, given, colleague.id)
    coming_back.came_back(session, given)
    assert given.owner_id == colleague.id


def test_who_cannot_reach_them_has_it_off_their_desk_and_an_erased_record_leaves_nothing_to_do(session, surgery, given):
    bounced(session)
    operations.note_answers(session, surgery, [given])
    assert (given.owner_id, given.bounced_at) == (None, None)
