"""Somebody leaves half-way: what they were to look at, to hear and to do is a colleague's, until it is put right."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.codes import Role, UserStatus
from app.core import clock
from app.core.actor import SYSTEM
from app.core.errors import Refused
from app.notifications.models import Message
from app.notifications.stopping import Drop, Keep, verdict_on
from app.referrals import emails
from app.referrals.codes import TaskKind
from app.referrals.models import ReferralTask
from app.referrals.operations import triage, watching
from app.referrals.operations.pathways import make_pathway, set_open
from app.referrals.operations.tasks import finish_task
from tests import factories
from tests.integration.referrals.test_nobody_gets_lost import accepted
from tests.people import a_person
from tests.referrals import a_cast, a_referral, definition
from tests.signing_in import a_member, actor_of


@pytest.fixture
def cast(session):
    return a_cast(session)


def tasks(session, row) -> list[tuple[TaskKind, object]]:
    wanted = select(ReferralTask).where(ReferralTask.referral_id == row.id, ReferralTask.done_at.is_(None))
    return [(task.kind, task.owner_id) for task in session.scalars(wanted.order_by(ReferralTask.id)).unique()]


def disabled(session, user) -> None:
    user.status = UserStatus.DISABLED
    session.flush()


def test_what_a_leaver_was_to_look_at_is_a_colleagues(session, cast):
    row = a_referral(session, cast)
    with clock.moved_to(clock.now() + timedelta(days=60)):
        watching.unopened(session)
        assert watching.tasks_left_behind(session) == 0
        disabled(session, cast.gp_user)
        colleague = a_member(session, Role.SURGERY, workplace="Harbour Street", email="tom@surgery.example")
        assert watching.tasks_left_behind(session) == 1
        assert watching.tasks_left_behind(session) == 0
    assert tasks(session, row) == [(TaskKind.NOT_OPENED, colleague.id)]
    told = select(Message).where(Message.kind == emails.TASK.name).order_by(Message.created_at, Message.id)
    first, second = session.scalars(told).all()
    assert second.recipient == "tom@surgery.example"
    assert (verdict_on(session, first), verdict_on(session, second)) == (Drop("passed on"), Keep())


def test_what_is_with_a_place_where_nobody_is_left_is_a_task_of_its_sender(session, cast):
    row = accepted(session, cast)
    assert watching.left_alone(session) == 0
    disabled(session, cast.worker_user)
    disabled(session, cast.manager_user)
    assert watching.left_alone(session) == 1
    assert watching.left_alone(session) == 0
    assert tasks(session, row) == [(TaskKind.RECEIVER_GONE, cast.gp_user.id)]


def test_what_came_from_a_place_where_nobody_is_left_is_a_task_of_its_worker(session, cast):
    row = accepted(session, cast)
    disabled(session, cast.gp_user)
    assert watching.left_alone(session) == 1
    assert tasks(session, row) == [(TaskKind.REFERRER_GONE, cast.worker_user.id)]


def test_news_of_what_a_leaver_sent_goes_to_a_colleague(session, cast):
    row = a_referral(session, cast)
    disabled(session, cast.gp_user)
    a_member(session, Role.SURGERY, workplace="Harbour Street", email="tom@surgery.example")
    triage.accept(session, cast.worker, row, coordinator_id=cast.worker_user.id, version=row.version)
    wanted = select(Message.recipient).where(Message.kind == emails.UPDATE.name)
    assert list(session.scalars(wanted)) == ["tom@surgery.example"]


def test_what_was_opened_after_all_is_no_task_any_more(session, cast):
    row = a_referral(session, cast)
    with clock.moved_to(clock.now() + timedelta(days=60)):
        watching.unopened(session)
        triage.acknowledge(session, cast.worker, row, version=row.version)
    assert tasks(session, row) == []


def test_who_has_another_worker_is_no_task_any_more(session, cast):
    row = accepted(session, cast)
    other = a_member(session, Role.HUB, workplace="The Hub", email="mo@hub.example")
    disabled(session, cast.worker_user)
    assert watching.left_behind(session) == 1
    assert [kind for kind, _ in tasks(session, row)] == [TaskKind.COORDINATOR_LEFT]
    open_task = session.scalars(select(ReferralTask)).unique().one()
    with pytest.raises(Refused, match="Choose another worker first"):
        finish_task(session, cast.manager, open_task.id)
    triage.allocate(session, cast.manager, row, coordinator_id=other.id, version=row.version)
    assert tasks(session, row) == []


def test_a_place_without_staff_holds_up_nobody(session, cast, monkeypatch):
    monkeypatch.setattr(watching, "AT_A_TIME", 1)
    alone = a_member(session, Role.SURGERY, workplace="Quay", email="only@quay.example")
    club = make_pathway(session, SYSTEM, definition(), service_id=factories.service(session).id)
    set_open(session, SYSTEM, club, is_open=True)
    quay = replace(cast, gp=actor_of(session, alone), pathway=club, person=a_person(session, actor_of(session, alone)))
    a_referral(session, quay)
    row = a_referral(session, cast)
    with clock.moved_to(clock.now() + timedelta(days=60)):
        assert [watching.unopened(session) for _ in range(3)] == [1, 1, 0]
        for user in (alone, cast.gp_user):
            disabled(session, user)
        assert watching.tasks_left_behind(session) == 1
    assert tasks(session, row) == [(TaskKind.NOT_OPENED, cast.manager.user_id)]


def enabled(session, user) -> None:
    user.status = UserStatus.ACTIVE
    session.flush()


def test_that_nobody_was_left_is_no_task_once_somebody_is_there_again_and_one_again_when_they_leave(session, cast):
    row = accepted(session, cast)
    for user in (cast.worker_user, cast.manager_user):
        disabled(session, user)
    watching.left_alone(session)
    assert watching.come_back(session) == 0
    colleague = a_member(session, Role.HUB, workplace="The Hub", email="mo@hub.example")
    assert (watching.come_back(session), watching.come_back(session)) == (1, 0)
    # Whoever is new there reads that the worker has left.
    assert watching.left_behind(session) == 1
    assert tasks(session, row) == [(TaskKind.COORDINATOR_LEFT, colleague.id)]
    disabled(session, colleague)
    assert watching.left_alone(session) == 1
    kinds = [kind for kind, _ in tasks(session, row)]
    assert sorted(kinds) == [TaskKind.COORDINATOR_LEFT, TaskKind.RECEIVER_GONE]


def test_where_nobody_was_left_that_sent_it_somebody_is_there_again(session, cast):
    row = accepted(session, cast)
    disabled(session, cast.gp_user)
    watching.left_alone(session)
    assert [kind for kind, _ in tasks(session, row)] == [TaskKind.REFERRER_GONE]
    a_member(session, Role.SURGERY, workplace="Harbour Street", email="tom@surgery.example")
    assert watching.come_back(session) == 1
    assert tasks(session, row) == []


def test_who_comes_back_has_their_people_and_what_they_sent_again(session, cast):
    row = accepted(session, cast)
    a_member(session, Role.SURGERY, workplace="Harbour Street", email="tom@surgery.example")
    for user in (cast.worker_user, cast.gp_user):
        disabled(session, user)
    watching.left_behind(session)
    assert {kind for kind, _ in tasks(session, row)} == {TaskKind.COORDINATOR_LEFT, TaskKind.REFERRER_LEFT}
    assert watching.come_back(session) == 0
    enabled(session, cast.worker_user)
    assert watching.come_back(session) == 1
    assert [kind for kind, _ in tasks(session, row)] == [TaskKind.REFERRER_LEFT]
    enabled(session, cast.gp_user)
    assert watching.come_back(session) == 1
    assert tasks(session, row) == []


def test_what_ended_needs_nobody_to_know_that_its_team_has_gone(session, cast):
    row = accepted(session, cast)
    for user in (cast.worker_user, cast.manager_user):
        disabled(session, user)
    watching.left_alone(session)
    triage.withdraw(session, cast.gp, row, reason="needs-met-elsewhere", version=row.version)
    assert tasks(session, row) == []


def test_nobody_is_told_of_leavers_where_the_record_was_erased(session, cast):
    row = accepted(session, cast)
    cast.person.erased_at = clock.now()
    disabled(session, cast.worker_user)
    assert watching.left_behind(session) == 0
    disabled(session, cast.manager_user)
    assert watching.left_alone(session) == 0
    assert tasks(session, row) == []
