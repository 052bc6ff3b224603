"""While support lasts: followed from the first contact that somebody came to, until it ends, by what is measured."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.advice.codes import Closure, Result
from app.advice.operations.cases import close_case, open_case
from app.core import clock
from app.core.clock import LONDON
from app.outcomes import queries
from app.outcomes.codes import AlertOutcome, AnswerKind, ChosenBy, Mode, OccasionState
from app.outcomes.measures import find_measure
from app.outcomes.models import Occasion, OutcomePlan
from app.outcomes.operations import begin_support, choose, close_alert, end_choice, end_support, open_form, save_answer
from app.outcomes.operations.staying_in_reach import let_go_of_what_is_over
from app.outcomes.rules.answers import OneAnswer
from app.outcomes.sending import attend_to
from app.people.codes import ContactChannel
from app.people.queries import is_seen
from app.referrals.codes import AppointmentKind, Attendance, ClosureOutcome, Destination, Reached
from app.referrals.operations import ending, triage, work
from tests.advice import a_contact
from tests.outcomes import a_duty_desk, a_reachable_person, a_worker, permit
from tests.referrals import a_cast, a_referral

START = datetime(2026, 3, 2, 10, tzinfo=LONDON)  # a Monday
UCLA, ONS4 = "ucla-3/1", "ons4/1"


@pytest.fixture(autouse=True)
def _on_that_monday():
    with clock.moved_to(START):
        yield


@pytest.fixture
def cast(session):
    made = a_cast(session)
    made.person.mobile, made.person.safe_channels = "+447700900118", frozenset({ContactChannel.SMS})
    permit(session, made.gp, made.person)
    return made


@pytest.fixture
def referral(session, cast):
    row = a_referral(session, cast)
    triage.accept(session, cast.worker, row, coordinator_id=cast.worker.user_id, version=row.version)
    attempt = work.Attempt(channel=ContactChannel.PHONE, result=Reached.REACHED)
    work.log_contact(session, cast.worker, row, attempt, version=row.version)
    work.start(session, cast.worker, row, version=row.version)
    return row


def meet(session, cast, row, attendance=Attendance.SEEN_ON_TIME):
    """An appointment in an hour, and what became of it."""
    meeting = work.Meeting(kind=AppointmentKind.SESSION, starts_at=clock.now() + timedelta(hours=1))
    booked = work.book(session, cast.worker, row, meeting, version=row.version)
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        work.record_attendance(session, cast.worker, row, booked.id, attendance=attendance, version=row.version)


def complete(session, cast, row, at):
    with clock.moved_to(at):
        goal = work.add_goal(session, cast.worker, row, words="Sleep again", version=row.version)
        told = ending.Ending(
            destination=Destination.GP_ONLY, outcomes={goal.id: ClosureOutcome.ACHIEVED}, summary="Better"
        )
        ending.complete(session, cast.worker, row, told, version=row.version)


def plans(session, template="support"):
    return session.scalars(
        select(OutcomePlan).where(OutcomePlan.template == template).order_by(OutcomePlan.anchor_on, OutcomePlan.id)
    ).all()


def asked(session, plan):
    rows = session.scalars(select(Occasion).where(Occasion.plan_id == plan.id).order_by(Occasion.due_on, Occasion.kind))
    return [(each.kind, each.months, each.measures) for each in rows if each.state is not OccasionState.VOID]


def test_support_is_followed_from_the_first_appointment_that_somebody_came_to(session, cast, referral):
    choose(session, cast.worker, cast.person, find_measure("ucla-3"), chosen_by=ChosenBy.JOINT)
    meet(session, cast, referral, Attendance.DID_NOT_ATTEND)
    assert plans(session) == []
    with clock.moved_to(START + timedelta(days=7)):
        meet(session, cast, referral)
    with clock.moved_to(START + timedelta(days=14)):
        meet(session, cast, referral)
    (plan,) = plans(session)
    assert (plan.anchor_on, plan.owner_id) == ((START + timedelta(days=7)).date(), cast.worker.user_id)
    assert asked(session, plan) == [
        ("baseline", 0, [UCLA]),
        ("satisfaction", 1, ["satisfaction/1"]),
        *[("review", months, [UCLA]) for months in (3, 6, 9, 12)],
    ]


def test_nobody_is_followed_who_did_not_permit_it(session, cast, referral):
    permit(session, cast.gp, cast.person, given=False)
    meet(session, cast, referral)
    assert plans(session) == []


def test_when_support_has_ended_only_what_comes_after_is_asked(session, cast, referral):
    choose(session, cast.worker, cast.person, find_measure("ucla-3"), chosen_by=ChosenBy.JOINT)
    meet(session, cast, referral)
    complete(session, cast, referral, START + timedelta(days=40))
    (support,), (after,) = plans(session), plans(session, "after-close")
    assert (support.ended_on is not None, after.ended_on) == (True, None)
    assert [kind for kind, _months, _asked in asked(session, after)] == [
        "end",
        "satisfaction",
        "after",
        "after",
        "after",
    ]
    waiting = select(Occasion.plan_id).where(Occasion.state == OccasionState.PLANNED).distinct()
    assert session.scalars(waiting).all() == [after.id]


def test_a_contact_that_is_written_down_weeks_after_the_end_begins_nothing(session, cast, referral):
    complete(session, cast, referral, START + timedelta(days=40))
    who = {"label": referral.reference, "owner_id": None}
    place, person_id = cast.worker.organization_id, referral.person_id
    with clock.moved_to(START + timedelta(days=60)):
        assert begin_support(session, place, person_id, came_on=(START + timedelta(days=30)).date(), **who) is None
        assert plans(session) == []
        # What happens after the end is support that goes on.
        assert begin_support(session, place, person_id, came_on=(START + timedelta(days=50)).date(), **who) is not None


def test_a_late_contact_does_not_begin_anew_what_had_been_followed_and_has_ended(session, cast, referral):
    meet(session, cast, referral)
    with clock.moved_to(START + timedelta(days=40)):
        end_support(session, cast.worker.organization_id, referral.person_id, label=referral.reference)
        late = (START + timedelta(days=20)).date()
        told = {"came_on": late, "label": referral.reference, "owner_id": None}
        assert begin_support(session, cast.worker.organization_id, referral.person_id, **told) is None
    assert len(plans(session)) == 1


def test_support_that_goes_on_is_followed_anew_and_not_as_if_it_had_ended(session, cast, referral):
    meet(session, cast, referral)
    complete(session, cast, referral, START + timedelta(days=40))
    with clock.moved_to(START + timedelta(days=50)):
        ending.reopen(session, cast.worker, referral, comment="It came back", version=referral.version)
        meet(session, cast, referral)
    (after,), (first, second) = plans(session, "after-close"), plans(session)
    assert [each.ended_on is None for each in (after, first, second)] == [False, False, True]


def test_what_ends_twice_in_a_day_is_followed_once(session, cast, referral):
    meet(session, cast, referral)
    ended = START + timedelta(days=40)
    complete(session, cast, referral, ended)
    (plan,) = plans(session, "after-close")
    with clock.moved_to(ended):
        ending.reopen(session, cast.worker, referral, comment="Too early", version=referral.version)
        assert plan.ended_on == ended.date()
    complete(session, cast, referral, ended)
    assert (plans(session, "after-close"), plan.ended_on) == ([plan], None)
    assert asked(session, plan) == [("satisfaction", 0, ["satisfaction/1"])]


def test_a_case_of_advice_is_followed_from_the_first_time_they_were_reached(session):
    _user, adviser = a_worker(session, Role.ADVISER)
    person = a_reachable_person(session, adviser)
    a_contact(session, adviser, person_id=person.id)
    assert plans(session) == []  # asked one thing once: that is no support
    case = open_case(session, adviser, person_id=person.id, issue="debt/council-tax")
    a_contact(session, adviser, person_id=person.id, case_id=case.id, result=Result.NO_ANSWER)
    assert plans(session) == []
    a_contact(session, adviser, person_id=person.id, case_id=case.id)
    (plan,) = plans(session)
    assert (plan.anchor_on, plan.ended_on) == (clock.today(), None)
    close_case(session, adviser, case, Closure.WITHDREW, "")
    assert (plan.ended_on, plans(session, "after-close")) == (clock.today(), [])


def test_what_is_chosen_or_given_up_later_changes_what_was_not_asked_yet(session, cast, referral):
    meet(session, cast, referral)
    (plan,) = plans(session)
    assert asked(session, plan) == [("satisfaction", 1, ["satisfaction/1"])]
    choose(session, cast.worker, cast.person, find_measure("ucla-3"), chosen_by=ChosenBy.PERSON)
    with clock.moved_to(START + timedelta(hours=3)):
        baseline = session.scalars(select(Occasion).where(Occasion.kind == "baseline")).one()
        attend_to(session, baseline.id)
        choose(session, cast.worker, cast.person, find_measure("ons4"), chosen_by=ChosenBy.PERSON)
    kinds = {(kind, months): measures for kind, months, measures in asked(session, plan)}
    assert (kinds["baseline", 0], kinds["review", 3]) == ([UCLA], [ONS4, UCLA])
    end_choice(session, cast.worker, cast.person, find_measure("ucla-3"))
    end_choice(session, cast.worker, cast.person, find_measure("ons4"))
    assert [kind for kind, _months, _asked in asked(session, plan)] == ["baseline", "satisfaction"]
    choose(session, cast.worker, cast.person, find_measure("ucla-3"), chosen_by=ChosenBy.PERSON)
    assert [months for kind, months, _asked in asked(session, plan) if kind == "review"] == [3, 6, 9, 12]


def test_who_helped_sees_the_answers_after_the_end_until_that_is_over(session, cast, referral):
    choose(session, cast.worker, cast.person, find_measure("ucla-3"), chosen_by=ChosenBy.JOINT)
    meet(session, cast, referral)
    complete(session, cast, referral, START + timedelta(days=40))
    with clock.moved_to(START + timedelta(days=41)):
        assert is_seen(session, cast.worker, cast.person.id)
        last = session.scalars(
            select(Occasion).where(Occasion.kind == "after").order_by(Occasion.due_on.desc())
        ).first()
    with clock.moved_to(datetime.combine(last.closes_on, time(12), tzinfo=LONDON) + timedelta(days=28)):
        assert let_go_of_what_is_over(session) == 0
    with clock.moved_to(datetime.combine(last.closes_on, time(12), tzinfo=LONDON) + timedelta(days=29)):
        assert let_go_of_what_is_over(session) == 1
        assert not is_seen(session, cast.worker, cast.person.id)


def test_permission_taken_back_ends_it_but_an_open_alert_is_looked_at_all_the_same(session, cast, referral):
    a_duty_desk(session, cast.worker)
    choose(session, cast.worker, cast.person, find_measure("phq-9"), chosen_by=ChosenBy.JOINT)
    meet(session, cast, referral)
    complete(session, cast, referral, START + timedelta(days=40))
    measure = find_measure("phq-9")
    form = open_form(
        session,
        cast.worker,
        organization_id=cast.worker.organization_id,
        person_id=cast.person.id,
        measure=measure,
        mode=Mode.LINK,
    )
    save_answer(session, cast.worker, form, measure.item("9"), OneAnswer(AnswerKind.GIVEN, 1))
    permit(session, cast.gp, cast.person, given=False)
    (alert,) = queries.alerts(session, cast.worker)
    assert is_seen(session, cast.worker, cast.person.id)
    close_alert(session, cast.worker, alert, AlertOutcome.SPOKE)
    assert not is_seen(session, cast.worker, cast.person.id)
