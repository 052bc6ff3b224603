"""The desk and what it gathers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.codes import OrganizationKind, Role, UserStatus
from app.accounts.models import Invitation
from app.accounts.operations.invitations import invite_where_nobody_is_left
from app.core import clock
from app.core.errors import NotFound
from app.desk.queries import Need, count_left_places, left_places, unmet_needs
from app.library import ledger
from app.library.codes import LedgerSource
from tests.people import a_person
from tests.referrals import a_cast, a_referral
from tests.signing_in import a_member, a_workplace, actor_of, signed_in_client


def looked_for(session, topic, district, times):
    for _ in range(times):
        ledger.record(session, topic=topic, district=district, source=LedgerSource.SEARCH)


def test_needs_of_few_are_named_without_their_number(session):
    looked_for(session, "eviction", "M33", 4)
    looked_for(session, "food", "M16", 5)
    looked_for(session, "debt", "", 7)
    assert unmet_needs(session, weeks=4) == [
        Need("debt", "", 7),
        Need("food", "M16", 5),
        Need("eviction", "M33", None),
    ]


def test_needs_of_long_ago_are_left_out(session):
    with clock.moved_to(clock.now() - timedelta(weeks=6)):
        looked_for(session, "food", "M16", 9)
    assert unmet_needs(session, weeks=4) == []
    assert unmet_needs(session, weeks=13) == [Need("food", "M16", 9)]


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.COMMISSIONER, "/desk/unmet-needs", 200),
        (Role.SURGERY, "/desk/unmet-needs", 403),
        (Role.ADMINISTRATOR, "/desk/messages?language=cy", 200),
        (Role.ADMINISTRATOR, "/desk/messages?language=rubbish", 200),
        (Role.TUTOR, "/desk/messages", 403),
    ],
)
def test_who_may_look(app, session, role, path, status):
    user_id = a_member(session, role).id
    session.commit()
    assert signed_in_client(app, user_id).get(path).status_code == status


@pytest.fixture
def operator(session):
    a_workplace(session, "Waymark", kind=OrganizationKind.OPERATOR)
    return a_member(session, Role.ADMINISTRATOR, workplace="Waymark", email="ada@waymark.example")


@pytest.fixture
def deserted(session):
    """A hub with a referral, of which everybody has left."""
    cast = a_cast(session)
    a_referral(session, cast)
    for user in (cast.worker_user, cast.manager_user):
        user.status = UserStatus.DISABLED
    session.flush()
    return cast


def test_whoever_runs_waymark_sees_what_waits_where_nobody_is_left(session, operator, deserted):
    actor = actor_of(session, operator)
    (place,) = left_places(session, actor)
    assert (place.name, place.received, place.sent, place.people, place.invited) == ("The Hub", 1, 0, 0, ())
    assert count_left_places(session, actor) == 1
    assert left_places(session, deserted.gp) == []


def test_a_place_with_somebody_or_with_nothing_to_do_is_not_named(session, operator):
    gone = a_member(session, Role.HUB, workplace="Empty", email="e@empty.example")
    left = a_member(session, Role.SURGERY, workplace="Quay", email="q@quay.example")
    a_person(session, actor_of(session, left))
    gone.status = UserStatus.DISABLED
    session.flush()
    assert left_places(session, actor_of(session, operator)) == []
    left.status = UserStatus.DISABLED
    session.flush()
    assert [place.name for place in left_places(session, actor_of(session, operator))] == ["Quay"]


def test_somebody_is_asked_to_look_after_it(app, session, operator, deserted):
    app.config["WTF_CSRF_ENABLED"] = False
    place_id, operator_id, gp_place = (
        deserted.worker.organization_id,
        operator.id,
        deserted.gp.organization_id,
    )
    session.commit()
    client = signed_in_client(app, operator_id)
    page = client.get("/desk/left-places").get_data(as_text=True)
    assert "The Hub" in page
    assert "1 referral with them" in page
    assert client.get("/desk").get_data(as_text=True).count("Places where nobody is left") == 1
    fields = {"place": str(place_id), "email": "new@hub.example"}
    for wrong in ({"place": ""}, {"place": str(gp_place)}, {"email": "rubbish"}):
        assert client.post("/desk/left-places", data=fields | wrong).status_code == 422
    assert client.post("/desk/left-places", data=fields).status_code == 303
    assert "Invited: new@hub.example" in client.get("/desk/left-places?done=invited").get_data(as_text=True)
    made = session.scalars(select(Invitation)).one()
    assert (made.organization_id, made.roles) == (place_id, {Role.ADMINISTRATOR})


def test_an_administrator_of_another_place_invites_nobody_there(app, session, deserted):
    app.config["WTF_CSRF_ENABLED"] = False
    place_id = deserted.worker.organization_id
    other = a_member(session, Role.ADMINISTRATOR, workplace="Elsewhere", email="x@elsewhere.example").id
    session.commit()
    client = signed_in_client(app, other)
    assert "The Hub" not in client.get("/desk/left-places").get_data(as_text=True)
    assert "Places where nobody is left" not in client.get("/desk").get_data(as_text=True)
    fields = {"place": str(place_id), "email": "new@hub.example"}
    assert client.post("/desk/left-places", data=fields).status_code == 422
    assert session.scalars(select(Invitation)).all() == []


def test_only_whoever_runs_waymark_invites_and_only_where_nobody_is_left(session, operator, deserted):
    elsewhere = actor_of(session, a_member(session, Role.ADMINISTRATOR, workplace="Elsewhere", email="x@else.example"))
    gone, there = deserted.worker.organization_id, deserted.gp.organization_id
    for actor, place_id in ((elsewhere, gone), (actor_of(session, operator), there)):
        with pytest.raises(NotFound):
            invite_where_nobody_is_left(session, actor, organization_id=place_id, email="new@hub.example")
