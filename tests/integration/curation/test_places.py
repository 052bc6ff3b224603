"""The month's mail to providers, and the page behind its link."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.core import clock
from app.directory.codes import Accepting, Status
from app.directory.curation.places import ask_for_places
from app.directory.models import Service
from app.notifications.models import Message
from tests.factories import service as a_service
from tests.signing_in import a_member, a_workplace


@pytest.fixture
def listings(session: Session) -> list[Service]:
    """Two listings of one provider, under two entries of the directory, and one that is closed."""
    place = a_workplace(session, "Kitchen").id
    found = [a_service(session, name=name) for name in ("Kitchen", "Garden", "Old shop")]
    for service in found:
        service.organization.member_organization_id = place
    found[2].status = Status.DEFUNCT
    a_member(session, Role.PROVIDER, workplace="Kitchen", email="anna@kitchen.example")
    session.flush()
    return found


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, tzinfo=UTC)


def link_of(session: Session) -> str:
    ask_for_places(session)
    text = session.scalars(select(Message.text)).one()
    session.commit()
    return re.search(r"/places/[\w-]+", text)[0]


def test_a_provider_gets_one_mail_a_month_for_all_its_listings(session, listings):
    for day, mails in ((at(2027, 1, 5), 1), (at(2027, 1, 31), 1), (at(2027, 2, 1), 2)):
        with clock.moved_to(day):
            ask_for_places(session)
            session.commit()
        assert len(session.scalars(select(Message.id)).all()) == mails
    assert set(session.scalars(select(Message.recipient))) == {"anna@kitchen.example"}


def test_who_was_asked_at_the_end_of_a_month_is_not_asked_at_the_beginning_of_the_next(session, listings):
    asked = []
    for day in (at(2027, 1, 30), at(2027, 2, 1), at(2027, 2, 14)):
        with clock.moved_to(day):
            asked.append(ask_for_places(session))
    assert asked == [1, 0, 1]


def test_an_entry_without_staff_is_asked_only_where_somebody_has_taken_it_on(session):
    service = a_service(session, name="Alone")
    service.organization.email = "alone@alone.example"
    assert ask_for_places(session) == 0
    service.next_check_on = clock.today()
    session.flush()
    assert ask_for_places(session) == 1
    assert session.scalars(select(Message.recipient)).all() == ["alone@alone.example"]


def test_opening_the_link_changes_nothing_and_one_press_says_it(session, client, listings):
    kitchen, stranger = listings[0].id, a_service(session, name="Stranger").id
    path = link_of(session)
    page = client.get(path).get_data(as_text=True)
    assert "Kitchen" in page
    assert "Garden" in page
    assert "Old shop" not in page
    session.expire_all()
    assert session.get_one(Service, kitchen).capacity_stated_at is None
    session.rollback()
    said = {"accepting": "waiting-list", "wait_weeks": "6"}
    assert client.post(f"{path}/{kitchen}", data=said).status_code == 303
    service = session.get_one(Service, kitchen)
    assert (service.accepting, service.wait_weeks) == (Accepting.WAITING_LIST, 6)
    assert service.capacity_stated_at.date() == clock.now().date()
    session.rollback()
    # Weeks that stand in the box do not matter to the other buttons.
    assert client.post(f"{path}/{kitchen}", data={"accepting": "yes", "wait_weeks": "x"}).status_code == 303
    assert client.post(f"{path}/{stranger}", data=said).status_code == 404
    assert client.post(f"{path}/{uuid4()}", data=said).status_code == 404
    assert client.post(f"{path}x/{kitchen}", data=said).status_code == 404


@pytest.mark.parametrize(
    ("weeks", "words"), [("soon", "Enter a whole number"), ("521", "from 0 to 520"), ("-1", "from 0 to 520")]
)
def test_weeks_that_are_no_number_are_said_beside_the_box(session, client, listings, weeks, words):
    kitchen = listings[0].id
    path = link_of(session)
    answer = client.post(f"{path}/{kitchen}", data={"accepting": "waiting-list", "wait_weeks": weeks})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    assert f'value="{weeks}"' in page
    assert client.post(f"{path}/{kitchen}", data={"accepting": "rubbish"}).status_code == 422
