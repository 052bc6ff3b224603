"""Whoever is booked reads what they should know before they come, and is reminded, once each."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking.models import Booking
from app.booking.operations import booking as verbs
from app.booking.operations.attendees import nameless_attendee
from app.booking.reminders import write_due
from app.core import clock
from app.core.actor import ANONYMOUS
from app.notifications.models import Message
from app.web.database import db
from tests.booking_college import College, book, pools_of, told


def test_everybody_who_is_booked_reads_once_what_they_should_know(college: College) -> None:
    run_id = college.a_run(kind="session")
    page = f"/desk/programme/runs/{run_id}/tell"
    assert "there is nobody to write to" in college.client.get(page).text
    with college.app.app_context(), Session(db.engines[None]) as session:
        first, second, _third = pools_of(session, run_id)
        for pool in (first, second):
            book(session, pool.id, "sam@person.example")
        leaving = book(session, second.id, "bo@person.example").id
        one = str(second.session_id)
        session.commit()
    assert college.client.post(page, data={"date": "", "words": ""}).status_code == 422
    sent = {"date": "", "words": "The lift is broken.", "key": "k"}
    for _twice in range(2):
        done = college.client.post(page, data=sent)
    assert "2 people are told: 2 by email" in college.client.get(done.location).text
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert told(session, "note") == ["bo@person.example", "sam@person.example"]
        messages = session.scalars(select(Message).where(Message.kind == "booking.note")).all()
        assert all("The lift is broken." in message.text for message in messages)
        assert all("lift" not in message.subject for message in messages)
        verbs.give_up(session, ANONYMOUS, session.get_one(Booking, leaving))
        session.commit()
    college.client.post(page, data=sent | {"date": one, "key": "of one date"})
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert told(session, "note") == ["bo@person.example", "sam@person.example", "sam@person.example"]


def test_reminders_go_a_week_and_a_day_before_once_and_not_after_cancelling(college: College) -> None:
    run_id = college.a_run(count="1")
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        book(session, pool.id, "sam@person.example")
        leaving = book(session, pool.id, "bo@person.example")
        verbs.give_up(session, ANONYMOUS, leaving)
        # Nobody can write to them, and the sweep must come to its end all the same.
        held = verbs.begin(session, ANONYMOUS, pool.id, key="nobody to write to")
        verbs.confirm(session, ANONYMOUS, held, nameless_attendee(session))
        session.commit()
        written = []
        for days in (8, 7, 1):
            for minutes in (20, 10):
                with clock.moved_to(pool.starts_at - timedelta(days=days, minutes=minutes)):
                    written.append(write_due(session))
                    session.commit()
        assert written == [0, 0, 1, 0, 1, 0]
        assert told(session, "reminder") == ["sam@person.example"] * 2
