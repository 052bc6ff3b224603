"""Feeds that calendars follow, the prospectus, and the line on cards."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization
from app.booking import emails
from app.booking.codes import PoolKind
from app.booking.models import BookableSession, Pool, Room, Run
from app.booking.operations import booking as verbs
from app.booking.operations.attendees import attendee_of
from app.booking.queries.offers import next_offers
from app.core import clock
from app.core.actor import ANONYMOUS
from app.directory.models import Service
from app.web.database import db
from tests import booking_factories as make
from tests import factories


def a_booking(app: Flask, name: str = "Living with depression", sessions: int = 3) -> tuple[str, UUID]:
    """The page of a booking, and its service."""
    with app.app_context(), Session(db.engines[None]) as session:
        course = make.course(session, service=factories.service(session, name=name))
        pool = make.pool(session, of=make.run(session, of=course), sessions=sessions)
        held = verbs.begin(session, ANONYMOUS, pool.id, key=uuid4().hex)
        made = verbs.confirm(session, ANONYMOUS, held, attendee_of(session, "sam@person.example"))
        token = emails.link_to(session, made)
        session.commit()
        return f"/bookings/{token}", course.service_id


def test_a_device_follows_until_it_is_taken_off(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    page, _service = a_booking(app)
    client = app.test_client()
    made = client.post(f"{page}/devices", data={"name": "My phone"}).get_data(as_text=True)
    feed = made.split('value="http://localhost', 1)[1].split('"', 1)[0]
    assert f'href="webcal://localhost{feed}"' in made
    answer = client.get(feed)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    calendar = Calendar.from_ical(answer.data)
    assert [str(event["SUMMARY"]) for event in calendar.events] == ["Appointment"] * 3
    assert b"depression" not in answer.data
    again = client.get(feed, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    client.post(f"{page}/cancel")
    after = Calendar.from_ical(client.get(feed).data)
    assert {str(event["STATUS"]) for event in after.events} == {"CANCELLED"}
    assert {event["SEQUENCE"] for event in after.events} == {1}
    listed = client.get(f"{page}/devices").get_data(as_text=True)
    taken_off = listed.split(f"{page}/devices/", 1)[1].split('"', 1)[0]
    assert client.post(f"{page}/devices/{taken_off}").status_code == 303
    gone, never = client.get(feed), client.get("/calendar/rubbish.ics")
    assert gone.status_code == never.status_code == 404
    assert all("This calendar address does not work any more" in one.get_data(as_text=True) for one in (gone, never))


def test_nobody_takes_off_a_device_of_somebody_else(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    page, _service = a_booking(app)
    assert app.test_client().post(f"{page}/devices/{uuid4()}").status_code == 404


def test_everybodys_calendar_has_no_person_in_it(app: Flask) -> None:
    _page, service = a_booking(app, "Better nights")
    answer = app.test_client().get("/prospectus.ics")
    calendar = Calendar.from_ical(answer.data)
    assert len(calendar.events) == 3
    assert all("ATTENDEE" not in event for event in calendar.events)
    assert str(service) in str(calendar.events[0]["URL"])


def test_the_prospectus_narrows_by_day_and_place_and_prints_whole(app: Flask) -> None:
    with app.app_context(), Session(db.engines[None]) as session:
        college = make.college(session)
        room = make.room(session, of=college, name="Garden Room")
        course = make.course(
            session,
            of=college,
            service=factories.service(session, name="Better nights", description="Slow evenings. " * 40),
        )
        term = factories.term(session, factories.taxonomy(session, slug="need"), code="sleep", name="Sleep problems")
        factories.attribute(session, course.service, term)
        run = make.run(session, of=course, kind=PoolKind.SESSION)
        first = clock.now() + timedelta(days=2)
        for week in range(45):
            one = make.bookable(session, run, first + timedelta(weeks=week), room_id=room.id)
            session.add(
                Pool(
                    run=run,
                    session_id=one.id,
                    kind=PoolKind.SESSION,
                    capacity=8,
                    starts_at=one.starts_at,
                    ends_at=one.ends_at,
                )
            )
        day = first.astimezone(clock.LONDON).weekday()
        session.commit()
    client = app.test_client()
    assert client.get("/prospectus").get_data(as_text=True).count("wm-prospectus__name") == 40
    welsh = client.get("/prospectus", headers={"Accept-Language": "cy"}).get_data(as_text=True)
    assert "Problemau cysgu</option>" in welsh, "topics are in the language of the page"
    whole = client.get("/prospectus?print=1", headers={"Accept-Language": "cy"}).get_data(as_text=True)
    assert '<p><span lang="en">Slow evenings.' in whole, "what a listing says is said to be English"
    printed = client.get("/prospectus?print=1").get_data(as_text=True)
    assert (printed.count("wm-prospectus__name"), printed.count("; ")) == (1, 43)
    assert "Book at http://localhost/prospectus" in printed
    assert "45 dates" in client.get("/prospectus?place=Garden+Room").get_data(as_text=True)
    with app.app_context(), Session(db.engines[None]) as session:
        moved, off, *_rest = session.scalars(select(BookableSession).order_by(BookableSession.starts_at))
        moved.room = make.room(
            session, of=session.get_one(MemberOrganization, moved.run.organization_id), name="Annexe"
        )
        off.cancelled_at, off.cancel_reason = clock.now(), "The tutor is ill."
        session.commit()
    # One date that went elsewhere takes none of the others with it, and what is off is nowhere.
    assert "43 dates" in client.get("/prospectus?place=Garden+Room").get_data(as_text=True)
    assert "1 date<" in client.get("/prospectus?place=Annexe").get_data(as_text=True)
    assert "Nothing fits" in client.get(f"/prospectus?day={(day + 3) % 7}&place=Nowhere").get_data(as_text=True)
    assert client.get("/prospectus?page=9999999999999&day=x&term=%00").status_code == 200


def test_the_line_on_a_card_tells_the_next_date_with_a_place(app: Flask) -> None:
    with app.app_context(), Session(db.engines[None]) as session:
        course = make.course(session)
        full = make.pool(session, of=make.run(session, of=course), capacity=0, in_days=10)
        free = make.pool(session, of=make.run(session, of=course), capacity=3, in_days=20)
        found = next_offers(session, [course.service_id, uuid4()])
        assert list(found) == [course.service_id]
        assert found[course.service_id].starts_at == free.starts_at
        assert isinstance(full.starts_at, datetime)
        assert found[course.service_id].availability.value == "few"


def test_who_has_the_prospectus_as_it_stands_is_told_so_until_something_changes(app: Flask) -> None:
    with app.app_context(), Session(db.engines[None]) as session:
        college = make.college(session)
        room = make.room(session, of=college, name="Garden Room", address="1 High Street")
        run = make.run(session, of=make.course(session, of=college))
        pool = make.pool(session, of=run, sessions=3)
        one = session.scalars(select(BookableSession).where(BookableSession.run_id == run.id)).first()
        assert one is not None
        one.room_id, one_id, service_id = room.id, one.id, pool.run.course.service_id
        room_id, run_id = room.id, run.id
        session.commit()
    client = app.test_client()
    seen: list[str] = []

    def changed() -> bool:
        answer = client.get("/prospectus.ics", headers={"If-None-Match": seen[-1]} if seen else {})
        assert bool(answer.data) is (answer.status_code == 200)
        assert answer.headers["ETag"] not in seen or answer.status_code == 304
        seen.append(answer.headers["ETag"])
        return answer.status_code == 200

    assert changed()
    assert not changed()
    for row, key, values in (
        (BookableSession, one_id, {"sequence": 1, "changed_at": clock.now()}),
        (Room, room_id, {"name": "Front Room"}),
        (Service, service_id, {"name": "Another name"}),
        (Run, run_id, {"cancelled_at": clock.now(), "cancel_reason": "Ill"}),
    ):
        with app.app_context(), Session(db.engines[None]) as session:
            for name, value in values.items():
                setattr(session.get_one(row, key), name, value)
            session.commit()
        assert changed(), row
        assert not changed(), row
    page = client.get("/prospectus.ics").get_data(as_text=True)
    assert page.count("STATUS:CANCELLED") == 3
    assert "Front Room" in page
    assert "SUMMARY:Another name" in page
