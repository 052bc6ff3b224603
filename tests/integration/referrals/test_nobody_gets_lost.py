"""Passing on, coming back, missed appointments, notices that bounce, leavers, and permission taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.codes import Role, UserStatus
from app.core import clock
from app.core.errors import InvalidInput, NotFound
from app.directory.codes import Accepting, Experience
from app.directory.curation import experiences
from app.directory.queries import NEED
from app.library.models import UnmetNeed
from app.notifications.codes import Outcome
from app.notifications.models import Message
from app.notifications.operations import record_receipt
from app.people.codes import ContactChannel, PermissionKind
from app.people.models import PersonAccess
from app.people.operations import withdraw_permission
from app.referrals.codes import (
    AppointmentKind,
    Attendance,
    ClosureOutcome,
    Destination,
    Reached,
    Status,
    TaskKind,
    Told,
)
from app.referrals.models import Referral, ReferralTask
from app.referrals.operations import ending, triage, watching, work
from app.referrals.operations.moving import Incomplete
from app.referrals.queries import desks
from app.referrals.queries.referrals import passed_on, referral
from app.referrals.reactions import _tell_first_referrers
from tests import factories
from tests.referrals import AGREED, a_cast, a_pathway, a_referral
from tests.signing_in import a_member, actor_of, signed_in_client


@pytest.fixture
def cast(session):
    return a_cast(session)


def tasks(session, row) -> list[tuple[TaskKind, object]]:
    found = select(ReferralTask.kind, ReferralTask.owner_id).where(ReferralTask.referral_id == row.id)
    return [tuple(each) for each in session.execute(found.order_by(ReferralTask.created_at, ReferralTask.id))]


def accepted(session, cast) -> Referral:
    row = a_referral(session, cast)
    triage.accept(session, cast.worker, row, coordinator_id=cast.worker.user_id, version=row.version)
    return row


def at_work(session, cast) -> Referral:
    row = accepted(session, cast)
    attempt = work.Attempt(channel=ContactChannel.PHONE, result=Reached.REACHED)
    work.log_contact(session, cast.worker, row, attempt, version=row.version)
    work.start(session, cast.worker, row, version=row.version)
    return row


def missed(session, cast, row, code=Attendance.DID_NOT_ATTEND) -> None:
    start = clock.now() + timedelta(hours=1)
    meeting = work.Meeting(kind=next(iter(AppointmentKind)), starts_at=start)
    booked = work.book(session, cast.worker, row, meeting, version=row.version)
    with clock.moved_to(start + timedelta(hours=2)):
        work.record_attendance(session, cast.worker, row, booked.id, attendance=code, version=row.version)


def test_passing_on_is_one_person_and_two_referrals(session, cast):
    row = a_referral(session, cast)
    other = actor_of(session, a_member(session, Role.HUB, workplace="Next Door", email="n@next.example"))
    target = a_pathway(session, other.organization_id)
    refusal = triage.Refusal(reason="better-service-exists")
    onward = triage.Onward(target=target, agreement=AGREED, submission_key="pass-on")
    new = triage.redirect(session, cast.worker, row, refusal, onward, version=row.version)
    assert (row.status, new.status) == (Status.REDIRECTED, Status.SENT)
    assert (new.continues_from_id, new.person_id) == (row.id, row.person_id)
    assert referral(session, other, new.id).id == new.id
    with pytest.raises(NotFound):
        referral(session, other, row.id)
    ended = select(PersonAccess.ended_at).where(PersonAccess.because_id == row.id)
    assert all(session.scalars(ended))


def passed_on_to(session, cast, row):
    other = actor_of(session, a_member(session, Role.HUB, workplace="Next Door", email="n@next.example"))
    onward = triage.Onward(target=a_pathway(session, other.organization_id), agreement=AGREED, submission_key="pass-on")
    refusal = triage.Refusal(reason="better-service-exists")
    return other, triage.redirect(session, cast.worker, row, refusal, onward, version=row.version)


def mail_to(session, address) -> list[Message]:
    wanted = select(Message).where(Message.recipient == address).order_by(Message.created_at, Message.id)
    return list(session.scalars(wanted))


def test_who_referred_first_hears_what_becomes_of_the_linked_referral(app, session, cast):
    row = a_referral(session, cast)
    other, new = passed_on_to(session, cast, row)
    before = len(mail_to(session, cast.gp_user.email))
    triage.accept(session, other, new, coordinator_id=other.user_id, version=new.version)
    (told,) = mail_to(session, cast.gp_user.email)[before:]
    assert f"/desk/referrals/{row.id}" in told.text
    assert str(new.id) not in told.text
    assert [each.id for each in passed_on(session, row)] == [new.id]
    ids = cast.gp_user.id, row.id, new.id
    session.commit()
    client = signed_in_client(app, ids[0])
    page = client.get(f"/desk/referrals/{ids[1]}").get_data(as_text=True)
    assert "It was passed on" in page
    assert "Next Door" in page
    assert client.get(f"/desk/referrals/{ids[2]}").status_code == 404


def test_what_was_hidden_is_not_told_to_who_referred_first(session, cast):
    row = a_referral(session, cast)
    _other, new = passed_on_to(session, cast, row)
    before = len(mail_to(session, cast.gp_user.email))
    new.hidden_at = clock.now()
    session.flush()
    assert passed_on(session, row) == []
    _tell_first_referrers(session, new, "another move")
    assert len(mail_to(session, cast.gp_user.email)) == before


def full_listing(session, cast, reason, service):
    cast.pathway.service_id = service.id
    row = a_referral(session, cast)
    row.person.postcode = "WX2 1AA"
    row.receiver_service_id = service.id
    told = {"next_step": "Ask the hub", "told_how": next(iter(Told)), "told_on": clock.today()}
    triage.reject(session, cast.worker, row, triage.Refusal(reason=reason, **told), version=row.version)
    return experiences.of_listing(session, service)


@pytest.mark.parametrize(
    ("reason", "met_with", "unmet"),
    [
        ("list-closed", Experience.FULL, 1),
        ("service-closed", Experience.CLOSED, 1),
        ("not-eligible-age", Experience.NOT_ELIGIBLE, 0),
        ("insufficient-information", None, 0),
    ],
)
def test_a_refusal_is_a_voice_for_the_listing_and_an_unmet_need(session, cast, reason, met_with, unmet):
    service = factories.service(session)
    need = factories.taxonomy(session, slug=NEED, name="Need")
    factories.attribute(session, service, factories.term(session, need, code="debt", name="Debt"))
    found = full_listing(session, cast, reason, service)
    assert dict(found) == ({met_with: 1} if met_with else {})
    assert (service.accepting is Accepting.NO) is (met_with is Experience.FULL)
    needs = session.execute(select(UnmetNeed.topic, UnmetNeed.district, UnmetNeed.times)).all()
    assert needs == [("debt", "WX2", 1)] * unmet


def test_nobody_is_passed_on_without_asking_them(session, cast):
    row = a_referral(session, cast)
    target = a_pathway(session, cast.gp.organization_id)
    onward = triage.Onward(target=target, agreement=triage.Agreement(given=False), submission_key="no")
    with pytest.raises(InvalidInput):
        triage.redirect(
            session, cast.worker, row, triage.Refusal(reason="better-service-exists"), onward, version=row.version
        )
    assert row.status is Status.SENT
    assert session.scalar(select(func.count(Referral.id))) == 1


def test_missed_appointments_are_tasks_for_people_and_end_nothing(session, cast):
    row = at_work(session, cast)
    missed(session, cast, row)
    assert tasks(session, row) == [(TaskKind.MISSED_ONCE, cast.worker.user_id)]
    missed(session, cast, row, Attendance.LATE_NOT_SEEN)
    assert (TaskKind.MISSED_TWICE, cast.gp.user_id) in tasks(session, row)
    to_manager = select(func.count(Message.id)).where(Message.recipient == cast.manager_user.email)
    told = session.scalar(to_manager.where(Message.dedupe_key.contains(":missed:")))
    assert told == 1
    missed(session, cast, row)
    assert TaskKind.DECIDE in {kind for kind, _ in tasks(session, row)}
    assert row.status is Status.ACTIVE
    end = ending.Ending(
        destination=Destination.GP_ONLY, summary="Ended", reason="did-not-engage", risk_decision="Rang the GP"
    )
    ending.end_early(session, cast.worker, row, end, version=row.version)
    # A person has decided: nobody is told to try again; whoever referred still looks at theirs.
    left = select(ReferralTask.kind).where(ReferralTask.referral_id == row.id, ReferralTask.done_at.is_(None))
    assert session.scalars(left.order_by(ReferralTask.id)).all() == [TaskKind.MISSED_TWICE]


def test_somebody_who_was_seen_begins_anew(session, cast):
    row = at_work(session, cast)
    missed(session, cast, row)
    missed(session, cast, row, Attendance.SEEN_ON_TIME)
    missed(session, cast, row)
    assert {kind for kind, _ in tasks(session, row)} == {TaskKind.MISSED_ONCE}


def test_what_has_ended_can_be_opened_again_for_a_while(session, cast):
    row = at_work(session, cast)
    goal = work.add_goal(session, cast.worker, row, words="Sleep again", version=row.version)
    done = ending.Ending(
        destination=Destination.GP_ONLY, outcomes={goal.id: ClosureOutcome.PARTLY}, summary="Better", detail=""
    )
    service = factories.service(session)
    row.receiver_service_id = service.id
    ending.complete(session, cast.worker, row, done, version=row.version)
    assert dict(experiences.of_listing(session, service)) == {Experience.HELPED: 1}
    with clock.moved_to(clock.now() + timedelta(days=3650)), pytest.raises(Incomplete), session.begin_nested():
        ending.reopen(session, cast.worker, row, comment="Too late", version=row.version)
    ending.reopen(session, cast.worker, row, comment="It came back", version=row.version)
    assert row.status is Status.ACTIVE
    assert not experiences.of_listing(session, service)
    open_now = select(func.count(PersonAccess.id)).where(
        PersonAccess.because_id == row.id, PersonAccess.ended_at.is_(None)
    )
    assert session.scalar(open_now) == 1


def test_a_notice_that_bounces_is_a_task(session, cast):
    row = accepted(session, cast)
    to_gp = session.scalars(
        select(Message).where(Message.recipient == cast.gp_user.email).order_by(Message.created_at).limit(1)
    ).one()
    record_receipt(session, to_gp, Outcome.BOUNCED)
    assert (TaskKind.NOTICE_BOUNCED, cast.worker.user_id) in tasks(session, row)


def test_people_whose_worker_or_sender_left_are_somebody_elses_task(session, cast):
    row = accepted(session, cast)
    assert watching.left_behind(session) == 0
    cast.worker_user.status = UserStatus.DISABLED
    session.flush()
    assert watching.left_behind(session) == 1
    assert tasks(session, row) == [(TaskKind.COORDINATOR_LEFT, cast.manager.user_id)]
    assert watching.left_behind(session) == 0


def test_what_nobody_opens_in_time_is_a_task(session, cast):
    row = a_referral(session, cast)
    assert watching.unopened(session) == 0
    with clock.moved_to(clock.now() + timedelta(days=60)):
        assert watching.unopened(session) == 1
        assert watching.unopened(session) == 0
    assert [kind for kind, _ in tasks(session, row)] == [TaskKind.NOT_OPENED]


def test_permission_taken_back_hides_it_from_the_receiver_and_tells_the_sender(session, cast):
    row = at_work(session, cast)
    missed(session, cast, row)
    withdraw_permission(session, cast.gp, cast.person, PermissionKind.SHARE_REFERRAL)
    assert desks.count_my_tasks(session, cast.worker) == 0
    with pytest.raises(NotFound):
        referral(session, cast.worker, row.id)
    assert referral(session, cast.gp, row.id).id == row.id
    assert (TaskKind.PERMISSION_WITHDRAWN, cast.gp.user_id) in tasks(session, row)
    open_now = select(func.count(PersonAccess.id)).where(
        PersonAccess.because_id == row.id, PersonAccess.ended_at.is_(None)
    )
    assert session.scalar(open_now) == 0
