"""A signpost for somebody with a record: found by name, kept where they allow it, sent only where it is safe."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.accounts.current import vault
from app.accounts.vault import SIGNPOST
from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.core import clock
from app.core.actor import SYSTEM
from app.notifications.models import Message
from app.people import parts
from app.people.codes import ContactChannel
from app.people.rules.contact import SafeTime
from app.referrals.signposts import record, rules, sending
from app.referrals.signposts.models import Signpost, SignpostLine
from app.web.database import READ, db
from tests.factories import service
from tests.people import a_person
from tests.signing_in import a_member, actor_of, signed_in_client

MOBILE = "+447400123456"
SAFE = frozenset({ContactChannel.SMS})


@pytest.fixture(autouse=True)
def _as_a_desk_works(app, session):
    app.config["WTF_CSRF_ENABLED"] = False
    session.expire_on_commit = False


@pytest.fixture
def worker(session):
    return a_member(session, Role.SURGERY, workplace="Surgery", email="priya@surgery.example")


def seen(statement) -> list:  # type: ignore[type-arg]
    with Session(db.engines[READ]) as reading:
        return [tuple(row) for row in reading.execute(statement)]


def form_for(one, who, **changes) -> dict[str, object]:
    return {
        "form_key": str(uuid4()), "service": str(one.id), "whom": "person", "person": str(who.id), "need": "",
        "language": "en", "give": "a4", f"{one.id}-say": "Ask for Sam.",
    } | changes  # fmt: skip


def test_found_by_name_and_given_into_the_record(app, session, worker):
    one, person = service(session, name="Debt desk"), a_person(session, actor_of(session, worker))
    session.commit()
    client = signed_in_client(app, worker.id)
    found = client.post("/desk/signposts/new", data=form_for(one, person, person="", person_name="row", give="find"))
    assert "Rowan Ashby, born on 29 February 1984" in found.get_data(as_text=True)
    done = client.post("/desk/signposts/new", data=form_for(one, person))
    assert done.status_code == 303
    assert seen(select(Signpost.person_id)) == [(person.id,)]
    page = client.get(done.headers["Location"].split("/slip")[0]).get_data(as_text=True)
    assert "Rowan Ashby" in page
    assert 'href="/desk/signposts" aria-current="true"' in page
    told = seen(select(AuditEntry.action, AuditEntry.person_id).where(AuditEntry.person_id.is_not(None)))
    assert {action for action, _person in told} >= {Action.CREATED, Action.SHARED, Action.READ}
    assert seen(select(AuditEntry.action).where(AuditEntry.action == Action.SEARCHED)) == [(Action.SEARCHED,)]
    entries = parts.timeline_of(session, actor_of(session, worker), person.id)
    assert [entry.detail for entry in entries if "list" in entry.words] == ["Debt desk"]


def test_nobody_is_named_without_a_choice_and_nobody_elses_person(app, session, worker):
    one = service(session)
    stranger = a_member(session, Role.SURGERY, workplace="Other surgery", email="tom@other.example")
    theirs = a_person(session, actor_of(session, stranger), "Ash Rowan")
    session.commit()
    client = signed_in_client(app, worker.id)
    for chosen in ("", str(theirs.id), str(uuid4()), "rubbish"):
        answer = client.post("/desk/signposts/new", data=form_for(one, theirs, person=chosen))
        assert answer.status_code == 422
        assert "Find them, and choose who it is for." in answer.get_data(as_text=True)
    found = client.post("/desk/signposts/new", data=form_for(one, theirs, person_name="Ash", give="find"))
    assert "Ash Rowan" not in found.get_data(as_text=True)
    assert seen(select(Signpost.id)) == []


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"do_not_contact": True, "safe_channels": SAFE}, 422, "They asked not to be contacted."),
        ({}, 422, "They did not say that this way is safe."),
        ({"safe_channels": SAFE}, 303, ""),
    ],
)
def test_a_message_goes_only_where_it_is_safe(app, session, worker, changes, status, sentence):
    one, person = service(session), a_person(session, actor_of(session, worker), **changes)
    session.commit()
    client = signed_in_client(app, worker.id)
    answer = client.post("/desk/signposts/new", data=form_for(one, person, give="message", reach=MOBILE))
    assert answer.status_code == status
    assert sentence in answer.get_data(as_text=True)
    assert len(seen(select(Message.id))) == (status == 303)
    on_paper = client.post("/desk/signposts/new", data=form_for(one, person))
    again = client.post(
        on_paper.headers["Location"].split("/slip")[0] + "/give", data={"give": "message", "reach": MOBILE}
    )
    assert again.status_code == status


def test_outside_the_safe_hours_it_waits(app, session, worker):
    hours = SafeTime(frozenset(range(7)), time(18), time(20))
    person = a_person(session, actor_of(session, worker), safe_channels=SAFE, safe_times=(hours,))
    one = service(session)
    session.commit()
    with clock.moved_to(datetime(2026, 11, 3, 10, tzinfo=clock.LONDON)):
        client = signed_in_client(app, worker.id)
        given = client.post("/desk/signposts/new", data=form_for(one, person, give="message", reach=MOBILE))
        page = client.get(given.headers["Location"]).get_data(as_text=True)
    # Whoever gave it is not told that it is on its way.
    assert "The message goes on 3 November 2026 at 6:00pm" in page
    assert "on its way" not in page
    with clock.moved_to(datetime(2026, 11, 3, 19, tzinfo=clock.LONDON)):
        assert "The message goes on" not in signed_in_client(app, worker.id).get(given.headers["Location"]).text
    assert seen(select(Message.not_before)) == [(datetime(2026, 11, 3, 18, tzinfo=clock.LONDON),)]


def test_what_waited_until_its_link_was_over_does_not_go_and_the_page_says_so(app, session, worker):
    hours = SafeTime(frozenset(range(7)), time(18), time(20))
    person = a_person(session, actor_of(session, worker), safe_channels=SAFE, safe_times=(hours,))
    one = service(session)
    session.commit()
    morning = datetime(2026, 11, 3, 10, tzinfo=clock.LONDON)
    with clock.moved_to(morning):
        client = signed_in_client(app, worker.id)
        given = client.post("/desk/signposts/new", data=form_for(one, person, give="message", reach=MOBILE))
    for later in (rules.LINK_LASTS + timedelta(minutes=5), rules.LINK_LASTS + timedelta(days=1, hours=9)):
        with clock.moved_to(morning + later):
            page = signed_in_client(app, worker.id).get(given.headers["Location"]).text
        assert "It waited until its link was over" in page
        assert "goes on" not in page
        assert "on its way" not in page


def test_no_message_is_taken_that_could_only_go_once_its_link_is_over(app, session, worker):
    hours = SafeTime(frozenset(range(7)), time(18), time(20))
    person = a_person(session, actor_of(session, worker), safe_channels=SAFE, safe_times=(hours,))
    one = service(session)
    session.commit()
    morning = datetime(2026, 11, 3, 10, tzinfo=clock.LONDON)
    with clock.moved_to(morning):
        given = signed_in_client(app, worker.id).post("/desk/signposts/new", data=form_for(one, person))
    page = given.headers["Location"].split("/slip")[0]
    with clock.moved_to(morning + rules.LINK_LASTS - timedelta(hours=2)):
        client = signed_in_client(app, worker.id)
        refused = client.post(f"{page}/give", data={"give": "message", "reach": MOBILE})
    assert refused.status_code == 422
    assert "Its link ends before an hour that is safe for them" in refused.text
    assert MOBILE in refused.text
    assert seen(select(Message.id)) == []


def test_what_a_provider_did_not_take_is_not_said_to_wait_for_a_safe_hour(app, session, worker):
    person, one = a_person(session, actor_of(session, worker)), service(session)
    session.commit()
    client = signed_in_client(app, worker.id)
    nobody = {"whom": "somebody", "person": "", "give": "message", "reach": "sam@example.org"}
    given = client.post("/desk/signposts/new", data=form_for(one, person, **nobody))
    session.execute(update(Message).values(not_before=clock.now() + timedelta(hours=1)))
    session.commit()
    page = client.get(given.headers["Location"]).text
    assert "The message has not gone yet. We try on" in page
    assert "safe to reach them" not in page


def test_a_reminder_heeds_what_they_said_since(app, session, worker):
    person, one = a_person(session, actor_of(session, worker), safe_channels=SAFE), service(session)
    session.commit()
    morning = datetime(2026, 11, 3, 10, tzinfo=clock.LONDON)
    with clock.moved_to(morning):
        client = signed_in_client(app, worker.id)
        client.post("/desk/signposts/new", data=form_for(one, person, reach=MOBILE, remind="y"))
    assert len(seen(select(Signpost.remind_on).where(Signpost.remind_on.is_not(None)))) == 1
    person.do_not_contact = True
    session.flush()
    with clock.moved_to(morning + timedelta(days=14)):
        assert sending.remind(session, vault(SIGNPOST)) == 1
    assert session.scalars(select(Message.id)).all() == []


def test_erasing_wipes_the_words_and_keeps_the_count(app, session, worker):
    one, person = service(session), a_person(session, actor_of(session, worker))
    session.commit()
    signed_in_client(app, worker.id).post("/desk/signposts/new", data=form_for(one, person))
    assert [item.heading[:4] for item in record.export(session, person.id)] == ["List"]
    assert record.erase(session, SYSTEM, person.id) == 1
    session.commit()
    assert seen(select(Signpost.person_id)) == [(None,)]
    assert seen(select(SignpostLine.what_to_say)) == [("",)]


def test_a_record_leads_to_a_signpost_for_that_person_for_a_while(app, session, worker):
    one, person = service(session, name="Debt desk"), a_person(session, actor_of(session, worker))
    session.commit()
    client = signed_in_client(app, worker.id)
    begin, give = f"/desk/signposts/new?person={person.id}", f"/desk/signposts/new?service={one.id}"
    assert begin in client.get(f"/desk/people/{person.id}").get_data(as_text=True)
    assert "For Rowan Ashby" in client.get(begin).get_data(as_text=True)
    page = client.get(give).get_data(as_text=True)
    assert "For Rowan Ashby" in page
    assert f'value="{person.id}" checked' in page
    with clock.moved_to(clock.now() + timedelta(minutes=11)):
        assert "Rowan Ashby" not in client.get(give).get_data(as_text=True)
    client.get(begin)
    assert client.post("/desk/signposts/new", data=form_for(one, person)).status_code == 303
    assert "Rowan Ashby" not in client.get(give).get_data(as_text=True)
    client.get(begin)
    assert "Rowan Ashby" not in client.get(f"{give}&person=none").get_data(as_text=True)
    assert "Rowan Ashby" not in client.get(give).get_data(as_text=True)


def test_the_enter_key_beside_a_name_finds_and_gives_nothing(app, session, worker):
    one, person = service(session), a_person(session, actor_of(session, worker))
    session.commit()
    client = signed_in_client(app, worker.id)
    typed = form_for(one, person, person="", person_name="row", whom="somebody", give="")
    found = client.post("/desk/signposts/new", data=typed)
    assert found.status_code == 200
    assert "Rowan Ashby, born on 29 February 1984" in found.get_data(as_text=True)
    assert seen(select(Signpost.id)) == []
    # Whoever was chosen before does not stand in the way of somebody else.
    other = a_person(session, actor_of(session, worker), "Tariq Hussain")
    session.commit()
    anew = client.post("/desk/signposts/new", data=form_for(one, other, person_name="Row", give="find"))
    assert "Rowan Ashby" in anew.get_data(as_text=True)
    assert "Tariq" not in anew.get_data(as_text=True)
    nothing = client.post("/desk/signposts/new", data=typed | {"person_name": " ", "give": "find"})
    assert "Type the beginning of their name." in nothing.get_data(as_text=True)


def test_whoever_was_chosen_or_found_stays_on_the_form(app, session, worker):
    one, person = service(session), a_person(session, actor_of(session, worker))
    session.commit()
    client = signed_in_client(app, worker.id)
    chosen = f'value="{person.id}"'
    wrong = client.post("/desk/signposts/new", data=form_for(one, person, give="message", reach="rubbish"))
    assert wrong.status_code == 422
    assert chosen in wrong.get_data(as_text=True)
    not_chosen = client.post("/desk/signposts/new", data=form_for(one, person, person="", person_name="Row"))
    assert not_chosen.status_code == 422
    assert chosen in not_chosen.get_data(as_text=True)


def test_the_aid_leads_to_a_referral_of_the_same_person_to_the_same_service(app, session, worker):
    one, person = service(session), a_person(session, actor_of(session, worker))
    session.commit()
    client = signed_in_client(app, worker.id)
    told = form_for(one, person, give="suggest", ticks="urgent-or-key-date")
    page = client.post("/desk/signposts/new", data=told).get_data(as_text=True)
    assert f"/desk/referrals/new?service={one.id}&amp;person={person.id}" in page
