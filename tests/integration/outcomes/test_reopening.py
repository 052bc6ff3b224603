"""What was ended without an answer is taken up again: with a reason, its end kept, nobody asked twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.clock import LONDON
from app.core.errors import Refused
from app.notifications.codes import MessageState
from app.notifications.models import Message
from app.outcomes.codes import AnswerKind, CloseReason, EndReason, Mode, OccasionState
from app.outcomes.measures import find_measure
from app.outcomes.models import Occasion, OccasionReopening
from app.outcomes.operations import ask_once, end_plan, end_without_answer, finish, open_form, reopen, save_answer
from app.outcomes.rules.answers import OneAnswer
from app.outcomes.rules.invitations import Action, Stop
from app.outcomes.sending import attend_to, due_leads
from app.people.operations import note_wrong_address
from tests.outcomes import a_reachable_person, a_worker
from tests.signing_in import signed_in_client

# A Thursday; reminders fall on the Monday and the Friday after.
NOON = datetime(2026, 1, 29, 12, tzinfo=LONDON)
WHY = "They would like to answer after all"


@pytest.fixture
def world(session):
    with clock.moved_to(NOON):
        user, actor = a_worker(session)
        user.name = "Ada Clerk"
        person = a_reachable_person(session, actor)
        occasion = ask_once(session, actor, person.id, ["ucla-3"])
        session.flush()
    return actor, person, occasion


def on(day, hours=0):
    return clock.moved_to(NOON + timedelta(days=day, hours=hours))


def look(session, occasion, day=0):
    with on(day):
        step = attend_to(session, occasion.id)
        session.flush()
        return step


def messages(session):
    return session.scalars(select(Message).order_by(Message.created_at, Message.id)).all()


def left(session):
    for message in messages(session):
        message.state, message.sent_at = MessageState.SENT, clock.now()
    session.flush()


def ended(session, actor, occasion, day=1, reason=CloseReason.DECLINED):
    with on(day):
        end_without_answer(session, actor, occasion, reason)


def taken_up(session, actor, occasion, day=2):
    with on(day):
        reopen(session, actor, occasion, WHY)


def test_who_was_asked_is_not_asked_anew_and_how_it_ended_is_kept(session, world):
    actor, _person, occasion = world
    look(session, occasion)
    left(session)
    ended(session, actor, occasion)
    assert look(session, occasion, 2) is None
    taken_up(session, actor, occasion)
    assert (occasion.state, occasion.close_reason, occasion.closed_at) == (OccasionState.SENT, None, None)
    look(session, occasion, 2)
    assert len(messages(session)) == 1
    look(session, occasion, 8)  # the last reminder that is still to come, and it alone
    look(session, occasion, 9)
    assert len(messages(session)) == 2
    kept = session.scalars(select(OccasionReopening)).one()
    assert (kept.reason, kept.close_reason, kept.closed_by_id) == (WHY, CloseReason.DECLINED, actor.user_id)


def test_a_message_that_never_left_goes_after_all_and_once(session, world):
    actor, _person, occasion = world
    look(session, occasion)
    ended(session, actor, occasion, day=0)
    assert [each.state for each in messages(session)] == [MessageState.CANCELLED]
    taken_up(session, actor, occasion, day=0)
    taken_up(session, actor, occasion, day=0)  # pressed twice
    assert occasion.state is OccasionState.PLANNED
    for _time in range(3):
        look(session, occasion)
    assert {each.state for each in messages(session)} == {MessageState.CANCELLED, MessageState.QUEUED}
    assert len(messages(session)) == 2
    assert occasion.last_message_no == 0
    assert len(session.scalars(select(OccasionReopening)).all()) == 1


def test_no_reminder_after_an_answer(session, world):
    actor, person, occasion = world
    look(session, occasion)
    left(session)
    ended(session, actor, occasion)
    taken_up(session, actor, occasion)
    with on(2, 1):
        form = a_form(session, actor, person, occasion, "ucla-3")
        for item in find_measure("ucla-3").items:
            save_answer(session, actor, form, item, OneAnswer(AnswerKind.GIVEN, 1))
    assert occasion.state is OccasionState.DONE
    for day in (4, 8, 20):
        look(session, occasion, day)
        with on(day):
            assert occasion.id not in due_leads(session)
    assert len(messages(session)) == 1


def test_what_they_had_begun_was_scored_at_the_end_and_only_the_rest_is_asked(session, world):
    actor, person, _occasion = world
    with on(0):
        both = ask_once(session, actor, person.id, ["ucla-3", "gad-7"])
        one_answer(session, actor, person, both, "ucla-3")
    ended(session, actor, both)
    assert both.state is OccasionState.CLOSED_UNANSWERED
    taken_up(session, actor, both)
    assert both.state is OccasionState.PART_ANSWERED
    with on(2):
        finish(session, actor, one_answer(session, actor, person, both, "gad-7"))
    assert both.state is OccasionState.DONE


def a_form(session, actor, person, occasion, name):
    return open_form(
        session,
        actor,
        organization_id=actor.organization_id,
        person_id=person.id,
        measure=find_measure(name),
        mode=Mode.PHONE,
        occasion=occasion,
    )


def one_answer(session, actor, person, occasion, name):
    form = a_form(session, actor, person, occasion, name)
    save_answer(session, actor, form, find_measure(name).items[0], OneAnswer(AnswerKind.GIVEN, 1))
    return form


def test_a_wrong_number_stays_held(session, world):
    actor, person, occasion = world
    look(session, occasion)
    left(session)
    with on(1):
        note_wrong_address(session, actor, person, person.mobile)
    ended(session, actor, occasion)
    taken_up(session, actor, occasion)
    assert Stop.WRONG_NUMBER in look(session, occasion, 8).stopped_by
    assert len(messages(session)) == 1


@pytest.mark.parametrize("why", ["over", "died", "plan ended"])
def test_where_it_is_not_right_it_stays_ended(session, world, why):
    actor, person, occasion = world
    ended(session, actor, occasion)
    day = 29 if why == "over" else 2
    with on(2):
        if why == "died":
            person.died_on = clock.today()
        if why == "plan ended":
            end_plan(session, actor, occasion.plan, EndReason.ASKED_TO_STOP)
    with pytest.raises(Refused):
        taken_up(session, actor, occasion, day)
    assert occasion.state is OccasionState.CLOSED_UNANSWERED
    assert session.scalars(select(OccasionReopening)).all() == []


def test_what_ended_says_why_by_whom_and_when_and_goes_on_with_a_reason(app, session):
    app.config["WTF_CSRF_ENABLED"] = False
    user, actor = a_worker(session)
    user.name = "Ada Clerk"
    person = a_reachable_person(session, actor)
    occasion = ask_once(session, actor, person.id, ["ucla-3"])
    occasion_id, plan_id = occasion.id, occasion.plan_id
    here, list_ = f"/desk/outcomes/occasions/{occasion_id}", f"/desk/people/{person.id}/outcomes"
    desk_of = user.id
    session.commit()
    desk = signed_in_client(app, desk_of)
    assert desk.get(f"{here}/reopen").status_code == 303  # nothing has ended
    desk.post(here, data={"reason": "unwell"})
    day = f"{clock.today().day} {clock.today():%B %Y}"
    assert f"Too unwell, {day}, Ada Clerk" in desk.get(list_).text
    assert f"Too unwell, {day}, Ada Clerk" in desk.get(here).text
    page = desk.post(f"{here}/reopen", data={"reason": ""})
    assert (page.status_code, "Say why" in page.text) == (422, True)
    assert desk.post(f"{here}/reopen", data={"reason": "Better again"}).status_code == 303
    shown = desk.get(here).text
    assert "Better again" in shown
    assert f"Too unwell, {day}, Ada Clerk" in shown
    desk.post(f"/desk/outcomes/plans/{plan_id}/end", data={"reason": "asked to stop"})
    assert f"Ended on {day} by Ada Clerk. They asked to stop." in desk.get(list_).text


def test_asking_again_on_the_day_on_which_it_was_stopped_asks(session, world):
    actor, person, occasion = world
    with on(0):
        end_plan(session, actor, occasion.plan, EndReason.MISTAKE)
        assert occasion.state is OccasionState.VOID
        again = ask_once(session, actor, person.id, ["ucla-3"])
    assert (again.id, again.state, again.plan.ended_on) == (occasion.id, OccasionState.PLANNED, None)
    assert look(session, occasion).action is Action.INVITE
    assert len(messages(session)) == 1


def test_a_day_of_a_far_year_is_no_other_day(app, session):
    app.config["WTF_CSRF_ENABLED"] = False
    user, actor = a_worker(session)
    person = a_reachable_person(session, actor)
    occasion = ask_once(session, actor, person.id, ["ucla-3"])
    here, before, desk_of = f"/desk/outcomes/occasions/{occasion.id}/move", occasion.due_on, user.id
    session.commit()
    desk = signed_in_client(app, desk_of)
    for year in (clock.today().year + 3, 9999):
        told = {"due_on-day": "1", "due_on-month": "2", "due_on-year": str(year)}
        page = desk.post(here, data=told)
        assert (page.status_code, "Enter a day within two years of today" in page.text) == (422, True)
        assert f'value="{year}"' in page.text
    session.rollback()
    assert session.scalars(select(Occasion.due_on)).one() == before
