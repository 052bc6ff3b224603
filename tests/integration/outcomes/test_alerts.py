"""An answer that needs a look: it and its alert stand or fall together; the clock runs on duty; it is passed on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.codes import Role
from app.core import clock
from app.core.clock import LONDON
from app.notifications.models import Message
from app.outcomes.codes import AlertAction, AlertOutcome, AlertState, AnswerKind, Mode
from app.outcomes.measures import find_measure
from app.outcomes.models import Answer, Measurement, SafetyAlert, SafetyAlertEvent
from app.outcomes.operations import acknowledge, close_alert, open_form, save_answer
from app.outcomes.rules.answers import OneAnswer
from app.outcomes.sweeps import pass_on_alerts
from tests.outcomes import OFFICE, a_duty_desk, a_reachable_person, a_worker
from tests.signing_in import a_member

# A Friday: the office of the duty desk closes at five, and opens again on Monday at nine.
FRIDAY = datetime(2026, 6, 5, 16, 30, tzinfo=LONDON)
MONDAY = datetime(2026, 6, 8, 9, 30, tzinfo=LONDON)
A_MOMENT = timedelta(minutes=5)


@pytest.fixture
def hub(session):
    """Somebody on duty in office hours, their deputy, and a person."""
    _user, actor = a_worker(session)
    deputy = a_member(session, Role.HUB, email="deputy@hub.example")
    a_duty_desk(session, actor, OFFICE, deputy_id=deputy.id)
    person = a_reachable_person(session, actor)
    session.commit()
    return actor, person.id


def says(session, actor, person_id, measure="phq-9", item="9", code=1):
    """One answer of a form that stays a part."""
    found = find_measure(measure)
    form = open_form(
        session, actor, organization_id=actor.organization_id, person_id=person_id, measure=found, mode=Mode.PHONE
    )
    return save_answer(session, actor, form, found.item(item), OneAnswer(AnswerKind.GIVEN, code))


def counted(session):
    return [
        session.scalar(select(func.count()).select_from(each)) for each in (Measurement, Answer, SafetyAlert, Message)
    ]


def test_the_answer_its_alert_and_the_message_are_one_transaction(session, hub):
    assert says(session, *hub)
    assert counted(session) == [1, 1, 1, 1]
    session.rollback()
    assert counted(session) == [0, 0, 0, 0]
    assert not says(session, *hub, code=0)
    assert counted(session) == [1, 1, 0, 0]


def test_what_nobody_takes_on_in_time_is_passed_on_once(session, hub):
    actor, _person = hub
    with clock.moved_to(FRIDAY):
        says(session, *hub)
        session.commit()
    alert = session.scalars(select(SafetyAlert)).one()
    # Half an hour on Friday, half an hour on Monday.
    assert MONDAY <= alert.due_by < MONDAY + A_MOMENT
    session.rollback()
    for moment, state in ((MONDAY - A_MOMENT, AlertState.RAISED), (MONDAY + A_MOMENT, AlertState.ESCALATED)):
        with clock.moved_to(moment):
            pass_on_alerts()
            pass_on_alerts()
        assert session.scalars(select(SafetyAlert.state)).one() is state
        session.rollback()
    told = session.scalars(select(Message).order_by(Message.created_at, Message.id)).all()
    assert [message.recipient == "deputy@hub.example" for message in told] == [False, True]
    assert all(message.is_urgent and "9" not in message.subject for message in told)
    with clock.moved_to(MONDAY + A_MOMENT):
        acknowledge(session, actor, session.scalars(select(SafetyAlert)).one())
        close_alert(session, actor, session.scalars(select(SafetyAlert)).one(), AlertOutcome.SPOKE, "We spoke.")
    story = session.scalars(select(SafetyAlertEvent.action).order_by(SafetyAlertEvent.created_at)).all()
    assert sorted(story) == sorted(
        [AlertAction.RAISED, AlertAction.ESCALATED, AlertAction.ACKNOWLEDGED, AlertAction.CLOSED]
    )


def test_what_is_taken_on_is_not_passed_on(session, hub):
    with clock.moved_to(FRIDAY):
        says(session, *hub)
        acknowledge(session, hub[0], session.scalars(select(SafetyAlert)).one())
        session.commit()
    with clock.moved_to(MONDAY + timedelta(days=3)):
        assert pass_on_alerts() == 0
    assert session.scalars(select(SafetyAlert.state)).one() is AlertState.ACKNOWLEDGED
