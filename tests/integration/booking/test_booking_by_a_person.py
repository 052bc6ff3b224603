"""A person without an account books, changes, cancels and waits, over the pages."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.booking.codes import BookingState, PoolKind, WhoMayBook
from app.booking.models import AccessNeed, Booking, Pool, RunInvitation
from app.booking.operations.inviting import forget_guests
from app.booking.queries.invariants import faults
from app.booking.queries.programme import sessions_of_run
from app.booking.sweeps import end_holds_and_offers
from app.core import clock
from app.directory.codes import Accepting
from app.directory.models import Service
from app.notifications.codes import MessageState
from app.notifications.models import Message
from app.web.database import db
from tests import booking_factories as make
from tests import factories
from tests.signing_in import a_member, a_workplace, signed_in_client

PHONE = "07911 123456"


@pytest.fixture(autouse=True)
def _without_csrf(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


class Person:
    """One browser."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def press(self, pool: UUID, *, key: str = "a-key", places: str = "1"):
        return self.client.post(f"/book/{pool}", data={"key": key, "places": places})

    def book(self, pool: UUID, address: str = "sam@person.example", *, places: str = "1", key: str = "", **details):
        begun = self.press(pool, key=key or f"{address}{pool}", places=places)
        assert begun.status_code == 303, begun.get_data(as_text=True)
        asked = self.client.post(begun.location, data={"name": "Sam", "address": address} | details)
        assert asked.status_code == 303, asked.get_data(as_text=True)
        assert self.client.get(asked.location).status_code == 200
        return self.client.post(asked.location, data={"code": code_to(self.app, address)})

    def page(self, address: str) -> str:
        response = self.client.get(address)
        assert response.status_code == 200
        return response.get_data(as_text=True)


def messages_to(app: Flask, address: str, kind: str = "") -> list[Message]:
    with app.app_context(), Session(db.engines[None]) as session:
        wanted = select(Message).where(Message.recipient == address).order_by(Message.created_at, Message.id)
        found = list(session.scalars(wanted))
        session.expunge_all()
    return [message for message in found if message.kind.endswith(kind)]


def code_to(app: Flask, address: str) -> str:
    found = re.search(r"\b(\d{6})\b", messages_to(app, address, "accounts.code")[-1].text)
    assert found
    return found[1]


def link_in(message: Message) -> str:
    found = re.search(r"http://localhost(/bookings/[\w-]+)", message.text)
    assert found
    return found[1]


def a_pool(app: Flask, **changes) -> UUID:
    with app.app_context(), Session(db.engines[None]) as session:
        made = make.pool(session, **changes).id
        session.commit()
        return made


def bookings(app: Flask, pool: UUID) -> list[BookingState]:
    with app.app_context(), Session(db.engines[None]) as session:
        assert list(faults(session)) == []
        wanted = select(Booking.state).where(Booking.pool_id == pool).order_by(Booking.created_at, Booking.id)
        return list(session.scalars(wanted))


def test_where_nothing_is_to_come_any_more_nothing_can_be_booked(app: Flask) -> None:
    pool, person = a_pool(app, sessions=1), Person(app)
    assert person.client.get(f"/book/{pool}").status_code == 200
    with app.app_context(), Session(db.engines[None]) as session:
        (one,) = sessions_of_run(session, session.get_one(Pool, pool).run_id)
        one.cancelled_at, one.cancel_reason = clock.now(), "The room is flooded"
        session.commit()
    assert person.client.get(f"/book/{pool}").status_code == 404
    assert person.press(pool).status_code == 404
    assert bookings(app, pool) == []


def test_what_is_still_to_come_stands_first_and_what_is_over_below(app: Flask) -> None:
    pool, person = a_pool(app, sessions=3), Person(app)
    person.book(pool)
    own = link_in(messages_to(app, "sam@person.example", "booking.booked")[-1])
    assert "is over" not in person.page(own)
    with app.app_context(), Session(db.engines[None]) as session:
        day_after = session.get_one(Pool, pool).starts_at + timedelta(days=1)
    with clock.moved_to(day_after):
        ahead, _, over = person.page(own).partition("1 session is over")
    assert (ahead.count("wm-session__words"), over.count("wm-session__words")) == (2, 1)


def test_wrong_codes_count_though_nothing_else_of_them_is_kept(app: Flask) -> None:
    pool, person, address = a_pool(app), Person(app), "sam@person.example"
    begun = person.press(pool)
    asked = person.client.post(begun.location, data={"name": "Sam", "address": address}).location
    right = code_to(app, address)
    for number in range(5):
        wrong = f"{(int(right) + 1 + number) % 1_000_000:06}"
        assert "This code is not right" in person.client.post(asked, data={"code": wrong}).get_data(as_text=True)
    refused = person.client.post(asked, data={"code": right})
    assert refused.status_code == 422
    assert "You have tried too often" in refused.get_data(as_text=True)
    assert bookings(app, pool) == [BookingState.HELD]


def test_a_course_for_people_who_are_sent_says_so_and_holds_no_place(app: Flask) -> None:
    pool = a_pool(app)
    with app.app_context(), Session(db.engines[None]) as session:
        session.get_one(Pool, pool).run.who = WhoMayBook.REFERRED
        session.commit()
    person = Person(app)
    shown = person.page(f"/book/{pool}")
    assert "Show them this page" in shown
    assert "Keep a place for me" not in shown
    refused = person.press(pool)
    assert refused.status_code == 409
    assert "Somebody who supports you" in refused.get_data(as_text=True)
    with app.app_context(), Session(db.engines["read"]) as session:
        assert session.get_one(Pool, pool).taken == 0


def test_only_who_is_invited_books_and_only_as_many_as_the_link_is_for(app: Flask) -> None:
    tutor = _tutor_of_invited(app)
    address = f"/desk/programme/runs/{tutor.run}/invitations"
    stranger, guest, friend = Person(app), Person(app), Person(app)
    pool = tutor.pool
    assert "Places here are by invitation" in stranger.page(f"/book/{pool}")
    assert stranger.press(pool).status_code == 409
    assert "Enter a name" in tutor.client.post(address, data={"days": "7", "most_people": "1"}).get_data(as_text=True)
    told = {"name": "Bea", "address": "bea@person.example", "most_people": "1", "days": "7"}
    assert tutor.client.post(address, data=told | {"most_people": "3"}).status_code == 422
    assert tutor.client.post(address, data=told).status_code == 200
    [message] = messages_to(app, "bea@person.example", "booking.invited")
    link = re.search(r"http://localhost(/invited/[\w-]+)", message.text)[1]
    for person in (guest, friend):
        assert "You are invited" in person.page(link)
    assert guest.book(pool, "bea@person.example").status_code == 303
    assert friend.book(pool, "fay@person.example").status_code == 409
    assert bookings(app, pool)[0] is BookingState.BOOKED
    page = tutor.client.get(address).get_data(as_text=True)
    assert "1 of 1 booked" in page
    taken_back = re.search(rf"{address}/[0-9a-f-]+", page)[0]
    assert tutor.client.post(taken_back).status_code == 303
    assert Person(app).client.get(link).status_code == 404
    with app.app_context(), clock.moved_to(clock.now() + timedelta(days=40)), Session(db.engines[None]) as session:
        assert forget_guests(session) == 1
        assert session.scalars(select(RunInvitation)).one().address is None


def _tutor_of_invited(app: Flask) -> SimpleNamespace:
    with app.app_context(), Session(db.engines[None]) as session:
        tutor = a_member(session, Role.TUTOR, workplace="College of guests")
        course = make.course(session, of=a_workplace(session, "College of guests"))
        pool = make.pool(session, of=make.run(session, of=course, who=WhoMayBook.INVITED))
        found = {"pool": pool.id, "run": pool.run_id, "tutor": tutor.id}
        session.commit()
    return SimpleNamespace(**found, client=signed_in_client(app, found["tutor"]))


def test_booking_takes_a_name_one_address_and_a_code(app: Flask) -> None:
    pool = a_pool(app, sessions=3)
    sam = Person(app)
    done = sam.book(pool, needs=["bsl", "other"], need_words="A chair with arms")
    page = sam.page(done.location)
    assert "You have a place" in page
    assert "A chair with arms" in page
    assert bookings(app, pool) == [BookingState.BOOKED]
    [message] = messages_to(app, "sam@person.example", "booking.booked")
    assert sam.page(link_in(message)).count("wm-leaf__day") == 3
    assert message.calendar_method == "PUBLISH"
    assert len(Calendar.from_ical(message.calendar).events) == 3
    with app.app_context(), Session(db.engines[None]) as session:
        assert len(session.scalars(select(AccessNeed)).all()) == 2


def test_who_comes_back_for_a_new_code_has_lost_nothing_that_was_said(app: Flask) -> None:
    pool, sam, address = a_pool(app), Person(app), "sam@person.example"
    begun = sam.press(pool).location
    told = {"name": "Sam", "address": address, "needs": "bsl", "need_words": "Level 6, please", "discreet": "y"}
    sam.client.post(begun, data=told)
    again = sam.page(begun)
    assert {"Sam", address, "bsl", "discreet"} <= still_said(again)
    assert "reminders" not in still_said(again)
    assert "Level 6, please</textarea>" in again


def still_said(page: str) -> set[str]:
    """What a form shows in its fields: values of text, of ticked boxes, and the names of single ones."""
    found = set()
    for tag in re.findall(r"<input [^>]*>", page):
        parts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if parts.get("type") != "checkbox" or " checked" in tag:
            found |= {parts.get("value", ""), parts["name"]}
    return found


def test_what_is_needed_may_be_said_when_the_booking_is_long_made(app: Flask) -> None:
    pool, sam = a_pool(app), Person(app)
    link = sam.book(pool, needs=["bsl"]).location.split("?")[0]
    arrange_all(app)
    asked = f"{link}/needs"
    assert asked in sam.page(link)
    assert "bsl" in still_said(sam.page(asked))
    assert sam.client.post(asked, data={"needs": ["bsl", "hearing_loop"], "need_words": "x" * 501}).status_code == 422
    assert sam.client.post(asked, data={"needs": ["bsl", "hearing_loop"]}).status_code == 303
    page = sam.page(link)
    assert (page.count("(arranged)"), page.count("(we are arranging it)")) == (1, 1)
    sam.client.post(f"{link}/cancel")
    assert "we are arranging it" not in sam.page(link)
    assert sam.client.post(asked, data={"needs": ["bsl"]}).location == link


def test_what_is_asked_for_when_booking_again_is_arranged_with_the_first(app: Flask) -> None:
    pool = a_pool(app)
    Person(app).book(pool, needs=["bsl"], need_words="Level 6")
    again = Person(app)
    page = again.page(again.book(pool, key="another", needs=["bsl", "hearing_loop"]).location)
    assert "A hearing loop" in page
    assert page.count("Level 6") == 1


def test_a_mobile_number_will_do_and_the_text_gives_nothing_away(app: Flask) -> None:
    with app.app_context(), Session(db.engines[None]) as session:
        course = make.course(session, service=factories.service(session, name="Living with depression"))
        pool = make.pool(session, of=make.run(session, of=course)).id
        session.commit()
    sam = Person(app)
    begun = sam.press(pool)
    asked = sam.client.post(begun.location, data={"name": "Sam", "address": PHONE})
    booked = sam.client.post(asked.location, data={"code": code_to(app, "+447911123456")}).location
    noon = clock.now().astimezone(clock.LONDON).replace(hour=12, minute=0)
    with clock.moved_to(noon):
        assert "We have written to you" in sam.page(booked)
    with clock.moved_to(noon.replace(hour=22)):
        for done in ("booked", "changed"):
            assert "We text you after 8am" in sam.page(booked.replace("done=booked", f"done={done}"))
    [message] = messages_to(app, "+447911123456", "booking.booked")
    assert "depression" not in message.text
    assert sam.client.get(link_in(message)).status_code == 200


def test_pressed_twice_and_sent_twice_it_is_one_booking(app: Flask) -> None:
    pool, sam = a_pool(app), Person(app)
    first, second = sam.press(pool), sam.press(pool)
    assert first.location == second.location
    asked = sam.client.post(first.location, data={"name": "Sam", "address": "sam@person.example"})
    code = code_to(app, "sam@person.example")
    once = sam.client.post(asked.location, data={"code": code})
    again = sam.client.post(asked.location, data={"code": code})
    assert (once.status_code, again.status_code) == (303, 303)
    assert bookings(app, pool) == [BookingState.BOOKED]
    assert len(messages_to(app, "sam@person.example", "booking.booked")) == 1


def test_a_wrong_code_books_nothing(app: Flask) -> None:
    pool, sam = a_pool(app), Person(app)
    asked = sam.client.post(sam.press(pool).location, data={"name": "Sam", "address": "sam@person.example"})
    wrong = "000000" if code_to(app, "sam@person.example") != "000000" else "111111"
    assert sam.client.post(asked.location, data={"code": wrong}).status_code == 422
    assert bookings(app, pool) == [BookingState.HELD]


def test_nobody_finishes_what_another_browser_began(app: Flask) -> None:
    pool, sam, eve = a_pool(app), Person(app), Person(app)
    begun = sam.press(pool).location
    assert eve.client.get(begun).status_code == 404
    assert eve.client.post(begun, data={"name": "Eve", "address": "eve@person.example"}).status_code == 404


def test_who_has_booked_already_is_shown_that_booking_after_the_code(app: Flask) -> None:
    pool = a_pool(app)
    Person(app).book(pool)
    sharing = Person(app)
    again = sharing.book(pool, key="another")
    assert "done=already" in again.location
    assert "Is the place for somebody else?" in sharing.page(again.location)
    assert bookings(app, pool) == [BookingState.BOOKED, BookingState.LAPSED]


def test_two_come_together_or_not_at_all(app: Flask) -> None:
    pool = a_pool(app, capacity=3)
    Person(app).book(pool, "a@person.example", places="2")
    second = Person(app).book(pool, "b@person.example", places="2")
    assert "waiting list" in Person(app).page(second.location)
    third = Person(app)
    assert "Tell us how to reach you" in third.page(third.press(pool, key="c").location)
    assert bookings(app, pool) == [BookingState.BOOKED, BookingState.WAITING, BookingState.DRAFT]


def test_who_asks_for_more_people_than_places_reads_first_how_many_are_free(app: Flask) -> None:
    pool = a_pool(app, capacity=3)
    assert "free now" not in Person(app).page(f"/book/{pool}")
    Person(app).book(pool, "a@person.example", places="2")
    page = Person(app).page(f"/book/{pool}")
    assert "1 place is free now. More of you join the waiting list together." in page


def test_cancelled_in_two_presses_and_the_next_is_offered_the_place(app: Flask) -> None:
    pool, sam, bo = a_pool(app, capacity=1), Person(app), Person(app)
    own = sam.book(pool, "sam@person.example").location
    waiting = bo.book(pool, "bo@person.example").location
    assert "You are next in line" in bo.page(waiting)
    link = link_in(messages_to(app, "sam@person.example", "booking.booked")[0])
    assert "Give your place back?" in sam.page(f"{link}/cancel")
    assert sam.client.post(f"{link}/cancel").status_code == 303
    assert "Your booking is cancelled" in sam.page(own)
    [offer] = messages_to(app, "bo@person.example", "booking.offered")
    by_when = r"until (Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d+ \w+( \d{4})? at (\d|midday)"
    assert all(re.search(by_when, words) for words in (offer.text, bo.page(link_in(offer))))
    assert "Yes, book it" in bo.page(link_in(offer))
    assert bo.client.post(f"{link_in(offer)}/accept").status_code == 303
    assert bo.client.post(f"{link_in(offer)}/accept").status_code == 303
    assert bookings(app, pool) == [BookingState.CANCELLED_BY_PERSON, BookingState.BOOKED]
    [gone] = messages_to(app, "sam@person.example", "booking.cancelled")
    assert gone.calendar_method == "CANCEL"


def test_who_waits_for_what_starts_soon_is_promised_no_message(app: Flask) -> None:
    pool = a_pool(app, capacity=1)
    Person(app).book(pool)
    with app.app_context(), Session(db.engines[None]) as session:
        day_of_it = session.get_one(Pool, pool).starts_at - timedelta(hours=6)
    promise = "We write to you when a place comes free"
    bo = Person(app)
    waits = bo.book(pool, "bo@person.example").location
    assert promise in bo.page(waits)
    with clock.moved_to(day_of_it):
        assert promise not in bo.page(waits)
        kim = Person(app)
        assert "book it for me without asking" not in kim.page(kim.press(pool, key="kim").location)
        kim.book(pool, "kim@person.example")
    [told] = messages_to(app, "kim@person.example", "booking.waiting")
    assert "go through the list and get in touch" in told.text


def test_an_offer_that_runs_out_goes_to_the_next(app: Flask) -> None:
    pool = a_pool(app, capacity=1)
    link = Person(app).book(pool, "a@person.example").location.split("?")[0]
    for name in "bc":
        Person(app).book(pool, f"{name}@person.example")
    Person(app).client.post(f"{link}/cancel")
    [offer] = messages_to(app, "b@person.example", "booking.offered")
    with clock.moved_to(clock.now() + timedelta(days=6)):
        not_swept = Person(app).page(link_in(offer))
    assert "You are on the waiting list again, at its end." in not_swept
    assert "Yes, book it" not in not_swept
    with app.app_context(), clock.moved_to(clock.now() + timedelta(days=6)):
        assert end_holds_and_offers() > 0
    assert bookings(app, pool)[1:] == [BookingState.WAITING, BookingState.OFFERED]
    late = Person(app).client.post(f"{link_in(offer)}/accept")
    assert late.status_code == 409
    assert "The time for this offer is over" in late.get_data(as_text=True)
    assert len(messages_to(app, "c@person.example", "booking.offered")) == 1
    with app.app_context(), Session(db.engines[None]) as session:
        begins, service = session.get_one(Pool, pool).starts_at, session.get_one(Pool, pool).run.course.service_id
    with clock.moved_to(begins + timedelta(minutes=5)):
        for answer in (Person(app).client.get(link_in(offer)), Person(app).client.post(f"{link_in(offer)}/accept")):
            page = answer.get_data(as_text=True)
            assert ">No place came free in time<" in page
            assert f'href="/services/{service}"' in page
            assert not any(
                words in page for words in ("next in line", "Leave the list", "Yes, book it", "offer is over")
            )


def test_who_waits_alone_and_lets_offers_pass_reads_what_is_so_and_can_come_back(app: Flask) -> None:
    pool, bo = a_pool(app, capacity=1), Person(app)
    own = Person(app).book(pool, "a@person.example").location.split("?")[0]
    waits = bo.book(pool, "bo@person.example").location.split("?")[0]
    Person(app).client.post(f"{own}/cancel")
    assert f'href="/book/{pool}"' in bo.page(own)
    for days in (6, 12):
        with app.app_context(), clock.moved_to(clock.now() + timedelta(days=days)):
            assert end_holds_and_offers() > 0
    # The list was theirs alone: after the first time they hear of the new offer only, and nothing of a next person.
    assert [one.state for one in messages_to(app, "bo@person.example", "booking.waiting")] == [MessageState.CANCELLED]
    back, over = messages_to(app, "bo@person.example", "booking.offer_over")
    assert (back.state, over.state) == (MessageState.CANCELLED, MessageState.QUEUED)
    with app.app_context(), Session(db.engines[None]) as session:
        assert f"It is for: {session.get_one(Pool, pool).run.course.name}" in over.text
    page = bo.page(waits)
    assert "next person" not in over.text + page
    assert f'href="/book/{pool}"' in page
    with clock.moved_to(clock.now() + timedelta(hours=1)):
        assert "You have a place" in bo.page(bo.book(pool, "bo@person.example", key="again").location)
    # What must be asked for by somebody else is not led to, though it was open when they booked.
    with app.app_context(), Session(db.engines[None]) as session:
        session.get_one(Pool, pool).run.who = WhoMayBook.REFERRED
        session.commit()
    assert f'href="/book/{pool}"' not in bo.page(own)


def test_what_was_held_too_long_is_had_anew_or_waited_for(app: Flask) -> None:
    pool, sam = a_pool(app, capacity=1), Person(app)
    begun = sam.press(pool).location
    with app.app_context(), clock.moved_to(clock.now() + timedelta(minutes=20)):
        end_holds_and_offers()
    Person(app).book(pool, "quick@person.example")
    asked = sam.client.post(begun, data={"name": "Sam", "address": "sam@person.example"})
    assert "All places are taken" in sam.page(asked.location)
    done = sam.client.post(asked.location, data={"code": code_to(app, "sam@person.example")})
    assert "You are on the waiting list" in sam.page(done.location)
    assert bookings(app, pool) == [BookingState.LAPSED, BookingState.BOOKED, BookingState.WAITING]


def test_who_confirms_when_it_has_begun_reads_that_and_where_to_go_on(app: Flask) -> None:
    pool, sam, jo = a_pool(app), Person(app), Person(app)
    with app.app_context(), Session(db.engines[None]) as session:
        begins = session.get_one(Pool, pool).starts_at
    with clock.moved_to(begins - timedelta(minutes=2)):
        asked = sam.client.post(
            sam.press(pool).location, data={"name": "Sam", "address": "sam@person.example"}
        ).location
        begun = jo.press(pool, key="jo").location
    with clock.moved_to(begins + timedelta(minutes=2)):
        late = [sam.client.post(asked, data={"code": code_to(app, "sam@person.example")}), jo.client.get(begun)]
    with clock.moved_to(begins + timedelta(hours=2)):
        late.append(sam.client.get(asked))
    for answer in late:
        page = answer.get_data(as_text=True)
        assert (answer.status_code, "cannot be booked any more" in page, "already started" in page) == (409, True, True)
        assert "You do not have a place here" in page
        assert "See other dates" in page
        assert "Look again at what you typed" not in page


def arrange_all(app: Flask) -> None:
    with app.app_context(), Session(db.engines[None]) as session:
        for need in session.scalars(select(AccessNeed)):
            need.met_at = clock.now()
        session.commit()


def test_another_date_all_or_nothing(app: Flask) -> None:
    with app.app_context(), Session(db.engines[None]) as session:
        course = make.course(session)
        first = make.pool(session, of=make.run(session, of=course), capacity=2).id
        second = make.pool(session, of=make.run(session, of=course), capacity=1, in_days=60).id
        session.commit()
    sam = Person(app)
    link = sam.book(first, needs=["bsl"]).location.split("?")[0]
    arrange_all(app)
    assert "(arranged)" in sam.page(link)
    assert "Take this instead" in sam.page(f"{link}/change")
    moved = sam.client.post(f"{link}/change", data={"to": str(second)})
    assert moved.status_code == 303
    assert bookings(app, first) == [BookingState.TRANSFERRED]
    assert bookings(app, second) == [BookingState.BOOKED]
    assert "You have a place" in sam.page(link)
    assert "(we are arranging it)" in sam.page(link)
    bo = Person(app)
    other = bo.book(first, "bo@person.example").location.split("?")[0]
    refused = bo.client.post(f"{other}/change", data={"to": str(second)})
    assert refused.status_code == 409
    assert bookings(app, first) == [BookingState.TRANSFERRED, BookingState.BOOKED]


def test_no_more_people_are_offered_to_come_than_there_is_room_for(app: Flask) -> None:
    with app.app_context(), Session(db.engines[None]) as session:
        pool = make.pool(session, capacity=2).id
        session.commit()
    sam, bo = Person(app), Person(app)
    link = sam.book(pool).location.split("?")[0]
    assert "2 of us" in sam.page(f"{link}/change")
    bo.book(pool, "bo@person.example")
    assert "2 of us" not in sam.page(f"{link}/change")
    refused = sam.client.post(f"{link}/change", data={"places": "2"})
    assert refused.status_code == 409
    assert "Nothing has changed" in refused.get_data(as_text=True)


def test_places_are_told_in_words_and_never_in_numbers(app: Flask) -> None:
    with app.app_context(), Session(db.engines[None]) as session:
        course = make.course(session)
        make.pool(session, of=make.run(session, of=course), capacity=4)
        service = course.service_id
        listed = session.get_one(Service, service)
        listed.accepting, listed.capacity_stated_at = Accepting.YES, clock.now()
        session.commit()
    page = Person(app).page(f"/services/{service}")
    assert "Few places left" in page
    assert "Takes new people" not in page, "the dates say how it stands"
    assert "Book a place" in page


def test_who_may_not_book_hears_why(app: Flask) -> None:
    with app.app_context(), Session(db.engines[None]) as session:
        course = make.course(session)
        other = make.pool(session, of=make.run(session, of=course)).id
        pool = make.pool(session, of=make.run(session, of=course, limit_each=1)).id
        session.commit()
        name = course.service.name
    sam = Person(app)
    own = sam.book(other).location.partition("?")[0]
    # They have shown whose the address is, so no code is asked for again.
    begun = sam.press(pool).location
    assert name in sam.page(begun)
    # The next person at this phone reads where it would go, and gives an address of their own.
    assert "We write to your email address s…@person.example." in sam.page(begun)
    assert 'name="address"' not in sam.page(begun)
    assert 'name="address"' in sam.page(f"{begun}?another=1")
    # Who overlooks that and says another name is asked where to write: nothing goes to Sam, nor is Sam's booking shown.
    overlooked = sam.client.post(begun, data={"name": "Kim", "needs": "bsl"})
    assert overlooked.status_code == 422
    assert "Somebody else booked here a moment ago" in overlooked.text
    assert 'value="Kim"' in overlooked.text
    asked = sam.client.post(begun, data={"name": "Kim", "address": "kim@person.example"})
    assert code_to(app, "kim@person.example")
    assert asked.location.endswith("/code")
    refused = sam.client.post(begun, data={"name": "Sam"})
    assert refused.status_code == 409
    assert "as many bookings as one person can have" in refused.get_data(as_text=True)
    assert "Send me the links to my bookings" in refused.get_data(as_text=True)
    assert bookings(app, pool) == [BookingState.LAPSED]
    back = re.search(r"/book/place/[\w-]+", refused.get_data(as_text=True))
    assert back
    assert "No place is kept for you now" in sam.page(back[0])
    assert sam.client.post(f"{own}/cancel").status_code == 303
    assert sam.client.post(back[0], data={"name": "Sam"}).status_code == 303
    assert bookings(app, pool) == [BookingState.LAPSED, BookingState.BOOKED]


def test_lost_links_go_to_the_address_that_booked_and_to_no_other(app: Flask) -> None:
    pool, sam = a_pool(app), Person(app)
    sam.book(pool)
    told = {
        sam.client.post("/bookings", data={"address": one}).location for one in ("sam@person.example", "x@y.example")
    }
    assert len(told) == 1
    [message] = messages_to(app, "sam@person.example", "booking.links")
    assert sam.client.get(link_in(message)).status_code == 200
    assert messages_to(app, "x@y.example") == []


def test_a_drop_in_needs_no_booking(app: Flask) -> None:
    with app.app_context(), Session(db.engines[None]) as session:
        run = make.run(session, kind=PoolKind.DROP_IN)
        one = make.bookable(session, run, clock.now() + timedelta(days=3))
        pool = factories.stored(
            session,
            Pool(
                run=run,
                session_id=one.id,
                kind=PoolKind.DROP_IN,
                capacity=9,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
            ),
        ).id
        session.commit()
    sam = Person(app)
    assert "Just come" in sam.page(f"/book/{pool}")
    assert sam.press(pool).status_code == 404


def test_who_is_too_old_or_lives_elsewhere_reads_it_before_any_code_is_sent(app: Flask) -> None:
    with app.app_context(), Session(db.engines[None]) as session:
        run = make.run(session, youngest=18, oldest=25, who=WhoMayBook.AREA, area="WX1 WX2")
        pool = make.pool(session, of=run).id
        session.commit()
    person = Person(app)
    for_whom = "This is for people aged 18 to 25. This is for people who live in WX1, WX2."
    assert for_whom in person.page(f"/book/{pool}")
    begun = person.press(pool).location
    assert for_whom in person.page(begun)
    told = {"name": "Sam", "address": "sam@person.example"}
    for wrong, why in (
        ({"age": "61", "postcode": "WX1 2AB"}, "This is for younger people."),
        ({"age": "17", "postcode": "WX1 2AB"}, "a little older"),
        ({"age": "20", "postcode": "M1 1AE"}, "only for people who live there"),
        ({"age": "", "postcode": "WX2 1AB"}, "Tell us how old you are"),
    ):
        answer = person.client.post(begun, data=told | wrong)
        page = answer.get_data(as_text=True)
        assert (answer.status_code, why in page, "See other dates" in page) == (422, True, True)
    assert messages_to(app, "sam@person.example") == []
    sent = person.client.post(begun, data=told | {"age": "25", "postcode": "wx2"})
    assert sent.status_code == 303
    person.client.post(sent.location, data={"code": code_to(app, "sam@person.example")})
    assert bookings(app, pool) == [BookingState.BOOKED]
