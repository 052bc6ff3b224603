"""Listings that are there twice."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.codes import Role
from app.core.actor import SYSTEM
from app.core.errors import InvalidInput, NotFound, Refused
from app.directory import sweeps
from app.directory.codes import NameLikeness, Shared
from app.directory.curation import collections, duplicates, merging
from app.directory.curation.document import document_of
from app.directory.importing.keeping import whole
from app.directory.models import Language, Phone, Schedule, Service
from tests.factories import address, at_location, location, organization
from tests.factories import service as a_service
from tests.signing_in import a_member, actor_of, signed_in_client


def found(session, actor):
    duplicates.look(session)
    return duplicates.likely(session, actor, limit=9)


def twins(session, **second):
    owner = organization(session, name="Kitchen")
    one = a_service(session, name="Open kitchen", organization=owner)
    two = a_service(session, name="Open Kitchen", **({"organization": owner} | second))
    return one, two


@pytest.fixture
def actor(session):
    return actor_of(session, a_member(session, Role.DIRECTORY_EDITOR))


def test_what_is_found_waits_until_somebody_decides_and_says_why(session, actor):
    one, two = twins(session)
    (pair,) = found(session, actor)
    assert {pair.keep.id, pair.drop.id} == {one.id, two.id}
    assert (pair.why.name, pair.why.shared) == (NameLikeness.SAME, {Shared.ORGANIZATION})
    merging.merge(session, actor, keep=pair.keep, drop=pair.drop)
    assert duplicates.count_likely(session, actor) == 0
    merging.undo_merge(session, actor, pair.drop.id)
    assert duplicates.count_likely(session, actor) == 1
    one.name = "Sewing circle"
    assert found(session, actor) == []


def test_near_names_by_telephone_and_by_place(session, actor):
    one, two = twins(session, organization=organization(session, name="Another"))
    one.name, two.name = "Carrow Citizens Advice", "Citizens Advice Bureau Carrow"
    place = location(session)
    address(session, place, postal_code="WX1 1AA")
    for service, number in ((one, "01632 960001"), (two, "+44 1632 960001")):
        service.phones.append(Phone(number=number))
        at_location(session, service, place)
    session.flush()
    (pair,) = found(session, actor)
    assert pair.why.shared >= {Shared.PHONE, Shared.PLACE, Shared.POSTCODE}


def test_an_editors_distinct_is_kept_and_a_provider_sees_only_its_own(session, actor):
    one, two = twins(session)
    assert len(found(session, actor)) == 1
    assert duplicates.count_likely(session, actor_of(session, a_member(session, Role.PROVIDER))) == 0
    merging.call_distinct(session, actor, two, one)
    assert found(session, actor) == []


def test_the_worker_looks_and_the_page_says_why(session, app):
    twins(session)
    user_id = a_member(session, Role.DIRECTORY_EDITOR).id
    session.commit()
    with app.app_context():
        assert sweeps.look_for_duplicates() == 0
    page = signed_in_client(app, user_id).get("/desk/duplicates").get_data(as_text=True)
    assert "They have the same organisation and the same name." in page


def pressed(editor: FlaskClient, path: str, **chosen: str | list[str]) -> dict[str, str | list[str]]:
    """What the form of the page sends as it stands, but for what is chosen otherwise."""
    page = editor.get(path).get_data(as_text=True)
    ticked = re.findall(r'name="(take-\w+|also)"[^>]*value="(\w+)" checked', page)
    also = [value for name, value in ticked if name == "also"]
    return {**dict(ticked), "also": also, **chosen}


def test_who_asks_for_the_merged_one_is_led_on_and_it_can_come_back(session, client, app):
    one, two = twins(session)
    user_id, ids = a_member(session, Role.DIRECTORY_EDITOR).id, (one.id, two.id)
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    editor = signed_in_client(app, user_id)
    path, back = f"/desk/duplicates/{ids[0]}/{ids[1]}", f"/desk/duplicates/{ids[1]}/{ids[0]}"
    assert editor.post(path, data=pressed(editor, path)).status_code == 303
    answer = client.get(f"/services/{ids[1]}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/services/{ids[0]}")
    assert editor.post(path).status_code == 409
    assert editor.post(f"/desk/duplicates/{ids[1]}/undo").status_code == 303
    assert client.get(f"/services/{ids[1]}").status_code == 200
    assert editor.post(f"/desk/duplicates/{ids[1]}/undo").status_code == 404
    distinct = {"keep": str(ids[0]), "drop": str(ids[1]), "decision": "distinct"}
    for wrong in ({"keep": "rubbish"}, {"decision": "merge"}, {"drop": str(ids[0])}):
        assert editor.post("/desk/duplicates", data=distinct | wrong).status_code == 400
    assert editor.post(back, data=pressed(editor, back)).status_code == 303
    assert client.get(f"/services/{ids[0]}").headers["Location"] == f"/services/{ids[1]}"


def test_what_the_editor_chooses_comes_over_and_goes_back_with_the_undo(session, app):
    """Numbers, places with their hours, languages and collections; what somebody changed since then stays."""
    one, two = twins(session, organization=organization(session, name="Another"))
    one.email, two.email, two.url = "one@kitchen.example", "two@kitchen.example", "https://kitchen.example/"
    for service, number in ((one, "01632 960001"), (two, "01632 960002")):
        place = location(session)
        address(session, place, address_1=number, postal_code="WX1 1AA")
        link = at_location(session, service, place)
        link.schedules.append(Schedule(byday="MO", description=number))
        service.phones.append(Phone(number=number))
    two.languages.append(Language(code="pl", name="Polish"))
    kept_list = collections.make(session, SYSTEM, name="Kitchens")
    collections.add(session, SYSTEM, kept_list, two)
    user_id, ids, list_id = a_member(session, Role.DIRECTORY_EDITOR).id, (one.id, two.id), kept_list.id
    session.commit()
    before = documents(session, ids)
    app.config["WTF_CSRF_ENABLED"] = False
    editor = signed_in_client(app, user_id)
    path = f"/desk/duplicates/{ids[0]}/{ids[1]}"
    chosen = pressed(editor, path, **{"take-places": "both", "take-hours": "both"})
    assert (chosen["take-email"], chosen["take-url"], chosen["take-phones"]) == ("stays", "goes", "both")
    for wrong in ({"take-email": "rubbish"}, {"take-places": ""}, {"also": ["rubbish"]}):
        assert editor.post(path, data=chosen | wrong).status_code == 422
    assert documents(session, ids) == before
    assert editor.post(path, data=chosen).status_code == 303
    kept = documents(session, ids)[ids[0]]
    assert (kept["email"], kept["url"]) == ("one@kitchen.example", "https://kitchen.example/")
    assert kept["phones"] == ["01632 960001", "01632 960002"]
    assert [row["address"]["address_1"] for row in kept["places"]] == ["01632 960001", "01632 960002"]
    assert [row["place"] for row in kept["hours"]] == [row["id"] for row in kept["places"]]
    assert languages(session, ids[0]) == ["pl"]
    assert listed(session, list_id) == [ids[0]]

    session.get_one(Service, ids[0]).phones.append(Phone(number="01632 960003", position=9))
    session.commit()
    assert editor.post(f"/desk/duplicates/{ids[1]}/undo").status_code == 303
    after = documents(session, ids)
    assert after[ids[0]]["phones"] == ["01632 960001", "01632 960002", "01632 960003"]
    assert {**after[ids[0]], "phones": before[ids[0]]["phones"]} == before[ids[0]]
    assert after[ids[1]] == before[ids[1]]
    assert languages(session, ids[0]) == []
    assert listed(session, list_id) == [ids[1]]


def documents(session, ids):
    session.rollback()
    told = {id_: document_of(service) for id_, service in whole(session, ids).items()}
    session.rollback()
    return told


def languages(session, service_id):
    rows = select(Language.code).where(Language.service_id == service_id).order_by(Language.id)
    found = list(session.scalars(rows))
    session.rollback()
    return found


def listed(session, collection_id):
    found = [item.service_id for item in collections.items(session, collection_id)]
    session.rollback()
    return found


def test_a_listing_is_not_merged_into_itself_nor_twice_nor_into_one_that_is_gone(session, actor):
    one, two = twins(session)
    with pytest.raises(InvalidInput):
        merging.merge(session, actor, keep=one, drop=one)
    merging.merge(session, actor, keep=one, drop=two)
    with pytest.raises(Refused):
        merging.merge(session, actor, keep=one, drop=two)
    with pytest.raises(InvalidInput):
        merging.merge(session, actor, keep=two, drop=one)
    merging.undo_merge(session, actor, two.id)
    with pytest.raises(NotFound):
        merging.undo_merge(session, actor, two.id)
