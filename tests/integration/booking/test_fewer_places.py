"""Fewer places than are taken: staff see it before they press, nobody loses a place, and each is asked at most once."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking.codes import BookingState, WhoMayBook
from app.booking.models import AttendanceRecord, Booking, Pool, Run
from app.booking.operations import booking as verbs
from app.booking.operations.attendees import nameless_attendee
from app.booking.queries.invariants import faults
from app.core.actor import ANONYMOUS
from app.notifications.models import Message
from app.notifications.stopping import Drop, Keep, verdict_on
from app.web.database import db
from tests.booking_college import College, book, pools_of, told

ANN, BEN, CAT, UMA = "ann@person.example", "+447700900002", "cat@person.example", "uma@person.example"


@pytest.fixture
def full(college: College) -> tuple[UUID, UUID]:
    """A run of three places, all taken, with somebody who waits: its id and that of its pool."""
    run_id = college.a_run(count="2", capacity="3")
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        for address in (ANN, BEN, CAT, UMA):
            book(session, pool.id, address)
        session.commit()
        return run_id, pool.id


def press(college: College, pool_id: UUID, places: int, **answer: str):
    return college.client.post(f"/desk/programme/places/{pool_id}/fewer?places={places}", data=answer)


def messages(session: Session) -> list[Message]:
    wanted = select(Message).where(Message.kind == "booking.fewer").order_by(Message.recipient)
    return list(session.scalars(wanted))


def test_staff_see_what_it_means_before_anything_changes(college: College, full: tuple[UUID, UUID]) -> None:
    _run_id, pool_id = full
    asked = college.client.post(f"/desk/programme/places/{pool_id}", data={"capacity": "1"})
    assert asked.location.endswith(f"/desk/programme/places/{pool_id}/fewer?places=1")
    page = college.client.get(asked.location).get_data(as_text=True)
    assert "3 places are taken." in page
    assert "There are to be 1: 2 fewer than are taken." in page
    assert "No other date has places just now" in page
    assert press(college, pool_id, 1).status_code == 422
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert session.get_one(Pool, pool_id).capacity == 3


@pytest.mark.parametrize(("answer", "hear"), [("yes", [BEN, ANN, CAT]), ("no", [])])
def test_everybody_keeps_their_place_and_is_asked_once_if_staff_wish_so(
    college: College, full: tuple[UUID, UUID], answer: str, hear: list[str]
) -> None:
    run_id, pool_id = full
    for _twice in range(2):
        assert press(college, pool_id, 1, ask=answer, words="The big room has a leak.").status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        pool = session.get_one(Pool, pool_id)
        assert (pool.taken, pool.capacity, pool.over_allowed) == (3, 1, 2)
        assert told(session, "fewer") == hear
        assert list(faults(session)) == []
        assert not any(message.calendar for message in messages(session))
        assert {one.own_sequence for one in session.scalars(select(AttendanceRecord))} == {0}
    run = college.client.get(f"/desk/programme/runs/{run_id}").get_data(as_text=True)
    assert "2 places more are taken than there are." in run
    assert ("Ask people whether they can move" in run) is (answer == "no")


def test_who_said_no_at_first_can_ask_later_but_only_once(college: College, full: tuple[UUID, UUID]) -> None:
    _run_id, pool_id = full
    press(college, pool_id, 1, ask="no")
    address = f"/desk/programme/places/{pool_id}/fewer"
    assert "Ask them" in college.client.get(address).get_data(as_text=True)
    for _twice in range(2):
        assert college.client.post(address).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert len(told(session, "fewer")) == 3
        assert session.get_one(Pool, pool_id).capacity == 1


def test_the_message_offers_to_keep_to_move_and_to_cancel(college: College, full: tuple[UUID, UUID]) -> None:
    _run_id, pool_id = full
    other = college.a_run(count="1", capacity="4", at="10am")
    assert press(college, pool_id, 1, ask="yes", words="The big room has a leak.").status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        by_text, by_mail, _cat = messages(session)
        assert "Your place is safe" in by_text.text
        assert "The big room has a leak." in by_mail.text
        assert "Better nights" not in by_mail.subject
        [change] = [word for word in by_mail.text.split() if word.endswith("/change")]
        [cancel] = [word for word in by_mail.text.split() if word.endswith("/cancel")]
        [target] = [str(pool.id) for pool in pools_of(session, other)]
    person = college.app.test_client()
    assert target in person.get(change).get_data(as_text=True)
    assert person.post(change, data={"to": target}).status_code == 303
    assert "Give your place back?" in person.get(cancel).get_data(as_text=True)
    with college.app.app_context(), Session(db.engines[None]) as session:
        pool = session.get_one(Pool, pool_id)
        assert (pool.taken, pool.capacity, pool.over_allowed) == (2, 1, 1)
        assert session.scalar(select(Booking.state).where(Booking.state == BookingState.WAITING)) is not None
        assert list(faults(session)) == []


def test_nobody_is_asked_who_has_gone_or_where_there_is_room_again(college: College, full: tuple[UUID, UUID]) -> None:
    _run_id, pool_id = full
    press(college, pool_id, 2, ask="yes")
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert [verdict_on(session, message) for message in messages(session)] == [Keep()] * 3
        ann = session.scalars(select(Booking).where(Booking.address == ANN)).one()
        verbs.give_up(session, ANONYMOUS, ann)
        session.flush()
        assert [verdict_on(session, message) for message in messages(session)] == [Drop("room again")] * 3


def test_staff_read_whom_they_must_speak_to_themselves(college: College, full: tuple[UUID, UUID]) -> None:
    _run_id, pool_id = full
    with college.app.app_context(), Session(db.engines[None]) as session:
        cat = session.scalars(select(Booking).where(Booking.address == CAT)).one()
        cat.attendee = nameless_attendee(session)
        session.commit()
    page = college.client.get(f"/desk/programme/places/{pool_id}/fewer?places=1").get_data(as_text=True)
    assert "We cannot write to these people. Please speak to them: cat." in page


def test_a_date_that_must_be_asked_for_is_not_offered_as_another(college: College, full: tuple[UUID, UUID]) -> None:
    _run_id, pool_id = full
    other = college.a_run(count="1", capacity="4", at="10am")
    page = f"/desk/programme/places/{pool_id}/fewer?places=1"
    assert "1 other date has places" in college.client.get(page).get_data(as_text=True)
    with college.app.app_context(), Session(db.engines[None]) as session:
        session.get_one(Run, other).who = WhoMayBook.REFERRED
        session.commit()
    assert "No other date has places" in college.client.get(page).get_data(as_text=True)


@pytest.mark.parametrize("wanted", ["", "-1", "9", "x", "999999999999999999999"])
def test_what_is_no_smaller_number_changes_nothing(college: College, full: tuple[UUID, UUID], wanted: str) -> None:
    _run_id, pool_id = full
    answer = college.client.post(f"/desk/programme/places/{pool_id}/fewer?places={wanted}", data={"ask": "yes"})
    assert answer.status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert session.get_one(Pool, pool_id).capacity == 3
        assert messages(session) == []


def test_fewer_places_cost_nobody_theirs_and_more_are_offered(college: College) -> None:
    run_id = college.a_run(capacity="3")
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        for name in "abcd":
            book(session, pool.id, f"{name}@person.example")
        session.commit()
        pool_id = pool.id
    places = f"/desk/programme/places/{pool_id}"
    assert college.client.post(f"{places}/fewer?places=2", data={"ask": "no"}).status_code == 303
    assert college.client.post(places, data={"capacity": "4"}).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert told(session, "offered") == ["d@person.example"]
        assert list(faults(session)) == []
