"""What somebody chooses alone on their own page: kept with whom they name, answered at once, asked by no message."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.accounts.codes import UserKind
from app.accounts.operations import create_user
from app.core.actor import SYSTEM
from app.notifications.models import Message
from app.outcomes.codes import ChosenBy
from app.outcomes.models import MeasureChoice, Measurement, Occasion, OwnGoal
from app.people.codes import LinkKind
from app.people.models import Person, PersonAccount
from tests.outcomes import a_reachable_person, a_worker
from tests.signing_in import signed_in_client


@pytest.fixture
def own(app, session):
    """A person with a page of their own; how they ask, and the hub they know."""
    app.config["WTF_CSRF_ENABLED"] = False
    _user, actor = a_worker(session)
    person = a_reachable_person(session, actor)
    user = create_user(session, SYSTEM, name="", email="own@person.example", kind=UserKind.PERSON)
    session.add(PersonAccount(person_id=person.id, user_id=user.id, kind=LinkKind.INVITATION))
    user_id, here, hub = user.id, f"/me/records/{person.id}/doing", actor.organization_id
    session.commit()
    return signed_in_client(app, user_id), here, hub


@pytest.fixture
def only(session):
    """The one row of a kind, as it was committed; nothing is held open while pages are asked for."""

    def one(wanted):
        session.rollback()
        found = session.scalars(select(wanted)).one_or_none()
        session.flush()
        session.expunge_all()
        session.rollback()
        return found

    return one


def test_what_is_chosen_alone_is_the_persons_own_and_answered_without_a_message(own, only):
    client, here, hub = own
    assert client.post(f"{here}/choose", data={"measure": "ucla-3/1"}).status_code == 303
    choice = only(MeasureChoice)
    assert (choice.chosen_by, choice.organization_id) == (ChosenBy.PERSON, hub)
    answered = client.post(f"{here}/answer", data={"choice": str(choice.id)})
    assert re.search(r"/reply/[\w-]{20,}$", answered.location)
    page = client.get(answered.location).get_data(as_text=True)
    assert "from your own page" in page
    assert "not for me" not in page + client.get(f"{answered.location}/all").get_data(as_text=True)
    assert client.post(f"{answered.location}/not-me").status_code == 303
    assert only(Person).mobile_wrong_since is None
    asked = only(Occasion)
    assert (asked.organization_id, asked.last_message_no, asked.plan.owner_id) == (hub, 0, None)
    for number in (1, 2, 3):
        client.post(answered.location, data={"question": str(number), "answer": "3"})
    assert f"{here}" in client.get(f"{answered.location}/thanks").get_data(as_text=True)
    assert only(Message) is None
    assert [score.value for score in only(Measurement).scores] == [9]
    assert "You chose it on" in client.get(here).get_data(as_text=True)
    assert client.post(f"{here}/end", data={"choice": str(choice.id)}).status_code == 303
    assert only(MeasureChoice).ended_on is not None
    assert client.post(f"{here}/answer", data={"choice": str(choice.id)}).status_code == 404


def test_goals_in_their_own_words_and_nothing_that_nobody_could_act_on(own, only):
    client, here, hub = own
    offered = client.get(f"{here}/choose").get_data(as_text=True)
    assert "ucla-3/1" in offered
    assert "phq-9/1" not in offered
    assert client.post(f"{here}/choose", data={"measure": "phq-9/1"}).status_code == 422
    to_goals = client.post(f"{here}/choose", data={"measure": "goals/1"}).location
    assert client.post(to_goals, data={}).status_code == 422
    assert client.post(to_goals, data={"goal_1": "Go to the shop on my own"}).status_code == 303
    goal = only(OwnGoal)
    assert (goal.words, goal.organization_id) == ("Go to the shop on my own", hub)
    assert client.get(f"{here}/goals?place={goal.id}").status_code == 404
