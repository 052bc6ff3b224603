"""Appointments from advice, from offering times to a call after one that was missed; and the front desk's view."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.advice.models import AdviceContact, Appointment, AppointmentTime
from app.advice.operations.appointments import book, tie_contact
from app.advice.operations.queue import join_queue
from app.advice.queries.appointments import count_missed
from app.advice.reactions import erase, export
from app.advice.upkeep import bookings_of_times_are_appointments
from app.booking.codes import BookingState
from app.booking.models import Booking, Pool
from app.booking.operations.appointments import Client, book_time
from app.booking.queries.invariants import faults
from app.booking.queries.programme import runs_of, session_of
from app.booking.queries.registers import booking_of, count, open_calls
from app.core import clock
from app.core.errors import NotFound, Refused
from app.notifications.models import Message
from app.people.codes import ContactChannel
from app.people.models import Person
from tests import booking_factories as make
from tests.advice import a_contact, an_appointment, an_open_session, some_times
from tests.integration.advice.conftest import desk_of
from tests.integration.advice.test_logging import day, let_go

APPOINTMENTS = "/desk/advice/appointments"
TIMES = {"starts": "10am", "ends": "12.30", "minutes": "45", "channel": "at-service", "weeks": "1",
         "place": "Room 1, 4 Market Row"}  # fmt: skip


@pytest.fixture
def noon():
    now = clock.local_now().replace(hour=12, minute=0, second=0, microsecond=0)
    with clock.moved_to(now):
        yield now


@pytest.fixture
def front(app, session):
    return desk_of(app, session, Role.FRONT_DESK, workplace="Wexmoor Advice")


def offered(desk, session):
    tomorrow = clock.today() + timedelta(days=1)
    answer = desk.client.post(f"{APPOINTMENTS}/new", data=TIMES | day("day", tomorrow))
    assert answer.status_code == 303
    session.rollback()
    ids = session.scalars(select(AppointmentTime.id).join(AppointmentTime.pool).order_by(Pool.starts_at)).all()
    let_go(session)
    return ids


def messages(session):
    session.rollback()
    found = session.scalars(select(Message).order_by(Message.created_at, Message.id)).all()
    session.expunge_all()
    let_go(session)
    return found


def test_from_a_contact_an_appointment_is_two_presses_away_and_the_person_hears_of_it(session, desk, client_id):
    person = session.get_one(Person, client_id)
    person.email, person.safe_channels = "rowan@example.org", frozenset({ContactChannel.EMAIL})
    contact = a_contact(session, desk.actor, person_id=client_id)
    contact_id = contact.id
    session.commit()
    assert len(offered(desk, session)) == 3
    assert "no time" not in desk.client.post(f"{APPOINTMENTS}/new", data=TIMES).text
    page = desk.client.get(f"/desk/advice/contacts/{contact_id}").text
    book_url = re.search(r'href="(/desk/advice/appointments/book[^"]+)"', page)[1]
    form = desk.client.get(book_url).text
    assert "Rowan Ashby" in form
    key = re.search(r'name="key" value="([^"]+)"', form)[1]
    time_id = re.search(r'name="time" value="([^"]+)"', form)[1]
    made = desk.client.post(book_url, data={"key": key, "time": time_id})
    again = desk.client.post(book_url, data={"key": key, "time": time_id})
    assert again.headers["Location"] == made.headers["Location"]
    told = desk.client.get(made.headers["Location"]).text
    assert "A message with the time is on its way" in told
    (message,) = messages(session)
    assert message.recipient == "rowan@example.org"
    assert "You have an appointment on" in message.subject
    assert "SUMMARY:Appointment" in message.calendar
    assert "advi" not in (message.subject + message.text).lower().replace("advice.", "")
    found = session.scalars(select(Appointment)).one()
    assert found.contact_id == contact_id
    assert "Rowan" in desk.client.get("/desk/advice").text
    assert list(faults(session)) == []


def test_somebody_without_a_name_is_reached_in_one_way_cancels_and_the_time_is_free_again(session, desk):
    ids = offered(desk, session)
    url = f"{APPOINTMENTS}/book"
    wrong = desk.client.post(url, data={"key": "k", "time": str(ids[0]), "address": "nowhere"})
    assert wrong.status_code == 422
    assert "nowhere" in wrong.text
    assert "Enter an email address" in wrong.text
    desk.client.post(url, data={"key": "k", "time": str(ids[0]), "address": "07700 900123"})
    (message,) = messages(session)
    assert message.recipient == "+447700900123"
    token = re.search(r"/bookings/([\w.-]+)", message.text)[1]
    gone = desk.client.post(url, data={"key": "l", "time": str(ids[0]), "name": "Late"})
    assert (gone.status_code, "This time is gone" in gone.text, 'value="Late"' in gone.text) == (422, True, True)
    page = desk.client.get(f"/bookings/{token}").text
    assert "You have an appointment" in page
    assert f"/bookings/{token}/change" in page
    assert "also move it" in desk.client.get(f"/bookings/{token}/cancel").text
    desk.client.post(f"/bookings/{token}/cancel")
    assert "do not wait for them" in desk.client.get(APPOINTMENTS).text
    session.rollback()
    assert session.scalars(select(Booking.state)).one() is BookingState.CANCELLED_BY_PERSON
    assert session.scalars(select(Pool.taken)).all() == [0, 0, 0]
    let_go(session)
    late = desk.client.post(url, data={"key": "l", "time": str(ids[0]), "name": "Late"})
    gone = desk.client.post(late.headers["Location"].partition("?")[0], data={"do": "cancel"})
    assert "Tell them that yourself" in desk.client.get(gone.headers["Location"]).text


def test_what_was_cancelled_by_mistake_is_booked_again_in_one_press(session, desk, supervisor, client_id):
    ids = offered(desk, session)
    told = {"key": "k", "time": str(ids[0]), "name": "Lindentree", "address": "07700 900123"}
    here = desk.client.post(f"{APPOINTMENTS}/book", data=told).headers["Location"].partition("?")[0]
    desk.client.post(here, data={"do": "cancel"})
    assert "They can come after all" in desk.client.get(here).text
    assert "They can come after all" not in supervisor.client.get(here).text
    again = desk.client.post(here, data={"do": "again"}).headers["Location"]
    assert desk.client.post(here, data={"do": "again"}).headers["Location"] == again
    page = desk.client.get(again).text
    assert all(words in page for words in ("The appointment is booked", "Lindentree", "+447700900123"))
    assert len(messages(session)) == 3
    session.rollback()
    assert sorted(session.scalars(select(Pool.taken))) == [0, 0, 1]
    # Where the time went to somebody else meanwhile, it says so, and the other keeps it.
    let_go(session)
    back = again.partition("?")[0]
    desk.client.post(back, data={"do": "cancel"})
    desk.client.post(f"{APPOINTMENTS}/book?person={client_id}", data={"key": "l", "time": str(ids[0])})
    assert "They can come after all" not in desk.client.get(back).text
    late = desk.client.post(back, data={"do": "again"})
    assert (late.status_code, "This time is gone" in late.text) == (422, True)
    assert sorted(session.scalars(select(Pool.taken))) == [0, 0, 1]


def test_an_appointment_moves_is_called_off_and_no_time_is_offered_twice(session, desk, elsewhere):
    times = some_times(session, desk.actor, 3)
    target, source, given_up = times[1].id, times[0].pool_id, times[1].pool_id
    made_id = book(session, desk.actor, times[0], Client(name="Sam", address="sam@example.org"), key="first").id
    url = f"{APPOINTMENTS}/{made_id}"
    with pytest.raises(Refused, match="something else"):
        some_times(session, desk.actor, 2)
    session.commit()
    assert elsewhere.client.get(url).status_code == 404
    assert elsewhere.client.post(f"{APPOINTMENTS}/book?moves={made_id}", data={"time": str(target)}).status_code == 404
    moved = desk.client.post(f"{APPOINTMENTS}/book?moves={made_id}", data={"key": "m", "time": str(target)})
    assert moved.headers["Location"].startswith(APPOINTMENTS)
    session.rollback()
    assert session.get_one(Pool, source).taken == 0
    let_go(session)
    assert "Transferred" not in desk.client.get(url).text
    stands = desk.client.get(moved.headers["Location"]).text
    assert "The appointment is moved" in stands
    subjects = [message.subject for message in messages(session)]
    assert ("Your appointment has moved" in subjects, "cancelled" in " ".join(subjects)) == (True, False)
    assert "Say why" in desk.client.post(f"/desk/advice/times/{target}").text
    desk.client.post(f"/desk/advice/times/{target}", data={"reason": "I am ill"})
    told = [message.text for message in messages(session)]
    assert "I am ill" in told[-1]
    assert "We had to cancel your appointment" in told[-1]
    assert list(faults(session)) == []
    starts_at = session.get_one(Pool, given_up).starts_at
    assert len(some_times(session, desk.actor, starts_at=starts_at)) == 1


@pytest.mark.usefixtures("noon")
def test_who_does_not_come_is_called_and_those_who_run_courses_see_nothing_of_it(app, session, desk, supervisor):
    tutor = desk_of(app, session, Role.TUTOR, Role.PROVIDER, workplace="Wexmoor Advice")
    soon = clock.now() + timedelta(hours=1)
    made = an_appointment(session, desk.actor, Client(name="Lindentree"), starts_at=soon)
    url, booking_id = f"{APPOINTMENTS}/{made.id}", made.booking_id
    session_id = session.get_one(AppointmentTime, made.time_id).session_id
    session.commit()
    let_go(session)
    desk.client.post(url, data={"do": "missed"})
    assert "Call to ask how they are" in desk.client.get(url).text
    session.rollback()
    assert count_missed(session, desk.actor) == 1
    assert runs_of(session, tutor.actor) == []
    assert session_of(session, tutor.actor, session_id) is None
    assert booking_of(session, tutor.actor, booking_id) is None
    assert count(session, open_calls(tutor.actor)) == 0
    let_go(session)
    assert "Lindentree" in desk.client.get("/desk/advice").text
    assert "Lindentree" in supervisor.client.get(APPOINTMENTS).text
    desk.client.post(url, data={"do": "called", "outcome": "The bus did not come"})
    assert "The bus did not come" in desk.client.get(url).text
    session.rollback()
    assert count_missed(session, desk.actor) == 0


@pytest.mark.usefixtures("noon")
def test_a_restricted_record_has_no_name_at_the_desks_and_a_day_is_not_another(session, desk, front, client_id):
    person, soon = session.get_one(Person, client_id), clock.now() + timedelta(hours=1)
    hidden = an_appointment(session, desk.actor, Client(person=person), starts_at=soon).id
    tomorrow = an_appointment(session, desk.actor, Client(name="Lindentree")).id
    session.commit()
    let_go(session)
    assert "Rowan Ashby" in front.client.get("/desk/advice/front").text
    session.get_one(Person, client_id).is_restricted = True
    session.commit()
    for reader, path in ((front, "/desk/advice/front"), (desk, "/desk/advice"), (desk, APPOINTMENTS)):
        page = reader.client.get(path).text
        assert "1pm" in page
        assert "Rowan" not in page
    assert desk.client.get(f"{APPOINTMENTS}/{hidden}").status_code == 404
    assert front.client.post(f"/desk/advice/front/{tomorrow}", data={"do": "here"}).status_code == 404
    assert front.client.post(f"/desk/advice/front/{hidden}", data={"do": "here"}).status_code == 303


@pytest.mark.parametrize(("part", "still_in"), [("/queue", False), ("", True)])
def test_a_queue_that_looks_again_by_itself_keeps_nobody_signed_in(session, front, desk, part, still_in):
    url = f"/desk/advice/sessions/{an_open_session(session, desk.actor).id}"
    session.commit()
    let_go(session)
    for minutes in (20, 40):
        with clock.moved_to(clock.now() + timedelta(minutes=minutes)):
            answer = front.client.get(url + part)
    assert (answer.status_code == 200) is still_in


def test_what_the_public_books_is_not_given_out_as_a_time(session, desk):
    public = make.pool(session)
    with pytest.raises(NotFound):
        book_time(session, desk.actor, public.id, Client(name="Sam"), key="k")
    assert public.taken == 0


@pytest.mark.usefixtures("noon")
def test_the_front_desk_sees_the_day_and_nothing_of_what_was_said(session, desk, front, client_id):
    found = an_open_session(session, desk.actor)
    join_queue(session, desk.actor, found, called_as="Jo", need="Behind with the rent")
    theirs = join_queue(session, desk.actor, found, person_id=client_id)
    made = an_appointment(session, desk.actor, Client(name="Lindentree"), starts_at=clock.now() + timedelta(minutes=1))
    contact_id = a_contact(session, desk.actor, person_id=client_id).id
    queue_url, entry_id, made_id = f"/desk/advice/sessions/{found.id}", theirs.id, made.id
    session.commit()
    let_go(session)
    page = front.client.get(queue_url).text
    assert "Jo" in page
    assert "Rowan Ashby" in page
    assert "Behind with the rent" not in page
    assert "/desk/people/" not in page
    part = front.client.get(f"{queue_url}/queue").text
    assert ("Rowan Ashby" in part, "<html" in part, "Behind with the rent" in part) == (True, False, False)
    assert "Behind with the rent" in desk.client.get(f"{queue_url}/queue").text
    assert front.client.post(f"{queue_url}/queue", data={"called_as": "Kim"}).status_code == 303
    desk.client.post(f"{queue_url}/next")
    assert front.client.post(f"/desk/advice/queue/{entry_id}", data={"do": "left"}).status_code == 303
    assert [front.client.get(f"/desk/advice{path}").status_code for path in (
        "", "/contacts", f"/contacts/{contact_id}", "/cases", "/appointments", f"/appointments/{made_id}",
        "/log", "/sessions/new", "/rota",
    )] == [403] * 9  # fmt: skip
    assert front.client.get(f"/desk/people/{client_id}").status_code == 403
    assert "Lindentree" in front.client.get("/desk/advice/front").text
    front.client.post(f"/desk/advice/front/{made_id}", data={"do": "here"})
    assert "Is here" in desk.client.get("/desk/advice").text


def test_a_person_moves_their_appointment_by_its_link_in_two_presses(app, session, desk):
    other = desk_of(app, session, Role.ADVISER, Role.MANAGER, workplace="Wexmoor Advice")
    first, second = some_times(session, desk.actor, 2)
    (theirs,) = some_times(session, other.actor, 1)
    first_id, source, target, elsewhere = first.id, first.pool_id, second.pool_id, theirs.pool_id
    contact_id = a_contact(session, desk.actor).id
    client = Client(name="Sam", address="sam@example.org")
    made_id = book(session, desk.actor, first, client, key="first", contact_id=contact_id).id
    session.commit()
    token = re.search(r"/bookings/([\w.-]+)", messages(session)[0].text)[1]
    url = f"/bookings/{token}/change"
    page = app.test_client().get(url).text
    assert ("Move your appointment" in page, str(target) in page, str(elsewhere) in page) == (True, True, False)
    assert app.test_client().post(url, data={"to": str(elsewhere)}).status_code == 409
    moved = app.test_client().post(url, data={"to": str(target)})
    assert moved.status_code == 303
    session.rollback()
    assert [session.get_one(Pool, pool_id).taken for pool_id in (source, target, elsewhere)] == [0, 1, 0]
    made = session.scalars(select(Appointment).where(Appointment.id != made_id)).one()
    assert (made.contact_id, made.organization_id) == (contact_id, desk.actor.organization_id)
    assert list(bookings_of_times_are_appointments(session)) == []
    let_go(session)
    assert "They moved it" in desk.client.get(APPOINTMENTS).text
    assert "You have an appointment" in app.test_client().get(moved.headers["Location"]).text
    desk.client.post(f"/desk/advice/times/{first_id}")
    with_others = app.test_client().get(url).text
    assert ("you meet somebody else" in with_others, str(elsewhere) in with_others) == (True, True)
    with clock.moved_to(clock.now() + timedelta(days=30)):
        assert app.test_client().post(url, data={"to": str(elsewhere)}).status_code == 303
    session.rollback()
    assert session.get_one(Pool, elsewhere).taken == 0
    assert list(faults(session)) == []


@pytest.mark.usefixtures("noon")
def test_the_contact_of_an_appointment_is_logged_once_and_stands_at_it(session, desk, client_id, elsewhere):
    soon = clock.now() + timedelta(hours=1)
    made = an_appointment(session, desk.actor, Client(person=session.get_one(Person, client_id)), starts_at=soon)
    made_id, url = made.id, f"{APPOINTMENTS}/{made.id}"
    log_url = f"/desk/advice/log?appointment={made_id}"
    session.commit()
    assert log_url in desk.client.get(url).text
    form = desk.client.get(log_url).text
    assert ("Rowan Ashby" in form, 'value="13:00"' in form) == (True, True)
    told = {"appointment": str(made_id), "client_kind": "named", "person": str(client_id), "channel": "at-service",
            "minutes": "30", "level": "advice", "result": "reached", "direction": "in", "issues": "debt/council-tax",
            "do": "log"}  # fmt: skip
    assert elsewhere.client.post("/desk/advice/log", data=told | {"client_kind": "anonymous"}).status_code == 422
    logged = desk.client.post("/desk/advice/log", data=told)
    assert logged.status_code == 303
    again = desk.client.post("/desk/advice/log", data=told)
    assert (again.status_code, "is logged already" in again.text, f'value="{made_id}"' in again.text) == (
        422,
        True,
        False,
    )
    session.rollback()
    contact_id = session.scalars(select(AdviceContact.id)).one()
    assert session.get_one(Appointment, made_id).led_to_id == contact_id
    let_go(session)
    page = desk.client.get(url).text
    assert f"/desk/advice/contacts/{contact_id}" in page
    assert ("Is here" in page, log_url in page) == (True, False)
    right = desk.client.post("/desk/advice/log", data=told | {"corrects": str(contact_id), "minutes": "45"})
    right_url = right.headers["Location"].partition("?")[0]
    assert right_url != f"/desk/advice/contacts/{contact_id}"
    assert right_url in desk.client.get(url).text
    assert right_url in desk.client.get("/desk/advice").text


@pytest.mark.usefixtures("noon")
def test_what_was_booked_without_a_record_belongs_to_it_once_the_contact_is_logged(session, desk, client_id):
    made = an_appointment(session, desk.actor, Client(name="Lindentree"), starts_at=clock.now() + timedelta(hours=1))
    booking = session.get_one(Booking, made.booking_id)
    tie_contact(session, desk.actor, made, a_contact(session, desk.actor, person_id=client_id))
    told = [value for item in export(session, client_id) for _label, value in item.lines]
    assert "Lindentree" in told
    erase(session, desk.actor, client_id)
    session.refresh(booking)
    assert booking.name == ""


def test_a_colleague_takes_an_appointment_over_and_the_person_hears_it_once(app, session, desk, client_id):
    """Two appointments are swapped: each adviser takes the other's. Each person hears once whom they will meet."""
    colleague = desk_of(app, session, Role.ADVISER, workplace="Wexmoor Advice", email="callum@advice.example")
    person = session.get_one(Person, client_id)
    person.email, person.safe_channels = "rowan@example.org", frozenset({ContactChannel.EMAIL})
    soon = clock.now() + timedelta(days=2)
    mine = some_times(session, desk.actor, 1, starts_at=soon)[0]
    theirs = some_times(session, colleague.actor, 1, starts_at=soon + timedelta(hours=3))[0]
    first = book(session, desk.actor, mine, Client(person=person), key="a")
    second = book(session, colleague.actor, theirs, Client(name="Sam", address="+447700900123"), key="b")
    paths = [f"{APPOINTMENTS}/{one.id}" for one in (first, second)]
    owners = [str(desk.actor.user_id), str(colleague.actor.user_id)]
    time_ids = [mine.id, theirs.id]
    session.commit()
    before = len(messages(session))
    assert "Take it over" not in desk.client.get(paths[0]).text
    assert "Take it over from" in colleague.client.get(paths[0]).text
    for _pressed_twice in range(2):
        answer = colleague.client.post(paths[0], data={"do": "take", "of": owners[0]})
        assert "The appointment is yours" in colleague.client.get(answer.headers["Location"]).text
    desk.client.post(paths[1], data={"do": "take", "of": owners[1]})
    told = messages(session)[before:]
    assert {(one.recipient, one.kind) for one in told} == {
        ("rowan@example.org", "booking.with_another"), ("+447700900123", "booking.with_another"),
    }  # fmt: skip
    assert len(told) == 2
    assert "You will meet callum." in told[0].text
    assert "callum" not in told[0].subject
    assert "advi" not in (told[0].subject + told[0].text).lower()
    assert [str(session.get_one(AppointmentTime, id_).adviser_id) for id_ in time_ids] == owners[::-1]
    assert list(faults(session)) == []
    let_go(session)
    assert "Rowan" in colleague.client.get(APPOINTMENTS).text
    assert "Rowan" not in desk.client.get(APPOINTMENTS).text


def test_nobody_takes_over_what_they_have_no_time_for_or_what_is_gone(app, session, desk, front, supervisor, elsewhere):
    second, third = (
        desk_of(app, session, Role.ADVISER, workplace="Wexmoor Advice", email=f"{name}@advice.example")
        for name in ("callum", "morag")
    )
    soon = clock.now() + timedelta(days=2)
    time = some_times(session, desk.actor, 1, starts_at=soon)[0]
    some_times(session, second.actor, 1, starts_at=soon)
    made = book(session, desk.actor, time, Client(name="Sam"), key="a")
    path, time_id, owner = f"{APPOINTMENTS}/{made.id}", time.id, str(desk.actor.user_id)
    session.commit()

    def take(who, of=owner):
        let_go(session)
        return who.client.post(path, data={"do": "take", "of": of})

    busy = take(second)
    assert (busy.status_code, "You have something else at this time" in busy.text) == (422, True)
    assert take(elsewhere).status_code == 404
    assert take(front).status_code == 403
    for who, of in ((supervisor, owner), (third, "rubbish")):
        take(who, of)
        assert str(session.get_one(AppointmentTime, time_id).adviser_id) == owner
        let_go(session)
    assert take(third).status_code == 303
    assert "Somebody else took" in take(supervisor_who_advises(app, session), owner).text
    desk.client.post(path, data={"do": "cancel"})
    gone = take(desk, str(third.actor.user_id))
    assert (gone.status_code, "cancelled" in gone.text) == (422, True)


def supervisor_who_advises(app, session):
    return desk_of(app, session, Role.ADVISER, Role.MANAGER, workplace="Wexmoor Advice")
