"""What is asked because something happened: a course completed, a group attended, a case closed, support ended."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.codes import Role
from app.accounts.models import MemberOrganization
from app.advice.codes import Closure
from app.advice.operations.cases import close_case, open_case, reopen_case
from app.booking.codes import Attendance, BookingAction, PoolKind
from app.booking.models import AttendanceRecord, BookableSession
from app.booking.operations import booking as bookings
from app.booking.operations.attendees import attendee_of
from app.booking.operations.completing import take_back
from app.booking.operations.moving import move
from app.booking.operations.registers import take_register
from app.core import clock
from app.core.actor import SYSTEM
from app.core.clock import LONDON
from app.notifications.codes import MessageState
from app.notifications.models import Message
from app.outcomes.codes import SETTLED, ChosenBy, EndReason, OccasionState
from app.outcomes.measures import find_measure
from app.outcomes.models import Occasion, OutcomePlan
from app.outcomes.operations import choose, end_plan
from app.outcomes.sending import attend_to
from app.people.codes import ContactChannel
from tests import booking_factories as make
from tests.outcomes import a_reachable_person, a_worker, permit

START = datetime(2026, 3, 2, 10, tzinfo=LONDON)  # a Monday; summer time begins on the 29th
EMAIL = "marlow@person.example"


@pytest.fixture
def tutor(session):
    with clock.moved_to(START):
        _user, actor = a_worker(session, Role.TUTOR, Role.ADVISER, Role.HUB, workplace="Wexmoor College")
        yield actor


@pytest.fixture
def person(session, tutor):
    return a_reachable_person(session, tutor, email=EMAIL, mobile=None, safe_channels=frozenset({ContactChannel.EMAIL}))


def a_booking(session, tutor, kind, sessions):
    """A booking by the person's own address, and the sessions it is for."""
    of = make.course(session, of=session.get_one(MemberOrganization, tutor.organization_id))
    run = make.run(session, of=of, kind=kind)
    pool = make.pool(session, of=run, in_days=1, sessions=sessions)
    held = bookings.begin(session, SYSTEM, pool.id, key=f"{run.id}")
    booking = bookings.confirm(session, SYSTEM, held, attendee_of(session, EMAIL))
    every = session.scalars(select(BookableSession).where(BookableSession.run_id == run.id).order_by("starts_at")).all()
    return booking, list(every)


def mark(session, tutor, booking, one, state=Attendance.PRESENT):
    """What the register says, on the evening of the day."""
    with clock.moved_to(one.ends_at + timedelta(hours=1)):
        record = session.scalars(
            select(AttendanceRecord).where(
                AttendanceRecord.booking_id == booking.id, AttendanceRecord.session_id == one.id
            )
        ).one()
        take_register(session, tutor, one, {record.id: state})


def plans(session, template):
    return session.scalars(
        select(OutcomePlan).where(OutcomePlan.template == template).order_by(OutcomePlan.anchor_on)
    ).all()


def waits(session):
    """What is still to be asked or answered."""
    found = session.scalars(select(Occasion).where(Occasion.state.not_in(SETTLED)).order_by(Occasion.id))
    return [(each.id, each.state) for each in found]


def test_a_completed_course_is_followed_once_from_its_last_session(session, tutor, person):
    choose(session, tutor, person, find_measure("ucla-3"), chosen_by=ChosenBy.PERSON)
    booking, sessions = a_booking(session, tutor, PoolKind.RUN, 6)
    for one in sessions[:5]:
        mark(session, tutor, booking, one)
    assert plans(session, "course-completed") == []
    for state in (Attendance.PRESENT, Attendance.DID_NOT_ATTEND, Attendance.LATE):
        mark(session, tutor, booking, sessions[5], state)
    with clock.moved_to(sessions[5].ends_at + timedelta(days=1)):
        move(session, SYSTEM, booking, BookingAction.COMPLETE)
    (plan,) = plans(session, "course-completed")
    assert (plan.anchor_on, plan.ended_on) == (sessions[5].starts_at.astimezone(LONDON).date(), None)
    occasions = session.scalars(select(Occasion).where(Occasion.plan_id == plan.id).order_by(Occasion.kind)).all()
    assert [(each.kind, each.measures) for each in occasions] == [
        ("after", ["ucla-3/1"]),
        ("end", ["ucla-3/1"]),
        ("satisfaction", ["satisfaction/1"]),
    ]


def test_who_missed_the_last_session_is_asked_when_the_booking_is_completed(session, tutor, person):
    booking, sessions = a_booking(session, tutor, PoolKind.RUN, 2)
    mark(session, tutor, booking, sessions[1], Attendance.DID_NOT_ATTEND)
    assert plans(session, "course-completed") == []
    with clock.moved_to(sessions[1].ends_at + timedelta(days=1)):
        move(session, SYSTEM, booking, BookingAction.COMPLETE)
        (plan,) = plans(session, "course-completed")
        assert waits(session)
        take_back(session, tutor, booking)
        assert (plan.end_reason, waits(session)) == (EndReason.FINISHED, [])
        move(session, SYSTEM, booking, BookingAction.COMPLETE)
        assert (plan.ended_on, plans(session, "course-completed")) == (None, [plan])
        assert waits(session)


def test_who_came_to_the_end_is_asked_though_it_was_not_completed(session, tutor, person):
    booking, sessions = a_booking(session, tutor, PoolKind.RUN, 2)
    mark(session, tutor, booking, sessions[1])
    with clock.moved_to(sessions[1].ends_at + timedelta(days=1)):
        move(session, SYSTEM, booking, BookingAction.COMPLETE)
        take_back(session, tutor, booking)
    assert [plan.ended_on for plan in plans(session, "course-completed")] == [None]


def test_the_sixth_time_in_a_group_is_followed_whichever_register_comes_last(session, tutor, person):
    booking, sessions = a_booking(session, tutor, PoolKind.SESSION, 8)
    for one in sessions[1:6]:
        mark(session, tutor, booking, one)
    assert plans(session, "group-attended") == []
    mark(session, tutor, booking, sessions[0])
    mark(session, tutor, booking, sessions[6])
    mark(session, tutor, booking, sessions[7], Attendance.LATE)
    (plan,) = plans(session, "group-attended")
    assert plan.anchor_on == sessions[5].starts_at.astimezone(LONDON).date()
    assert plans(session, "course-completed") == []


def test_nobody_is_followed_without_permission_or_without_a_record(session, tutor, person):
    permit(session, tutor, person, given=False)
    booking, sessions = a_booking(session, tutor, PoolKind.RUN, 1)
    mark(session, tutor, booking, sessions[0])
    permit(session, tutor, person)
    person.email = "another@person.example"
    booking, sessions = a_booking(session, tutor, PoolKind.RUN, 1)
    mark(session, tutor, booking, sessions[0])
    person.email = EMAIL
    a_reachable_person(session, tutor, email=EMAIL)  # two share the address: nobody knows who of them it was
    booking, sessions = a_booking(session, tutor, PoolKind.RUN, 1)
    mark(session, tutor, booking, sessions[0])
    assert plans(session, "course-completed") == []


def test_a_closed_case_is_followed_from_the_day_it_stays_closed(session, tutor, person):
    case = open_case(session, tutor, person_id=person.id, issue="debt/council-tax")
    close_case(session, tutor, case, Closure.NO_FURTHER_CONTACT, "")
    assert plans(session, "after-close") == []
    reopen_case(session, tutor, case)
    close_case(session, tutor, case, Closure.REFERRED_ON, "")
    reopen_case(session, tutor, case)
    close_case(session, tutor, case, Closure.REFERRED_ON, "")
    (first,) = plans(session, "after-close")
    assert first.owner_id == tutor.user_id
    with clock.moved_to(START + timedelta(days=20)):
        reopen_case(session, tutor, case)
        close_case(session, tutor, case, Closure.REFERRED_ON, "")
    first, second = plans(session, "after-close")
    assert (first.ended_on is not None, second.ended_on) == (True, None)
    waiting = select(Occasion.plan_id).where(Occasion.state == OccasionState.PLANNED, Occasion.kind == "satisfaction")
    assert session.scalars(waiting).all() == [second.id]


def test_a_case_that_goes_on_is_not_followed_as_if_it_had_ended(session, tutor, person):
    choose(session, tutor, person, find_measure("ucla-3"), chosen_by=ChosenBy.PERSON)
    case = open_case(session, tutor, person_id=person.id, issue="debt/council-tax")
    close_case(session, tutor, case, Closure.REFERRED_ON, "")
    (plan,) = plans(session, "after-close")
    lead = session.scalars(select(Occasion).where(Occasion.kind == "end")).one()
    attend_to(session, lead.id)
    reopen_case(session, tutor, case)
    assert (plan.ended_on, waits(session)) == (START.date(), [])
    assert [each.state for each in session.scalars(select(Message))] == [MessageState.CANCELLED]
    with clock.moved_to(START + timedelta(days=3)):
        attend_to(session, lead.id)  # a reminder would be due
    assert lead.last_message_no == 0


def test_closed_again_on_that_day_it_is_the_same_follow_up_and_none_is_asked_twice(session, tutor, person):
    choose(session, tutor, person, find_measure("ucla-3"), chosen_by=ChosenBy.PERSON)
    case = open_case(session, tutor, person_id=person.id, issue="debt/council-tax")
    close_case(session, tutor, case, Closure.REFERRED_ON, "")
    lead = session.scalars(select(Occasion).where(Occasion.kind == "end")).one()
    attend_to(session, lead.id)
    before = waits(session)
    reopen_case(session, tutor, case)
    choose(session, tutor, person, find_measure("ons4"), chosen_by=ChosenBy.PERSON)
    close_case(session, tutor, case, Closure.REFERRED_ON, "")
    (plan,) = plans(session, "after-close")
    assert (plan.ended_on, plan.end_reason, waits(session)) == (None, None, before)
    later = session.scalars(select(Occasion).where(Occasion.kind == "after").order_by(Occasion.months))
    assert (lead.measures, [each.measures for each in later]) == (["ucla-3/1"], [["ons4/1", "ucla-3/1"]] * 3)
    attend_to(session, lead.id)
    assert session.scalar(select(func.count()).select_from(Message)) == 1


def test_what_staff_ended_by_hand_does_not_come_back(session, tutor, person):
    case = open_case(session, tutor, person_id=person.id, issue="debt/council-tax")
    close_case(session, tutor, case, Closure.REFERRED_ON, "")
    (plan,) = plans(session, "after-close")
    end_plan(session, tutor, plan, EndReason.ASKED_TO_STOP)
    reopen_case(session, tutor, case)
    close_case(session, tutor, case, Closure.REFERRED_ON, "")
    assert (plans(session, "after-close"), waits(session)) == ([plan], [])


def test_what_is_due_together_is_asked_for_in_one_message(session, tutor, person):
    booking, sessions = a_booking(session, tutor, PoolKind.RUN, 1)
    mark(session, tutor, booking, sessions[0])
    with clock.moved_to(START + timedelta(days=3)):
        case = open_case(session, tutor, person_id=person.id, issue="debt/council-tax")
        close_case(session, tutor, case, Closure.REFERRED_ON, "")
        due = select(Occasion).where(Occasion.kind == "satisfaction").order_by(Occasion.due_on)
        first, second = session.scalars(due).all()
        attend_to(session, first.id)
        attend_to(session, second.id)
        session.flush()
        asked = session.scalars(select(Message).where(Message.kind == "outcomes.ask")).all()
    assert [len(asked), second.lead_id, second.state] == [1, first.id, OccasionState.SENT]
