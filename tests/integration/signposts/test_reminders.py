"""The one reminder: two weeks on, by day, to who agreed, and to nobody who has answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.accounts.current import vault
from app.accounts.vault import SIGNPOST
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.notifications.codes import Channel, MessageState
from app.notifications.models import Message
from app.notifications.stopping import Drop, Keep, Postpone
from app.referrals.signposts import operations, sending
from app.referrals.signposts.codes import Contacted
from app.referrals.signposts.models import Signpost
from app.referrals.signposts.operations import Pick, Wanted
from tests.factories import service
from tests.signing_in import a_member, actor_of

HOLDER = Actor(kind=ActorKind.LINK)
MOBILE = "+447400123456"
MORNING = datetime(2026, 11, 3, 10, tzinfo=clock.LONDON)


@pytest.fixture
def agreed(session) -> Signpost:
    """A signpost of the morning of 20 October, with a reminder by text."""
    actor = actor_of(session, a_member(session, Role.SURGERY, email="priya@surgery.example"))
    with clock.moved_to(MORNING - timedelta(days=14)):
        wanted = Wanted(picks=[Pick(service(session, name="Anxiety group"))])
        made = operations.give(session, actor, vault(SIGNPOST), wanted, form_key=uuid4())
        operations.remind_later(session, actor, vault(SIGNPOST), made, channel=Channel.SMS, address=MOBILE)
    session.flush()
    return made


def reminded(session, at: datetime) -> int:
    with clock.moved_to(at):
        return sending.remind(session, vault(SIGNPOST))


def messages(session) -> list[Message]:
    return list(session.scalars(select(Message).order_by(Message.created_at, Message.id)))


def test_the_number_is_kept_encrypted_and_only_until_it_was_used(session, agreed):
    assert agreed.remind_to
    assert MOBILE not in agreed.remind_to
    assert reminded(session, MORNING - timedelta(days=1)) == 0
    assert reminded(session, MORNING) == 1
    assert agreed.remind_to is None
    assert reminded(session, MORNING + timedelta(days=1)) == 0
    (told,) = messages(session)
    assert told.recipient == MOBILE
    assert "/slip/" in told.text
    assert "nxiety" not in told.text + told.subject


def test_nobody_is_reminded_at_night(session, agreed):
    for hour in (0, 3, 7, 21, 23):
        assert reminded(session, MORNING.replace(hour=hour)) == 0
    assert messages(session) == []
    assert reminded(session, MORNING) == 1
    (told,) = messages(session)
    with clock.moved_to(MORNING.replace(hour=23)):
        verdict = sending.still_wanted(session, told)
    assert isinstance(verdict, Postpone)
    assert verdict.until == MORNING.replace(day=4, hour=8)


def test_who_has_answered_is_left_in_peace(session, agreed):
    operations.answer(session, HOLDER, agreed.lines[0], Contacted.YES)
    assert agreed.remind_to is None
    assert reminded(session, MORNING) == 0
    assert messages(session) == []


def test_an_answer_between_the_sweep_and_the_post_stops_it(session, agreed):
    assert reminded(session, MORNING) == 1
    (told,) = messages(session)
    with clock.moved_to(MORNING):
        assert sending.still_wanted(session, told) == Keep()
        operations.answer(session, HOLDER, agreed.lines[0], Contacted.YES)
        assert sending.still_wanted(session, told) == Drop("answered")


def test_nobody_is_reminded_after_a_long_standstill(session, agreed):
    assert reminded(session, MORNING + timedelta(days=20)) == 1
    assert messages(session) == []
    assert agreed.remind_to is None


def test_addresses_are_forgotten_and_that_it_was_sent_stays(session, agreed):
    link = sending.link_of(agreed, vault(SIGNPOST))
    assert link
    with clock.moved_to(MORNING):
        sending.send_link(session, agreed, link=link, address="ann@person.example")
    for days, wiped in ((29, 0), (31, 1)):
        with clock.moved_to(MORNING + timedelta(days=days)):
            assert sending.forget_addresses(session) == wiped
    session.expire_all()
    (told,) = messages(session)
    assert (told.recipient, told.text, told.kind) == ("", "", "signposts.given")
    assert told.state is MessageState.CANCELLED
