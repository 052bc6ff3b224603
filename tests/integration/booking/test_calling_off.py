"""Staff call a run or a date off, having read who hears of it; each person is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.booking.codes import BookingState
from app.booking.models import BookableSession, Booking, Run
from app.booking.operations import changes
from app.booking.operations.attendees import nameless_attendee
from app.booking.queries.invariants import faults
from app.core import clock
from app.core.errors import Refused
from app.notifications.models import Message
from app.web.database import db
from tests.booking_college import College, book, pools_of, to_leave, told


def test_thirty_people_hear_once_that_a_run_is_called_off(college: College) -> None:
    run_id = college.a_run(capacity="28")
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        for number in range(30):
            book(session, pool.id, f"p{number:02}@person.example")
        session.commit()
    gone = college.client.post(f"/desk/programme/runs/{run_id}/cancel", data={"reason": "The tutor is ill."})
    assert gone.status_code == 303
    college.client.post(f"/desk/programme/runs/{run_id}/cancel", data={"reason": "The tutor is ill."})
    with college.app.app_context(), Session(db.engines[None]) as session:
        recipients = told(session, "called_off")
        assert len(recipients) == len(set(recipients)) == 30
        assert list(faults(session)) == []
        assert session.scalar(select(func.count()).where(Booking.state == BookingState.RUN_CANCELLED)) == 30


def test_who_calls_off_reads_first_who_hears_of_it_and_by_which_way(college: College) -> None:
    run_id = college.a_run(capacity="2")
    run_page, nobody = f"/desk/programme/runs/{run_id}/cancel", "Nobody has booked it"
    assert nobody in college.client.get(run_page).get_data(as_text=True)
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        book(session, pool.id, "ann@person.example")
        book(session, pool.id, "+447911123456")
        book(session, pool.id, "waits@person.example")
        one = session.scalars(select(BookableSession.id).where(BookableSession.run_id == run_id)).first()
        session.commit()
    whole = college.client.get(run_page).get_data(as_text=True)
    date = college.client.get(f"/desk/programme/sessions/{one}/cancel").get_data(as_text=True)
    assert all(words in whole for words in ("3 people hear of it", "2 by email", "1 by text"))
    assert all(words in date for words in ("3 people hear of it", "2 by email", "1 by text", "1 of them has no place"))
    assert nobody not in whole + date
    for address, count in ((f"/desk/programme/sessions/{one}/cancel", 2), (run_page, 5)):
        done = college.client.post(address, data={"reason": "The tutor is ill."})
        with college.app.app_context(), Session(db.engines[None]) as session:
            assert len(told(session, "called_off")) == count
        after = college.client.get(done.location).get_data(as_text=True)
        assert "is called off." in after
        assert "3 people are told: 2 by email, 1 by text" in after
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert to_leave(session, "in_line") == [], "of the whole of it another message tells"
        date = session.scalars(select(Message).where(Message.kind == "booking.in_line")).one()
        assert "We had to cancel one of the dates" in date.text
        assert "The other dates stay" in date.text
        assert (date.recipient, date.calendar) == ("waits@person.example", None)
        of_whole = {
            each.recipient: each.text for each in to_leave(session, "called_off") if "had to cancel what" in each.text
        }
        waited = [who for who, words in of_whole.items() if "what you were waiting for" in words]
        assert (waited, len(of_whole)) == (["waits@person.example"], 2)


def test_who_calls_off_reads_whom_they_must_speak_to_themselves(college: College) -> None:
    run_id = college.a_run(kind="session")
    with college.app.app_context(), Session(db.engines[None]) as session:
        pools = pools_of(session, run_id)
        mine = [book(session, pool.id, "cat@person.example") for pool in pools]
        mine[0].attendee = mine[1].attendee = mine[2].attendee = nameless_attendee(session)
        one = pools[0].session_id
        session.commit()
    for address in (f"/desk/programme/runs/{run_id}/cancel", f"/desk/programme/sessions/{one}/cancel"):
        page = college.client.get(address).get_data(as_text=True)
        assert "Please speak to them: cat." in page
        assert not any(words in page for words in ("once you press", "by email", "by text"))


def test_a_series_called_off_is_told_once_however_many_dates_somebody_had(college: College) -> None:
    run_id = college.a_run(kind="session", capacity="1")
    with college.app.app_context(), Session(db.engines[None]) as session:
        for pool in pools_of(session, run_id):
            book(session, pool.id, "sam@person.example")
            book(session, pool.id, "jo@person.example")
        session.commit()
        changes.cancel_run(session, college.actor, session.get_one(Run, run_id), reason="No room")
        session.commit()
        waited, booked = to_leave(session, "called_off")
        assert (waited.recipient, booked.recipient) == ("jo@person.example", "sam@person.example")
        assert (waited.text.count("2pm to 3:30pm"), booked.text.count("2pm to 3:30pm")) == (3, 3)


def test_a_date_that_was_called_off_before_is_not_told_again_with_the_rest(college: College) -> None:
    run_id = college.a_run()
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        book(session, pool.id, "sam@person.example")
        first, *_rest = session.scalars(
            select(BookableSession).where(BookableSession.run_id == run_id).order_by(BookableSession.starts_at)
        )
        changes.cancel_session(session, college.actor, first, reason="The tutor is ill")
        changes.cancel_run(session, college.actor, session.get_one(Run, run_id), reason="No room")
        wanted = select(Message).where(Message.kind == "booking.called_off").order_by(Message.created_at, Message.id)
        one, rest = session.scalars(wanted)
        assert [(message.calendar or "").count("BEGIN:VEVENT") for message in (one, rest)] == [1, 2]


def test_who_came_to_a_date_that_is_over_hears_nothing_when_the_rest_is_called_off(college: College) -> None:
    run_id = college.a_run(kind="session")
    with college.app.app_context(), Session(db.engines[None]) as session:
        first, second, _third = sorted(pools_of(session, run_id), key=lambda pool: pool.starts_at)
        came, comes = book(session, first.id, "came@person.example"), book(session, second.id, "comes@person.example")
        session.commit()
        over = session.scalars(select(BookableSession).where(BookableSession.id == first.session_id)).one()
        with clock.moved_to(first.ends_at + timedelta(hours=1)):
            with pytest.raises(Refused):
                changes.cancel_session(session, college.actor, over, reason="No room")
            assert changes.cancel_run(session, college.actor, session.get_one(Run, run_id), reason="No room") == 1
        assert (came.state, comes.state) == (BookingState.BOOKED, BookingState.RUN_CANCELLED)
        assert told(session, "called_off") == ["comes@person.example"]


def test_what_moves_and_is_then_called_off_is_told_once_as_it_stands(college: College) -> None:
    whole, series = college.a_run(capacity="1"), college.a_run(kind="session", capacity="1", at="5pm")
    with college.app.app_context(), Session(db.engines[None]) as session:
        for pool in (*pools_of(session, whole), *pools_of(session, series)[:2]):
            for name in ("sam", "jo"):
                book(session, pool.id, f"{name}@person.example")
        wanted = select(BookableSession).order_by(BookableSession.run_id == series, BookableSession.starts_at)
        dates = [(one.id, one.wall_start.date()) for one in session.scalars(wanted)]
        session.commit()

    def moved(which: int) -> None:
        one, day = dates[which]
        sent = {"day-day": day.day, "day-month": day.month, "day-year": day.year, "at": "9am", "minutes": "60"}
        assert college.client.post(f"/desk/programme/sessions/{one}/move", data=sent).status_code == 303

    def called_off(which: int) -> None:
        sent = {"reason": "The tutor is ill."}
        assert college.client.post(f"/desk/programme/sessions/{dates[which][0]}/cancel", data=sent).status_code == 303

    # Of a whole course: a date moves, another is called off, and then the one that had moved.
    moved(0)
    called_off(1)
    with college.app.app_context(), Session(db.engines[None]) as session:
        [to_jo], [to_sam] = to_leave(session, "in_line"), to_leave(session, "changed")
        assert ("9am to 10am" in to_jo.text, to_jo.text.count("(cancelled)")) == (True, 1)
        assert all(words in to_jo.text for words in ("is ill", "The other dates stay as they are", "no place yet"))
        assert ("9am to 10am" in to_sam.text, "2pm" in to_sam.text) == (True, False)
    called_off(0)
    with college.app.app_context(), Session(db.engines[None]) as session:
        [to_jo] = to_leave(session, "in_line")
        assert ("We had to cancel some of the dates" in to_jo.text, "(cancelled)" in to_jo.text) == (True, False)
        assert [words in to_jo.text for words in ("9am to 10am", "2pm to 3:30pm")] == [True, True]
        assert to_leave(session, "changed") == [], "who is booked does not read first that they keep their place"
        assert told(session, "called_off") == ["sam@person.example"] * 2

    # Of a series: who waits for the date that moved and for one that stays reads only that it is called off.
    moved(3)
    called_off(3)
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert len(to_leave(session, "in_line")) == 1, "that of the other course"
        assert told(session, "called_off").count("jo@person.example") == 1
