"""The GP who did not refer hears of appointments missed in a row, as far as the person allows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.codes import OrganizationKind, Role
from app.core import clock
from app.people import parts
from app.people.codes import ContactChannel, PermissionKind, SharingLevel
from app.people.operations import withdraw_permission
from app.referrals.codes import AppointmentKind, Attendance, Destination, Occasion, Reached, Recipient, TaskKind, Way
from app.referrals.models import Referral, ReferralTask
from app.referrals.operations import ending, letters, triage, work
from app.referrals.queries import desks
from app.referrals.queries.times import loop_closed_at, tellings, tellings_of_missed
from app.referrals.showing import seen_by
from tests.referrals import a_cast, a_referral
from tests.signing_in import a_member, a_workplace, actor_of, signed_in_client


@pytest.fixture
def cast(session):
    made = a_cast(session)
    # The person's practice is another one than that which refers.
    made.person.gp_ods_code, made.person.gp_name = "WX0002", "Quay Practice"
    return made


def quay(session):
    a_workplace(session, "Quay Practice", kind=OrganizationKind.SURGERY).ods_code = "WX0002"
    return a_member(session, Role.SURGERY, workplace="Quay Practice", email="reader@quay.example")


def at_work(session, cast, level=SharingLevel.SUMMARY) -> Referral:
    row = a_referral(session, cast, level=level)
    triage.accept(session, cast.worker, row, coordinator_id=cast.worker.user_id, version=row.version)
    attempt = work.Attempt(channel=ContactChannel.PHONE, result=Reached.REACHED)
    work.log_contact(session, cast.worker, row, attempt, version=row.version)
    work.start(session, cast.worker, row, version=row.version)
    return row


def missed(session, cast, row, times: int = 2) -> None:
    for _ in range(times):
        start = clock.now() + timedelta(hours=1)
        meeting = work.Meeting(kind=next(iter(AppointmentKind)), starts_at=start)
        booked = work.book(session, cast.worker, row, meeting, version=row.version)
        with clock.moved_to(start + timedelta(hours=2)):
            code = Attendance.DID_NOT_ATTEND
            work.record_attendance(session, cast.worker, row, booked.id, attendance=code, version=row.version)


def tasks(session, row) -> dict[TaskKind, object]:
    found = select(ReferralTask).where(ReferralTask.referral_id == row.id, ReferralTask.done_at.is_(None))
    return {each.kind: each.owner_id for each in session.scalars(found.order_by(ReferralTask.id)).unique()}


def test_the_practice_hears_of_the_second_and_nothing_ends(session, cast):
    reader, row = quay(session), at_work(session, cast)
    missed(session, cast, row, times=1)
    assert tellings_of_missed(session, row) == []
    missed(session, cast, row, times=1)
    (told,) = tellings_of_missed(session, row)
    assert (told.recipient, told.issued_at is not None) == (Recipient.GP, True)
    assert told.parts["missed-in-a-row"] == 2
    assert set(told.parts) == {"missed-in-a-row", "appointments"}
    assert desks.letters(session, actor_of(session, reader)) == [told]
    # The work goes on, and no loop is open.
    assert (row.status.value, tellings(session, row), loop_closed_at(session, row)) == ("active", [], None)


@pytest.mark.parametrize(
    ("code", "name"), [("WX0001", "Harbour Street"), ("", "")], ids=["it referred", "none is known"]
)
def test_where_there_is_no_other_practice_nobody_else_is_written_to(session, cast, code, name):
    cast.person.gp_ods_code, cast.person.gp_name = code, name
    row = at_work(session, cast)
    missed(session, cast, row)
    assert tellings_of_missed(session, row) == []
    assert TaskKind.TELL_PRACTICE not in tasks(session, row)
    # Whoever referred them has a task of their own.
    assert TaskKind.MISSED_TWICE in tasks(session, row)


def test_the_practice_reads_it_and_the_team_sees_that(app, session, cast):
    reader, row = quay(session), at_work(session, cast)
    missed(session, cast, row)
    (told,) = tellings_of_missed(session, row)
    letter, whole = f"/desk/referrals/letters/{told.id}", f"/desk/referrals/{row.id}"
    reader_id, worker_id = reader.id, cast.worker_user.id
    session.commit()
    page = signed_in_client(app, reader_id).get(letter).text
    assert "Nobody is discharged for that" in page
    assert "Sleeps badly" not in page
    assert "Missed appointments: word to the GP" in signed_in_client(app, worker_id).get(whole).text


@pytest.mark.parametrize("level", [SharingLevel.NONE, SharingLevel.CODES])
def test_who_allows_less_than_a_summary_is_not_spoken_of(session, cast, level):
    reader, row = quay(session), at_work(session, cast, level)
    missed(session, cast, row)
    (told,) = tellings_of_missed(session, row)
    assert (told.issued_at, told.parts, told.forbidden_noted_at is not None) == (None, {}, True)
    assert desks.letters(session, actor_of(session, reader)) == []
    # Nor is the referrer told by a task; a colleague where the person is helped thinks about it.
    assert tasks(session, row)[TaskKind.MISSED_TWICE] != cast.gp.user_id


def test_a_practice_without_waymark_gets_one_letter_from_a_named_person(session, cast):
    row = at_work(session, cast)
    missed(session, cast, row, times=3)
    (letter,) = tellings_of_missed(session, row)
    assert letter.parts["missed-in-a-row"] == 3
    assert tasks(session, row)[TaskKind.TELL_PRACTICE] == cast.worker.user_id
    assert letter.id in seen_by(session, cast.worker, row).to_send
    assert letter.id not in seen_by(session, cast.gp, row).to_send
    assert letters.say_sent(session, cast.worker, letter, way=Way.LETTER)
    assert TaskKind.TELL_PRACTICE not in tasks(session, row)
    assert letter.way is Way.LETTER


def test_the_letter_says_what_happened(app, session, cast):
    row = at_work(session, cast)
    missed(session, cast, row)
    (letter,) = tellings_of_missed(session, row)
    address, worker_id = f"/desk/referrals/{row.id}/messages/{letter.id}", cast.worker_user.id
    session.commit()
    page = signed_in_client(app, worker_id).get(address).text
    assert "They missed their last appointments with The Hub" in page
    assert "agreed that you hear how it ended" not in page


def test_permission_taken_back_stops_the_letter(session, cast):
    row = at_work(session, cast)
    missed(session, cast, row)
    withdraw_permission(session, cast.gp, cast.person, PermissionKind.TELL_REFERRER)
    (letter,) = tellings_of_missed(session, row)
    assert (letter.forbidden_noted_at is not None, letter.parts) == (True, {})
    assert TaskKind.TELL_PRACTICE not in tasks(session, row)


def test_the_word_back_overtakes_a_letter_that_never_went(session, cast):
    row = at_work(session, cast)
    missed(session, cast, row)
    end = ending.Ending(
        destination=Destination.GP_ONLY, summary="Ended", reason="did-not-engage", risk_decision="Rang the GP"
    )
    ending.end_early(session, cast.worker, row, end, version=row.version)
    (letter,) = tellings_of_missed(session, row)
    assert (letter.issued_at, letter.done_at is not None) == (None, True)
    # The end has its own letter, by its own number, and that one keeps the loop open.
    waiting = [each for each in tellings(session, row) if each.done_at is None]
    assert [(each.occasion, each.number, each.recipient) for each in waiting] == [(Occasion.END, 1, Recipient.GP)]
    assert TaskKind.TELL_PRACTICE not in tasks(session, row)


def test_the_timeline_says_who_was_told(app, session, cast):
    quay(session)
    row = at_work(session, cast)
    missed(session, cast, row)
    entries = parts.timeline_of(session, cast.worker, row.person_id)
    told = [each for each in entries if "missed appointments were told" in each.words]
    assert [each.told_to for each in told] == ["Quay Practice"]
