"""A check for a conflict of interest says yes or no: nothing in a page, in its work or in any count tells of whom."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from app.accounts.codes import Role
from app.advice.codes import CaseState, Closure, ConflictState
from app.advice.models import AdviceCase
from app.advice.operations.cases import add_party, open_case
from app.advice.queries import conflicts
from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.core import clock
from tests.integration.advice.conftest import desk_of
from tests.integration.advice.test_logging import let_go
from tests.people import a_person

# The other side by how the service knows them; the last is nobody it knows.
KNOWN = {"open": "Jo Carrow", "closed": "Sam Lund", "three": "Kit Arden", "against": "Pat Orme"}
NOBODY = {"nobody": "Lou Penny"}
VARIES = (
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID"),
    (r"W\d{5}", "NUMBER"),
    (r"Q-[a-z]+", "CLIENT"),
    (r'name="csrf_token"[^>]*>', "TOKEN"),
    ("|".join((*KNOWN.values(), *NOBODY.values())), "PARTY"),
)


@pytest.fixture
def colleague(app, session):
    """Who works for those on the other side."""
    return desk_of(app, session, Role.ADVISER, Role.FRONT_DESK, workplace="Wexmoor Advice")


@pytest.fixture
def theirs(session, colleague):
    """The colleague's cases: one open, one closed last year, three of one client, one against another."""
    cases = {}
    for kind, name in KNOWN.items():
        client = a_person(session, colleague.actor, "Ash Vane" if kind == "against" else name)
        for _case in range(3 if kind == "three" else 1):
            cases[kind] = open_case(session, colleague.actor, person_id=client.id)
    closed = cases["closed"]
    closed.state, closed.closure = CaseState.CLOSED, Closure.COMPLETE
    closed.closed_on = clock.today() - timedelta(days=300)
    add_party(session, colleague.actor, cases["against"], KNOWN["against"])
    session.commit()
    return {kind: (case.id, case.person_id) for kind, case in cases.items()}


@pytest.fixture
def ours(session, desk, theirs):
    """A case of ours for each kind of other side: clients of whom a number is known."""
    cases = {kind: open_case(session, desk.actor, client_number=f"Q-{kind}") for kind in (*KNOWN, *NOBODY)}
    session.commit()
    return {kind: case.id for kind, case in cases.items()}


def plain(page: str) -> str:
    """A page without what is of each case its own."""
    for pattern, word in VARIES:
        page = re.sub(pattern, word, page)
    return page


def name_them(desk, case_id, name):
    return desk.client.post(f"/desk/advice/cases/{case_id}/add/party", data={"name": name})


@contextmanager
def work_of_the_database():
    """The statements that are sent while it is open, by any connection."""
    told: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        told.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_the_page_says_the_same_whoever_it_is(session, desk, ours):
    pages = {}
    for kind, name in {**KNOWN, **NOBODY}.items():
        if kind == "against":
            continue
        let_go(session)
        assert name_them(desk, ours[kind], name).status_code == 303
        pages[kind] = plain(desk.client.get(f"/desk/advice/cases/{ours[kind]}").text)
    assert pages["open"] == pages["closed"] == pages["three"]
    panel = re.compile(r'<div class="wm-panel wm-panel--care">.*?</div>', re.DOTALL)
    words = re.compile(r"Conflict of interest: [^<]*<")
    assert "Ask a supervisor before you go on." in panel.search(pages["open"])[0]

    def without(page):
        return re.sub(r"\s+", " ", words.sub("", panel.sub("", page)))

    assert without(pages["open"]) == without(pages["nobody"])


def test_a_client_who_is_the_other_side_elsewhere_looks_the_same(session, desk, theirs):
    """Found from the other end: a service that acts against its own new client says no more of it."""
    against = open_case(session, desk.actor, person_id=a_person(session, desk.actor, KNOWN["against"]).id)
    client = open_case(session, desk.actor, person_id=a_person(session, desk.actor, NOBODY["nobody"]).id)
    add_party(session, desk.actor, client, KNOWN["open"])
    add_party(session, desk.actor, against, KNOWN["open"])
    ids = (against.id, client.id)
    assert against.conflict is client.conflict is ConflictState.POSSIBLE
    session.commit()
    let_go(session)
    first, second = (plain(desk.client.get(f"/desk/advice/cases/{case_id}").text) for case_id in ids)
    assert first == second


def test_the_work_is_the_same_whoever_it_is(session, desk, ours):
    work = {}
    for kind, name in {**KNOWN, **NOBODY}.items():
        let_go(session)
        with work_of_the_database() as told:
            assert name_them(desk, ours[kind], name).status_code == 303
            assert desk.client.get(f"/desk/advice/cases/{ours[kind]}").status_code == 200
        work[kind] = told
    assert work["open"] == work["closed"] == work["three"]
    # To write down that it is possible is one statement more; nothing is asked that is not asked for everybody.
    asked = {kind: [each for each in told if each.startswith("SELECT")] for kind, told in work.items()}
    assert asked["nobody"] == asked["open"] == asked["against"]
    counted = [each for each in asked["nobody"] if "count(" in each and "advice_party" in each]
    assert len(counted) == 2


def test_no_count_and_no_page_of_others_changes(session, desk, colleague, supervisor, elsewhere, theirs, ours):
    minute = clock.now().replace(second=0, microsecond=0)

    def watched():
        let_go(session)
        # Pages say at which minute a figure was made, and it takes some seconds to ask for them.
        with clock.moved_to(minute):
            return _all_pages()

    def _all_pages():
        pages = {}
        for who, client in (("colleague", colleague.client), ("elsewhere", elsewhere.client)):
            paths = ["/desk", "/desk/advice", "/desk/advice/contacts", "/desk/advice/cases?whose=mine"]
            if who == "colleague":
                paths += [f"/desk/advice/cases/{case_id}" for case_id, _person_id in theirs.values()]
                paths += [f"/desk/people/{person_id}" for _case_id, person_id in theirs.values()]
            pages |= {(who, path): plain(client.get(path).text) for path in paths}
        return pages | {("supervisor", "figures"): plain(supervisor.client.get("/desk/reports/advice").text)}

    before = watched()
    for kind, name in {**KNOWN, **NOBODY}.items():
        let_go(session)
        assert name_them(desk, ours[kind], name).status_code == 303
    after = watched()
    assert {key: page for key, page in after.items() if page != before[key]} == {}


def test_a_supervisor_learns_of_it_from_either_side(session, desk, supervisor, elsewhere, theirs, ours):
    """The one who was there first is told nothing; whoever supervises both sees which two files they are."""
    let_go(session)
    assert "Conflicts of interest" not in supervisor.client.get("/desk/advice").text
    for kind, name in {**KNOWN, **NOBODY}.items():
        let_go(session)
        name_them(desk, ours[kind], name)
    found = {kind: f"/desk/advice/cases/{ours[kind]}" for kind in ours}
    home = supervisor.client.get("/desk/advice").text
    assert {kind for kind, path in found.items() if f'href="{path}"' in home} == {"open", "closed", "three"}
    assert "Conflicts of interest to decide" in supervisor.client.get("/desk").text
    assert "Conflicts of interest to decide" not in desk.client.get("/desk").text
    assert [conflicts.count_undecided(session, each.actor) for each in (supervisor, desk, elsewhere)] == [3, 0, 0]
    let_go(session)
    earlier = f"/desk/advice/cases/{theirs['open'][0]}"
    for path in (found["open"], f"{found['open']}/conflict"):
        page = supervisor.client.get(path).text
        assert f'href="{earlier}"' in page
        assert KNOWN["open"] in page
    there = supervisor.client.get(earlier).text
    assert "Another case may conflict with this one" in there
    assert f'href="{found["open"]}"' in there
    assert "may conflict" not in supervisor.client.get(f"/desk/advice/cases/{theirs['against'][0]}").text
    assert "Conflicts of interest" not in elsewhere.client.get("/desk/advice").text
    for path in ("/desk/advice", found["open"]):
        assert f'href="{earlier}"' not in desk.client.get(path).text
    told = {"state": "managed", "note": "Two advisers, apart", "version": "2"}
    assert supervisor.client.post(f"{found['open']}/conflict", data=told).status_code == 303
    assert "may conflict" not in supervisor.client.get(earlier).text
    assert found["open"] not in supervisor.client.get("/desk/advice").text


def test_who_advises_in_a_case_and_supervises_is_not_told_of_whom_and_does_not_decide(app, session, colleague, theirs):
    both = desk_of(app, session, Role.ADVISER, Role.MANAGER, workplace="Wexmoor Advice", email="both@advice.example")
    case = open_case(session, both.actor, client_number="Q-both")
    add_party(session, both.actor, case, KNOWN["open"])
    path, version = f"/desk/advice/cases/{case.id}", case.conflict_version
    session.commit()
    page = both.client.get(path).text
    assert "Ask a supervisor before you go on." in page
    assert str(theirs["open"][0]) not in page + both.client.get(f"{path}/conflict").text
    told = {"state": "none", "note": "", "version": str(version)}
    answer = both.client.post(f"{path}/conflict", data=told)
    assert answer.status_code == 422
    assert "Somebody else has to decide" in answer.text
    assert "Conflicts of interest" not in both.client.get("/desk/advice").text


def test_the_record_of_it_names_nobody_else(session, desk, theirs, ours):
    for kind, name in KNOWN.items():
        let_go(session)
        name_them(desk, ours[kind], name)
    session.rollback()
    looked = session.scalars(
        select(AuditEntry).where(AuditEntry.action == Action.SEARCHED, AuditEntry.object_id.in_(ours.values()))
    ).all()
    assert {entry.person_id for entry in looked} == {None}
    assert {(entry.reason, entry.fields) for entry in looked} == {("conflict", "")}


@pytest.mark.parametrize("name", ["%", "_", "Jo%", "Carrow", "Jo", "J Carrow", "' OR 1=1 --"])
def test_nobody_is_found_by_a_part_of_a_name(session, desk, ours, name):
    let_go(session)
    name_them(desk, ours["nobody"], name)
    session.rollback()
    assert session.get_one(AdviceCase, ours["nobody"]).conflict is ConflictState.NONE
