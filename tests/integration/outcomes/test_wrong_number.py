"""It came to somebody else: nothing more goes there, by any feature, and staff are told to put it right."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.actor import SYSTEM
from app.notifications.codes import Channel, MessageState, Outcome
from app.notifications.models import Message
from app.notifications.operations import record_receipt
from app.outcomes.codes import OccasionState
from app.outcomes.models import Measurement, Occasion, SafetyAlert
from app.outcomes.operations import ask_once
from app.outcomes.rules.invitations import Action, Stop
from app.outcomes.sending import attend_to, stops_for, way_to
from app.people import queries as people
from app.people.codes import ContactChannel
from app.people.models import Person
from app.people.operations import change_person, note_wrong_address, say_addresses_are_right
from app.people.operations.own_page import safe_way
from app.people.operations.records import details_of
from tests.outcomes import a_duty_desk, a_reachable_person, a_worker
from tests.signing_in import signed_in_client


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def world(session):
    """A member of staff, and somebody who was asked two things at a number that they alone read."""
    user, actor = a_worker(session)
    person = a_reachable_person(session, actor, mobile_is_private=True)
    a_duty_desk(session, actor)
    noon = clock.local_now().replace(hour=12) + timedelta(days=7 - clock.today().weekday())  # a Monday to come
    with clock.moved_to(noon):
        asked = ask_once(session, actor, person.id, ["phq-9"])
        attend_to(session, asked.id)
    told = user.id, actor, person.id, asked.id, noon
    session.commit()
    return told


def token_of(session, occasion_id):
    text = session.scalars(select(Message.text).where(Message.subject_id == occasion_id)).one()
    session.rollback()
    return re.search(r"/reply/(\S+)", text)[1]


def said_not_me(client, session, world):
    token = token_of(session, world[3])
    with clock.moved_to(world[4]):
        return token, client.post(f"/reply/{token}/not-me")


def test_it_is_asked_once_more_and_looking_changes_nothing(client, session, world):
    _user, _actor, person_id, occasion_id, noon = world
    token = token_of(session, occasion_id)
    with clock.moved_to(noon):
        assert f"/reply/{token}/not-me" in client.get(f"/reply/{token}").text
        assert f"/reply/{token}/not-me" in client.get(f"/reply/{token}/all").text
        assert "wrong person" in client.get(f"/reply/{token}/not-me").text
        assert client.get(f"/reply/{token}").status_code == 200
    assert session.get_one(Person, person_id).mobile_wrong_since is None


def test_nothing_more_goes_there_and_the_link_is_dead(client, session, world):
    _user, actor, person_id, occasion_id, noon = world
    token, page = said_not_me(client, session, world)
    assert page.status_code == 200
    with clock.moved_to(noon):
        assert client.get(f"/reply/{token}").status_code == 404
        assert client.post(f"/reply/{token}", data={"question": "1", "answer": "1"}).status_code == 404
        assert client.post(f"/reply/{token}/not-me").text == page.text  # pressed twice
    person, lead = session.get_one(Person, person_id), session.get_one(Occasion, occasion_id)
    assert [message.state for message in session.scalars(select(Message))] == [MessageState.CANCELLED]
    for days in (3, 8):
        with clock.moved_to(noon + timedelta(days=days)):
            attend_to(session, occasion_id)
    assert len(session.scalars(select(Message)).all()) == 1
    assert Stop.WRONG_NUMBER in stops_for(session, lead, [lead], person)
    # Neither by another feature, nor as a way to the person's own page.
    assert ContactChannel.SMS not in people.safety_of(person).safe_channels
    assert (way_to(person), safe_way(person)) == (None, None)
    assert people.count_wrong_addresses(session, actor) == 1


def test_a_wrong_number_holds_itself_alone_and_they_are_asked_anew_by_email(client, app, session, world):
    user_id, _actor, person_id, occasion_id, noon = world
    person = session.get_one(Person, person_id)
    person.email, person.safe_channels = "rowan@person.example", frozenset({ContactChannel.SMS, ContactChannel.EMAIL})
    session.commit()
    said_not_me(client, session, world)
    with clock.moved_to(noon + timedelta(hours=1)):
        attend_to(session, occasion_id)
        attend_to(session, occasion_id)  # looked at again, it is not asked again
        session.commit()
        page = signed_in_client(app, user_id).get(f"/desk/outcomes/occasions/{occasion_id}").text
    assert "so they are asked by email" in page
    asked = messages_there(session, "rowan@person.example")
    assert [(message.channel, "Hello again" in message.text) for message in asked] == [(Channel.EMAIL, False)]
    with clock.moved_to(noon + timedelta(days=3)):
        attend_to(session, occasion_id)
    assert len(messages_there(session, "rowan@person.example")) == 2
    assert len(messages_there(session, "+447700900118")) == 1


def test_a_number_that_is_wrong_later_is_made_up_for_by_the_last_message_that_was_due(session, world):
    _user, _actor, person_id, occasion_id, noon = world
    person = session.get_one(Person, person_id)
    person.email, person.safe_channels = "rowan@person.example", frozenset({ContactChannel.SMS, ContactChannel.EMAIL})
    with clock.moved_to(noon + timedelta(days=8)):
        attend_to(session, occasion_id)  # the second reminder, by text
    with clock.moved_to(noon + timedelta(days=9)):
        note_wrong_address(session, SYSTEM, person, "+447700900118")
        assert attend_to(session, occasion_id).action is Action.INVITE
        assert attend_to(session, occasion_id).action is Action.WAIT
    (asked,) = messages_there(session, "rowan@person.example")
    assert "Hello again" not in asked.text  # to them it is the first


def messages_there(session, address):
    wanted = select(Message).where(Message.recipient == address).order_by(Message.created_at, Message.id)
    return session.scalars(wanted).all()


def test_every_link_that_went_there_dies(client, session, world):
    _user, actor, person_id, _occasion, noon = world
    with clock.moved_to(noon):
        other = ask_once(session, actor, person_id, ["satisfaction"])
        other.lead_id = None
        attend_to(session, other.id)
        other_id = other.id
        session.commit()
    said_not_me(client, session, world)
    with clock.moved_to(noon):
        assert client.get(f"/reply/{token_of(session, other_id)}").status_code == 404


def test_what_they_had_begun_is_taken_back_and_its_alert_stands(client, session, world):
    _user, _actor, _person, occasion_id, noon = world
    token = token_of(session, occasion_id)
    with clock.moved_to(noon):
        client.post(f"/reply/{token}", data={"question": "9", "answer": "2"})
    session.rollback()
    said_not_me(client, session, world)
    form = session.scalars(select(Measurement)).one()
    assert (form.stands, form.void_reason) == (False, "wrong number")
    assert session.get_one(Occasion, occasion_id).state is OccasionState.SENT
    assert len(session.scalars(select(SafetyAlert)).all()) == 1


def test_staff_have_it_on_their_list_and_the_right_number_lets_messages_go_again(client, app, session, world):
    user_id, actor, person_id, occasion_id, noon = world
    said_not_me(client, session, world)
    hub = signed_in_client(app, user_id)
    assert "Rowan" in hub.get("/desk/people/wrong-addresses").text
    record = hub.get(f"/desk/people/{person_id}").text
    assert "is not theirs" in record
    assert "Put it right in their record" in hub.get(f"/desk/outcomes/occasions/{occasion_id}").text
    person = people.person(session, actor, person_id)
    details = replace(details_of(person), mobile="+447700900119")
    change_person(session, actor, person, details, revision=person.revision)
    session.commit()
    assert people.count_wrong_addresses(session, actor) == 0
    session.rollback()
    with clock.moved_to(noon + timedelta(hours=1)):
        hub = signed_in_client(app, user_id)
        assert hub.post(f"/desk/outcomes/occasions/{occasion_id}/again").status_code == 303
    last = session.scalars(select(Message).order_by(Message.created_at.desc(), Message.id)).first()
    assert last.recipient == "+447700900119"


def test_who_asked_may_say_that_it_is_theirs(client, app, session, world):
    user_id, actor, person_id, _occasion, _noon = world
    said_not_me(client, session, world)
    hub = signed_in_client(app, user_id)
    assert hub.post(f"/desk/people/{person_id}/right-address").status_code == 303
    session.rollback()
    person = session.get_one(Person, person_id)
    assert person.mobile_wrong_since is None
    assert ContactChannel.SMS in people.safety_of(person).safe_channels
    say_addresses_are_right(session, actor, person)  # twice is once


def test_who_calls_a_wrong_number_notes_it_there(app, session, world):
    user_id, actor, person_id, occasion_id, noon = world
    with clock.moved_to(noon):
        hub = signed_in_client(app, user_id)
        page = hub.post(f"/desk/outcomes/occasions/{occasion_id}/wrong-number", follow_redirects=True)
    assert "Put it right in their record" in page.text
    session.rollback()
    assert people.count_wrong_addresses(session, actor) == 1
    assert session.get_one(Occasion, occasion_id).called_at is not None
    assert session.get_one(Person, person_id).mobile_wrong_since is not None


def test_what_comes_back_undelivered_is_put_right_too(session, world):
    _user, actor, person_id, _occasion, _noon = world
    message = session.scalars(select(Message)).one()
    message.state, message.sent_at = MessageState.SENT, clock.now()
    session.flush()
    record_receipt(session, message, Outcome.BOUNCED)
    assert session.get_one(Person, person_id).mobile_wrong_since is not None
    assert people.count_wrong_addresses(session, actor) == 1
