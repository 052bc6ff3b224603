"""Listings that are there twice."""

from __future__ import annotations

import pytest

from app.accounts.codes import Role
from app.core.errors import InvalidInput, NotFound, Refused
from app.directory.curation import merging
from app.directory.models import Phone
from tests.factories import at_location, location, organization
from tests.factories import service as a_service
from tests.signing_in import a_member, actor_of, signed_in_client


def names(session):
    return [pair.keep.name for pair in merging.likely_duplicates(session)]


def twins(session, **second):
    owner = organization(session, name="Kitchen")
    one = a_service(session, name="Open kitchen", organization=owner)
    two = a_service(session, name="Open Kitchen", **({"organization": owner} | second))
    return one, two


@pytest.fixture
def actor(session):
    return actor_of(session, a_member(session, Role.DIRECTORY_EDITOR))


def test_one_name_at_one_organisation_looks_like_one(session):
    twins(session)
    assert len(names(session)) == 1


def test_branches_of_a_chain_do_not(session):
    one, two = twins(session, organization=organization(session, name="Another"))
    assert names(session) == []
    for service in (one, two):
        service.phones.append(Phone(number="01632 960001"))
    session.flush()
    assert len(names(session)) == 1


def test_nor_do_two_that_an_editor_calls_distinct(session, actor):
    one, two = twins(session)
    merging.call_distinct(session, actor, two, one)
    assert names(session) == []


def test_a_shared_place_counts(session):
    one, two = twins(session, organization=organization(session, name="Another"))
    place = location(session)
    for service in (one, two):
        at_location(session, service, place)
    session.expire_all()
    assert len(names(session)) == 1


def test_who_asks_for_the_merged_one_is_led_on_and_it_can_come_back(session, client, app):
    one, two = twins(session)
    user_id, ids = a_member(session, Role.DIRECTORY_EDITOR).id, (one.id, two.id)
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    editor = signed_in_client(app, user_id)
    sent = {"keep": str(ids[0]), "drop": str(ids[1]), "decision": "merge"}
    assert editor.post("/desk/duplicates", data=sent).status_code == 303
    answer = client.get(f"/services/{ids[1]}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/services/{ids[0]}")
    assert editor.post("/desk/duplicates", data=sent).status_code == 409
    assert editor.post(f"/desk/duplicates/{ids[1]}/undo").status_code == 303
    assert client.get(f"/services/{ids[1]}").status_code == 200
    assert editor.post(f"/desk/duplicates/{ids[1]}/undo").status_code == 404
    assert editor.post("/desk/duplicates", data=sent | {"keep": "rubbish"}).status_code == 400


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
