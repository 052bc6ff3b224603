"""Missed appointments: tried by phone and by letter, decided by a person with a reason, never by the software."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.errors import InvalidInput, NotFound, Refused
from app.people.codes import ContactChannel
from app.referrals.codes import AppointmentKind, Attendance, Reached, Status, TaskKind
from app.referrals.models import Referral, ReferralNote, ReferralTask
from app.referrals.operations import ending, missed, triage, work
from app.referrals.operations.tasks import finish_task
from tests.integration.referrals.test_nobody_gets_lost import accepted
from tests.integration.referrals.test_pressed_twice import form_of, words_of
from tests.referrals import a_cast
from tests.signing_in import signed_in_client


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def cast(session):
    return a_cast(session)


def miss(session, cast, row, times=1):
    for number in range(times, 0, -1):
        at = clock.now() - timedelta(hours=number)
        meeting = work.Meeting(kind=AppointmentKind.SESSION, starts_at=at)
        made = work.book(session, cast.worker, row, meeting, version=row.version)
        work.record_attendance(
            session, cast.worker, row, made.id, attendance=Attendance.DID_NOT_ATTEND, version=row.version
        )


def open_kinds(session, row, place=None) -> set[TaskKind]:
    wanted = select(ReferralTask.kind).where(ReferralTask.referral_id == row.id, ReferralTask.done_at.is_(None))
    return set(session.scalars(wanted if place is None else wanted.where(ReferralTask.organization_id == place)))


def tried(session, cast, row, channel, result):
    work.log_contact(session, cast.worker, row, work.Attempt(channel=channel, result=result), version=row.version)


def test_an_attempt_that_reached_nobody_leaves_the_task_and_says_what_was_tried(session, app, cast):
    row = accepted(session, cast)
    miss(session, cast, row)
    tried(session, cast, row, ContactChannel.PHONE, Reached.NO_ANSWER)
    tried(session, cast, row, ContactChannel.LETTER, Reached.MESSAGE_LEFT)
    assert open_kinds(session, row) == {TaskKind.MISSED_ONCE}
    row_id, user_id = row.id, cast.worker_user.id
    session.commit()
    page = words_of(signed_in_client(app, user_id).get(f"/desk/referrals/{row_id}"))
    assert "Tried since" in page
    assert "No answer" in page.split("Tried since")[1]
    assert "Left a message, or sent one" in page.split("Tried since")[1]
    row = session.get_one(Referral, row_id)
    tried(session, cast, row, ContactChannel.PHONE, Reached.REACHED)
    assert open_kinds(session, row) == set()


def test_another_appointment_is_what_trying_was_for(session, cast):
    row = accepted(session, cast)
    miss(session, cast, row)
    meeting = work.Meeting(kind=AppointmentKind.SESSION, starts_at=clock.now() + timedelta(days=2))
    work.book(session, cast.worker, row, meeting, version=row.version)
    assert open_kinds(session, row) == set()


def test_after_three_a_person_decides_in_words(session, app, cast):
    row = accepted(session, cast)
    miss(session, cast, row, times=3)
    place = cast.worker.organization_id
    assert TaskKind.DECIDE in open_kinds(session, row, place)
    task = session.scalars(select(ReferralTask).where(ReferralTask.kind == TaskKind.DECIDE)).unique().one()
    with pytest.raises(Refused, match="Write down first what was decided"):
        finish_task(session, cast.worker, task.id)
    row_id, user_id, manager_id = row.id, cast.worker_user.id, cast.manager_user.id
    session.commit()
    path = f"/desk/referrals/{row_id}"
    worker, manager = signed_in_client(app, user_id), signed_in_client(app, manager_id)
    for client in (worker, manager):
        assert "We keep trying" in words_of(client.get(path))
    assert "Decide" in words_of(worker.get("/desk/referrals/tasks"))
    form = form_of(manager, f"{path}/do/decide")
    assert manager.post(f"{path}/do/decide", data=form).status_code == 422
    assert session.scalar(select(func.count(ReferralNote.id))) == 0
    session.rollback()
    why = {"why": "Rang the GP. Safe, but the bus was cut."}
    assert manager.post(f"{path}/do/decide", data=form | why).status_code == 303
    note = session.scalars(select(ReferralNote)).one()
    assert (note.text, note.author_id, note.is_shared) == (why["why"], manager_id, False)
    row = session.get_one(Referral, row_id)
    assert row.status is Status.ACCEPTED
    assert open_kinds(session, row, place) == set()
    session.rollback()
    # It is decided once; and another missed appointment asks again.
    assert manager.post(f"{path}/do/decide", data=form | {"press": "other"} | why).status_code == 409
    miss(session, cast, session.get_one(Referral, row_id))
    assert TaskKind.DECIDE in open_kinds(session, row, place)


def test_letting_it_rest_is_a_decision_too(session, cast):
    row = accepted(session, cast)
    work.start(session, cast.worker, row, first_contact_at=clock.now(), version=row.version)
    miss(session, cast, row, times=3)
    ending.pause(
        session,
        cast.worker,
        row,
        reason="hospital",
        review_by=clock.today() + timedelta(days=9),
        version=row.version,
    )
    assert open_kinds(session, row, cast.worker.organization_id) == set()


def test_what_is_withdrawn_leaves_nothing_to_decide(session, cast):
    row = accepted(session, cast)
    miss(session, cast, row, times=3)
    triage.withdraw(session, cast.gp, row, reason="moved", version=row.version)
    assert open_kinds(session, row, cast.worker.organization_id) == set()


def test_nobody_else_decides_and_not_without_need(session, cast):
    row = accepted(session, cast)
    with pytest.raises(Refused):
        missed.keep_trying(session, cast.worker, row, why="Because", version=row.version)
    miss(session, cast, row, times=3)
    with pytest.raises(NotFound):
        missed.keep_trying(session, cast.gp, row, why="Because", version=row.version)
    with pytest.raises(InvalidInput):
        missed.keep_trying(session, cast.worker, row, why="\x00 ", version=row.version)


def test_only_who_did_not_come_makes_a_task_and_the_page_says_so(session, app, cast):
    row = accepted(session, cast)
    row_id, user_id = row.id, cast.worker_user.id
    made = []
    for hours in (2, 1):
        meeting = work.Meeting(kind=AppointmentKind.SESSION, starts_at=clock.now() - timedelta(hours=hours))
        made.append(work.book(session, cast.worker, row, meeting, version=row.version).id)
    session.commit()
    client = signed_in_client(app, user_id)
    for appointment, attendance, done in zip(made, ("5", "3"), ("attendance", "missed"), strict=True):
        path = f"/desk/referrals/{row_id}/do/attendance?of={appointment}"
        answer = client.post(path, data=form_of(client, path) | {"attendance": attendance})
        assert answer.headers["Location"].endswith(f"done={done}")
        assert ("There is a task now" in words_of(client.get(answer.headers["Location"]))) is (done == "missed")
