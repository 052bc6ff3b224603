"""Searches that staff keep: each their own, written as the page of the search writes them."""

from __future__ import annotations

import pytest

from app.accounts.codes import Role
from app.core.errors import InvalidInput, NotFound
from app.library import saved
from tests.signing_in import a_member, actor_of, signed_in_client


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


def test_kept_found_again_and_taken_off(app, session):
    user_id = a_member(session, Role.SURGERY, email="priya@surgery.example").id
    session.commit()
    member = signed_in_client(app, user_id)
    page = member.get("/desk/searches?q=food+bank&near=WX1&cost=free&nonsense=1").get_data(as_text=True)
    assert 'value="q=food+bank&amp;near=WX1&amp;cost=free"' in page
    for name in ("Food near us", "Food"):
        sent = member.post("/desk/searches", data={"name": name, "query": "q=food+bank&near=WX1&cost=free&page=3"})
        assert sent.status_code == 303
    page = member.get("/desk/searches").get_data(as_text=True)
    assert page.count("/search?q=food+bank&amp;near=WX1&amp;cost=free") == 1
    assert "Food near us" not in page
    remove = page.split('action="/desk/searches/')[1].split('"')[0]
    assert member.post(f"/desk/searches/{remove}").status_code == 303
    assert "food+bank" not in member.get("/desk/searches").get_data(as_text=True)


def test_what_cannot_be_kept_is_said(app, session):
    user_id = a_member(session, Role.SURGERY, email="priya@surgery.example").id
    session.commit()
    member = signed_in_client(app, user_id)
    answer = member.post("/desk/searches", data={"name": "", "query": "q=food"})
    assert answer.status_code == 422
    assert "Give the search a name" in answer.get_data(as_text=True)
    assert member.post("/desk/searches", data={"name": "x", "query": "//evil.example"}).status_code == 422
    assert member.post("/desk/searches", data={"name": "x"}).status_code == 422


def test_nobody_sees_or_removes_anothers(session):
    own, other = (actor_of(session, a_member(session, Role.HUB, email=f"{name}@hub.example")) for name in "ab")
    made = saved.keep(session, own, name="Food", query="q=food")
    assert (saved.kept(session, own), saved.kept(session, other)) == ([made], [])
    with pytest.raises(NotFound):
        saved.remove(session, other, made.id)
    with pytest.raises(InvalidInput):
        saved.keep(session, own, name="Empty", query="")


def test_there_is_an_end_to_it(session):
    actor = actor_of(session, a_member(session, Role.HUB, email="a@hub.example"))
    for number in range(saved.MOST_KEPT):
        saved.keep(session, actor, name="Food", query=f"q=food+{number}")
    with pytest.raises(InvalidInput):
        saved.keep(session, actor, name="Food", query="q=one+more")
