"""What a person says of being reached counts as a message leaves: it may have waited for hours by then."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest

from app.booking.models import Booking
from app.booking.reach import verdict_as_it_leaves
from app.core import clock
from app.core.clock import LONDON
from app.notifications.about import About
from app.notifications.codes import Channel, MessageState
from app.notifications.models import Message
from app.notifications.operations import Draft, send
from app.notifications.rendering import render_message
from app.notifications.stopping import Drop, Keep, Postpone, verdict_on
from app.people.codes import ContactChannel
from app.people.emails import send_own_page
from app.people.operations.own_page import invite
from app.referrals.reactions import tell_person
from app.referrals.signposts.codes import Whom
from app.referrals.signposts.emails import GIVEN
from app.referrals.signposts.models import Signpost
from tests.referrals import a_cast, a_referral

TUESDAY = datetime(2026, 11, 3, 12, tzinfo=LONDON)
MOBILE, EMAIL = "+447400123456", "rowan@person.example"
EVENINGS = [{"days": [0, 1, 2, 3, 4], "opens": "18:00", "closes": "20:00"}]


@pytest.fixture
def cast(session):
    made = a_cast(session)
    made.person.mobile, made.person.mobile_is_private = MOBILE, True
    made.person.email, made.person.email_is_private = EMAIL, True
    made.person.safe_channels = frozenset({ContactChannel.SMS})
    return made


def own_page(session, cast):
    send_own_page(session, cast.person, invite(session, cast.gp, cast.person), by=Channel.SMS)


def news_of_a_referral(session, cast):
    tell_person(session, a_referral(session, cast), "trial")


def a_slip(session, cast):
    now = clock.now()
    slip = Signpost(
        organization_id=cast.gp.organization_id,
        made_by_id=cast.gp.user_id,
        form_key=uuid4(),
        reference="AAAA",
        whom=Whom.PERSON,
        person_id=cast.person.id,
        sealed_link="",
        expires_at=now,
    )
    session.add(slip)
    session.flush()
    words = render_message(GIVEN.name, "en", by=Channel.SMS, address="http://localhost/slip", until=now.date())
    send(session, Draft(words=words, dedupe_key="trial", recipient=MOBILE, about=About(type="signpost", id=slip.id)))


@pytest.fixture(params=[own_page, news_of_a_referral, a_slip])
def message(request, session, cast):
    """One that is on its way to the person, by text."""
    with clock.moved_to(TUESDAY):
        request.param(session, cast)
        session.flush()
        found = [each for each in session.query(Message) if each.recipient == MOBILE]
        assert [each.state for each in found] == [MessageState.QUEUED]
        yield found[0]


def test_it_goes_where_nothing_is_said(session, message):
    assert verdict_on(session, message) == Keep()


def test_it_waits_for_a_safe_time_that_was_told_meanwhile(session, cast, message):
    cast.person.safe_times = EVENINGS
    assert verdict_on(session, message) == Postpone(TUESDAY.replace(hour=18), "not a safe time")


@pytest.mark.parametrize(
    "changes",
    [{"do_not_contact": True}, {"safe_channels": frozenset({ContactChannel.EMAIL})}],
    ids=["nobody is to write", "by email alone"],
)
def test_it_stays_where_it_is_not_safe_any_more(session, cast, message, changes):
    for name, value in changes.items():
        setattr(cast.person, name, value)
    assert verdict_on(session, message) == Drop("not safe now")


def test_a_link_to_a_whole_record_goes_only_where_nobody_else_reads(session, cast):
    with clock.moved_to(TUESDAY):
        own_page(session, cast)
        [message] = session.query(Message)
        cast.person.mobile_is_private = False
        assert verdict_on(session, message) == Drop("others read it")
        cast.person.mobile_is_private, cast.person.mobile = True, "+447400123457"
        assert verdict_on(session, message) == Drop("another address")


def test_word_of_a_booking_waits_for_a_safe_time(session, cast):
    booking = Booking(person_id=cast.person.id)
    with clock.moved_to(TUESDAY):
        assert verdict_as_it_leaves(session, booking, MOBILE) == Keep()
        cast.person.safe_times = EVENINGS
        assert verdict_as_it_leaves(session, booking, MOBILE) == Postpone(TUESDAY.replace(hour=18), "not a safe time")
        cast.person.do_not_contact = True
        assert verdict_as_it_leaves(session, booking, MOBILE) == Drop("not safe now")
