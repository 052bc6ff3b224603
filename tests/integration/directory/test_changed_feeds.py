"""What happens when a feed changes, shrinks, comes back, or claims what is not its own."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.core.actor import SYSTEM
from app.core.errors import InvalidInput
from app.directory.codes import FlagCode, Kind, Status
from app.directory.curation import merging, operations
from app.directory.importing.building import feed as reading_of_a_feed
from app.directory.models import Attribute, Flag, IndexChange, Metadata, Proposal, Service, TaxonomyTerm
from app.directory.sessions import long_transaction
from tests.integration.directory.conftest import Importer, write_json

pytestmark = pytest.mark.usefixtures("reference")

FEED: list[dict[str, Any]] = [
    {"id": "1", "name": "Food for all", "status": "active",
     "organization": {"id": "o", "name": "All", "description": ""}, "phones": [{"id": "p", "number": "01632 960001"}],
     "service_at_locations": [
         {"id": "x", "location": {"id": "l", "name": "Hall", "latitude": 54.7, "longitude": -2.3}}]},
    {"id": "2", "name": "Second", "status": "active", "organization": {"id": "o", "name": "All", "description": ""}},
]  # fmt: skip


@pytest.fixture
def send(import_feed: Importer, tmp_path: Path) -> Any:
    def run(feed: list[dict[str, Any]], source: str = "feed") -> Any:
        return import_feed(write_json(tmp_path / "feed.json", feed), source=source)

    return run


def changes(session: Session) -> int:
    session.commit()
    return session.scalar(select(func.count()).select_from(IndexChange)) or 0


def only(session: Session, source_id: str) -> Service:
    session.commit()
    session.expire_all()
    return session.scalars(select(Service).where(Service.source_id == source_id).order_by(Service.id)).one()


def test_a_changed_service_is_updated_and_told_to_the_index(send: Any, reading: Session) -> None:
    send(FEED)
    before, indexed = only(reading, "1").last_modified, changes(reading)
    changed = deepcopy(FEED)
    changed[0]["phones"][0]["number"] = "01632 960002"
    totals = send(changed).totals
    assert (totals.updated, totals.unchanged) == (1, 1)
    assert only(reading, "1").phones[0].number == "01632 960002"
    assert only(reading, "1").last_modified > before
    assert changes(reading) == indexed + 1
    actions = reading.scalars(select(Metadata.last_action_type).order_by(Metadata.last_action_date, Metadata.id)).all()
    assert actions.count("create") == 2
    assert actions.count("update") == 1


def test_a_place_that_moves_is_told_to_the_index(send: Any, reading: Session) -> None:
    send(FEED)
    indexed = changes(reading)
    changed = deepcopy(FEED)
    changed[0]["service_at_locations"][0]["location"]["latitude"] = 54.8
    assert send(changed).totals.updated == 0
    assert changes(reading) == indexed + 1
    assert only(reading, "1").service_at_locations[0].location.latitude == 54.8


def test_a_missing_service_is_marked_not_deleted_and_unmarked_when_it_is_back(send: Any, reading: Session) -> None:
    send(FEED)
    assert send(FEED[:1]).totals.missing == 1
    since = only(reading, "2").missing_since
    assert since is not None
    assert (
        reading.scalars(select(Flag.code).where(Flag.service_id == only(reading, "2").id).order_by(Flag.id))
        .all()
        .count(FlagCode.MISSING_FROM_FEED)
        == 1
    )
    indexed = changes(reading)
    assert send(FEED[:1]).totals.missing == 1
    assert only(reading, "2").missing_since == since
    assert changes(reading) == indexed
    assert send(FEED).totals.updated == 1
    assert only(reading, "2").missing_since is None
    assert (
        FlagCode.MISSING_FROM_FEED
        not in reading.scalars(
            select(Flag.code).where(Flag.service_id == only(reading, "2").id).order_by(Flag.id)
        ).all()
    )


def test_a_service_that_cannot_be_read_this_time_is_not_missing(send: Any, reading: Session) -> None:
    send(FEED)
    broken = [FEED[0], {**FEED[1], "name": ""}]
    assert send(broken).totals.missing == 0
    assert only(reading, "2").name == "Second"


def test_an_empty_feed_marks_nothing(send: Any, reading: Session) -> None:
    send(FEED)
    with pytest.raises(InvalidInput, match="could be imported; nothing was changed"):
        send([])
    assert only(reading, "2").missing_since is None


def test_a_part_that_is_gone_goes(send: Any, reading: Session) -> None:
    send(FEED)
    send([{**FEED[0], "phones": [], "service_at_locations": []}, FEED[1]])
    service = only(reading, "1")
    assert service.phones == []
    assert service.service_at_locations == []


def test_topics_chosen_by_a_person_stay(send: Any, reading: Session, database_url: str) -> None:
    send(FEED)
    with long_transaction(database_url) as session:
        service = session.scalars(select(Service).where(Service.source_id == "1").order_by(Service.id)).one()
        session.execute(delete(Attribute).where(Attribute.service_id == service.id))
        term = session.scalars(
            select(TaxonomyTerm).where(TaxonomyTerm.code == "budgeting").order_by(TaxonomyTerm.id)
        ).one()
        session.add(Attribute(service_id=service.id, taxonomy_term_id=term.id))
        service.kind = Kind.COURSE
    assert send(FEED).totals.updated == 0
    assert [tag.taxonomy_term.code for tag in only(reading, "1").attributes] == ["budgeting"]
    assert only(reading, "1").kind is Kind.COURSE


UUID_1 = "3f2c1f9e-54b0-4a0e-9d7e-6d6f7f0f0001"


@pytest.mark.parametrize("before", [1, 3])
def test_another_source_cannot_take_over_a_listing(
    send: Any, reading: Session, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    """Nor where so many are there already that they are read some at a time."""
    monkeypatch.setattr(reading_of_a_feed, "READ_AT_ONCE", 2)
    send(
        [{"id": f"3f2c1f9e-54b0-4a0e-9d7e-6d6f7f0e000{number}", "name": "Old"} for number in range(before)], source="o"
    )
    send([{**FEED[0], "id": UUID_1}], source="honest")
    told = send([{**FEED[0], "id": UUID_1, "name": "Send me money"}], source="thief")
    assert told.totals.new == 1
    assert "belongs to a listing of another source" in told.reasons("note")[0]
    names = {service.source: service.name for service in reading.scalars(select(Service).order_by(Service.id))}
    assert names == {"o": "Old", "honest": "Food for all", "thief": "Send me money"}


def test_the_same_listing_from_another_source_is_not_doubled(send: Any, reading: Session) -> None:
    send([{**FEED[0], "id": UUID_1}, FEED[1]], source="first")
    told = send([{**FEED[0], "id": UUID_1, "description": "Changed"}, FEED[1]], source="second")
    assert told.totals.new == 1
    assert [
        s.description
        for s in reading.scalars(select(Service).where(Service.name == "Food for all").order_by(Service.id))
    ] == [""]


def test_the_same_part_ids_with_two_owners(send: Any, reading: Session) -> None:
    phone = {"id": "3f2c1f9e-54b0-4a0e-9d7e-6d6f7f0f0009", "number": "01632 960003"}
    feed = [{**FEED[0], "phones": [phone]}, {**FEED[1], "phones": [phone]}]
    assert send(feed).totals.new == 2
    assert send(feed).totals.unchanged == 2
    assert [only(reading, "1").phones[0].number, only(reading, "2").phones[0].number] == ["01632 960003"] * 2
    # Another source has it, too.
    assert send([{**FEED[0], "phones": [phone]}], source="other").totals.new == 1


def test_an_id_used_twice_and_a_service_told_twice(send: Any) -> None:
    told = send([FEED[0], FEED[0], {**FEED[0], "name": "Other"}, FEED[1]])
    assert told.totals.new == 2
    assert told.reasons("rejected") == ["service 1: the id is used twice: only the first service with it was imported"]
    assert told.reasons("note") == ["service 1: the service is in the feed twice, in the same words"]


def test_a_listing_that_was_made_one_with_another_stays_so(send: Any, reading: Session, database_url: str) -> None:
    send(FEED)
    keep, drop = only(reading, "1").id, only(reading, "2").id
    with long_transaction(database_url) as session:
        merging.merge(session, SYSTEM, keep=session.get_one(Service, keep), drop=session.get_one(Service, drop))
    changed = deepcopy(FEED)
    changed[1]["description"] = "Another word"
    send(changed)
    found = only(reading, "2")
    assert (found.status, found.description) == (Status.DEFUNCT, "Another word")
    assert reading.scalars(select(Proposal).order_by(Proposal.id)).all() == []


def flags(session: Session, source_id: str) -> set[tuple[FlagCode, str]]:
    """What an editor is to look at, but for topics."""
    statement = select(Flag.code, Flag.field_name).where(Flag.service_id == only(session, source_id).id)
    return {(code, name) for code, name in session.execute(statement.order_by(Flag.id)) if name != "attributes"}


def test_who_has_ended_by_their_own_words_is_put_before_an_editor(send: Any, reading: Session) -> None:
    send([{**FEED[0], "description": "Lunch each day."}, {**FEED[1], "name": "Second (NOW CLOSED)"}])
    assert flags(reading, "1") == set()
    assert (FlagCode.SAYS_IT_IS_OVER, "description") in flags(reading, "2")
    send([{**FEED[0], "description": "This group is no longer running."}, FEED[1]])
    assert (FlagCode.SAYS_IT_IS_OVER, "description") in flags(reading, "1")
    assert flags(reading, "2") == set()


def test_what_the_feed_says_where_staff_wrote_is_not_put_before_an_editor(
    send: Any, reading: Session, database_url: str
) -> None:
    send(FEED)
    with long_transaction(database_url) as session:
        operations.publish(session, SYSTEM, session.get_one(Service, only(reading, "1").id), {"description": "Lunch."})
    changed = deepcopy(FEED)
    changed[0] |= {"description": "Ring Jo on 07700 900123.", "application_process": "Or Al on 07700 900124."}
    send(changed)
    assert flags(reading, "1") == {(FlagCode.MOBILE_NUMBER, "application_process")}
