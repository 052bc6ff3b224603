"""Staff move dates: whoever is booked, or in line, hears once how it stands now, and calendars change."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization
from app.booking import emails
from app.booking.codes import BookingState, NeedKind
from app.booking.models import AccessNeed, BookableSession, Booking, Pool, Run
from app.booking.operations import booking as verbs
from app.booking.queries.invariants import faults
from app.core import clock
from app.core.actor import ANONYMOUS
from app.notifications.models import Message
from app.notifications.stopping import Drop, Keep, verdict_on
from app.web.database import db
from tests import booking_factories as make
from tests.booking_college import College, book, pools_of, to_leave, told
from tests.dates_on_a_page import leads_to_a_field, shifted
from tests.signing_in import signed_in_client

LATER = "From a day before, you find the link to join online on this page."


def in_line(session: Session, pool: Pool) -> tuple[Booking, Booking]:
    """Somebody who is offered a place that was given back, and somebody who waits behind them."""
    gives_up = book(session, pool.id, "gives-up@person.example")
    offered, waits = (book(session, pool.id, f"{name}@person.example") for name in ("offered", "waits"))
    verbs.give_up(session, ANONYMOUS, gives_up)
    assert (offered.state, waits.state) == (BookingState.OFFERED, BookingState.WAITING)
    return offered, waits


def test_a_session_that_moves_changes_calendars_and_tells_everybody(college: College) -> None:
    run_id = college.a_run(capacity="3")
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        for name in "ab":
            who = book(session, pool.id, f"{name}@person.example")
            session.add(AccessNeed(booking_id=who.id, kind=NeedKind.BSL, met_at=clock.now()))
        offered, _waits = in_line(session, pool)
        offered.expires_at, offered.lapsed_offers = clock.now() + timedelta(minutes=1), 1
        offered_id = offered.id
        session.commit()
        one = session.scalars(
            select(BookableSession).where(BookableSession.run_id == run_id).order_by(BookableSession.starts_at)
        ).first()
        assert one is not None
        day = one.wall_start.date()
        session_id = one.id
    sent = {"day-day": day.day, "day-month": day.month, "day-year": day.year, "at": "4pm", "minutes": "60", "room": ""}
    move = f"/desk/programme/sessions/{session_id}/move"
    page = college.client.get(move).get_data(as_text=True)
    assert all(words in page for words in ("4 people hear of it once you press", "2 of them have no place"))
    moved, again = (college.client.post(move, data=sent) for _twice in range(2))
    after = college.client.get(moved.location).get_data(as_text=True)
    assert "4pm to 5pm" in after.split('role="status"')[1].split("</div>")[0]
    assert "4 people are told: 4 by email" in after
    same = college.client.get(again.location).get_data(as_text=True).split('role="status"')[1].split("</div>")[0]
    assert ("Nothing was different" in same, "are told:" in same) == (True, False)
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert told(session, "changed") == ["a@person.example", "b@person.example"]
        [first, *_rest] = session.scalars(select(Message).where(Message.kind == "booking.changed")).all()
        assert first.calendar_method == "REQUEST"
        assert "SEQUENCE:1" in (first.calendar or "")
        assert [need.met_at for need in session.scalars(select(AccessNeed))] == [None, None]
        offer, wait = to_leave(session, "in_line")
        assert (offer.recipient, wait.recipient) == ("offered@person.example", "waits@person.example")
        assert (offer.calendar, wait.calendar) == (None, None)
        assert all("4pm to 5pm" in each.text and "The other dates stay" in each.text for each in (offer, wait))
        assert ("no place yet" in wait.text, "say no" in offer.text, "You keep your place" in offer.text) == (
            True, True, False
        )  # fmt: skip
        kept = session.get_one(Booking, offered_id)
        assert (kept.expires_at or clock.now()) > clock.now() + timedelta(hours=1), "time anew for another date"
        assert kept.lapsed_offers == 0

    # Moved again before a word of it has left: each hears once, of how it is now.
    assert college.client.post(move, data=sent | {"at": "5pm"}).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        for kind, count in (("changed", 2), ("in_line", 2)):
            last = to_leave(session, kind)
            assert (len(last), len(told(session, kind))) == (count, 2 * count)
            assert all("5pm to 6pm" in each.text and "4pm" not in each.text for each in last)
        verbs.accept(session, ANONYMOUS, session.get_one(Booking, offered_id))
        [offer, wait] = [(each, verdict_on(session, each)) for each in to_leave(session, "in_line")]
        assert isinstance(offer[1], Drop), "they have read it with their place"
        assert wait[1] == Keep()
        verbs.give_up(session, ANONYMOUS, session.get_one(Booking, wait[0].subject_id))
        assert [each.subject for each in to_leave(session, "cancelled")][-1] == "You have left the waiting list"
        assert isinstance(verdict_on(session, wait[0]), Drop)


def test_all_dates_to_come_change_in_one_step_and_each_person_hears_once(college: College) -> None:
    run_id, other = college.a_run(), college.a_run(at="10am", count="1")
    dates, wanted = f"/desk/programme/runs/{run_id}/dates", {"weeks": "1", "room": "stays", "weekday": "", "at": ""}
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        for name in "ab":
            book(session, pool.id, f"{name}@person.example")
        mine = select(BookableSession).where(BookableSession.run_id == run_id).order_by(BookableSession.starts_at)
        before = [(one.id, one.wall_start) for one in session.scalars(mine)]
        sent = {"first": str(before[0][0]), "minutes": ""}
        session.commit()
    page = college.client.get(dates).text
    assert all(words in page for words in ("From which date on?", "Each stays where it is"))
    nothing = college.client.post(dates, data=sent | wanted | {"weeks": "0", "do": "check"})
    assert (nothing.status_code, "Nothing would change" in nothing.text) == (422, True)

    # To where one of them stood before is no clash; what does not move is.
    looked = college.client.post(dates, data=sent | wanted | {"do": "check"})
    assert looked.status_code == 200
    assert "2 people hear of it once you press" in looked.text
    hindered = college.client.post(dates, data=sent | wanted | {"weeks": "0", "at": "10:30", "do": "check"})
    assert (hindered.status_code, hindered.text.count("is taken by “Better nights”")) == (422, 2)
    leads_to_a_field(hindered.text, f"row-{before[0][0]}-day")
    refused = college.client.post(dates, data=shifted(hindered.text))
    assert (refused.status_code, "Each says why" in refused.text) == (422, True)
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert [(one.id, one.wall_start) for one in session.scalars(mine)] == before, "all or nothing"
        assert told(session, "changed") == []

    assert college.client.post(dates, data=shifted(looked.text, do="look")).status_code == 200, "Enter only looks"
    for _twice in range(2):
        done = college.client.post(dates, data=shifted(looked.text))
    assert done.location.endswith("done=same"), "sent again it changes nothing"
    after = college.client.get(f"/desk/programme/runs/{run_id}?done=dates").text
    assert "2 people are told: 2 by email" in after
    with college.app.app_context(), Session(db.engines[None]) as session:
        week = timedelta(weeks=1)
        assert [one.wall_start for one in session.scalars(mine)] == [wall + week for _id, wall in before]
        assert told(session, "changed") == ["a@person.example", "b@person.example"]
        [first, _second] = session.scalars(select(Message).where(Message.kind == "booking.changed")).all()
        assert (first.calendar_method, (first.calendar or "").count("SEQUENCE:1\r\n")) == ("PUBLISH", 3)
        assert first.text.count("2pm to 3:30pm") == 3
        assert [pool.starts_at for pool in pools_of(session, run_id)] == [session.scalars(mine).first().starts_at]  # type: ignore[union-attr]
        assert session.scalars(select(BookableSession.sequence).where(BookableSession.run_id == other)).all() == [0]
        assert list(faults(session)) == []
    # One of them moves again: what has not left yet of the others is not lost.
    move, day = f"/desk/programme/sessions/{before[0][0]}/move", (before[0][1] + week).date()
    sent = {"day-day": day.day, "day-month": day.month, "day-year": day.year, "at": "5pm", "minutes": "90"}
    assert college.client.post(move, data=sent | {"room": str(college.room)}).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        last, _of_another = to_leave(session, "changed")
        assert (last.text.count("2pm to 3:30pm"), last.text.count("5pm to 6:30pm")) == (2, 1)
        assert (last.calendar or "").count("BEGIN:VEVENT") == 3


def test_who_booked_several_dates_of_a_series_has_one_message_with_the_page_of_each(college: College) -> None:
    run_id = college.a_run(kind="session", capacity="1")
    with college.app.app_context(), Session(db.engines[None]) as session:
        for pool in pools_of(session, run_id):
            book(session, pool.id, "sam@person.example")
            book(session, pool.id, "jo@person.example")
        first, second, _third = session.scalars(
            select(BookableSession.id).where(BookableSession.run_id == run_id).order_by(BookableSession.starts_at)
        )
        session.commit()
    dates = f"/desk/programme/runs/{run_id}/dates"
    told_ = {"first": str(first), "weekday": "", "weeks": "0", "at": "", "minutes": "60", "room": "", "do": "check"}
    looked = college.client.post(dates, data=told_).text
    done = college.client.post(dates, data=shifted(looked, take=[str(first), str(second)]))
    assert done.location.endswith("done=dates")
    with college.app.app_context(), Session(db.engines[None]) as session:
        [message] = session.scalars(select(Message).where(Message.kind == "booking.changed"))
        assert (message.text.count("2pm to 3pm"), message.text.count("/bookings/")) == (2, 2)
        assert "Your other dates stay as they are" in message.text
        assert "Room" not in message.text
        [wait] = to_leave(session, "in_line")
        assert (wait.recipient, wait.text.count("2pm to 3pm"), wait.text.count("/bookings/")) == (
            "jo@person.example", 2, 2
        )  # fmt: skip


def test_who_is_booked_and_waits_in_one_series_has_one_message_of_all_that_moves(college: College) -> None:
    run_id = college.a_run(kind="session", capacity="1")
    with college.app.app_context(), Session(db.engines[None]) as session:
        pools = pools_of(session, run_id)
        book(session, pools[0].id, "kim@person.example")
        has_it = [book(session, pool.id, "sam@person.example").id for pool in pools[1:]]
        for pool in pools[1:]:
            book(session, pool.id, "kim@person.example")
        dates = [(pool.session_id, pool.starts_at.astimezone(clock.LONDON).date()) for pool in pools]
        session.commit()

    def moved(which: int, at: str) -> None:
        one, day = dates[which]
        sent = {"day-day": day.day, "day-month": day.month, "day-year": day.year, "at": at, "minutes": "90", "room": ""}
        assert college.client.post(f"/desk/programme/sessions/{one}/move", data=sent).status_code == 303

    def to_kim() -> list[Message]:
        wanted = [each for kind in ("changed", "in_line") for each in to_leave(session, kind)]
        return [each for each in wanted if each.recipient == "kim@person.example"]

    # Where they wait, where they have a place, where they wait: nothing of it is lost, and it is one message.
    for which, at in ((2, "9am"), (0, "10am"), (1, "11am")):
        moved(which, at)
    with college.app.app_context(), Session(db.engines[None]) as session:
        [message] = to_kim()
        booked, waits = message.text.split("You also wait for places")
        assert [words in booked for words in ("10am", "11am", "9am", "You keep your place")] == [
            True,
            False,
            False,
            True,
        ]
        assert [words in waits for words in ("10am", "11am", "9am", "no place there yet")] == [False, True, True, True]
        assert (message.text.count("/bookings/"), (message.calendar or "").count("BEGIN:VEVENT")) == (3, 1)
        verbs.give_up(session, ANONYMOUS, session.get_one(Booking, has_it[1]))
        # Of the place that they are offered another message tells.
        [message] = to_kim()
        assert [words in message.text for words in ("10am", "11am", "9am")] == [True, True, False]
        assert "That has a new time" in message.text


def test_one_date_online_has_a_link_of_its_own_and_who_knows_the_old_one_is_told(college: College) -> None:
    run_id = college.a_run(count="2")
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        home = session.get_one(Run, run_id).organization_id
        online = make.room(session, of=session.get_one(MemberOrganization, home), join_link="https://meet.example/all")
        first, second = session.scalars(
            select(BookableSession).where(BookableSession.run_id == run_id).order_by(BookableSession.starts_at)
        )
        first.room_id = second.room_id = online.id
        session.commit()
        sam = book(session, pool.id, "sam@person.example")
        own_page = emails.page_of(session, sam).removeprefix("http://localhost")
        [booked] = session.scalars(select(Message).where(Message.kind == "booking.booked"))
        session.commit()
        assert (LATER in booked.text, "meet.example" in booked.text) == (True, False)
        day, first_id, second_id, room_id, starts_at = (
            first.wall_start.date(), first.id, second.id, str(online.id), first.starts_at
        )  # fmt: skip
    sent = {"day-day": day.day, "day-month": day.month, "day-year": day.year, "at": "2pm", "minutes": "90"}
    move = f"/desk/programme/sessions/{first_id}/move"
    wrong = college.client.post(move, data=sent | {"room": room_id, "join_link": "http://meet.example/one"})
    assert (wrong.status_code, "begins with https://" in wrong.get_data(as_text=True)) == (422, True)
    wrong = college.client.post(move, data=sent | {"room": str(college.room), "join_link": "https://meet.example/one"})
    assert (wrong.status_code, "Choose an online room" in wrong.get_data(as_text=True)) == (422, True)
    far = sent | {"room": room_id, "join_link": "https://meet.example/one"}
    assert college.client.post(move, data=far).location.split("&")[0].endswith("done=changed")
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert told(session, "changed") == []
    far_away = college.app.test_client().get(own_page).get_data(as_text=True)
    assert (LATER in far_away, "meet.example" in far_away) == (True, False)
    with clock.moved_to(starts_at - timedelta(hours=3)):
        shown = college.app.test_client().get(own_page).get_data(as_text=True)
        assert ('href="https://meet.example/one"' in shown, "meet.example/all" in shown) == (True, False)
        client = signed_in_client(college.app, college.actor.user_id)
        near = sent | {"room": room_id, "join_link": "https://meet.example/two"}
        done = client.post(move, data=near)
        assert done.location.split("&")[0].endswith("done=link")
        assert "1 person is told: 1 by email" in client.get(done.location).text
        with college.app.app_context(), Session(db.engines[None]) as session:
            [message] = session.scalars(select(Message).where(Message.kind == "booking.changed"))
            assert "New link to join" in message.subject
            assert "https://meet.example/two" in message.text
            assert "https://meet.example/two" in (message.calendar or "").replace("\r\n ", "")
            own = {one.id: one.joined_by for one in session.scalars(select(BookableSession))}
            assert (own[first_id], own[second_id]) == ("https://meet.example/two", "https://meet.example/all")
