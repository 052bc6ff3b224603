"""From the surgery to the hub and back: one referral's whole way, and what each move leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.core import clock
from app.core.errors import NotFound, Refused
from app.notifications.models import Message
from app.people.codes import CarerRelation, ContactChannel, PermissionKind, PermissionMethod, SharingLevel
from app.people.models import PersonAccess
from app.people.operations import Answer, answer_permission
from app.people.operations.carers import CarerDetails, add_carer
from app.referrals.codes import ClockKind, ClosureOutcome, Destination, Move, Reached, Recipient, Status, Told
from app.referrals.models import Referral, ReferralEvent, Telling
from app.referrals.operations import drafts, ending, triage, work
from app.referrals.operations.moving import Incomplete
from app.referrals.queries import desks
from app.referrals.queries.referrals import goals, referral
from app.referrals.queries.times import loop_closed_at
from app.referrals.rules.clocks import Threshold, Unit
from tests.referrals import AGREED, a_cast, a_draft, a_referral
from tests.signing_in import signed_in_client


@pytest.fixture
def cast(session):
    return a_cast(session)


def test_the_whole_way(session, cast):
    row = a_referral(session, cast)
    assert row.status is Status.SENT
    assert desks.count(session, cast.gp, "waiting") == 1
    assert desks.count(session, cast.worker, "triage") == 1
    triage.acknowledge(session, cast.worker, row, version=row.version)
    triage.accept(session, cast.worker, row, coordinator_id=cast.worker.user_id, version=row.version)
    assert desks.count(session, cast.worker, "mine") == 1
    attempt = work.Attempt(channel=ContactChannel.PHONE, result=Reached.REACHED)
    work.log_contact(session, cast.worker, row, attempt, version=row.version)
    work.start(session, cast.worker, row, version=row.version)
    goal = work.add_goal(session, cast.worker, row, words="Sleep again", version=row.version)
    done = ending.Ending(
        destination=Destination.SELF_MANAGEMENT,
        outcomes={goal.id: ClosureOutcome.ACHIEVED},
        summary="Sleeps well.",
        detail="Much more.",
    )
    ending.complete(session, cast.worker, row, done, version=row.version)
    assert row.status is Status.COMPLETED
    told = session.scalars(select(Telling).where(Telling.referral_id == row.id)).unique().one()
    assert (told.recipient, told.level) == (Recipient.REFERRER, SharingLevel.SUMMARY)
    assert told.parts["summary-words"] == "Sleeps well."
    assert "full-words" not in told.parts
    assert loop_closed_at(session, row) is not None
    history = session.scalars(
        select(ReferralEvent).where(ReferralEvent.referral_id == row.id).order_by(ReferralEvent.number)
    ).all()
    assert [each.move for each in history] == [Move.SEND, Move.ACKNOWLEDGE, Move.ACCEPT, Move.START, Move.COMPLETE]
    assert [each.number for each in history] == [1, 2, 3, 4, 5]
    session.commit()
    moves = session.scalars(
        select(AuditEntry.reason).where(AuditEntry.object_id == row.id, AuditEntry.fields == "status")
    ).all()
    assert sorted(moves) == ["accept", "acknowledge", "complete", "send", "start"]
    letters = session.scalars(select(Message)).all()
    assert letters
    for letter in letters:
        assert row.reference in letter.subject
        assert "Rowan" not in letter.text + letter.subject
        assert "Single point" not in letter.text + letter.subject


def test_nothing_goes_without_agreement_and_nothing_is_seen_before(session, cast):
    draft = a_draft(session, cast)
    assert desks.count(session, cast.worker, "triage") == 0
    with pytest.raises(NotFound):
        referral(session, cast.worker, draft.id)
    refused = drafts.Agreement(given=False)
    with pytest.raises(Incomplete):
        drafts.send(session, cast.gp, draft, refused, version=draft.version)
    session.rollback()


def test_sharing_for_safety_says_why(session, cast):
    draft = a_draft(session, cast)
    urgent = drafts.Agreement(given=False, override_reason="He said that he will hurt his neighbour tonight.")
    drafts.send(session, cast.gp, draft, urgent, version=draft.version)
    assert draft.status is Status.SENT
    assert draft.override_reason
    assert desks.count(session, cast.worker, "triage") == 1


def test_a_second_press_is_not_a_second_referral(session, cast):
    draft = a_draft(session, cast)
    version = draft.version
    again = drafts.begin(
        session,
        cast.gp,
        cast.person,
        cast.pathway,
        drafts.Written(source=draft.source, what_would_help="x"),
        submission_key=draft.submission_key,
    )
    assert again.id == draft.id
    drafts.send(session, cast.gp, draft, AGREED, version=version)
    drafts.send(session, cast.gp, draft, AGREED, version=version)
    assert session.scalar(select(func.count(Referral.id))) == 1
    assert session.scalar(select(func.count(ReferralEvent.id))) == 1


def test_what_was_sent_stays_as_it_was(session, cast):
    row = a_referral(session, cast)
    name = row.snapshot["person"]["name"]
    cast.person.name = "Somebody Else"
    session.flush()
    assert row.snapshot["person"]["name"] == name
    with pytest.raises(Refused):
        drafts.rewrite(session, cast.gp, row, drafts.Written(source=row.source), version=row.version)


def test_no_needs_a_reason_and_a_next_step_and_ends_the_access(session, cast):
    row = a_referral(session, cast)
    open_access = select(func.count(PersonAccess.id)).where(
        PersonAccess.because_id == row.id, PersonAccess.ended_at.is_(None)
    )
    assert session.scalar(open_access) == 1
    with pytest.raises(Incomplete) as caught, session.begin_nested():
        triage.reject(session, cast.worker, row, triage.Refusal(reason="list-closed"), version=row.version)
    assert {need.value for need in caught.value.missing} == {"next-step", "person-told"}
    no = triage.Refusal(
        reason="list-closed",
        next_step="Ring the Samaritans, 116 123",
        told_how=Told.PHONE,
        told_on=row.sent_at.date(),
    )
    triage.reject(session, cast.worker, row, no, version=row.version)
    assert row.status is Status.REJECTED
    assert session.scalar(open_access) == 0
    assert loop_closed_at(session, row) is not None
    assert desks.count(session, cast.gp, "answered") == 1


def test_a_question_goes_back_and_the_answer_forth(session, cast):
    row = a_referral(session, cast)
    triage.ask(session, cast.worker, row, question="Which estate?", version=row.version)
    assert desks.count(session, cast.gp, "needs-me") == 1
    triage.answer(session, cast.gp, row, words="The new one", version=row.version)
    assert row.status is Status.SENT
    assert desks.count(session, cast.gp, "needs-me") == 0


def test_of_two_who_move_at_once_the_second_is_told(session, cast):
    row = a_referral(session, cast)
    seen = row.version
    triage.accept(session, cast.worker, row, coordinator_id=cast.worker.user_id, version=seen)
    with pytest.raises(Refused, match="Somebody else"):
        triage.ask(session, cast.manager, row, question="?", version=seen)


def test_history_is_only_ever_added_to(session, cast):
    row = a_referral(session, cast)
    session.commit()
    for statement in ("UPDATE referral_event SET reason = 'x'", "DELETE FROM referral_event"):
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(statement))
        session.rollback()
    session.execute(text("UPDATE referral_event SET comment = '', by_name = '', details = '{}'"))
    session.rollback()
    assert row.id


def test_reading_is_put_on_record(session, app, cast):
    row_id = a_referral(session, cast).id
    session.commit()
    client = signed_in_client(app, cast.worker.user_id)
    assert client.get(f"/desk/referrals/{row_id}").status_code == 200
    looks = session.scalars(
        select(AuditEntry.user_id).where(AuditEntry.action == Action.READ, AuditEntry.object_id == row_id)
    ).all()
    assert looks == [cast.worker.user_id]


def test_who_cares_for_the_person_is_asked_again(session):
    cast = a_cast(session, clocks={ClockKind.CARERS_REVIEW: Threshold(12, Unit.MONTHS)})
    add_carer(session, cast.gp, cast.person, CarerDetails(name="Ash", relation=CarerRelation.PARTNER))
    row = a_referral(session, cast)
    triage.accept(session, cast.worker, row, coordinator_id=cast.worker.user_id, version=row.version)
    attempt = work.Attempt(channel=ContactChannel.PHONE, result=Reached.REACHED)
    work.log_contact(session, cast.worker, row, attempt, version=row.version)
    work.start(session, cast.worker, row, version=row.version)
    assert row.due_clock is ClockKind.CARERS_REVIEW
    before = row.due_at
    with clock.moved_to(clock.now() + timedelta(days=60)):
        work.carers_asked(session, cast.worker, row, version=row.version)
    assert row.due_clock is ClockKind.CARERS_REVIEW
    assert timedelta(days=58) < row.due_at - before < timedelta(days=62)


def test_goals_are_wanted_before_completion(session, cast):
    row = a_referral(session, cast)
    triage.accept(session, cast.worker, row, coordinator_id=cast.worker.user_id, version=row.version)
    attempt = work.Attempt(channel=ContactChannel.PHONE, result=Reached.REACHED)
    work.log_contact(session, cast.worker, row, attempt, version=row.version)
    work.start(session, cast.worker, row, version=row.version)
    with pytest.raises(Incomplete) as caught:
        ending.complete(
            session,
            cast.worker,
            row,
            ending.Ending(destination=Destination.GP_ONLY, summary="x"),
            version=row.version,
        )
    assert {need.value for need in caught.value.missing} == {"outcome-per-goal"}
    assert goals(session, row.id) == []


def test_who_wants_no_record_is_asked_first_and_sharing_for_safety_does_not_wait(app, session, cast):
    no = Answer(kind=PermissionKind.RECORD, given=False, method=PermissionMethod.VERBAL)
    answer_permission(session, cast.gp, cast.person, no)
    draft = a_draft(session, cast)
    with pytest.raises(Refused, match="do not want a record"):
        drafts.send(session, cast.gp, draft, AGREED, version=draft.version)
    for_safety = drafts.Agreement(given=False, override_reason="Their life is in danger")
    assert drafts.send(session, cast.gp, draft, for_safety, version=draft.version).sent_at is not None
    path, gp_id = f"/desk/people/{cast.person.id}", cast.gp_user.id
    session.commit()
    page = signed_in_client(app, gp_id).get(path).get_data(as_text=True)
    assert "Write nothing more about them" in page
    assert f"{path}/asked" in page
