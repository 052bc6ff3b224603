"""Staff take the register: who was missed is called, and no mark undoes a later one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.booking.announcements import SessionAttended
from app.booking.codes import Attendance
from app.booking.models import AbsenceCall, AttendanceRecord, BookableSession, Pool
from app.booking.queries.invariants import faults
from app.booking.queries.registers import calls_by_person, people_to_call
from app.core import clock, events
from app.web.database import db
from tests import booking_factories as make
from tests.booking_college import College, book, pools_of


def test_the_register_opens_a_call_for_who_was_missed_and_closes_it_again(college: College) -> None:
    run_id = college.a_run()
    attended: list[UUID] = []

    def hear(_session: Session, event: SessionAttended) -> None:
        attended.append(event.attendance.booking_id)

    events.on(SessionAttended)(hear)
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        came, missed = (book(session, pool.id, f"{name}@person.example").id for name in ("came", "missed"))
        session.commit()
        one = session.scalars(select(BookableSession).order_by(BookableSession.starts_at)).first()
        assert one is not None
        marks = {
            record.booking_id: f"mark-{record.id}"
            for record in session.scalars(select(AttendanceRecord).where(AttendanceRecord.session_id == one.id))
        }
        session_id = one.id
        make.held_now(session, one)
        session.commit()
    address = f"/desk/programme/sessions/{session_id}/register"
    assert "came" in college.client.get(address).get_data(as_text=True)
    first = college.client.post(address, data={marks[came]: "late"})
    assert "1 person is not marked yet" in college.client.get(first.location).text
    sent = {marks[came]: "late", marks[missed]: "did_not_attend", "walk_in": "Zed", "key": "k"}
    for _twice in range(2):
        assert college.client.post(address, data=sent).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert session.scalar(select(func.count()).select_from(AbsenceCall)) == 1
        assert (
            len(session.scalars(select(AttendanceRecord.id).where(AttendanceRecord.session_id == session_id)).all())
            == 3
        )
        assert attended.count(came) == 1
        assert list(faults(session)) == []
    assert "missed" in college.client.get("/desk/programme/calls").get_data(as_text=True)
    college.client.post(address, data={marks[missed]: "absent_told_us"})
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert session.scalar(select(func.count()).select_from(AbsenceCall)) == 0


def test_one_call_is_about_all_that_a_person_missed(college: College) -> None:
    runs = college.a_run(), college.a_run(at="6pm")
    with college.app.app_context(), Session(db.engines[None]) as session:
        # Two people at one telephone, each in a run of their own.
        mo, dee = (book(session, pools_of(session, run)[0].id, "mo@person.example") for run in runs)
        assert mo.attendee_id == dee.attendee_id
        mo.name, dee.name = "Mo", "Dee"
        session.flush()
        last_first = BookableSession.starts_at.desc()
        missed = session.scalars(select(AttendanceRecord).join(BookableSession).order_by(last_first))
        call_of: dict[str, UUID] = {}
        for record in missed.all():
            call = AbsenceCall(attendance_id=record.id, organization_id=record.session.run.organization_id)
            session.add(call)
            session.flush()
            call_of[record.booking.name] = call.id
        dates = session.scalar(select(func.count()).where(AttendanceRecord.booking_id == mo.id))
        session.commit()
        assert people_to_call(session, college.actor) == 2
        for calls in calls_by_person(session, college.actor):
            days = [call.attendance.session.starts_at for call in calls]
            assert days == sorted(days)
    page = college.client.get("/desk/programme/calls").text
    assert page.count(">Mo<") == 1
    assert page.count(">Dee<") == 1
    assert page.count('name="also"') == 2 * (dates - 1)
    mos = page[page.index(">Mo<") :]
    asked = mos[mos.index("/desk/programme/calls/") :].split('"', 1)[0]
    theirs = mos[: mos.index("</form>")]
    also = [part.split('"', 1)[0] for part in theirs.split('name="also" value="')[1:]]
    assert college.client.post(asked, data={"outcome": "Poorly", "also": also}).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        done = session.scalars(select(AbsenceCall).where(AbsenceCall.done_at.is_not(None))).all()
        assert [call.attendance.booking.name for call in done] == ["Mo"] * dates
        assert {call.outcome for call in done} == {"Poorly"}
    # What was missed since the list was shown has a call of its own.
    assert college.client.post(f"/desk/programme/calls/{call_of['Dee']}", data={}).status_code == 303
    page = college.client.get("/desk/programme/calls").text
    assert ">Mo<" not in page
    assert page.count(">Dee<") == 1
    assert page.count('name="also"') == dates - 2


def test_two_who_are_called_the_same_are_told_apart_by_when_they_booked(college: College) -> None:
    run_id = college.a_run()
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        first, other = (book(session, pool.id, f"{name}@person.example") for name in ("one", "two"))
        first.name, other.name, first.created_at = "Dee", "Mo", datetime(2026, 11, 2, 14, 5, tzinfo=clock.LONDON)
        one = session.scalars(select(BookableSession).order_by(BookableSession.starts_at)).first()
        assert one is not None
        session_id = one.id
        make.held_now(session, one)
        session.commit()
    address = f"/desk/programme/sessions/{session_id}/register"
    assert "booked on" not in college.client.get(address).text
    college.client.post(address, data={"walk_in": " dee", "key": "k"})
    page = college.client.get(address).text
    assert page.count("booked on") == 2
    assert "booked on 2 November 2026 at 2:05pm" in page


def test_a_mark_that_arrives_late_does_not_undo_a_later_one(college: College) -> None:
    run_id = college.a_run()
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        book(session, pool.id, "a@person.example")
        session.commit()
        record = session.scalars(select(AttendanceRecord).order_by(AttendanceRecord.created_at)).first()
        assert record is not None
        name, session_id, record_id = f"mark-{record.id}", record.session_id, record.id
        make.held_now(session, record.session)
        session.commit()
    address = f"/desk/programme/sessions/{session_id}/register"
    now = int(clock.now().timestamp() * 1000)
    college.client.post(address, data={name: "present", "marked_at": str(now)})
    college.client.post(address, data={name: "did_not_attend", "marked_at": str(now - 60_000)})
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert session.get_one(AttendanceRecord, record_id).state is Attendance.PRESENT


def test_a_register_that_is_not_kept_still_shows_what_was_marked(college: College) -> None:
    run_id = college.a_run(kind="drop_in")
    with college.app.app_context(), Session(db.engines[None]) as session:
        one = session.scalars(select(BookableSession).where(BookableSession.run_id == run_id)).first()
        assert one is not None
        session_id = one.id
        make.held_now(session, one)
        session.commit()
    sent = {"walk_in": "Ash of Wexmoor", "heads": "a few"}
    refused = college.client.post(f"/desk/programme/sessions/{session_id}/register", data=sent | {"key": "k"})
    assert refused.status_code == 422
    assert {f'value="{typed}"' in refused.get_data(as_text=True) for typed in sent.values()} == {True}


def test_nobody_is_marked_as_there_before_the_day(college: College) -> None:
    college.a_run()
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = session.scalars(select(Pool)).all()
        book(session, pool.id, "a@person.example")
        session.commit()
        record = session.scalars(select(AttendanceRecord).order_by(AttendanceRecord.created_at)).first()
        assert record is not None
        name, record_id = f"mark-{record.id}", record.id
        address = f"/desk/programme/sessions/{record.session_id}/register"
    page = college.client.get(address).text
    assert ("This date is still to come" in page, 'value="present"' in page, "walk_in" in page) == (True, False, False)
    came = {"walk_in": "Zed", "key": "k"}
    for sent in ({name: "present"}, {name: "did_not_attend"}, came, {"heads": "4"}):
        refused = college.client.post(address, data=sent)
        assert refused.status_code == 422
        assert "still to come" in refused.get_data(as_text=True)
    # They say that they cannot come, and that they can after all.
    for mark in ("absent_told_us", "expected"):
        assert college.client.post(address, data={name: mark}).status_code == 303
        with college.app.app_context(), Session(db.engines[None]) as session:
            assert session.get_one(AttendanceRecord, record_id).state == mark
