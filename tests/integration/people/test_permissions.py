"""The five permissions in the database: versions, dates, and what withdrawal leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.audit.models import AuditEntry
from app.core import clock
from app.core.errors import InvalidInput
from app.people.codes import PermissionKind, PermissionMethod, PermissionState, SharingLevel
from app.people.operations import Answer, answer_permission, permit_sharing, withdraw_permission
from app.people.queries import may_record, permission_history, permission_versions, standings
from app.people.rules.permissions import may_share_referral, telling_level
from tests.people import a_person
from tests.signing_in import a_member, actor_of

HUB, ADVICE = uuid4(), uuid4()
VERBAL, WRITTEN = PermissionMethod.VERBAL, PermissionMethod.WRITTEN


@pytest.fixture
def surgery(session):
    return actor_of(session, a_member(session, Role.SURGERY, workplace="Harbour Street"))


@pytest.fixture
def person(session, surgery):
    return a_person(session, surgery)


def test_nothing_is_permitted_before_it_was_asked(session, person):
    assert {each.state for each in standings(session, person.id).values()} == {PermissionState.NOT_ASKED}
    assert may_record(session, person.id)


def test_each_answer_is_a_version_of_its_own_question(session, surgery, person):
    telling = Answer(kind=PermissionKind.TELL_REFERRER, given=True, method=VERBAL, level=SharingLevel.CODES)
    first = answer_permission(session, surgery, person, telling)
    permit_sharing(session, surgery, person, {HUB: "The hub"}, method=WRITTEN)
    second = withdraw_permission(session, surgery, person, PermissionKind.TELL_REFERRER)
    assert (first.version, second.version) == (1, 2)
    states = standings(session, person.id)
    assert states[PermissionKind.TELL_REFERRER].state is PermissionState.WITHDRAWN
    assert states[PermissionKind.SHARE_REFERRAL].in_force
    assert telling_level(permission_versions(session, person.id), clock.today()) is SharingLevel.NONE
    assert [row.given for row in permission_history(session, person.id)] == [True, False, True]


def test_sharing_names_whom_with_and_further_names_add_to_them(session, surgery, person):
    permit_sharing(session, surgery, person, {HUB: "The hub"}, method=WRITTEN)
    permit_sharing(session, surgery, person, {ADVICE: "Advice"}, method=VERBAL)
    versions, today = permission_versions(session, person.id), clock.today()
    assert may_share_referral(versions, str(HUB), today)
    assert may_share_referral(versions, str(ADVICE), today)
    assert not may_share_referral(versions, str(uuid4()), today)
    withdraw_permission(session, surgery, person, PermissionKind.SHARE_REFERRAL)
    permit_sharing(session, surgery, person, {ADVICE: "Advice"}, method=VERBAL)
    versions = permission_versions(session, person.id)
    assert (may_share_referral(versions, str(HUB), today), may_share_referral(versions, str(ADVICE), today)) == (
        False,
        True,
    )


def test_a_permission_ends_by_itself(session, surgery, person):
    with clock.moved_to(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        today = clock.today()
        ends = today + timedelta(days=30)
        permit_sharing(session, surgery, person, {HUB: "The hub"}, method=WRITTEN, expires_on=ends)
        for day, state in ((ends, PermissionState.IN_FORCE), (ends + timedelta(days=1), PermissionState.EXPIRED)):
            assert standings(session, person.id, day)[PermissionKind.SHARE_REFERRAL].state is state


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": PermissionKind.TELL_REFERRER},
        {"kind": PermissionKind.SHARE_REFERRAL},
        {"kind": PermissionKind.RECORD, "level": SharingLevel.FULL},
        {"kind": PermissionKind.RECORD, "organizations": {HUB: "The hub"}},
        {"kind": PermissionKind.RECORD, "starts_on": clock.today(), "expires_on": clock.today() - timedelta(days=1)},
    ],
)
def test_an_answer_that_does_not_fit_its_question_is_refused(session, surgery, person, wrong):
    with pytest.raises(InvalidInput):
        answer_permission(session, surgery, person, Answer(given=True, method=VERBAL, **wrong))
    assert permission_history(session, person.id) == []


def test_who_refuses_to_be_written_about_is_heard(session, surgery, person):
    answer_permission(session, surgery, person, Answer(kind=PermissionKind.RECORD, given=False, method=VERBAL))
    assert not may_record(session, person.id)
    session.commit()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.object_type == "permission")).one()
    assert (entry.person_id, entry.fields) == (person.id, "record")
