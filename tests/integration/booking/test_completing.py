"""The end of a course: who completed it, their certificate, what they hear, and what is next."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from app.accounts.codes import Role
from app.accounts.models import MemberOrganization
from app.booking import emails
from app.booking.announcements import BookingMoved
from app.booking.codes import Attendance, BookingAction, BookingState, WhoMayBook
from app.booking.models import BookableSession, Booking, Pool
from app.booking.operations import booking as verbs
from app.booking.operations.attendees import attendee_of
from app.booking.operations.completing import complete
from app.booking.operations.registers import take_register
from app.booking.queries.bookings import attendances_of
from app.booking.queries.completing import taking_part, what_is_next
from app.booking.queries.invariants import faults
from app.core import clock, events
from app.core.actor import ANONYMOUS
from app.core.errors import Refused
from app.notifications.codes import MessageState
from app.notifications.models import Message
from app.web.database import db
from tests import booking_factories as make
from tests.signing_in import a_member, a_workplace, actor_of, session_token

PLACE = "Wexmoor College"


class Finished:
    """A course of three dates: Ada came twice, Bo never, and all of it is over."""

    def __init__(self, app: Flask) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.app = app
        with app.app_context(), Session(db.engines[None]) as session:
            college = session.get_one(MemberOrganization, a_workplace(session, PLACE).id)
            tutor = a_member(session, Role.TUTOR, workplace=PLACE)
            self.actor, self.tutor = actor_of(session, tutor), tutor.id
            pool = make.pool(session, of=make.run(session, of=make.course(session, of=college)), sessions=3)
            other = make.pool(session, of=make.run(session, of=make.course(session, of=college)), in_days=80)
            self.run, self.pool, self.other = pool.run_id, pool.id, other.run.course_id
            self.course, self.over = pool.run.course.service.name, pool.ends_at + timedelta(hours=1)
            self.ada, self.bo = (self._booked(session, name) for name in ("Ada", "Bo"))
            for number, one in enumerate(attendances_of(session, self.ada)):
                with clock.moved_to(one.session.starts_at):
                    state = Attendance.LATE if number else Attendance.DID_NOT_ATTEND
                    take_register(session, self.actor, one.session, {one.id: state})
            session.commit()

    def _booked(self, session: Session, name: str) -> UUID:
        held = verbs.begin(session, ANONYMOUS, self.pool, key=uuid4().hex)
        address = f"{name.lower()}@person.example"
        verbs.give_details(session, ANONYMOUS, held, verbs.Details(name=name, address=address))
        return verbs.confirm(session, ANONYMOUS, held, attendee_of(session, address)).id

    def tutor_client(self):
        client = self.app.test_client()
        client.set_cookie("sid", session_token(self.app, self.tutor))
        return client

    def link(self, booking_id: UUID) -> str:
        with self.app.app_context(), Session(db.engines[None]) as session:
            token = emails.link_to(session, session.get_one(Booking, booking_id))
            session.commit()
        return f"/bookings/{token}"


@pytest.fixture
def finished(app: Flask) -> Finished:
    return Finished(app)


def test_staff_decide_and_whoever_completed_it_has_a_certificate(finished: Finished) -> None:
    with clock.moved_to(finished.over):
        tutor, person = finished.tutor_client(), finished.app.test_client()
        page = tutor.get(f"/desk/programme/runs/{finished.run}/complete").get_data(as_text=True)
        assert "came 2 of 3 times" in page
        assert f'value="{finished.ada}" checked' in page
        assert f'value="{finished.bo}">' in page
        assert person.get(f"{finished.link(finished.ada)}/certificate").status_code == 404
        told = {"completed": [str(finished.ada), "rubbish"]}
        assert tutor.post(f"/desk/programme/runs/{finished.run}/complete", data=told).status_code == 303
        own = person.get(finished.link(finished.ada)).get_data(as_text=True)
        assert "Well done" in own
        shown = person.get(f"{finished.link(finished.ada)}/certificate").get_data(as_text=True)
        assert ">Ada<" in shown
        assert finished.course in shown
        by_staff = tutor.get(f"/desk/programme/bookings/{finished.ada}/certificate")
        assert ">Ada<" in by_staff.get_data(as_text=True)
        assert person.get(f"{finished.link(finished.bo)}/certificate").status_code == 404
        assert tutor.get(f"/desk/programme/bookings/{finished.bo}/certificate").status_code == 404


def test_a_certificate_on_a_wall_says_nothing_of_crises(finished: Finished) -> None:
    with clock.moved_to(finished.over):
        told = {"completed": [str(finished.ada)]}
        finished.tutor_client().post(f"/desk/programme/runs/{finished.run}/complete", data=told)
        shown = finished.app.test_client().get(f"{finished.link(finished.ada)}/certificate").get_data(as_text=True)
    on_paper, _, on_screen_alone = shown.partition('<div class="wm-no-print">')
    assert "Samaritans" in on_screen_alone
    assert "Samaritans" not in on_paper


def test_nothing_is_said_to_be_kept_where_nobody_is_ticked(finished: Finished) -> None:
    address = f"/desk/programme/runs/{finished.run}/complete"
    with clock.moved_to(finished.over):
        tutor = finished.tutor_client()
        for chosen in ([], ["rubbish"]):
            refused = tutor.post(address, data={"completed": chosen})
            assert refused.status_code == 422
            assert "Tick who completed it" in refused.get_data(as_text=True)
        assert "booked on" not in tutor.get(address).text
        with finished.app.app_context(), Session(db.engines[None]) as session:
            session.get_one(Booking, finished.bo).name = "ADA"
            session.commit()
        # Before it is decided and after, two who are called the same are told apart.
        assert tutor.get(address).text.count("booked on") == 2
        tutor.post(address, data={"completed": [str(finished.ada), str(finished.bo)]})
        page = tutor.get(address).text
        assert "They completed it</button>" not in page
        assert page.count("booked on") == 2


def test_staff_read_which_registers_are_not_taken(finished: Finished) -> None:
    address = f"/desk/programme/runs/{finished.run}/complete"
    with finished.app.app_context(), Session(db.engines[None]) as session:
        first = session.scalars(select(BookableSession).order_by(BookableSession.starts_at)).first()
        assert first is not None
        first.register_at, path = None, f"/desk/programme/sessions/{first.id}/register"
        session.commit()
    with clock.moved_to(finished.over):
        page = finished.tutor_client().get(address).get_data(as_text=True)
    assert "The register of 1 date is not taken" in page
    assert path in page


def test_what_is_over_offers_nothing_that_cannot_be_done_and_says_so(finished: Finished) -> None:
    with clock.moved_to(finished.over):
        page = finished.tutor_client().get(f"/desk/programme/runs/{finished.run}").get_data(as_text=True)
        own = finished.app.test_client().get(finished.link(finished.bo)).get_data(as_text=True)
    assert ("Say who completed it" in page, "leads it yet" in page) == (True, False), (
        "nobody is to be found for what is over"
    )
    assert not any(words in page for words in ("Call it off", "Keep places for some", "Change the places"))
    assert ">It is over<" in own
    assert "You have a place" not in own


def test_it_is_announced_and_told_once(finished: Finished, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[BookingMoved] = []
    handlers = [*events._handlers[BookingMoved], lambda _session, event: heard.append(event)]
    monkeypatch.setitem(events._handlers, BookingMoved, handlers)
    with finished.app.app_context(), Session(db.engines[None]) as session, clock.moved_to(finished.over):
        run = session.get_one(Pool, finished.pool).run
        assert complete(session, finished.actor, run, {finished.ada}) == 1
        assert complete(session, finished.actor, run, {finished.ada}) == 0
        assert [event.action for event in heard] == [BookingAction.COMPLETE]
        wanted = select(Message).where(Message.kind == "booking.completed", Message.subject_id == finished.ada)
        assert len(session.scalars(wanted).all()) == 1
        assert session.get_one(Booking, finished.bo).state is BookingState.BOOKED
        assert [one.came for one in taking_part(session, run)] == [2, 0]
        assert list(faults(session)) == []


def test_a_completion_of_the_wrong_person_is_taken_back_and_they_hear_it_kindly(finished: Finished) -> None:
    run, back = (
        f"/desk/programme/runs/{finished.run}/complete",
        f"/desk/programme/bookings/{finished.ada}/not-completed",
    )
    with clock.moved_to(finished.over):
        tutor, person = finished.tutor_client(), finished.app.test_client()
        assert tutor.get(back).headers["Location"].endswith(run), "nothing is there to be taken back"
        tutor.post(run, data={"completed": [str(finished.ada)]})
        assert "They have not been written to yet" in tutor.get(back).get_data(as_text=True)
        tutor.post(back)
        tutor.post(run, data={"completed": [str(finished.ada)]})
        with finished.app.app_context(), Session(db.engines[None]) as session:
            waits = update(Message).where(Message.kind == "booking.completed", Message.state == MessageState.QUEUED)
            session.execute(waits.values(state=MessageState.SENT, sent_at=clock.now()))
            session.commit()
        asked = tutor.get(back).get_data(as_text=True)
        assert "1 person hears of it once you press" in asked
        assert "1 by email" in asked
        assert tutor.post(back).headers["Location"].endswith("complete?done=not_completed")
        listed = tutor.get(run).get_data(as_text=True)
        assert f'value="{finished.ada}">' in listed, "one press does not say it again"
        assert "taken back on" in listed
        for client, address in (
            (person, f"{finished.link(finished.ada)}/certificate"),
            (tutor, f"/desk/programme/bookings/{finished.ada}/certificate"),
        ):
            shown = client.get(address)
            assert shown.status_code == 410
            assert "our mistake, not yours" in shown.get_data(as_text=True)
        own = person.get(finished.link(finished.ada)).get_data(as_text=True)
        assert "We had said that you completed it" in own
        assert ">It is over<" in own
        assert finished.app.test_client().post(back).status_code in {302, 303, 401}
        with finished.app.app_context(), Session(db.engines[None]) as session:
            wanted = select(Message.kind, Message.state).where(Message.subject_id == finished.ada)
            told = session.execute(wanted.order_by(Message.created_at, Message.id)).all()
            found = session.get_one(Booking, finished.ada, options=[selectinload(Booking.events)])
            assert [(kind, state.value) for kind, state in told if "completed" in kind] == [
                ("booking.completed", "cancelled"),
                ("booking.completed", "sent"),
                ("booking.not_completed", "queued"),
            ]
            assert [event.action for event in found.events[-4:]] == [
                BookingAction.COMPLETE,
                BookingAction.UNDO_COMPLETE,
            ] * 2
            assert [one.state for one in attendances_of(session, finished.ada)][1:] == [Attendance.LATE] * 2
            assert list(faults(session)) == []


def test_nobody_completes_what_is_not_over(finished: Finished) -> None:
    with finished.app.app_context(), Session(db.engines[None]) as session, pytest.raises(Refused):
        complete(session, finished.actor, session.get_one(Pool, finished.pool).run, {finished.ada})
    assert finished.tutor_client().get(f"/desk/programme/runs/{finished.run}/complete").status_code == 404


def test_what_is_next_is_something_else_that_can_be_booked(finished: Finished) -> None:
    with finished.app.app_context(), Session(db.engines[None]) as session, clock.moved_to(finished.over):
        found = what_is_next(session, session.get_one(Booking, finished.ada))
        assert [offer.pool.run.course_id for offer in found] == [finished.other]
        for offer in found:
            offer.pool.run.who = WhoMayBook.INVITED
        session.flush()
        assert what_is_next(session, session.get_one(Booking, finished.ada)) == [], "that must be asked for"
