"""Changing several listings at once: shown first, then done with a version and a line in the trail for each."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core import clock
from app.directory.codes import Status
from app.directory.curation import freshness, operations
from app.directory.curation.bulk import Act, Wanted, change, lines
from app.directory.models import ListingVersion, Service
from tests import factories
from tests.signing_in import a_workplace, actor_of, signed_in_client

PATH = "/desk/listings/several"


@pytest.fixture
def three(session: Session) -> list[Service]:
    return [factories.service(session, name=f"Listing {number}", description="Help.") for number in range(3)]


@pytest.fixture
def topics(session):
    need = factories.taxonomy(session, slug="need", name="Topics")
    return [factories.term(session, need, code=code, name=code.title()) for code in ("debt", "housing", "food")]


def reasons(session, service):
    rows = select(ListingVersion.reason).where(ListingVersion.service_id == service.id)
    return session.scalars(rows.order_by(ListingVersion.number)).all()


def test_the_next_check_is_set_without_counting_as_a_check(session, editor, three):
    day = clock.today() + timedelta(days=40)
    three[0].next_check_on = day
    wanted = Wanted(act=Act.NEXT_CHECK, day=day)
    assert [line.is_change for line in lines(session, three, wanted)] == [False, True, True]
    assert change(session, actor_of(session, editor), three, wanted) == 2
    session.commit()
    assert [(one.next_check_on, one.assured_date) for one in three] == [(day, None)] * 3
    assert [len(reasons(session, one)) for one in three] == [0, 2, 2]
    trail = select(AuditEntry.object_id).where(AuditEntry.reason == "several at once")
    assert set(session.scalars(trail.order_by(AuditEntry.id))) == {three[1].id, three[2].id}


def test_a_topic_is_added_last_and_what_a_rule_proposed_stays_so(session, editor, three, topics):
    debt, housing, _food = topics
    factories.attribute(session, three[0], housing, by_rule=True, position=0)
    factories.attribute(session, three[1], debt, position=0)
    session.expire_all()
    assert change(session, actor_of(session, editor), three[:2], Wanted(act=Act.ADD_TOPIC, topic="debt")) == 1
    session.commit()
    session.expire_all()
    told = [(tag.taxonomy_term.code, tag.by_rule) for tag in three[0].attributes]
    assert told == [("housing", True), ("debt", False)]
    assert reasons(session, three[0])[-1] == "topic debt added"
    assert change(session, actor_of(session, editor), three, Wanted(act=Act.TAKE_TOPIC, topic="debt")) == 2
    assert operations.restore(session, actor_of(session, editor), three[1], 1)
    assert [tag.taxonomy_term.code for tag in three[1].attributes] == ["debt"]


def test_what_is_shown_again_is_not_hidden_the_next_minute(session, editor, three):
    actor = actor_of(session, editor)
    three[0].next_check_on = clock.today() - timedelta(days=200)
    three[1].status = Status.DEFUNCT
    operations.hide_as_stale(session, actor, three[0])
    assert change(session, actor, three, Wanted(act=Act.SHOW)) == 1
    session.commit()
    assert freshness.hide_expired(session) == 0
    assert [one.status for one in three] == [Status.ACTIVE, Status.DEFUNCT, Status.ACTIVE]
    assert change(session, actor, three, Wanted(act=Act.HIDE)) == 2
    assert [one.status for one in three] == [Status.INACTIVE, Status.DEFUNCT, Status.INACTIVE]


def test_whose_staff_look_after_them_counts_for_the_organisation(session, editor, three):
    place = a_workplace(session, "Kitchen")
    other = factories.service(session, name="Of the same", organization=three[0].organization)
    found = lines(session, three, Wanted(act=Act.OWNER, owner=place.id))
    assert [line.also for line in found] == [1, 0, 0]
    assert change(session, actor_of(session, editor), three, Wanted(act=Act.OWNER, owner=place.id)) == 3
    assert other.organization.member_organization_id == place.id


def test_the_pages_show_what_changes_before_it_does(session, app, editor, three):
    three[2].status = Status.INACTIVE
    ids, user_id = [str(one.id) for one in three], editor.id
    session.commit()
    client = signed_in_client(app, user_id)
    assert "Tick Listing 1" in client.get("/desk/listings").get_data(as_text=True)
    assert client.post(PATH, data={"listing": ["rubbish"]}).headers["Location"].endswith("done=none")
    assert "Change 3 listings" in client.post(PATH, data={"listing": ids}).get_data(as_text=True)
    sent = {"listing": ids, "act": "hide"}
    page = client.post(PATH, data=sent | {"do": "show"}).get_data(as_text=True)
    assert page.count("Now: Open. Then: Not shown to the public.") == 2
    assert "stays: Not shown to the public" in page
    seal = re.search(r'name="shown" value="(\w+)"', page)[1]
    assert session.scalar(select(func.count()).select_from(ListingVersion)) == 0
    session.get_one(Service, three[0].id).status = Status.TEMPORARILY_CLOSED
    session.commit()
    page = client.post(PATH, data=sent | {"do": "change", "shown": seal}).get_data(as_text=True)
    assert "A listing has changed since" in page
    seal = re.search(r'name="shown" value="(\w+)"', page)[1]
    answer = client.post(PATH, data=sent | {"do": "change", "shown": seal})
    assert answer.headers["Location"].endswith("done=2")
    assert "2 listings were changed." in client.get(answer.headers["Location"]).get_data(as_text=True)
    session.expire_all()
    assert {one.status for one in three} == {Status.INACTIVE}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose what you want to do"),
        ({"act": "rubbish"}, "Choose one of the answers"),
        ({"act": "next-check"}, "Enter the day of the next check"),
        ({"act": "next-check", "day-day": "1", "day-month": "1", "day-year": "2020"}, "Enter a day from today on"),
        ({"act": "next-check", "day-day": "31", "day-month": "2", "day-year": "2030"}, "must be a real date"),
        ({"act": "add-topic"}, "Choose a topic"),
        ({"act": "owner", "owner": "rubbish"}, "Choose one of the answers"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(session, app, editor, three, fields, words):
    ids, user_id = [str(one.id) for one in three], editor.id
    session.commit()
    answer = signed_in_client(app, user_id).post(PATH, data={"listing": ids, "do": "show"} | fields)
    assert answer.status_code == 422
    assert re.search(rf'class="govuk-error-message"[^>]*>.*{words}', answer.get_data(as_text=True))
