"""Invitations and reminders: by day, once, never after an answer, never past what stops them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.clock import LONDON
from app.core.errors import Refused
from app.notifications.codes import MessageState
from app.notifications.models import Message
from app.outcomes import queries
from app.outcomes.codes import SETTLED, AlertKind, AnswerKind, CloseReason, EndReason, FormState, Mode, OccasionState
from app.outcomes.measures import find_measure
from app.outcomes.models import Occasion, SafetyAlert
from app.outcomes.operations import (
    ask_once,
    end_plan,
    end_without_answer,
    hold,
    load_text_pack,
    open_form,
    save_answer,
    start_plan,
)
from app.outcomes.rules.answers import OneAnswer
from app.outcomes.rules.invitations import Stop
from app.outcomes.sending import attend_to, due_leads, make_link
from app.outcomes.sweeps import attend_to_follow_ups
from tests.outcomes import a_duty_desk, a_pack, a_reachable_person, a_worker, permit

# A Thursday in winter time; the reminders fall on Monday (for a Sunday) and on the Friday after.
NOON = datetime(2026, 1, 29, 12, tzinfo=LONDON)


@pytest.fixture
def world(session):
    with clock.moved_to(NOON):
        _user, actor = a_worker(session)
        person = a_reachable_person(session, actor)
        occasion = ask_once(session, actor, person.id, ["satisfaction"])
        session.flush()
    return actor, person, occasion


def look(session, occasion, days=0, hours=0):
    with clock.moved_to(NOON + timedelta(days=days, hours=hours)):
        step = attend_to(session, occasion.id)
        session.flush()
        return step


def messages(session):
    return session.scalars(select(Message).order_by(Message.created_at, Message.id)).all()


def answer(session, actor, person, occasion, code=1):
    measure = find_measure("satisfaction")
    form = open_form(
        session,
        actor,
        organization_id=actor.organization_id,
        person_id=person.id,
        measure=measure,
        mode=Mode.PAPER,
        occasion=occasion,
    )
    save_answer(session, actor, form, measure.item("overall"), OneAnswer(AnswerKind.GIVEN, code))
    return form


def test_one_invitation_then_two_reminders_then_the_end(session, world):
    _actor, _person, occasion = world
    for _time in range(3):
        look(session, occasion)
    assert [message.kind for message in messages(session)] == ["outcomes.ask"]
    assert occasion.state is OccasionState.SENT
    for days in (3, 4, 5, 8, 9, 14):
        look(session, occasion, days)
    assert len(messages(session)) == 3
    assert not [word for message in messages(session) for word in ("Rowan", "health", "Hub") if word in message.text]
    look(session, occasion, 29)
    assert (occasion.state, occasion.close_reason) == (OccasionState.CLOSED_UNANSWERED, CloseReason.NOT_REACHED)


def test_the_sweep_says_what_it_moved_on_so_that_the_messages_leave_in_the_same_run(session, world, app):
    actor, person, occasion = world
    session.commit()
    with app.app_context(), clock.moved_to(NOON):
        assert [attend_to_follow_ups(), attend_to_follow_ups()] == [1, 0]
    with app.app_context(), clock.moved_to(NOON + timedelta(days=29)):
        assert [attend_to_follow_ups(), attend_to_follow_ups()] == [1, 0]
    session.expire_all()
    assert occasion.state is OccasionState.CLOSED_UNANSWERED
    with app.app_context(), clock.moved_to(NOON + timedelta(days=30)):
        ask_once(session, actor, person.id, ["satisfaction"])
        person.safe_channels = frozenset()
        session.commit()
        assert attend_to_follow_ups() == 0  # no safe way to write: not tried over and over


def test_nothing_goes_at_night_or_on_a_sunday(session, world):
    _actor, _person, occasion = world
    look(session, occasion, hours=8)
    look(session, occasion, days=3)  # Sunday
    assert messages(session) == []


def test_no_reminder_after_an_answer_and_what_waits_is_withdrawn(session, world):
    actor, person, occasion = world
    look(session, occasion)
    with clock.moved_to(NOON + timedelta(hours=1)):
        answer(session, actor, person, occasion)
    assert occasion.state is OccasionState.DONE
    assert [message.state for message in messages(session)] == [MessageState.CANCELLED]
    for days in (4, 8, 29):
        look(session, occasion, days)
    assert len(messages(session)) == 1
    with clock.moved_to(NOON + timedelta(days=4)):
        assert occasion.id not in due_leads(session)


def test_what_stops_a_message(session, world):
    actor, person, occasion = world
    with clock.moved_to(NOON):
        permit(session, actor, person, given=False)
        look(session, occasion)
        permit(session, actor, person)
        hold(session, actor, occasion.plan, on_hold=True)
        look(session, occasion)
        hold(session, actor, occasion.plan, on_hold=False)
        person.safe_channels = frozenset()
        look(session, occasion)
        permit(session, actor, person, given=False)
    assert messages(session) == []
    look(session, occasion, 29)
    assert occasion.close_reason is CloseReason.DECLINED, "nobody failed to reach whoever wants no messages"


def test_while_an_alert_is_open_nobody_is_reminded(session, world):
    actor, person, occasion = world
    with clock.moved_to(NOON):
        a_duty_desk(session, actor)
        measure = find_measure("phq-9")
        form = open_form(
            session,
            actor,
            organization_id=actor.organization_id,
            person_id=person.id,
            measure=measure,
            mode=Mode.PHONE,
        )
        save_answer(session, actor, form, measure.item("9"), OneAnswer(AnswerKind.GIVEN, 2))
        assert session.scalars(select(SafetyAlert)).one().item == "9"
    look(session, occasion)
    assert [message.kind for message in messages(session)] == ["outcomes.look"]


def test_what_is_due_within_a_week_goes_in_one_message(session, world):
    actor, person, _occasion = world
    with clock.moved_to(NOON):
        start_plan(session, actor, person.id, template="after-close", anchor_on=clock.today(), measures=["ucla-3"])
        leads = due_leads(session)
        for lead in leads:
            attend_to(session, lead)
        session.flush()
    asked = session.scalars(select(Occasion).where(Occasion.state == OccasionState.SENT)).all()
    assert len(asked) == 3
    assert len(messages(session)) == 1


def test_a_measure_with_a_safety_question_needs_somebody_on_duty(session, world):
    actor, person, _occasion = world
    with clock.moved_to(NOON), pytest.raises(Refused, match="Name a person on duty"):
        ask_once(session, actor, person.id, ["phq-9"])


def test_nobody_is_told_to_call_whoever_wants_no_contact_or_took_back_the_permission(session, world):
    actor, person, occasion = world
    with clock.moved_to(NOON + timedelta(days=15)):
        assert (due_lists(session, actor), is_listed(session, actor, occasion)) == ((0, 1), True)
        person.do_not_contact = True
        assert due_lists(session, actor) == (1, 0)
        person.do_not_contact = False
        permit(session, actor, person, given=False)
        assert due_lists(session, actor) == (1, 0)
        permit(session, actor, person)
        assert due_lists(session, actor) == (0, 1)


def due_lists(session, actor):
    session.flush()
    return queries.count_due(session, actor, overdue=False), queries.count_due(session, actor, overdue=True)


def is_listed(session, actor, occasion):
    return occasion in queries.due(session, actor, overdue=True)


def test_what_cannot_count_yet_is_not_asked_along_a_day_early(session, world):
    actor, person, occasion = world
    job_began = date(2025, 10, 30)  # three months are over the day after the other is asked
    with clock.moved_to(NOON):
        job = start_plan(session, actor, person.id, template="job-kept", anchor_on=job_began, label="Bakery")
    check = session.scalars(select(Occasion).where(Occasion.plan_id == job.id, Occasion.months == 3)).one()
    assert check.due_on == NOON.date() + timedelta(days=1)
    look(session, occasion)
    assert (check.lead_id, len(messages(session))) == (None, 1)
    with clock.moved_to(NOON + timedelta(days=1)):
        attend_to(session, check.id)
    assert check.state is OccasionState.SENT


def test_a_form_that_was_begun_is_scored_when_staff_end_it(session, world):
    actor, person, _occasion = world
    with clock.moved_to(NOON):
        a_duty_desk(session, actor)
        asked = ask_once(session, actor, person.id, ["gad-7"])
        form = open_form(
            session,
            actor,
            organization_id=actor.organization_id,
            person_id=person.id,
            measure=find_measure("gad-7"),
            mode=Mode.PHONE,
            occasion=asked,
        )
        save_answer(session, actor, form, find_measure("gad-7").item("1"), OneAnswer(AnswerKind.GIVEN, 1))
        end_without_answer(session, actor, asked, CloseReason.UNWELL)
    assert form.state is FormState.INCOMPLETE
    assert asked.state in {OccasionState.DONE, OccasionState.CLOSED_UNANSWERED}


def a_form_of(session, actor, person, occasion, measure, item=""):
    """A form on paper, with an answer or with none."""
    form = open_form(
        session,
        actor,
        organization_id=actor.organization_id,
        person_id=person.id,
        measure=find_measure(measure),
        mode=Mode.PAPER,
        occasion=occasion,
    )
    if item:
        save_answer(session, actor, form, find_measure(measure).item(item), OneAnswer(AnswerKind.GIVEN, 1))
    return form


def test_what_was_begun_is_scored_when_its_plan_ends_and_a_left_out_question_is_asked_about(session, world):
    actor, person, _occasion = world
    with clock.moved_to(NOON):
        a_duty_desk(session, actor)
        asked = ask_once(session, actor, person.id, ["phq-9"])
        form = a_form_of(session, actor, person, asked, "phq-9", "1")
        end_plan(session, actor, asked.plan, EndReason.ASKED_TO_STOP)
    assert form.state is FormState.INCOMPLETE
    assert [alert.kind for alert in session.scalars(select(SafetyAlert))] == [AlertKind.UNKNOWN]
    assert list(queries.drafts(session, actor, person.id)) == []


def test_what_another_plan_still_asks_for_by_the_same_link_goes_on(session, world):
    actor, person, _occasion = world
    with clock.moved_to(NOON):
        a_duty_desk(session, actor)
        asked = ask_once(session, actor, person.id, ["gad-7", "ons4"])
        also = ask_once(session, actor, person.id, ["ons4"])
        also.lead_id = asked.lead_id = asked.id
        ended = a_form_of(session, actor, person, asked, "gad-7", "1")
        kept = a_form_of(session, actor, person, asked, "ons4", "happy")
        end_plan(session, actor, asked.plan, EndReason.ASKED_TO_STOP)
    assert (ended.state, kept.state) == (FormState.INCOMPLETE, FormState.DRAFT)
    assert also.state not in SETTLED


@pytest.mark.parametrize("by", ["staff", "its plan", "time"])
def test_a_sheet_that_was_printed_and_never_came_back_is_no_answer_and_alarms_nobody(session, world, by):
    actor, person, occasion = world
    with clock.moved_to(NOON):
        a_duty_desk(session, actor)
        occasion.state = OccasionState.VOID
        asked = ask_once(session, actor, person.id, ["phq-9"])
        form = a_form_of(session, actor, person, asked, "phq-9")
        if by == "staff":
            end_without_answer(session, actor, asked, CloseReason.MOVED)
        elif by == "its plan":
            end_plan(session, actor, asked.plan, EndReason.ASKED_TO_STOP)
    if by == "time":
        with clock.moved_to(NOON + timedelta(days=40)):
            attend_to(session, asked.id)
    assert session.scalars(select(SafetyAlert)).all() == []
    assert (form.stands, form.scores) == (False, [])
    assert asked.state is (OccasionState.VOID if by == "its plan" else OccasionState.CLOSED_UNANSWERED)


def test_words_whose_licence_ends_are_asked_for_no_more(session, app, world):
    actor, person, occasion = world
    occasion.state = OccasionState.VOID  # it is asked for alone
    with clock.moved_to(NOON):
        load_text_pack(session, actor, a_pack(ends=f"{NOON.date() + timedelta(days=2)}"))
        asked = ask_once(session, actor, person.id, ["wsas"])
        token = make_link(session, asked, timedelta(days=14))
        attend_to(session, asked.id)
        assert len(messages(session)) == 1
        session.commit()
        assert "Made-up question" in app.test_client().get(f"/reply/{token}").text
    with clock.moved_to(NOON + timedelta(days=4)):
        assert attend_to(session, asked.id).stopped_by == (Stop.NOTHING_TO_ASK,)
        session.commit()
        page = app.test_client().get(f"/reply/{token}").text
    assert "There is nothing to answer now" in page
    assert "Made-up question" not in page
    assert len(messages(session)) == 1
