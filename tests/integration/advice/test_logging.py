"""Logging a contact: from an empty form to a contact, every sort of client, drafts, wrong input, who may see it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from importlib import import_module
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from app.advice.codes import ClientKind, DateKind, Emergency, Result
from app.advice.models import AdviceCase, AdviceContact, AdviceDraft, KeyDate, NextStep
from app.advice.queries.figures import own_figures
from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.core import clock
from app.people.codes import PermissionKind, PermissionMethod
from app.people.models import Person
from app.people.operations import Answer, answer_permission
from tests.advice import a_contact
from tests.people import a_person

MARK = "zebrafish"
CALL = {
    "client_kind": "anonymous", "channel": "phone", "direction": "in", "result": "reached", "minutes": "20",
    "level": "advice", "issues": "debt/council-tax", "place": "office", "language": "en", "format": "verbal",
    "step_1_by": "adviser", "step_2_by": "client", "step_3_by": "adviser", "do": "log",
}  # fmt: skip


def day(name, value):
    return {f"{name}-{part}": str(getattr(value, part)) for part in ("day", "month", "year")}


def log(desk, **changes):
    return desk.client.post("/desk/advice/log", data=CALL | changes)


def let_go(session):
    """End the test's own transaction, or the pages would wait for it; what was read stays readable."""
    session.expunge_all()
    session.rollback()


def only_contact(session):
    session.rollback()
    return session.scalars(select(AdviceContact)).one()


def draft_in(page):
    return re.search(r'name="draft" value="([^"]*)"', page.text)[1]


def test_words_of_danger_ask_for_a_tick_until_there_is_one(desk):
    signs = CALL | {"do": "look", "words": "the meter has run out"}
    assert "The words sound like it" in desk.client.post("/desk/advice/log", data=signs).text
    ticked = desk.client.post("/desk/advice/log", data=signs | {"emergencies": "no-heat"})
    assert "The words sound like it" not in ticked.text


def test_the_common_case(session, desk, client_id):
    assert desk.client.get("/desk/advice/log").status_code == 200
    looked = desk.client.post("/desk/advice/log", data=CALL | {"client_kind": "named", "name": "ashby", "do": "look",
                                                              "words": "behind with rent", "issues": []})  # fmt: skip
    assert looked.status_code == 200
    assert str(client_id) in looked.text
    assert 'value="housing/rent-arrears"' in looked.text
    kept = draft_in(looked)
    answer = log(
        desk, client_kind="named", name="ashby", person=str(client_id), issues="housing/rent-arrears",
        words="behind with rent", advice="Ask for a payment plan.", draft=kept,
    )  # fmt: skip
    made = only_contact(session)
    assert answer.headers["Location"] == f"/desk/advice/contacts/{made.id}?done=logged"
    assert (made.person_id, made.minutes, made.result) == (client_id, 20, Result.REACHED)
    assert made.seconds_to_log is not None
    assert session.scalars(select(AdviceDraft)).all() == []
    audited = session.scalars(select(AuditEntry.action).where(AuditEntry.person_id == client_id)).all()
    assert Action.CREATED in audited
    searched = session.scalar(select(func.count()).where(AuditEntry.action == Action.SEARCHED))
    assert searched == 1
    let_go(session)
    page = desk.client.get(answer.headers["Location"]).text
    assert all(words in page for words in ("Rowan Ashby", "Housing: rent arrears", "Ask for a payment plan."))


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"client_kind": "anonymous"}, ClientKind.ANONYMOUS),
        ({"client_kind": "numbered", "client_number": "Q-17"}, ClientKind.NUMBERED),
        ({"client_kind": "third-party", "relation": "a sister"}, ClientKind.THIRD_PARTY),
        ({"client_kind": "anonymous", "result": "no-answer", "issues": []}, ClientKind.ANONYMOUS),
    ],
)
def test_without_a_name(session, desk, told, kind):
    assert log(desk, **told).status_code == 303
    made = only_contact(session)
    assert (made.client_kind, made.person_id) == (kind, None)
    first = made.client_key
    let_go(session)
    log(desk, **told)
    keys = set(session.scalars(select(AdviceContact.client_key)))
    assert keys == {first} if told.get("client_number") else len(keys) == 2


def test_a_new_person_is_added_in_place(session, desk):
    assert log(desk, client_kind="named", name="Sam Carrow", person="new").status_code == 303
    made = only_contact(session)
    person = session.get_one(Person, made.person_id)
    assert (person.name, person.organization_id) == ("Sam Carrow", desk.actor.organization_id)


def test_dates_steps_and_emergencies(session, desk):
    letter = clock.today() - timedelta(days=3)
    sent = day("date_1_on", letter) | day("step_1_on", clock.today())
    answer = log(
        desk, **sent, date_1_kind="appeal", step_1="Write to the landlord", emergencies=["no-food", "violence"]
    )
    made = only_contact(session)
    assert (made.emergencies, made.emergencies_asked) == ({Emergency.NO_FOOD, Emergency.VIOLENCE}, True)
    kept = session.scalars(select(KeyDate)).one()
    assert (kept.kind, kept.letter_on) == (DateKind.APPEAL, letter)
    assert kept.on > letter + timedelta(days=20)
    step = session.scalars(select(NextStep)).one()
    assert (step.words, step.due_on, step.owner_id) == ("Write to the landlord", clock.today(), desk.actor.user_id)
    let_go(session)
    page = desk.client.get(answer.headers["Location"]).text
    assert "0808 2000 247" in page
    home = desk.client.get("/desk/advice").text
    assert all(words in home for words in ("Write to the landlord", "Appeal to the tribunal"))
    for row, kind in ((kept, "dates"), (step, "steps")):
        assert desk.client.post(f"/desk/advice/{kind}/{row.id}", data={"do": "done"}).status_code == 303
    home = desk.client.get("/desk/advice").text
    assert "Write to the landlord" not in home
    assert "Appeal to the tribunal" not in home


def test_calling_back_until_they_are_reached(session, desk, client_id):
    friday = clock.today() - timedelta(days=(clock.today().weekday() - 4) % 7 or 7)
    log(desk, client_kind="named", name="a", person=str(client_id), result="no-answer", **day("call_back_on", friday))
    first = only_contact(session)
    let_go(session)
    assert "Log the call" in desk.client.get("/desk/advice").text
    again = desk.client.get(f"/desk/advice/log?follows={first.id}")
    assert f'name="follows" value="{first.id}"' in again.text
    assert "Rowan Ashby" in again.text
    who = {"client_kind": "named", "name": "a", "person": str(client_id), "follows": str(first.id)}
    log(desk, **who, result="no-answer", direction="out", **day("call_back_on", clock.today() + timedelta(days=9)))
    assert "Log the call" in desk.client.get("/desk/advice").text
    seen = re.search(r'name="seen" value="([^"]*)"', desk.client.get(f"/desk/advice/log?follows={first.id}").text)[1]
    log(desk, **who, seen=seen, direction="out")
    assert "Log the call" not in desk.client.get("/desk/advice").text


def test_a_missed_call_is_tried_again_on_the_next_working_day(session, desk):
    log(desk, result="message-left", issues=[])
    made = only_contact(session)
    assert clock.today() < made.call_back_on <= clock.today() + timedelta(days=5)
    assert made.call_back_on.weekday() < 5


def test_a_lost_session_loses_nothing(session, desk):
    typed = CALL | {"advice": f"half a {MARK}", "minutes": "", "date_1_on-day": "31", "do": "autosave"}
    answer = desk.client.post("/desk/advice/log", data=typed)
    kept = answer.get_json()["draft"]
    again = desk.client.post("/desk/advice/log", data=typed | {"draft": kept, "words": "rent"})
    assert again.get_json()["draft"] == kept
    assert session.scalar(select(func.count()).select_from(AdviceDraft)) == 1
    let_go(session)
    desk.client.delete_cookie("sid", domain="localhost")
    assert desk.client.post("/desk/advice/log", data=typed).status_code == 303
    from tests.signing_in import signed_in_client

    back = signed_in_client(desk.client.application, desk.actor.user_id)
    page = back.get(f"/desk/advice/drafts/{kept}").text
    assert all(words in page for words in (f"half a {MARK}", 'value="rent"', 'value="31"', f'value="{kept}"'))
    assert "No name" in back.get("/desk/advice").text
    assert back.post(f"/desk/advice/drafts/{kept}/throw-away").status_code == 303
    assert session.scalars(select(AdviceDraft)).all() == []


@pytest.mark.parametrize("kind", ["named", "numbered", "third-party"])
def test_a_draft_of_whom_nothing_is_known_yet_says_so(desk, kind):
    desk.client.post("/desk/advice/log", data={"client_kind": kind, "words": "bailiffs", "do": "draft"})
    assert "No name yet" in desk.client.get("/desk/advice").text


def test_drafts_are_seen_by_their_writer_alone(session, desk, supervisor, elsewhere):
    kept = desk.client.post("/desk/advice/log", data=CALL | {"do": "autosave"}).get_json()["draft"]
    for other in (supervisor, elsewhere):
        assert other.client.get(f"/desk/advice/drafts/{kept}").status_code in {403, 404}
    typed = CALL | {"advice": f"a {MARK} of their own", "draft": kept}
    page = elsewhere.client.get(elsewhere.client.post("/desk/advice/log", data=typed).headers["Location"])
    assert "The draft is not there any more" in page.text
    assert session.scalar(select(func.count()).select_from(AdviceContact)) == 0
    session.rollback()
    assert session.get(AdviceDraft, UUID(kept)).user_id == desk.actor.user_id
    assert "advice" not in session.get(AdviceDraft, UUID(kept)).fields


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"client_kind": "named", "name": ""}, "Enter their name and look for them"),
        ({"client_kind": "named", "name": "Rowan"}, "Look for the name and choose the person"),
        ({"client_kind": "numbered"}, "Enter the number that they go by"),
        ({"client_kind": "third-party"}, "Say who got in touch"),
        ({"minutes": ""}, "Choose how many minutes"),
        ({"issues": []}, "Choose at least one issue"),
        ({"issues": "no/such"}, "Choose at least one issue"),
        ({"date_1_kind": "court"}, "Enter the day"),
        ({"date_1_kind": "appeal"} | day("date_1_on", date(2090, 1, 1)), "The date of a letter is in the past"),
        (day("happened_on", date(2090, 1, 1)), "must not be in the future"),
        ({"case": "new"}, "A case needs a name or a number"),
        ({"started_at": "later"}, "Enter a time like 9:30am"),
        ({"client_kind": "named", "name": "X", "person": "00000000-0000-0000-0000-000000000001"}, "is not there"),
        (
            {"case": "00000000-0000-0000-0000-000000000001", "client_kind": "numbered", "client_number": "1"},
            "not there",
        ),
    ],
)
def test_wrong_input_is_told_beside_the_field_and_nothing_is_lost(session, desk, told, sentence):
    answer = log(desk, **(told | {"advice": f"half a {MARK}"}))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f"half a {MARK}" in answer.text
    assert session.scalars(select(AdviceContact)).all() == []


def test_no_record_against_their_will(session, desk, client_id):
    person = session.get_one(Person, client_id)
    no = Answer(kind=PermissionKind.RECORD, given=False, method=PermissionMethod.VERBAL)
    answer_permission(session, desk.actor, person, no)
    session.commit()
    answer = log(desk, client_kind="named", name="a", person=str(client_id))
    assert answer.status_code == 422
    assert "They said no to a record" in answer.text


def test_a_case_begins_and_goes_on(session, desk, client_id):
    who = {"client_kind": "named", "name": "a", "person": str(client_id)}
    log(desk, **who, case="new", **day("date_1_on", clock.today()), date_1_kind="court")
    case = session.scalars(select(AdviceCase)).one()
    assert (case.number, case.issue, case.person_id) == (1, "debt/council-tax", client_id)
    assert session.scalars(select(KeyDate.case_id)).one() == case.id
    let_go(session)
    assert log(desk, **who, case=str(case.id)).status_code == 303
    assert session.scalar(select(func.count()).select_from(AdviceContact).where(AdviceContact.case_id == case.id)) == 2
    let_go(session)
    assert log(desk, client_kind="numbered", client_number="9", case=str(case.id)).status_code == 422


def test_nobody_else_sees_it(session, desk, supervisor, elsewhere, client_id):
    made = a_contact(session, desk.actor, person_id=client_id, advice=MARK, call_back_on=clock.today())
    contact_id = made.id
    stranger = a_person(session, elsewhere.actor, "Stranger").id
    session.commit()
    assert MARK in supervisor.client.get(f"/desk/advice/contacts/{contact_id}").text
    for path in (f"/desk/advice/contacts/{contact_id}", f"/desk/advice/log?follows={contact_id}"):
        assert elsewhere.client.get(path).status_code == 404
    for path in ("/desk/advice", "/desk/advice/contacts", "/desk"):
        page = elsewhere.client.get(path).text
        assert "Rowan" not in page
        assert MARK not in page
    assert "1" not in re.findall(r'wm-worklist__count">(\d+)', elsewhere.client.get("/desk").text)
    assert "1" in re.findall(r'wm-worklist__count">(\d+)', desk.client.get("/desk").text)
    assert desk.client.get(f"/desk/advice/log?person={stranger}").status_code == 404
    assert log(desk, client_kind="named", name="S", person=str(stranger)).status_code == 422
    reads = session.scalar(
        select(func.count()).where(AuditEntry.object_id == contact_id, AuditEntry.action == Action.READ)
    )
    assert reads == 1


def test_the_list_and_the_file(session, desk, supervisor, client_id):
    a_contact(session, desk.actor, person_id=client_id, issues=("benefits/pip/appeal",), advice=MARK)
    a_contact(session, desk.actor, client_kind=ClientKind.NUMBERED, client_number="=1+1", place_ods_code="@x")
    session.commit()
    page = desk.client.get("/desk/advice/contacts?issue=benefits").text
    assert "Rowan Ashby" in page
    assert "1 contact<" in page
    assert "2 contacts" in supervisor.client.get("/desk/advice/contacts?since=x&level=y&page=z&issue=%00").text
    answer = desk.client.post("/desk/advice/contacts/export", data={"issue": "benefits"})
    assert answer.mimetype == "text/csv"
    assert len(answer.text.splitlines()) == 2
    everything = desk.client.post("/desk/advice/contacts/export").text
    assert "benefits/pip/appeal" in everything
    assert ",'@x," in everything
    for secret in ("Rowan", MARK, "=1+1"):
        assert secret not in everything
    exports = session.scalar(select(func.count()).where(AuditEntry.action == Action.EXPORTED))
    assert exports == 2


def test_words_of_a_client_reach_no_log_and_no_address(desk, caplog, capfd):
    secret = {"words": f"{MARK} words", "advice": f"{MARK} advice", "name": f"{MARK} name", "client_kind": "named"}
    for do in ("look", "autosave", "draft", "log"):
        answer = log(desk, **secret, person="new", do=do)
        assert MARK not in answer.headers.get("Location", "")
    log(desk, **secret, minutes="")
    told = capfd.readouterr()
    assert MARK not in told.out + told.err + caplog.text


def test_what_a_tab_kept_without_network_is_one_draft_however_often_it_is_sent(session, desk, elsewhere):
    key, kept = str(uuid4()), {"client_kind": "anonymous", "words": "pip turned down", "advice": "Ask again"}
    sent = [
        desk.client.post("/desk/advice/log", data=kept | {"do": "autosave", "kept_as": key}).json["draft"]
        for _time in range(2)
    ]
    assert sent[0] == sent[1]
    draft = session.scalars(select(AdviceDraft)).one()
    assert draft.fields["words"] == ["pip turned down"]
    assert "kept_as" not in draft.fields
    let_go(session)
    theirs = elsewhere.client.post("/desk/advice/log", data=kept | {"do": "autosave", "kept_as": key}).json["draft"]
    assert theirs != sent[0]
    gone = {"do": "autosave", "kept_as": str(uuid4()), "draft": str(uuid4())}
    assert desk.client.post("/desk/advice/log", data=kept | gone).json["draft"] not in sent
    begun = {"do": "autosave", "kept_as": str(uuid4()), "draft": sent[0], "advice": "Ask again, by Friday"}
    assert desk.client.post("/desk/advice/log", data=kept | begun).json["draft"] == sent[0]


def test_the_page_that_opens_without_network_is_an_empty_form_and_tells_of_nobody(desk, elsewhere):
    pages = {each.actor.user_id: each.client.get("/desk/advice/offline").text for each in (desk, elsewhere)}
    assert len({page.replace(str(user_id), "") for user_id, page in pages.items()}) == 1
    assert not any(words in page for page in pages.values() for words in ("csrf_token", "Sign out"))
    scripts = [each.client.get("/desk/advice/offline.js") for each in (desk, elsewhere)]
    assert {script.mimetype for script in scripts} == {"text/javascript"}
    assert scripts[0].text != scripts[1].text


def test_a_long_list_is_not_counted_to_its_end(session, desk, monkeypatch):
    """It says that there are more, and each page that it offers is there; days find what came before."""
    contact_queries = import_module("app.advice.queries.contacts")
    monkeypatch.setattr(contact_queries, "PAGE", 2)
    monkeypatch.setattr(contact_queries, "MOST_COUNTED", 4)
    for number in range(5):
        a_contact(session, desk.actor, client_number=f"N{number}", issues=("debt/rent",))
    session.commit()
    let_go(session)
    for asked in ("?", "?issue=debt&"):
        page = desk.client.get(f"/desk/advice/contacts{asked}").text
        assert "More than 4 contacts." in page
        assert "page=2" in page
        assert "page=3" not in page
        for number in (2, 3, 999):
            assert desk.client.get(f"/desk/advice/contacts{asked}page={number}").text.count("Number N") == 2
    monkeypatch.setattr(contact_queries, "MOST_COUNTED", 5)
    assert "5 contacts" in desk.client.get("/desk/advice/contacts").text


def test_my_figures_are_of_what_i_did_and_tell_attempts_apart(session, desk, supervisor, client_id):
    for result in (Result.REACHED, Result.REACHED, Result.NO_ANSWER):
        a_contact(session, desk.actor, person_id=client_id, result=result)
    a_contact(session, desk.actor)
    a_contact(session, supervisor.actor)
    a_contact(session, desk.actor, happened_on=clock.today() - timedelta(days=1))
    found = own_figures(session, desk.actor, clock.today(), clock.today())
    assert (found.contacts, found.reached, found.clients) == (4, 3, 2)
    assert sum(found.by_level.values()) == 4
