"""Whoever is invited and has not booked hears once what becomes of the dates."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking.models import BookableSession, RunInvitation
from app.notifications.stopping import Drop, Keep, verdict_on
from app.web.database import db
from tests.booking_college import College, book, have_left, pools_of, to_leave, told
from tests.dates_on_a_page import shifted
from tests.people import a_person


def test_who_is_invited_and_has_not_booked_hears_once_what_becomes_of_the_dates(college: College) -> None:
    run_id = college.a_run(who="invited")
    invite = f"/desk/programme/runs/{run_id}/invitations"
    guests = ("bea@person.example", "+447911123456", "new@person.example", "no@person.example", "came@person.example")
    for address in (*guests[:2], *guests[3:], ""):
        sent = {
            "name": "Those of spring" if not address else "Bea",
            "address": address,
            "most_people": "1",
            "days": "9",
        }
        assert college.client.post(invite, data=sent).status_code == 200
    # Sent again by a reload, or because it was forgotten, it would be a second message.
    again = college.client.post(invite, data={"name": "Bea", "address": guests[1], "most_people": "1", "days": "9"})
    assert (again.status_code, "They are invited already, until" in again.text) == (422, True)
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        first, second, _third = session.scalars(
            select(BookableSession.id).where(BookableSession.run_id == run_id).order_by(BookableSession.starts_at)
        )
        a_person(session, college.actor, "No", email="no@person.example", do_not_contact=True)
        have_left(session, "invited")
        came = session.scalars(select(RunInvitation.id).where(RunInvitation.address == guests[4])).one()
        book(session, pool.id, guests[4], came)
        session.commit()
    college.client.post(invite, data={"name": "New", "address": guests[2], "most_people": "1", "days": "9"})

    dates = f"/desk/programme/runs/{run_id}/dates"
    asked = {"first": str(first), "weekday": "", "weeks": "1", "at": "", "minutes": "", "room": "stays", "do": "check"}
    looked = college.client.post(dates, data=asked).text
    # Of one whose link has not left yet there is nothing to say; that an address is not safe shows nowhere.
    assert all(words in looked for words in ("4 people hear of it", "3 by email", "1 by text", "3 of them are invited"))
    assert "Please speak to them: Those of spring." in looked
    assert college.client.post(dates, data=shifted(looked)).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        text, bea, unsafe = to_leave(session, "invited_dates")
        assert [each.recipient for each in (text, bea, unsafe)] == [guests[1], guests[0], guests[3]]
        assert (bea.calendar, text.text.count("/invited/"), bea.text.count("2pm to 3:30pm")) == (None, 1, 3)
        assert "You have not booked a place" in bea.text
        assert [type(verdict_on(session, each)) for each in (bea, unsafe)] == [Keep, Drop]
        [anew] = to_leave(session, "invited")
        assert (anew.recipient, told(session, "changed")) == (guests[2], ["came@person.example"])
        link = re.search(r"http://localhost(/invited/[\w-]+)", bea.text)
    assert link is not None
    assert "You are invited" in college.app.test_client().get(link[1]).text

    # One of them is called off before a word has left: one message tells all of it.
    college.client.post(f"/desk/programme/sessions/{second}/cancel", data={"reason": "The tutor is ill."})
    with college.app.app_context(), Session(db.engines[None]) as session:
        bea = next(each for each in to_leave(session, "invited_dates") if each.recipient == guests[0])
        assert (bea.text.count("2pm to 3:30pm"), bea.text.count("(cancelled)"), "is ill" in bea.text) == (3, 1, True)
        assert len(to_leave(session, "invited_dates")) == 3
        have_left(session, "invited_dates")
        session.commit()
    college.client.post(f"/desk/programme/runs/{run_id}/cancel", data={"reason": "No room."})
    college.client.post(f"/desk/programme/runs/{run_id}/cancel", data={"reason": "No room."})
    with college.app.app_context(), Session(db.engines[None]) as session:
        _text, bea, _unsafe = to_leave(session, "invited_dates")
        assert ("cancel what we invited you to" in bea.text, bea.text.count("2pm to 3:30pm")) == (True, 2)
        assert (to_leave(session, "invited"), told(session, "called_off").count(guests[4])) == ([], 2)


def test_a_date_of_a_series_that_is_called_off_is_told_to_who_is_invited(college: College) -> None:
    run_id = college.a_run(kind="session", who="invited")
    sent = {"name": "Bea", "address": "bea@person.example", "most_people": "1", "days": "9"}
    college.client.post(f"/desk/programme/runs/{run_id}/invitations", data=sent)
    with college.app.app_context(), Session(db.engines[None]) as session:
        have_left(session, "invited")
        one = pools_of(session, run_id)[0].session_id
        session.commit()
    done = college.client.post(f"/desk/programme/sessions/{one}/cancel", data={"reason": "No room."})
    after = college.client.get(done.location).text
    assert all(words in after for words in ("1 person is told: 1 by email", "They are invited and have not booked"))
    with college.app.app_context(), Session(db.engines[None]) as session:
        [message] = to_leave(session, "invited_dates")
        assert all(words in message.text for words in ("cancel one of the dates", "The other dates stay", "No room."))
