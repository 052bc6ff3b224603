"""An open session at work: the queue in a browser without scripts, advisers at once, and what is forgotten."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import OrganizationKind, Role
from app.advice.codes import Channel, Place, QueueState
from app.advice.models import AdviceContact, AdviceSession, QueueEntry
from app.advice.operations import queue as verbs
from app.advice.queries.sessions import queue_of
from app.advice.reactions import erase, export
from app.advice.sweeps import close_queues, forget_who_waited
from app.advice.upkeep import queues_are_forgotten
from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.core import clock
from app.core.engines import write_engine
from app.core.errors import Refused
from tests.advice import an_open_session
from tests.integration.advice.test_logging import CALL, day, let_go
from tests.signing_in import a_member, a_workplace, actor_of

WAITERS, ADVISERS = 5, 3


def open_now(session, actor, **told):
    made = an_open_session(session, actor, **told)
    session.commit()
    return made


def only(session, model):
    session.rollback()
    return session.scalars(select(model)).one()


def test_a_day_at_the_desk(session, desk, supervisor):
    opened = desk.client.post("/desk/advice/sessions/new", data={
        "place_name": "St Anne’s Hall", "place": "surgery", "starts": "9am", "ends": "11.30pm",
        "advisers_needed": "2", "weeks": "1", **day("day", clock.today()),
    })  # fmt: skip
    found = only(session, AdviceSession)
    url = f"/desk/advice/sessions/{found.id}"
    let_go(session)
    assert opened.headers["Location"] == url
    assert "is in the queue" in supervisor.client.post(f"{url}/queue", follow_redirects=True).text
    supervisor.client.post(f"{url}/queue", data={"called_as": "Lindentree", "need": "Gas is cut off", "is_urgent": "y"})
    page = supervisor.client.get(url).text
    assert page.index("Lindentree") < page.index("Number 1")
    assert "Call the next one" not in page
    assert supervisor.client.post(f"{url}/next").status_code == 403
    desk.client.post(f"{url}/next")
    desk.client.post(f"{url}/next")
    page = desk.client.get(url).text
    assert "With you: Lindentree" in page
    log_url = re.search(r'href="(/desk/advice/log\?visitor=[^"]+)"', page)[1]
    form = desk.client.get(log_url).text
    assert 'value="Gas is cut off"' in form
    assert '<option value="at-surgery" selected>' in form
    entry_id = re.search(r'name="visitor" value="([^"]+)"', form)[1]
    sent = desk.client.post("/desk/advice/log", data=CALL | {"channel": "at-surgery", "visitor": entry_id})
    assert "Back to the open session" in desk.client.get(sent.headers["Location"]).text
    contact = only(session, AdviceContact)
    seen = session.scalars(select(QueueEntry).where(QueueEntry.state == QueueState.SEEN)).one()
    assert (contact.session_id, contact.channel, seen.contact_id) == (seen.session_id, Channel.AT_SURGERY, contact.id)
    let_go(session)
    refused = desk.client.post(f"{url}/close")
    assert refused.status_code == 422
    assert "Somebody still waits" in refused.text
    desk.client.post(f"{url}/next")
    assert "moved them on" in desk.client.post(f"/desk/advice/queue/{entry_id}", data={"do": "left"}).text
    mine = re.search(r"visitor=([^\"]+)", desk.client.get(url).text)[1]
    desk.client.post(f"/desk/advice/queue/{mine}", data={"do": "left"})
    desk.client.post(f"{url}/close")
    assert "Closed" in desk.client.get(url).text
    assert desk.client.post(f"{url}/queue", data={"called_as": "Late"}).status_code == 422


def test_what_a_session_form_must_not_say(desk):
    wrong = {"kind": "drop-in", "starts": "3pm", "ends": "2pm", "place": "office", "advisers_needed": "1", "weeks": "1"}
    answer = desk.client.post("/desk/advice/sessions/new", data=wrong | day("day", clock.today() - timedelta(days=1)))
    assert answer.status_code == 422
    assert all(words in answer.text for words in ("later than the start", "Enter today"))


def test_a_draft_of_somebody_out_of_the_queue_keeps_where_it_came_from(session, desk):
    found = open_now(session, desk.actor)
    entry = verbs.join_queue(session, desk.actor, found)
    session.commit()
    entry_id = str(entry.id)
    let_go(session)
    kept = desk.client.post("/desk/advice/log", data=CALL | {"visitor": entry_id, "do": "autosave"}).json["draft"]
    assert f'name="visitor" value="{entry_id}"' in desk.client.get(f"/desk/advice/drafts/{kept}").text


def test_advisers_who_press_at_once_never_get_the_same_one(session, database_url):
    place = a_workplace(session, "Wexmoor Advice", OrganizationKind.ADVICE).name
    members = [a_member(session, Role.ADVISER, workplace=place, email=f"{n}@race.example") for n in range(ADVISERS)]
    advisers = [actor_of(session, member) for member in members]
    found = open_now(session, advisers[0])
    for _number in range(WAITERS):
        verbs.join_queue(session, advisers[0], found)
    session.commit()
    session_id, together = found.id, Barrier(ADVISERS * 2)
    let_go(session)
    engine = write_engine(database_url)

    def press(actor):
        together.wait()
        with Session(engine) as own:
            taken = verbs.call_next(own, actor, own.get_one(AdviceSession, session_id))
            own.commit()
            return actor.user_id, taken.number

    # Each adviser presses twice: the second press finds the same one with them.
    with ThreadPoolExecutor(ADVISERS * 2) as pool:
        got = set(pool.map(press, advisers * 2))
    engine.dispose()
    assert sorted(number for _user, number in got) == [1, 2, 3]
    session.rollback()
    called = session.scalars(select(QueueEntry).where(QueueEntry.state == QueueState.CALLED)).all()
    assert {(entry.called_by_id, entry.number) for entry in called} == got


def test_back_in_the_queue_they_keep_their_place(session, desk):
    found = open_now(session, desk.actor, place=Place.HUB)
    first, second = (verbs.join_queue(session, desk.actor, found, called_as=name) for name in ("One", "Two"))
    verbs.call_next(session, desk.actor, found)
    verbs.put_back(session, desk.actor, first)
    assert [entry.number for entry in queue_of(session, found).waiting] == [1, 2]
    assert verbs.call_next(session, desk.actor, found) is first
    verbs.mark_seen(session, desk.actor, first)
    assert verbs.call_next(session, desk.actor, found) is second
    with pytest.raises(Refused):
        verbs.mark_seen(session, desk.actor, first)


def test_who_was_said_to_have_left_by_mistake_is_put_back_at_their_place(session, desk, supervisor):
    found = open_now(session, desk.actor)
    names = ("Lindentree", "Rowan")
    made = [verbs.join_queue(session, desk.actor, found, called_as=name).id for name in names]
    session.commit()
    url, entry = f"/desk/advice/sessions/{found.id}", f"/desk/advice/queue/{made[0]}"
    let_go(session)
    for who in (supervisor, desk):
        who.client.post(entry, data={"do": "left"})
        page = who.client.get(url).text
        assert "Back to the queue" in page
        assert page.index("Rowan") < page.index("Lindentree")
        assert who.client.post(entry, data={"do": "back"}).status_code == 303
        page = who.client.get(url).text
        assert page.index("Lindentree") < page.index("Rowan")
    for each in made:
        desk.client.post(f"/desk/advice/queue/{each}", data={"do": "left"})
    desk.client.post(f"{url}/close")
    assert "Back to the queue" not in desk.client.get(url).text
    late = desk.client.post(entry, data={"do": "back"})
    assert (late.status_code, "This session is closed" in late.text) == (422, True)


def test_a_queue_that_nobody_closed_ends_with_its_day(session, desk):
    found = open_now(session, desk.actor)
    names = ("Lindentree", "Rowan", "Late")
    entries = [verbs.join_queue(session, desk.actor, found, called_as=name) for name in names]
    verbs.call_next(session, desk.actor, found)
    verbs.mark_left(session, desk.actor, entries[2])
    session.commit()
    url = f"/desk/advice/sessions/{found.id}"
    let_go(session)
    with clock.moved_to(found.ends_at):
        assert close_queues() == 0
    with clock.moved_to(found.ends_at + timedelta(hours=24)):
        assert close_queues() == 1
        assert close_queues() == 0
    session.rollback()
    kept = session.scalars(select(QueueEntry).order_by(QueueEntry.number)).all()
    assert [entry.state for entry in kept] == [QueueState.NOT_SAID, QueueState.NOT_SAID, QueueState.LEFT]
    assert [entry.ended_at for entry in kept[:2]] == [found.ends_at] * 2
    called = kept[0].id
    let_go(session)
    page = desk.client.get(url).text
    assert "Nobody waits." in page
    assert page.count("Not said") == 3
    # Their contact can be written down still, and whoever is next is not yesterday's.
    assert f"/desk/advice/log?visitor={called}" in page
    assert desk.client.post("/desk/advice/log", data=CALL | {"visitor": str(called)}).status_code == 303
    again = open_now(session, desk.actor)
    verbs.join_queue(session, desk.actor, again, called_as="Today")
    assert verbs.call_next(session, desk.actor, again).called_as == "Today"
    assert session.get_one(QueueEntry, called).state is QueueState.SEEN


def test_what_was_said_is_forgotten_after_a_day_and_counted_still(session, desk, client_id):
    found = open_now(session, desk.actor)
    verbs.join_queue(session, desk.actor, found, called_as="Lindentree", need="Gas", person_id=client_id)
    session.commit()
    lines = [line for item in export(session, client_id) for line in item.lines]
    assert ("Called", "Lindentree") in lines
    let_go(session)
    with clock.moved_to(clock.now() + timedelta(hours=25)):
        assert forget_who_waited() == 0
    with clock.moved_to(clock.now() + timedelta(hours=51)):
        assert len(list(queues_are_forgotten(session))) == 1
        session.rollback()
        assert forget_who_waited() == 1
        assert list(queues_are_forgotten(session)) == []
    entry = only(session, QueueEntry)
    assert (entry.called_as, entry.need, entry.person_id, entry.number) == ("", "", None, 1)


def test_an_erased_person_leaves_no_words_in_a_queue(session, desk, client_id):
    found = open_now(session, desk.actor)
    entry = verbs.join_queue(session, desk.actor, found, called_as="Lindentree", need="Gas", person_id=client_id)
    erase(session, desk.actor, client_id)
    session.refresh(entry)
    assert (entry.called_as, entry.need) == ("", "")


def test_another_organisation_sees_nothing_of_it(session, desk, elsewhere):
    found = open_now(session, desk.actor)
    entry = verbs.join_queue(session, desk.actor, found, called_as="Lindentree")
    session.commit()
    url, entry_url = f"/desk/advice/sessions/{found.id}", f"/desk/advice/queue/{entry.id}"
    entry_id = entry.id
    let_go(session)
    assert "Lindentree" not in elsewhere.client.get("/desk/advice/sessions").text
    for answer in (
        elsewhere.client.get(url),
        elsewhere.client.post(f"{url}/queue"),
        elsewhere.client.post(f"{url}/next"),
        elsewhere.client.post(entry_url, data={"do": "left"}),
        elsewhere.client.get(f"/desk/advice/log?visitor={entry_id}"),
    ):
        assert answer.status_code == 404


def test_somebody_on_record_is_put_in_the_queue_and_their_form_is_put_on_record(session, desk, client_id):
    found = open_now(session, desk.actor)
    url = f"/desk/advice/sessions/{found.id}"
    let_go(session)
    assert f'action="{url}/queue"' in desk.client.get(f"/desk/advice/sessions?person={client_id}").text
    desk.client.post(f"{url}/queue", data={"person": str(client_id)})
    desk.client.post(f"{url}/next")
    page = desk.client.get(url).text
    assert "With you: Rowan Ashby" in page
    form = desk.client.get(re.search(r'href="(/desk/advice/log\?visitor=[^"]+)"', page)[1]).text
    assert re.search(rf'value="{client_id}" checked', form)
    looked = select(AuditEntry.id).where(AuditEntry.person_id == client_id, AuditEntry.action == Action.READ)
    assert len(session.scalars(looked).all()) == 1
