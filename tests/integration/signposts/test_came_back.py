"""A list whose message came back reached nobody: that is seen on the desk until it was given another way."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.accounts.current import vault
from app.accounts.vault import SIGNPOST
from app.core import clock
from app.notifications.codes import Outcome
from app.notifications.models import Message
from app.notifications.operations import record_receipt
from app.referrals.signposts import operations, queries, sending
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
    record_receipt(session, session.scalars(select(Message)).one(), Outcome.BOUNCED, detail="5.1.1")


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
