"""Topics and phrases as a place words them: published, understood by the search, restored, and kept by an upgrade."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask_babel import refresh

from app.accounts.codes import Role
from app.core.errors import InvalidInput
from app.directory.codes import WordingKind
from app.directory.models import Attribute, TaxonomyTerm
from app.directory.queries import topics_tree
from app.directory.wording import operations, queries
from app.web import page_words
from seed.reference import taxonomies
from tests.integration.library.test_live_index import add_service, names
from tests.signing_in import a_member, actor_of, signed_in_client

pytestmark = pytest.mark.usefixtures("topics")


@pytest.fixture
def editor(session):
    found = a_member(session, Role.DIRECTORY_EDITOR, workplace="Directory", email="ruth@directory.example")
    session.commit()
    return found


def listed_under(session, name, slug):
    service = add_service(session, name)
    session.add(Attribute(service_id=service.id, taxonomy_term_id=operations.term_id(slug)))
    session.commit()
    return service


def committed(session):
    session.commit()
    queries.forget()  # what another process does within two seconds


def read(app, path, language):
    """The page as a new visitor reads it; the test's own context would keep the language of the page before."""
    refresh()
    page_words.forget()
    return app.test_client().get(path, headers={"Accept-Language": language}).get_data(as_text=True)


def understood(results):
    return [topic.slug for topic in results.topics]


def test_a_phrase_is_taught_understood_given_up_and_restored(session, editor, ask, take_in):
    actor = actor_of(session, editor)
    listed_under(session, "Roomward", "hoarding")
    take_in()
    assert understood(ask("zorbed wunkle")) == []
    first = operations.teach(session, actor, "Zorbed Wunkle", ["hoarding"])
    assert operations.teach(session, actor, "Zorbed Wunkle", ["hoarding"]) is None
    committed(session)
    found = ask("my zorbed wunkles")
    assert understood(found)[0] == "hoarding"
    assert names(found) == ["Roomward"]
    assert found.corrected is None
    # Half of it means it too, as with the phrases of the lexicon.
    assert understood(ask("wunkle"))[:1] == ["hoarding"]
    operations.unteach(session, actor, "zorbed wunkle")
    committed(session)
    assert understood(ask("zorbed wunkle")) == []
    operations.restore(session, actor, first.id)
    committed(session)
    assert understood(ask("zorbed wunkle")) == ["hoarding"]
    numbers = [
        version.number for version, _who in queries.versions(session, kind=WordingKind.PHRASE, key="zorbed wunkle")
    ]
    assert numbers == [3, 2, 1]


def test_a_changed_topic_is_the_feeds_and_stays_when_the_shipped_ones_are_loaded_again(app, session, editor):
    actor = actor_of(session, editor)
    words = queries.topic_words(session)["hoarding"]
    operations.publish_topic(session, actor, "hoarding", replace(words, name="Too many things", description="At home."))
    slug = operations.add_topic(session, actor, replace(words, name="Men's sheds", parent="wellbeing"))
    operations.move_up(session, actor, "eviction")
    session.commit()
    taxonomies.load(session)
    session.commit()
    client = app.test_client()
    told = client.get(f"/open-referral/taxonomy_terms/{operations.term_id('hoarding')}").json
    assert (told["name"], told["description"]) == ("Too many things", "At home.")
    assert client.get(f"/open-referral/taxonomy_terms/{operations.term_id(slug)}").json["name"] == "Men's sheds"
    assert "At home." in client.get("/topics/hoarding").get_data(as_text=True)
    order = [child.code for child in topics_tree(session)[0].children]
    assert order.index("eviction") < order.index("homelessness")
    operations.as_shipped(session, actor, "hoarding")
    session.commit()
    assert session.get_one(TaxonomyTerm, operations.term_id("hoarding")).name == "Hoarding and deep cleaning"


def test_a_topic_says_in_welsh_what_editors_say_in_welsh(app, session, editor):
    editor_id, kept = editor.id, "Hoarding and deep cleaning"
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    client = signed_in_client(app, editor_id)
    page = client.get("/desk/words/topics/hoarding").get_data(as_text=True)
    assert "Name in Welsh" in page
    sent = {
        "name": kept,
        "description": kept,
        "name_cy": "Gormod o bethau",
        "description_cy": "Pan fo pethau'n cronni.",
    }
    sent |= {"parent": "housing", "do": "publish"}
    assert client.post("/desk/words/topics/hoarding", data=sent).status_code == 303
    assert "Gormod o bethau" in read(app, "/topics/hoarding", "cy")
    assert "Pan fo pethau" in read(app, "/topics/hoarding", "cy")
    assert "Gormod o bethau" in read(app, "/topics", "cy")
    assert "Gormod" not in read(app, "/topics/hoarding", "en")
    assert client.post("/desk/words/topics/hoarding/as-shipped").status_code == 303
    assert "Gormod" not in read(app, "/topics/hoarding", "cy")


def test_a_retired_topic_breaks_no_listing_and_is_found_under_its_heir(app, session, editor, ask, take_in):
    actor = actor_of(session, editor)
    service_id, editor_id = listed_under(session, "Roomward", "hoarding").id, editor.id
    take_in()
    words = queries.topic_words(session)["hoarding"]
    operations.publish_topic(session, actor, "hoarding", replace(words, retired=True, heir="home-repairs"))
    committed(session)
    assert take_in() == 1
    assert understood(ask("hoarding"))[0] == "home-repairs"
    assert (
        names(ask(filters={"topic": ("home-repairs",)})) == names(ask(filters={"topic": ("hoarding",)})) == ["Roomward"]
    )
    client = app.test_client()
    assert client.get("/topics/hoarding").headers["Location"] == "/topics/home-repairs"
    assert "/topics/hoarding" not in client.get("/topics").get_data(as_text=True)
    assert client.get(f"/services/{service_id}").status_code == 200
    page = signed_in_client(app, editor_id).get(f"/desk/listings/{service_id}/edit").get_data(as_text=True)
    assert 'value="hoarding" selected' in page or 'value="hoarding" checked' in page
    with pytest.raises(InvalidInput):
        operations.teach(session, actor, "clutter", ["hoarding"])


@pytest.mark.parametrize(
    ("slug", "change"),
    [
        ("housing", {"retired": True}),
        ("housing", {"parent": "money"}),
        ("hoarding", {"parent": "eviction"}),
        ("hoarding", {"parent": "there-is-none"}),
        ("hoarding", {"retired": True, "heir": "hoarding"}),
        ("hoarding", {"name": "debt ADVICE"}),
    ],
)
def test_the_tree_does_not_break(session, editor, slug, change):
    words = replace(queries.topic_words(session)[slug], **change)
    with pytest.raises(operations.TreeWouldBreak):
        operations.publish_topic(session, actor_of(session, editor), slug, words)


def test_an_editor_tries_a_phrase_before_the_public_sees_it(app, session, editor, ask, take_in):
    app.config["WTF_CSRF_ENABLED"] = False
    listed_under(session, "Roomward", "hoarding")
    take_in()
    editor_id = editor.id
    session.commit()
    client = signed_in_client(app, editor_id)
    asked = {"phrase": "zorbed wunkle", "first": "hoarding", "second": "", "third": "", "trial": "", "do": "try"}
    page = client.post("/desk/words/phrase", data=asked).get_data(as_text=True)
    now, draft = page.split('aria-label="Now"')[1].split('aria-label="With your change"')
    assert "Nothing is found." in now
    assert "Hoarding and deep cleaning" in draft
    assert "Roomward" in draft
    assert understood(ask("zorbed wunkle")) == []
    assert client.post("/desk/words/phrase", data=asked | {"do": "publish"}).status_code == 303
    queries.forget()
    assert understood(ask("zorbed wunkle")) == ["hoarding"]
    wrong = client.post("/desk/words/topics/housing", data={"name": "Debt advice", "parent": "", "heir": ""})
    assert wrong.status_code == 422
    assert "There is a topic of this name" in wrong.get_data(as_text=True)
