"""Places are kept for some until their day; who asks by phone is given one, and past the list with a reason."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking.codes import BookingState, KeptFor
from app.booking.models import Booking, Pool
from app.booking.operations import booking as verbs
from app.booking.operations import places
from app.booking.operations.attendees import attendee_of
from app.booking.operations.keeping import keep_places
from app.booking.queries.invariants import faults
from app.booking.sweeps import serve_waiting_lists
from app.booking.wording import session_day
from app.core import clock
from app.core.actor import ANONYMOUS, SYSTEM
from app.web.database import db
from tests.booking_college import College, book, pools_of, told


def test_places_are_kept_for_carers_until_their_day_and_then_for_everyone(college: College) -> None:
    run_id, visitor = college.a_run(capacity="3", together="2"), college.app.test_client()
    with college.app.app_context(), Session(db.engines[None]) as session:
        pool_id = pools_of(session, run_id)[0].id
    keep = f"/desk/programme/places/{pool_id}/keep"
    assert college.client.get(keep).status_code == 200
    assert college.client.post(keep, data={"kept_for": "carers", "count": "4", "days": "7"}).status_code == 422
    assert college.client.post(keep, data={"kept_for": "carers", "count": "2", "days": "40"}).status_code == 422
    assert college.client.post(keep, data={"kept_for": "carers", "count": "2", "days": "7"}).status_code == 303
    assert "2 of 3 places are kept for carers" in visitor.get(f"/book/{pool_id}").get_data(as_text=True)
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert [book(session, pool_id, f"{one}@person.example").state for one in "ab"] == ["booked", "waiting"]
        held = verbs.begin(session, ANONYMOUS, pool_id, key="carer", carer=True)
        assert verbs.confirm(session, ANONYMOUS, held, attendee_of(session, "c@person.example")).kept_pool_id
        session.commit()
        assert list(faults(session)) == []
    page = college.client.get(f"/desk/programme/runs/{run_id}").get_data(as_text=True)
    assert "2 of 3 places are taken" in page
    assert "on a kept place" in page
    assert "A carer can still have a place" in visitor.get(f"/book/{pool_id}").get_data(as_text=True)
    with college.app.app_context(), clock.moved_to(clock.now() + timedelta(days=13, hours=1)):
        serve_waiting_lists()
        with Session(db.engines[None]) as session:
            assert told(session, "offered") == ["b@person.example"]
            pool = session.get_one(Pool, pool_id)
            assert (pool.taken, pool.capacity) == (3, 3)
            assert list(faults(session)) == []


def test_who_stood_behind_somebody_that_is_served_is_offered_the_place_kept_for_them(college: College) -> None:
    run_id = college.a_run(capacity="3", together="2")
    with college.app.app_context(), Session(db.engines[None]) as session:
        pool = places.lock_one(session, pools_of(session, run_id)[0].id)
        keep_places(session, SYSTEM, pool, KeptFor.CARERS, 1, release_on=clock.today() + timedelta(days=7))

        def asks(name: str, count: int, *, carer: bool) -> Booking:
            held = verbs.begin(session, ANONYMOUS, pool.id, key=name, places=count, carer=carer)
            return verbs.confirm(session, ANONYMOUS, held, attendee_of(session, f"{name}@person.example"))

        there, pair, alone = asks("a", 2, carer=False), asks("b", 2, carer=True), asks("c", 1, carer=True)
        assert [there.state, pair.state, alone.state] == ["booked", "waiting", "waiting"]
        verbs.give_up(session, ANONYMOUS, there)
        assert [pair.state, alone.state] == ["offered", "offered"]
        assert (pair.kept_pool_id is None, alone.kept_pool_id is None) == (True, False)
        assert list(faults(session)) == []


def test_who_keeps_places_reads_first_that_people_wait_or_that_none_is_free(college: College) -> None:
    run_id, button = college.a_run(kind="session", capacity="2", count="2"), "Keep these places"
    with college.app.app_context(), Session(db.engines[None]) as session:
        first, second = (pool.id for pool in pools_of(session, run_id))
    keep, sent = f"/desk/programme/places/{first}/keep", {"kept_for": "carers", "count": "1", "days": "7"}
    assert button in college.client.get(keep).get_data(as_text=True)
    assert college.client.post(keep, data=sent).status_code == 303
    assert "1 of 2 places is kept for carers" in college.client.get(keep).get_data(as_text=True)
    with college.app.app_context(), Session(db.engines[None]) as session:
        book(session, first, "ann@person.example")
        session.commit()
    full = college.client.get(keep).get_data(as_text=True)
    assert "No place is free here" in full
    assert button not in full
    with college.app.app_context(), Session(db.engines[None]) as session:
        book(session, first, "bob@person.example")
        session.commit()
    waited = college.client.get(keep).get_data(as_text=True)
    assert "1 person waits for a place here" in waited
    assert button not in waited
    # For every date to come: it says which date hinders, and keeps none at the others.
    other = f"/desk/programme/places/{second}/keep"
    refused = college.client.post(other, data=sent | {"kept_for": "referred", "all_dates": "y"})
    assert refused.status_code == 422
    with college.app.app_context(), Session(db.engines[None]) as session:
        day = session_day(session.get_one(Pool, first).starts_at)
        assert len(session.scalars(select(Pool).where(Pool.parent_id.is_not(None))).all()) == 1
    assert f"{day}: Somebody waits" in refused.get_data(as_text=True)


def test_kept_places_are_opened_at_once_and_asked_for_by_phone(college: College) -> None:
    run_id = college.a_run(capacity="3")
    with college.app.app_context(), Session(db.engines[None]) as session:
        pool_id = pools_of(session, run_id)[0].id
    address = f"/desk/programme/places/{pool_id}"
    assert (
        college.client.post(f"{address}/keep", data={"kept_for": "referred", "count": "2", "days": "3"}).status_code
        == 303
    )
    assert "They were referred" in college.client.get(f"{address}/book").get_data(as_text=True)
    sent = {"key": "k1", "name": "Ann", "own": "referred", "places": "2"}
    assert college.client.post(f"{address}/book", data=sent).status_code == 303
    assert college.client.post(f"{address}/book", data={"key": "k2", "name": "Ben"}).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        ann, ben = session.scalars(select(Booking).order_by(Booking.name)).all()
        assert (ann.places, ann.kept_pool_id is None, ben.kept_pool_id) == (2, False, None)
    assert college.client.post(f"{address}/open").status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        pool = session.get_one(Pool, pool_id)
        assert (pool.taken, pool.capacity, pool.over_allowed) == (3, 3, 0)
        assert list(faults(session)) == []


def test_a_worker_books_for_somebody_and_past_the_list_with_a_reason(college: College) -> None:
    run_id = college.a_run(capacity="1")
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        pool_id = pool.id
    address = f"/desk/programme/places/{pool_id}/book"
    for key, name in (("k1", "Ann"), ("k1", "Ann"), ("k2", "Ben")):
        assert college.client.post(address, data={"key": key, "name": name}).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        waiting = session.scalars(select(Booking).where(Booking.state == BookingState.WAITING)).one()
        booking_id = waiting.id
    one = f"/desk/programme/bookings/{booking_id}"
    assert college.client.post(one, data={"do": "past_list", "reason": ""}).status_code == 422
    assert college.client.post(one, data={"do": "past_list", "reason": "Came last time"}).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        pool = session.get_one(Pool, pool_id)
        assert (pool.taken, pool.capacity, pool.over_allowed) == (2, 1, 1)
        assert list(faults(session)) == []
