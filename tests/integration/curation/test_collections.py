"""Collections: who looks after them, what the public sees, and what a search does not notice."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.core.errors import InvalidInput, NotFound
from app.directory.codes import Status
from app.directory.curation import collections
from app.directory.models import CollectionItem, IndexChange, Service
from tests.factories import service as a_service
from tests.signing_in import a_member, actor_of, signed_in_client


@pytest.fixture
def worker(session):
    return a_member(session, Role.HUB, workplace="Hub", email="dele@hub.example")


def names(session: Session, collection) -> list[str]:
    return [item.service.name for item in collections.items(session, collection.id)]


def test_services_are_added_once_moved_and_taken_off(session, editor):
    actor = actor_of(session, editor)
    made = collections.make(session, actor, name="For new parents")
    services = [a_service(session, name=name) for name in ("A", "B", "C")]
    session.flush()
    before = session.scalar(select(func.count()).select_from(IndexChange))
    for service in (*services, services[0]):
        collections.add(session, actor, made, service)
    assert names(session, made) == ["A", "B", "C"]
    collections.move_up(session, actor, made, collections.items(session, made.id)[2].id)
    collections.move_up(session, actor, made, collections.items(session, made.id)[0].id)
    assert names(session, made) == ["A", "C", "B"]
    collections.remove(session, actor, made, collections.items(session, made.id)[0].id)
    assert [item.position for item in collections.items(session, made.id)] == [0, 1]
    assert session.scalar(select(func.count()).select_from(IndexChange)) == before


def test_an_address_is_found_for_every_name_and_stays(session, editor):
    actor = actor_of(session, editor)
    made = [collections.make(session, actor, name=name) for name in ("New parents", "New parents!", "日本")]
    assert [one.slug for one in made] == ["new-parents", "new-parents-2", "collection"]
    collections.rename(session, actor, made[0], name="Parents", introduction="")
    assert made[0].slug == "new-parents"


def test_nothing_empty_is_published(session, editor):
    actor = actor_of(session, editor)
    with pytest.raises(InvalidInput):
        collections.publish(session, actor, collections.make(session, actor, name="Empty"))


def test_staff_keep_those_of_their_own_organisation(session, editor, worker):
    own = collections.make(session, actor_of(session, worker), name="Of the hub")
    everybodys = collections.make(session, actor_of(session, editor), name="Of the editors")
    assert (own.organization_id, everybodys.organization_id) == (actor_of(session, worker).organization_id, None)
    assert [one.name for one, _size in collections.kept(session, actor_of(session, worker))] == ["Of the hub"]
    assert [one.name for one, _size in collections.kept(session, actor_of(session, editor))] == ["Of the editors"]
    with pytest.raises(NotFound):
        collections.kept_one(session, actor_of(session, worker), everybodys.id)


def test_from_the_page_of_a_service_to_the_public(session, app, client, worker):
    service = a_service(session, name="Baby group")
    closed = a_service(session, name="Old group")
    ids, user_id = (service.id, closed.id), worker.id
    session.commit()
    member = signed_in_client(app, user_id)
    made = member.post("/desk/collections", data={"name": "For new parents"})
    desk = made.headers["Location"]
    assert made.status_code == 303
    assert member.post(f"{desk}/publish").status_code == 422
    for service_id in ids:
        answer = member.post(f"/services/{service_id}/collect", data={"collection": desk.rsplit("/", 1)[1]})
        assert answer.status_code == 303
    assert client.get("/collections/for-new-parents").status_code == 404
    assert member.post(f"{desk}/publish").status_code == 303
    session.get_one(Service, ids[1]).status = Status.DEFUNCT
    session.commit()
    page = client.get("/collections/for-new-parents").get_data(as_text=True)
    assert "Baby group" in page
    assert "Old group" not in page
    # What an organisation shares is not put among the topics.
    assert "for-new-parents" not in client.get("/topics").get_data(as_text=True)
    assert member.post(f"{desk}/withdraw").status_code == 303
    assert client.get("/collections/for-new-parents").status_code == 404


def test_what_an_editor_publishes_is_linked_from_the_topics(session, client, editor):
    actor = actor_of(session, editor)
    made = collections.make(session, actor, name="For new parents")
    collections.add(session, actor, made, a_service(session, name="Baby group"))
    session.commit()
    assert "Lists put together" not in client.get("/topics").get_data(as_text=True)
    collections.publish(session, actor, made)
    session.commit()
    assert "/collections/for-new-parents" in client.get("/topics").get_data(as_text=True)


def test_the_sitemap_names_what_the_editors_publish(session, client, editor, worker):
    for user in (editor, worker):
        actor = actor_of(session, user)
        made = collections.make(session, actor, name=f"Of {actor.roles}")
        collections.add(session, actor, made, a_service(session))
        collections.publish(session, actor, made)
    session.commit()
    told = client.get("/sitemap-pages.xml").text
    assert told.count("/collections/") == 1
    assert "/collections/of-frozenset-directory-editor" in told


def test_a_list_is_deleted_once_nobody_sees_it(session, app, editor, worker):
    actor = actor_of(session, worker)
    made = collections.make(session, actor, name="List")
    collections.add(session, actor, made, a_service(session))
    collections.publish(session, actor, made)
    path, user_id = f"/desk/collections/{made.id}", worker.id
    session.commit()
    member = signed_in_client(app, user_id)
    assert member.post(f"{path}/delete").status_code == 409
    assert member.post(f"{path}/withdraw").status_code == 303
    assert member.post(f"{path}/delete").headers["Location"] == "/desk/collections?done=deleted"
    assert member.get(path).status_code == 404
    assert session.scalar(select(func.count()).select_from(CollectionItem)) == 0


def test_notes_are_kept_and_a_long_one_is_refused_beside_its_box(session, app, client, worker):
    actor = actor_of(session, worker)
    made = collections.make(session, actor, name="List")
    collections.add(session, actor, made, a_service(session, name="Baby group"))
    item, path, user_id = collections.items(session, made.id)[0].id, f"/desk/collections/{made.id}", worker.id
    session.commit()
    member = signed_in_client(app, user_id)
    assert member.post(path, data={"name": "List", f"note-{item}": "Kind <people>"}).status_code == 303
    page = member.get(path).get_data(as_text=True)
    assert "Kind &lt;people&gt;" in page
    answer = member.post(path, data={"name": "List", f"note-{item}": "x" * 301})
    assert answer.status_code == 422
    assert "x" * 301 in answer.get_data(as_text=True)
    assert member.post(path, data={"name": ""}).status_code == 422
    assert member.post(f"{path}/items/{item}", data={"do": "fly"}).status_code == 400
    assert member.post(f"/services/{item}/collect", data={"collection": "x"}).status_code == 404
