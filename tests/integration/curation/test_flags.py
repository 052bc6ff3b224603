"""What an import is unsure of: editors see it, and it is gone when somebody has looked or mended it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.directory.codes import FlagCode, Status
from app.directory.curation import flags, operations, queries
from app.directory.curation.bulk import Act, Wanted, change, lines
from app.directory.models import Flag, IndexChange, Service
from tests import factories
from tests.signing_in import actor_of, signed_in_client


@pytest.fixture
def listing(session: Session) -> Service:
    return factories.service(session, name="Tea and talk", description="Ring Jo on 07700 900123.")


@pytest.fixture
def topics(session):
    need = factories.taxonomy(session, slug="need", name="Topics")
    return [factories.term(session, need, code=code, name=code.title()) for code in ("debt", "housing")]


def flagged(session: Session, service: Service, code: FlagCode, field_name: str = "") -> Flag:
    flag = Flag(service_id=service.id, code=code, field_name=field_name)
    session.add(flag)
    session.flush()
    return flag


def waiting(session: Session, editor, queue: str) -> list[str]:
    names = [service.name for service in queries.listings(session, actor_of(session, editor), queue=queue)[0]]
    session.commit()
    return names


@pytest.mark.parametrize(
    ("code", "field_name", "change"),
    [
        (FlagCode.MOBILE_NUMBER, "description", {"description": "Ring the office."}),
        (FlagCode.SAYS_IT_IS_OVER, "description", {"description": "Each Friday."}),
        (FlagCode.WEB_ADDRESS_DROPPED, "url", {"url": "https://tea.example"}),
        (FlagCode.HOURS_NOT_READ, "schedules", {"hours": [{"words": "Fridays"}]}),
    ],
)
def test_who_writes_a_field_anew_has_looked_at_it(
    session: Session, editor, listing: Service, code: FlagCode, field_name: str, change: Mapping[str, object]
) -> None:
    flagged(session, listing, code, field_name)
    other = flagged(session, listing, FlagCode.TEXT_MENDED, "application_process")
    operations.publish(session, actor_of(session, editor), listing, change)
    assert [flag.id for flag in flags.to_look_at(session, listing)] == [other.id]


@pytest.mark.parametrize(
    ("code", "queue"),
    [
        (FlagCode.PERSONAL_EMAIL, "personal-details"),
        (FlagCode.SAYS_IT_IS_OVER, "says-it-is-over"),
        (FlagCode.MISSING_FROM_FEED, "missing"),
    ],
)
def test_what_may_stand_waits_no_more(
    app, session: Session, editor, listing: Service, code: FlagCode, queue: str
) -> None:
    listing.missing_since = listing.created_at
    flag = flagged(session, listing, code, "description")
    assert waiting(session, editor, queue) == ["Tea and talk"]
    listing_id, flag_id, editor_id = listing.id, flag.id, editor.id
    session.commit()
    client = signed_in_client(app, editor_id)
    page = client.get(f"/desk/listings/{listing_id}").text
    address = re.search(r'action="(/desk/listings/[^"]+/looked-at)"', page)
    assert address
    assert "Nobody is asked to look at that again" in client.post(address[1], follow_redirects=True).text
    assert session.scalar(select(func.count(Flag.id)).where(Flag.id == flag_id)) == 0
    assert waiting(session, editor, queue) == []


def test_what_is_hidden_waits_for_nobody(session: Session, editor, listing: Service) -> None:
    flagged(session, listing, FlagCode.SAYS_IT_IS_OVER, "description")
    operations.publish(session, actor_of(session, editor), listing, {"status": Status.DEFUNCT.value})
    assert waiting(session, editor, "says-it-is-over") == []


def test_a_flag_of_another_listing_is_not_there(session: Session, editor, listing: Service) -> None:
    flag = flagged(session, factories.service(session, name="Other"), FlagCode.TEXT_MENDED, "name")
    with pytest.raises(NotFound):
        flags.looked_at(session, actor_of(session, editor), listing, flag.id)


def test_topics_that_were_proposed_wait_until_an_editor_says_that_they_are_right(
    app, session: Session, editor, listing: Service, topics
) -> None:
    factories.attribute(session, listing, topics[0], by_rule=True, position=0)
    session.expire_all()
    listing_id, editor_id = listing.id, editor.id
    before = session.scalar(select(func.count(IndexChange.sequence))) or 0
    session.commit()
    client = signed_in_client(app, editor_id)
    assert "Debt" in client.get("/desk/listings?queue=topics-by-rule").text
    client.post(f"/desk/listings/{listing_id}/topics-right")
    session.expire_all()
    assert [tag.by_rule for tag in listing.attributes] == [False]
    assert waiting(session, editor, "topics-by-rule") == []
    # It counts for more in a search now.
    assert (session.scalar(select(func.count(IndexChange.sequence))) or 0) > before


def test_topics_of_several_are_right_at_once(session: Session, editor, listing: Service, topics) -> None:
    other = factories.service(session, name="Other")
    factories.attribute(session, listing, topics[0], by_rule=True, position=0)
    factories.attribute(session, other, topics[1], position=0)
    session.expire_all()
    wanted = Wanted(act=Act.TOPICS_RIGHT)
    assert [(line.before, line.is_change) for line in lines(session, [listing, other], wanted)] == [
        ("Debt", True),
        ("", False),
    ]
    assert change(session, actor_of(session, editor), [listing, other], wanted) == 1
    assert flags.proposed_topics(listing) == []


def test_the_list_of_proposed_topics_leads_to_what_will_change(app, session: Session, editor, listing, topics) -> None:
    factories.attribute(session, listing, topics[0], by_rule=True, position=0)
    listing_id, editor_id = listing.id, editor.id
    session.commit()
    client = signed_in_client(app, editor_id)
    asked = {"listing": str(listing_id), "act": "topics-right", "do": "show"}
    page = client.post("/desk/listings/several", data=asked).text
    assert "proposed: Debt" in page
    shown = re.search(r'name="shown" value="([^"]+)"', page)
    assert shown
    client.post("/desk/listings/several", data=asked | {"do": "change", "shown": shown[1]})
    assert waiting(session, editor, "topics-by-rule") == []


def test_a_listing_without_topics_waits_however_it_came(session: Session, editor, listing: Service, topics) -> None:
    assert waiting(session, editor, "no-topics") == ["Tea and talk"]
    operations.publish(session, actor_of(session, editor), listing, {"topics": ["debt"]})
    assert waiting(session, editor, "no-topics") == []
