"""Staff book for a person on record, from the record or a referral; who may see it, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role, UserKind
from app.accounts.models import MemberOrganization
from app.accounts.operations import create_user
from app.booking.codes import Attendance, BookingState, KeptFor, WhoMayBook
from app.booking.models import AttendanceRecord, Booking, Pool
from app.booking.operations import booking as verbs
from app.booking.operations.attendees import attendee_of
from app.booking.operations.keeping import keep_places
from app.booking.operations.on_behalf import Behalf, book_person
from app.booking.operations.places import lock_one, resize
from app.booking.operations.registers import take_register
from app.booking.queries.invariants import faults
from app.booking.record import erase, export, keeps
from app.booking.reminders import write_due
from app.core import clock
from app.core.actor import ANONYMOUS, SYSTEM
from app.notifications.models import Message
from app.outcomes.models import AttendedContact
from app.people.codes import ContactChannel, LinkKind, PairState
from app.people.models import Person, PersonAccount, PersonPair
from app.people.operations.merging import merge, undo_merge
from app.people.parts import timeline_of
from app.referrals import parts
from app.referrals.models import Referral
from app.web.database import db
from tests import booking_factories as make
from tests.people import a_person
from tests.referrals import Cast, a_cast, a_referral
from tests.signing_in import a_member, signed_in_client


class Town:
    """A surgery, a hub that runs a course, a person whom both know by a referral, and a stranger."""

    def __init__(self, app: Flask) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.app = app
        with app.app_context(), Session(db.engines[None]) as session:
            self.cast: Cast = a_cast(session)
            hub = session.get_one(MemberOrganization, self.cast.worker.organization_id)
            pool = make.pool(session, of=make.run(session, of=make.course(session, of=hub)), capacity=1)
            self.course = pool.run.course.service.name
            self.stranger = a_member(session, Role.ADVISER, workplace="Elsewhere", email="x@elsewhere.example").id
            self.referral = a_referral(session, self.cast).id
            self.person, self.pool = self.cast.person.id, pool.id
            self.gp, self.worker, self.manager = (
                user.id for user in (self.cast.gp_user, self.cast.worker_user, self.cast.manager_user)
            )
            session.commit()

    def client(self, user_id: UUID) -> FlaskClient:
        return signed_in_client(self.app, user_id)

    def book(self, user_id: UUID, *, referral: bool = True, **told: str):
        address = f"/desk/people/{self.person}/book/{self.pool}" + (f"?referral={self.referral}" if referral else "")
        return self.client(user_id).post(address, data={"key": uuid4().hex, "agreed": "y", "reminders": "y"} | told)


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


def test_a_worker_books_from_the_referral_and_all_who_may_see_it_do(town: Town) -> None:
    worker, gp = town.client(town.worker), town.client(town.gp)
    page = worker.get(f"/desk/referrals/{town.referral}").get_data(as_text=True)
    assert f"/desk/people/{town.person}/book?referral={town.referral}" in page
    chosen = worker.get(f"/desk/people/{town.person}/book?referral={town.referral}").get_data(as_text=True)
    assert f"/desk/people/{town.person}/book/{town.pool}?referral={town.referral}" in chosen
    told = town.book(town.worker, needs=["hearing_loop"], need_words="By the door")
    assert told.status_code == 303, told.get_data(as_text=True)
    own = worker.get(told.location).get_data(as_text=True)
    assert "The place is booked" in own
    assert "By the door" in own
    for client in (worker, gp):
        assert f"Booked: {town.course}" in client.get(f"/desk/referrals/{town.referral}").get_data(as_text=True)
        assert f"Booked: {town.course}" in client.get(f"/desk/people/{town.person}").get_data(as_text=True)
    with town.app.app_context(), Session(db.engines[None]) as session:
        made = session.scalars(select(Booking).where(Booking.person_id == town.person)).one()
        assert (made.state, made.referral_id, made.address) == (BookingState.BOOKED, town.referral, None)
        assert made.booked_by_organization_id == town.cast.worker.organization_id


def test_a_companion_comes_along_on_a_kept_place(town: Town) -> None:
    with town.app.app_context(), Session(db.engines[None]) as session:
        pool = lock_one(session, town.pool)
        resize(session, pool, 2)
        day = clock.today() + timedelta(days=20)
        keep_places(session, SYSTEM, pool, KeptFor.REFERRED, 2, release_on=day)
        session.commit()
    public = town.app.test_client().get(f"/book/{town.pool}").get_data(as_text=True)
    assert "can book a place for you that is kept for people who are referred" in public
    worker, listed = town.client(town.worker), f"/desk/people/{town.person}/book"
    for address in (listed, f"{listed}/{town.pool}"):
        page = worker.get(address).get_data(as_text=True)
        assert "A place is kept for them" in page
        assert "waiting list" not in page
    assert town.book(town.worker, places="3").status_code == 422
    assert town.book(town.worker, places="2").status_code == 303
    with town.app.app_context(), Session(db.engines[None]) as session:
        made = session.scalars(select(Booking).where(Booking.person_id == town.person)).one()
        assert (made.places, made.state, made.kept_pool_id is None) == (2, BookingState.BOOKED, False)
        assert list(faults(session)) == []


def test_what_one_place_books_without_a_referral_is_not_told_to_another(town: Town) -> None:
    told = town.book(town.gp, referral=False)
    assert told.status_code == 303
    assert "Booked: " in town.client(town.gp).get(f"/desk/people/{town.person}").get_data(as_text=True)
    assert "Booked: " not in town.client(town.worker).get(f"/desk/people/{town.person}").get_data(as_text=True)
    assert town.client(town.worker).get(told.location).status_code == 404
    assert town.client(town.stranger).get(told.location).status_code == 404
    assert town.book(town.stranger).status_code == 404


def test_a_referral_of_somebody_else_is_not_taken(town: Town) -> None:
    with town.app.app_context(), Session(db.engines[None]) as session:
        other = a_person(session, town.cast.worker, "Somebody Else").id
        session.commit()
    client = town.client(town.worker)
    assert client.get(f"/desk/people/{other}/book?referral={town.referral}").status_code == 404
    assert client.get(f"/desk/people/{other}/book?referral=rubbish").status_code == 404


def test_nobody_is_booked_twice_or_without_having_been_asked(town: Town) -> None:
    assert town.book(town.worker, agreed="").status_code == 422
    assert town.book(town.worker).status_code == 303
    again = town.book(town.gp)
    assert again.status_code == 422
    assert "already have a place" in again.get_data(as_text=True)


def test_who_booked_by_their_own_address_is_not_booked_again_from_the_record(town: Town) -> None:
    with town.app.app_context(), Session(db.engines[None]) as session:
        person = session.get_one(Person, town.person)
        person.email = "rowan@person.example"
        held = verbs.begin(session, ANONYMOUS, town.pool, key="own")
        verbs.give_details(session, ANONYMOUS, held, verbs.Details(name=person.called, address=person.email))
        verbs.confirm(session, ANONYMOUS, held, attendee_of(session, "rowan@person.example"))
        with pytest.raises(verbs.AlreadyHere):
            book_person(session, town.cast.worker, town.pool, Behalf(person=person), key="again")


def test_why_this_person_cannot_book_is_told_kindly(town: Town) -> None:
    with town.app.app_context(), Session(db.engines[None]) as session:
        run = session.get_one(Pool, town.pool).run
        run.who, run.area = WhoMayBook.AREA, "WX9"
        session.get_one(Person, town.person).postcode = "WX1 2AB"
        session.commit()
    page = town.book(town.worker)
    assert page.status_code == 422
    assert "only for people who live there" in page.get_data(as_text=True)


def test_a_course_for_people_who_are_referred_takes_them(town: Town) -> None:
    with town.app.app_context(), Session(db.engines[None]) as session:
        session.get_one(Pool, town.pool).run.who = WhoMayBook.REFERRED
        session.commit()
    assert town.book(town.worker).status_code == 303


def test_messages_go_only_where_the_record_calls_it_safe(town: Town) -> None:
    with town.app.app_context(), Session(db.engines[None]) as session:
        person = session.get_one(Person, town.person)
        person.email, person.mobile = "rowan@person.example", "+447700900001"
        person.safe_channels = frozenset({ContactChannel.SMS})
        made = book_person(session, town.cast.worker, town.pool, Behalf(person=person), key="safe")
        assert _recipients(session, made) == ["+447700900001"]
        person.do_not_contact = True
        session.flush()
        with clock.moved_to(made.pool.starts_at - timedelta(days=7, hours=1)):
            write_due(session)
        assert _recipients(session, made) == ["+447700900001"]
        page = f"/desk/people/{person.id}/bookings/{made.id}"
        session.commit()
    # Nobody who wants no contact is rung up because no message may go.
    assert "They asked not to be contacted, so nothing is sent" in town.client(town.worker).get(page).text


def _recipients(session: Session, made: Booking) -> list[str]:
    return list(session.scalars(select(Message.recipient).where(Message.subject_id == made.id)))


def test_coming_is_a_contact_that_outcomes_count_once(town: Town) -> None:
    with town.app.app_context(), Session(db.engines[None]) as session:
        person = session.get_one(Person, town.person)
        made = book_person(session, town.cast.worker, town.pool, Behalf(person=person), key="counts")
        attendance = session.scalars(select(AttendanceRecord).where(AttendanceRecord.booking_id == made.id)).one()
        with clock.moved_to(attendance.session.starts_at):
            for state in (Attendance.PRESENT, Attendance.DID_NOT_ATTEND, Attendance.LATE):
                take_register(session, town.cast.worker, attendance.session, {attendance.id: state})
        assert person.last_seen_on == attendance.session.starts_at.astimezone(clock.LONDON).date()
        contact = session.scalars(select(AttendedContact).where(AttendedContact.person_id == person.id)).one()
        assert contact.organization_id == town.cast.worker.organization_id
        told = [entry.words for entry in timeline_of(session, town.cast.worker, person.id)]
        assert f"Came to: {town.course}" in told


def test_a_booking_goes_with_the_person_when_records_are_merged_and_back(town: Town) -> None:
    with town.app.app_context(), Session(db.engines[None]) as session:
        other = a_person(session, town.cast.worker, "Rowan Ashby")
        made = book_person(session, town.cast.worker, town.pool, Behalf(person=other), key="merge")
        one, two = sorted((other.id, town.person))
        pair = PersonPair(one_id=one, other_id=two, state=PairState.ASKED)
        session.add(pair)
        session.flush()
        merged = merge(session, SYSTEM, pair, keep_id=town.person)
        assert session.get_one(Booking, made.id).person_id == town.person
        undo_merge(session, SYSTEM, merged.id)
        assert session.get_one(Booking, made.id).person_id == other.id


def test_a_copy_has_it_and_erasing_wipes_the_words(town: Town) -> None:
    assert town.book(town.worker, needs=["other"], need_words="A quiet corner").status_code == 303
    with town.app.app_context(), town.app.test_request_context(), Session(db.engines[None]) as session:
        copied = [line for item in export(session, town.person) for line in item.lines]
        assert ("Something else", "A quiet corner") in copied
        assert keeps(session, town.person)
        made = session.scalars(select(Booking).where(Booking.person_id == town.person)).one()
        verbs.give_up(session, town.cast.worker, made)
        assert keeps(session, town.person) is None
        assert erase(session, SYSTEM, town.person) == 1
        session.refresh(made)
        assert (made.name, made.age, made.district) == ("", None, None)
        words = [line for item in export(session, town.person) for line in item.lines]
        assert not any("quiet" in text for _label, text in words)


def test_a_person_sees_their_bookings_on_their_own_page_and_nobody_elses(town: Town) -> None:
    location = town.book(town.worker).location
    booking_id = location.split("/")[-1].split("?")[0]
    with town.app.app_context(), Session(db.engines[None]) as session:
        users = [
            create_user(session, SYSTEM, name="", email=f"{who}@me.example", kind=UserKind.PERSON).id for who in "ab"
        ]
        session.add(PersonAccount(person_id=town.person, user_id=users[0], kind=LinkKind.INVITATION))
        session.commit()
    own, other = (town.client(user) for user in users)
    page = own.get(f"/me/records/{town.person}").get_data(as_text=True)
    assert f"/me/bookings/{booking_id}" in page
    opened = own.get(f"/me/bookings/{booking_id}", follow_redirects=True)
    assert "You have a place" in opened.get_data(as_text=True)
    assert other.get(f"/me/bookings/{booking_id}").status_code == 404
    assert booking_id not in other.get("/me").get_data(as_text=True)


def test_a_worker_gives_it_back_and_a_manager_only_looks(town: Town) -> None:
    location = town.book(town.worker).location
    manager = town.client(town.manager)
    assert "cancel it" not in manager.get(location).get_data(as_text=True)
    manager.post(location)
    with town.app.app_context(), Session(db.engines["read"]) as session:
        assert session.scalars(select(Booking.state).where(Booking.person_id == town.person)).one() == "booked"
    assert town.client(town.worker).post(location).status_code == 303
    with town.app.app_context(), Session(db.engines["read"]) as session:
        assert session.scalars(select(Booking.state).where(Booking.person_id == town.person)).one() == (
            "cancelled_by_person"
        )
        assert session.get_one(Pool, town.pool).taken == 0


def test_a_referral_that_runs_nothing_offers_no_booking(town: Town) -> None:
    with town.app.app_context(), town.app.test_request_context(), Session(db.engines[None]) as session:
        pool = session.get_one(Pool, town.pool)
        referral = session.get_one(Referral, town.referral)
        assert parts.actions_for(session, town.cast.worker, referral)
        pool.run.published_at = None
        session.flush()
        assert parts.actions_for(session, town.cast.worker, referral) == []
        assert parts.actions_for(session, town.cast.manager, referral) == []
