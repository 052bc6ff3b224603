"""A person answers by their link: saved as they go, on any device, in any order; nothing is shown again."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.notifications import links
from app.notifications.models import Message
from app.outcomes.codes import AlertKind, FormState, Mode, OccasionState
from app.outcomes.measures import shipped_text
from app.outcomes.models import Measurement, Occasion, SafetyAlert
from app.outcomes.operations import set_goals
from app.outcomes.sending import PURPOSE
from app.people.codes import PermissionKind
from app.people.models import Person
from app.people.queries import standings
from tests.outcomes import a_duty_desk, a_link, a_reachable_person, a_worker


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def world(session):
    """A worker, a person, and a function that makes a link; all committed."""
    _user, actor = a_worker(session)
    person = a_reachable_person(session, actor)
    a_duty_desk(session, actor)
    session.commit()

    def link(*measures):
        occasion, token = a_link(session, actor, person, *measures)
        ids = occasion.id, token
        session.commit()
        return ids

    return link, person.id, actor


def forms(session):
    session.rollback()
    found = session.scalars(select(Measurement).order_by(Measurement.measure, Measurement.created_at)).all()
    # The test's own transaction must end, or the pages would wait for it.
    session.expunge_all()
    session.rollback()
    return found


def state_of(session, occasion_id):
    session.rollback()
    state = session.get_one(Occasion, occasion_id).state
    session.rollback()
    return state


def fields(page) -> str:
    return re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.S)[1].strip()


def test_one_tap_answers_and_the_link_says_thanks_ever_after(client, session, world):
    link, person_id, _actor = world
    occasion_id, token = link("satisfaction")
    page = client.get(f"/reply/{token}")
    assert "All in all, how was the help you had?" in page.text
    assert forms(session) == []
    told = client.post(f"/reply/{token}", data={"question": "1", "answer": "1"})
    assert told.status_code == 303
    form = forms(session)[0]
    assert (form.state, form.mode, form.person_id) == (FormState.COMPLETE, Mode.LINK, person_id)
    assert form.scores[0].band == "very good"
    assert state_of(session, occasion_id) is OccasionState.DONE
    again = client.get(f"/reply/{token}")
    assert fields(again) == "Thank you"
    assert "very good" not in again.text.lower()
    assert client.post(f"/reply/{token}", data={"question": "1", "answer": "5"}).status_code == 303
    assert forms(session)[0].answers[0].raw_code == 1
    session.rollback()
    # Words may still be added.
    assert client.get(f"/reply/{token}/2").status_code == 200
    client.post(f"/reply/{token}", data={"question": "2", "answer": "The tea."})
    assert [each.words for each in forms(session)[0].answers] == ["The tea.", ""]


def test_answers_are_kept_as_they_come_and_go_on_elsewhere(app, client, session, world):
    link, _person, _actor = world
    occasion_id, token = link("gad-7")
    client.post(f"/reply/{token}", data={"question": "3", "answer": "2"})
    other_device = app.test_client()
    page = other_device.get(f"/reply/{token}")
    assert fields(page) == "Question 1 of 7"
    answered = other_device.get(f"/reply/{token}/3")
    assert "You have answered this" in answered.text
    assert not re.search(r"checked|aria-pressed|selected", answered.text)
    assert state_of(session, occasion_id) is OccasionState.PART_ANSWERED
    for number in (1, 2, 4, 5, 6):
        other_device.post(f"/reply/{token}", data={"question": str(number), "answer": "1"})
    last = other_device.post(f"/reply/{token}", data={"question": "7", "answer": "prefer-not"})
    assert last.headers["Location"].endswith("/thanks")
    form = forms(session)[0]
    assert (form.state, form.scores[0].value, form.scores[0].n_missing) == (FormState.INCOMPLETE, None, 1)


def test_the_same_answer_twice_is_one_answer_and_another_one_changes_it_until_the_end(client, session, world):
    link, _person, _actor = world
    _occasion, token = link("gad-7")
    for answer in ("2", "2", "3"):
        client.post(f"/reply/{token}", data={"question": "1", "answer": answer})
    form = forms(session)[0]
    assert [(each.item, each.raw_code) for each in form.answers] == [("1", 3)]


@pytest.mark.parametrize("typed", ["4", "-1", "٣", "", "x" * 5000, "1.0", "n/a"])
def test_an_answer_that_is_none_is_told(client, session, world, typed):
    link, _person, _actor = world
    _occasion, token = link("gad-7")
    page = client.post(f"/reply/{token}", data={"question": "1", "answer": typed})
    assert page.status_code == 422
    assert "Choose one of the answers" in page.text
    assert forms(session) == []


def test_an_answer_that_needs_a_look_is_kept_alerts_and_shows_help_at_once(client, session, world):
    link, _person, actor = world
    _occasion, token = link("phq-9")
    told = client.post(f"/reply/{token}", data={"question": "9", "answer": "1"})
    assert told.headers["Location"] == f"/reply/{token}/help?to=1"
    page = client.get(told.headers["Location"])
    assert fields(page) == "Thank you for telling us"
    for words in ("116 123", "999", "111", "85258", "Go on with the questions", "will look at this by"):
        assert words in page.text
    form = forms(session)[0]
    assert (form.state, form.answers[0].raw_code) == (FormState.DRAFT, 1)
    alert = session.scalars(select(SafetyAlert)).one()
    assert (alert.kind, alert.owner_id) == (AlertKind.ANSWERED, actor.user_id)
    message = session.scalars(select(Message)).one()
    assert (message.kind, message.is_urgent) == ("outcomes.look", True)
    assert "Rowan" not in message.text + message.subject
    session.rollback()
    # The rest of the form goes on, and the alert stays one.
    for number in range(1, 10):
        client.post(f"/reply/{token}", data={"question": str(number), "answer": "1"})
    form = forms(session)[0]
    assert (form.state, form.scores[0].value) == (FormState.COMPLETE, 9)
    assert session.scalar(select(func.count()).select_from(SafetyAlert)) == 1
    session.rollback()


def test_a_safety_question_left_out_is_unknown_and_to_be_asked(client, session, world):
    link, _person, _actor = world
    _occasion, token = link("phq-9")
    for number in range(1, 9):
        client.post(f"/reply/{token}", data={"question": str(number), "answer": "0"})
    assert session.scalars(select(SafetyAlert)).all() == []
    session.rollback()
    client.post(f"/reply/{token}/finish")
    assert session.scalars(select(SafetyAlert)).one().kind is AlertKind.UNKNOWN


def test_all_on_one_page_keeps_what_can_be_read(client, session, world):
    link, _person, _actor = world
    _occasion, token = link("ucla-3", "ons-loneliness")
    page = client.get(f"/reply/{token}/all")
    assert page.text.count("<fieldset") == 4
    wrong = client.post(f"/reply/{token}/all", data={"q1": "99", "q2": "1", "q3": "2"})
    assert "Please check these answers" in wrong.text
    done = client.post(f"/reply/{token}/all", data={"q1": "3", "q4": "3"})
    assert done.headers["Location"].endswith("/thanks")
    assert [(form.measure, form.state) for form in forms(session)] == [
        ("ons-loneliness/1", FormState.COMPLETE),
        ("ucla-3/1", FormState.COMPLETE),
    ]


def test_help_is_shown_though_another_answer_cannot_be_read(client, session, world):
    link, _person, actor = world
    a_duty_desk(session, actor)
    _occasion, token = link("phq-9")
    sent = client.post(f"/reply/{token}/all", data={"q1": "99", "q9": "1"})
    assert sent.headers["Location"].endswith("/help?to=1")


def test_the_same_page_for_what_is_wrong_and_another_for_what_is_too_old(client, session, world):
    link, _person, _actor = world
    occasion_id, token = link("satisfaction")
    other = links.issue(
        session, "check", links.look_up(session, PURPOSE, token) and _about(occasion_id), lifetime=timedelta(days=1)
    )
    session.commit()
    wrong = [client.get(f"/reply/{each}") for each in ("nonsense", token[:-1] + "x", token.upper(), other, "x" * 300)]
    assert {page.status_code for page in wrong} == {404}
    # Apart from the way back that the language switch has.
    assert len({re.sub(r'name="next" value="[^"]*"', "", page.text) for page in wrong}) == 1
    with clock.moved_to(clock.now() + timedelta(days=15)):
        old = client.get(f"/reply/{token}")
        assert (old.status_code, fields(old)) == (410, "This link is too old")
        assert client.post(f"/reply/{token}", data={"question": "1", "answer": "1"}).status_code == 410
    assert forms(session) == []


def _about(occasion_id):
    from app.notifications.about import About

    return About(type="outcome_occasion", id=occasion_id)


def test_a_fresh_link_goes_to_the_contact_on_file_once_a_day(client, session, world):
    link, _person, _actor = world
    _occasion, token = link("satisfaction")
    noon = clock.local_now().replace(hour=12) + timedelta(days=15)
    with clock.moved_to(noon):
        for _time in range(2):
            page = client.post(f"/reply/{token}/fresh")
            assert "a new link is on its way" in page.text
        message = session.scalars(select(Message)).one()
        assert (message.recipient, message.kind) == ("+447700900118", "outcomes.ask")
        fresh = re.search(r"/reply/(\S+)", message.text)[1]
        session.rollback()
        assert client.get(f"/reply/{fresh}").status_code == 200


def test_who_wants_no_more_messages_gets_none(client, session, world):
    link, person_id, _actor = world
    _occasion, token = link("satisfaction")

    def may_follow_up():
        holds = standings(session, person_id)[PermissionKind.FOLLOW_UP].in_force
        session.rollback()
        return holds

    session.rollback()
    assert "by mistake" in client.post(f"/reply/{token}/stop").text
    assert not may_follow_up()
    # Whoever has the link elsewhere does not undo it; who pressed it by mistake does, once.
    client.application.test_client().post(f"/reply/{token}/stop", data={"again": "yes"})
    assert not may_follow_up()
    assert "We write to you as before" in client.post(f"/reply/{token}/stop", data={"again": "yes"}).text
    assert may_follow_up()
    client.post(f"/reply/{token}/stop", data={"again": "yes"})
    assert not may_follow_up()


# A piece of text between two tags, and the language of the nearest element that names one.
class Spoken(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.found = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in {"meta", "link", "input", "img", "br", "hr"}:
            self.open.append((tag, dict(attrs).get("lang")))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip():
            self.found.append((next((lang for _tag, lang in reversed(self.open) if lang), ""), data.strip()))


def test_words_of_a_measure_say_on_a_welsh_page_that_they_are_english(app, session, world):
    link, person_id, actor = world
    set_goals(session, actor, session.get_one(Person, person_id), ["Cysgu yn well"])
    _occasion, token = link("gad-7", "ons4", "goals")
    english = {text for name in ("gad-7/1", "ons4/1") for text in words_of(name)}
    for path in (f"/reply/{token}", f"/reply/{token}/all"):
        page = app.test_client().get(path, headers={"Accept-Language": "cy"}).get_data(as_text=True)
        read = Spoken()
        read.feed(page)
        told = {(lang, text) for lang, text in read.found if text in english or "Spitzer" in text}
        assert told
        assert {lang for lang, _text in told} == {"en"}, told
        assert "en" not in {lang for lang, text in read.found if text == "Cysgu yn well"}
    assert 'lang="en"' not in app.test_client().get(f"/reply/{token}").get_data(as_text=True).split("<main", 1)[1]


def words_of(reference):
    text = shipped_text(reference)
    return {text.intro, *text.items.values(), *(label for each in text.answers.values() for label in each.values())}
