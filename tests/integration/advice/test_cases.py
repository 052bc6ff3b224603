"""Cases: outcomes kept apart, conflicts that say nothing of whom, closing, the calendar, who may see them."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.advice.codes import Achieved, CaseState, Closure, ConflictState, DateKind, MoneyStatus, ResultKind
from app.advice.details import ToldDate
from app.advice.models import AdviceCase, KeyDate, MoneyOutcome, NextStep
from app.advice.operations.cases import add_party, close_case, open_case, reopen_case
from app.advice.operations.outcomes import set_result
from app.core import clock
from app.core.engines import write_engine
from app.people.models import Person
from tests.advice import a_contact
from tests.integration.advice.test_logging import let_go
from tests.people import a_person

GAIN = {"kind": "gain", "amount": "£1,010.50", "frequency": "monthly", "status": "expected"}


@pytest.fixture
def case_id(session, desk, client_id):
    a_contact(session, desk.actor, person_id=client_id, opens_case=True)
    found = session.scalars(select(AdviceCase.id)).one()
    session.commit()
    return found


def stored(session, case_id):
    session.rollback()
    found = session.get_one(AdviceCase, case_id)
    session.expunge_all()
    session.rollback()
    return found


def add(desk, case_id, what, **told):
    return desk.client.post(f"/desk/advice/cases/{case_id}/add/{what}", data=told)


def test_money_by_how_sure_it_is(session, desk, case_id):
    assert add(desk, case_id, "money", **GAIN).status_code == 303
    assert add(desk, case_id, "money", **(GAIN | {"amount": "80", "status": "refused"})).status_code == 303
    page = desk.client.get(f"/desk/advice/cases/{case_id}").text
    assert all(words in page for words in ("£12,126", "£960", "Expected, a year", "Refused, a year"))
    assert "£13,086" not in page
    assert "Confirmed, a year" not in page
    first = session.scalars(select(MoneyOutcome.id).where(MoneyOutcome.pence == 101_050)).one()
    session.rollback()
    assert desk.client.post(f"/desk/advice/money/{first}", data=GAIN | {"status": "confirmed"}).status_code == 422
    sure = GAIN | {"status": "confirmed", "evidence": "Award letter", "amount": "1010.50"}
    assert desk.client.post(f"/desk/advice/money/{first}", data=sure).status_code == 303
    found = session.get_one(MoneyOutcome, first)
    assert (found.status, found.confirmed_on) == (MoneyStatus.CONFIRMED, clock.today())
    assert found.confirmed_by_id == desk.actor.user_id
    session.rollback()
    assert "£12,126" in desk.client.get("/desk/advice").text


@pytest.mark.parametrize("amount", ["", "-5", "0", "1.234", "٣", "1e9", "9" * 30, "many"])
def test_no_other_amounts(desk, case_id, amount):
    assert add(desk, case_id, "money", **(GAIN | {"amount": amount})).status_code == 422


def test_a_conflict_says_nothing_of_whom(session, desk, supervisor, case_id):
    """A party who is a client, and one who is not, look the same to the adviser but for one sentence."""
    other = a_person(session, desk.actor, "Mx Jo O'Secret", known_as="Joey").id
    open_case(session, desk.actor, person_id=other)
    open_case(session, desk.actor, person_id=a_person(session, desk.actor, "Long Gone").id)
    gone = session.scalars(select(AdviceCase).where(AdviceCase.number == 3)).one()
    gone.state, gone.closed_on, gone.closure = CaseState.CLOSED, clock.today() - timedelta(days=7 * 366), "complete"
    session.commit()
    assert add(desk, case_id, "party", name="Long Gone").status_code == 303
    assert stored(session, case_id).conflict is ConflictState.NONE
    assert add(desk, case_id, "party", name="JO OSECRET").status_code == 303
    assert stored(session, case_id).conflict is ConflictState.POSSIBLE
    page = desk.client.get(f"/desk/advice/cases/{case_id}").text
    assert "Ask a supervisor before you go on." in page
    for told in (str(other), "Mx Jo", "Joey", "W00002", "/conflict"):
        assert told not in page
    assert desk.client.get(f"/desk/advice/cases/{case_id}/conflict").status_code == 403
    refused = supervisor.client.post(f"/desk/advice/cases/{case_id}/conflict", data={"state": "cannot-act"})
    assert refused.status_code == 422
    told = {"state": "cannot-act", "note": "Another service can help."}
    assert supervisor.client.post(f"/desk/advice/cases/{case_id}/conflict", data=told).status_code == 303
    assert "Another service can help." in desk.client.get(f"/desk/advice/cases/{case_id}").text
    decided = f"/desk/advice/cases/{case_id}/conflict"
    assert decided in supervisor.client.get(f"/desk/advice/cases/{case_id}").text
    again = supervisor.client.get(decided).text
    version = re.search(r'name="version"[^>]* value="(\d+)"', again)[1]
    told = {"state": "managed", "note": "Two teams, two rooms.", "version": version}
    assert supervisor.client.post(decided, data=told).status_code == 303
    assert decided in supervisor.client.get(f"/desk/advice/cases/{case_id}").text
    assert "Two teams, two rooms." in supervisor.client.get(decided).text
    assert decided not in desk.client.get(f"/desk/advice/cases/{case_id}").text


def test_a_client_who_is_the_other_side_of_a_case(session, desk, case_id):
    assert add(desk, case_id, "party", name="Sam Carrow").status_code == 303
    made = open_case(session, desk.actor, person_id=a_person(session, desk.actor, "Carrow, Sam").id)
    assert made.conflict is ConflictState.POSSIBLE


def test_no_conflict_across_organisations(session, desk, elsewhere, case_id):
    open_case(session, elsewhere.actor, person_id=a_person(session, elsewhere.actor, "Sam Carrow").id)
    session.commit()
    add(desk, case_id, "party", name="Sam Carrow")
    assert stored(session, case_id).conflict is ConflictState.NONE


def test_closing_wants_the_work_done_and_an_outcome(session, desk, case_id):
    day = {"due_on-day": "1", "due_on-month": "2", "due_on-year": "2027"}
    assert add(desk, case_id, "step", words="Write", by="adviser", **day).status_code == 303
    first = desk.client.get(f"/desk/advice/cases/{case_id}/add/close").text
    assert "Mark its steps and dates as done" in first, "all that is missing is said before anything is typed"
    assert f"/desk/advice/cases/{case_id}/add/result" in first
    end = {"closure": "complete", "note": "Good to know"}
    assert "still open" in add(desk, case_id, "close", **end).text
    step = session.scalars(select(NextStep.id)).one()
    session.rollback()
    done = desk.client.post(f"/desk/advice/steps/{step}", data={"do": "done", "back": "case"})
    assert done.headers["Location"].startswith(f"/desk/advice/cases/{case_id}")
    assert "at least one outcome" in add(desk, case_id, "close", **end).text
    assert 'wm-worklist__count">1' in desk.client.get("/desk").text
    assert add(desk, case_id, "result", kind="eviction-stopped", achieved="not").status_code == 303
    assert add(desk, case_id, "result", kind="eviction-stopped", achieved="partly", theirs="y").status_code == 303
    assert "Before you close it" not in desk.client.get(f"/desk/advice/cases/{case_id}/add/close").text
    assert add(desk, case_id, "close", **end).status_code == 303
    assert stored(session, case_id).state is CaseState.CLOSED
    page = desk.client.get(f"/desk/advice/cases/{case_id}").text
    assert all(words in page for words in ("Good to know", "Partly", "Open it again"))
    assert add(desk, case_id, "step", words="More", by="adviser").status_code == 422
    assert desk.client.post(f"/desk/advice/cases/{case_id}/reopen").status_code == 303
    assert stored(session, case_id).state is CaseState.OPEN
    assert "Good to know" in desk.client.get(f"/desk/advice/cases/{case_id}/add/close").text


def test_what_was_decided_after_the_end_is_told_in_the_closed_case(session, desk, case_id):
    assert add(desk, case_id, "money", **(GAIN | {"status": "claimed"})).status_code == 303
    assert add(desk, case_id, "close", closure="complete", note="").status_code == 303
    first = session.scalars(select(MoneyOutcome.id)).one()
    session.rollback()
    page = desk.client.get(f"/desk/advice/cases/{case_id}").text
    for offered in (f"/desk/advice/money/{first}", f"{case_id}/add/money", f"{case_id}/add/result"):
        assert f'href="/desk/advice/cases/{offered}"' in page or f'href="{offered}"' in page
    assert f"{case_id}/add/step" not in page
    sure = GAIN | {"status": "confirmed", "evidence": "Award letter"}
    assert desk.client.post(f"/desk/advice/money/{first}", data=sure).status_code == 303
    assert add(desk, case_id, "result", kind="decision-overturned", achieved="fully").status_code == 303
    assert session.get_one(MoneyOutcome, first).status is MoneyStatus.CONFIRMED
    assert stored(session, case_id).state is CaseState.CLOSED
    page = desk.client.get(f"/desk/advice/cases/{case_id}").text
    assert "Confirmed, a year" in page
    assert "Open it again" in page


def test_two_advisers_in_one_case_wait_for_each_other(session, desk, case_id, database_url):
    engine = write_engine(database_url)
    let_go(session)

    def work(actor, verb):
        with Session(engine) as own:
            done = verb(own, actor, own.get_one(AdviceCase, case_id))
            own.commit()
            return done

    def meanwhile(first, second):
        """What became of the second, which began before the first was kept."""
        with Session(engine) as own, ThreadPoolExecutor(1) as pool:
            first(own, desk.actor, own.get_one(AdviceCase, case_id))
            late = pool.submit(work, desk.actor, second)
            wait([late], timeout=0.3)
            own.commit()
            return late.exception(timeout=10)

    def result(own, actor, case):
        return set_result(own, actor, case, ResultKind.COPES_BETTER, Achieved.PARTLY, theirs=True)

    def close(own, actor, case):
        return close_case(own, actor, case, Closure.COMPLETE, "")

    def name_party(own, actor, case):
        return add_party(own, actor, case, "Quayside")

    assert meanwhile(result, result) is None
    for late in (close, name_party):
        assert "This case is closed" in str(meanwhile(close, late))
        work(desk.actor, reopen_case)
    engine.dispose()


def test_the_calendar_gives_nothing_away(session, desk, case_id):
    told = {"kind": "eviction", "on-day": "3", "on-month": "2", "on-year": "2027"}
    assert add(desk, case_id, "date", **told).status_code == 303
    answer = desk.client.get(f"/desk/advice/cases/{case_id}/dates.ics")
    assert answer.mimetype == "text/calendar"
    assert "DTSTART;VALUE=DATE:20270203" in answer.text
    assert "SUMMARY:W00001: date" in answer.text
    for told_off in ("viction", "ashby", "rowan", "debt", "advice"):
        assert told_off not in answer.text.lower()
    assert "advice" not in answer.headers["Content-Disposition"]


def test_cases_stay_in_their_organisation(session, desk, supervisor, elsewhere, case_id):
    assert "Rowan Ashby" in supervisor.client.get("/desk/advice/cases").text
    assert "Rowan Ashby" not in elsewhere.client.get("/desk/advice/cases").text
    for path in ("", "/add/step", "/conflict", "/dates.ics"):
        assert elsewhere.client.get(f"/desk/advice/cases/{case_id}{path}").status_code == 404


def letter(day, kind="appeal"):
    return {"kind": kind, "letter_on-day": day.day, "letter_on-month": day.month, "letter_on-year": day.year}


def test_working_out_a_deadline(desk):
    page = desk.client.post("/desk/advice/deadlines", data=letter(date(2024, 11, 25))).text
    assert "The day to act by was 24 December 2024" in page
    assert all(day in page for day in ("25 December 2024", "27 December 2024"))
    assert "Act by " in desk.client.post("/desk/advice/deadlines", data=letter(clock.today())).text
    assert desk.client.post("/desk/advice/deadlines", data={"kind": "appeal"}).status_code == 422


def test_a_letter_from_the_future_would_give_a_month_too_many(desk):
    answer = desk.client.post("/desk/advice/deadlines", data=letter(clock.today() + timedelta(days=1)))
    assert answer.status_code == 422
    assert "The date of a letter is in the past" in answer.text


def test_lists_of_many_use_an_index(session, desk):
    made = a_contact(session, desk.actor, dates=(ToldDate(kind=DateKind.COURT, on=clock.today()),))
    assert made.id
    if session.get_bind().dialect.name != "sqlite":
        return
    from app.advice.models import AdviceContact
    from app.advice.queries import worklists
    from app.advice.queries.contacts import Wanted, _of_person, conditions_of

    by_day = select(AdviceContact.id).where(*conditions_of(desk.actor, Wanted()))
    lists = {
        "ix_advice_contact_organization_id_happened_on": by_day.order_by(
            AdviceContact.happened_on.desc(), AdviceContact.id.desc()
        ).limit(25),
        "ix_advice_contact_id_organization_id": select(func.count())
        .select_from(AdviceContact)
        .where(*conditions_of(desk.actor, Wanted(issue="debt"))),
        "ix_advice_contact_person_id_happened_on": _of_person(desk.actor, uuid4()).limit(50),
        "ix_advice_contact_call_back": select(AdviceContact.id).where(*worklists._waiting(desk.actor)),
        "ix_advice_key_date_open": select(KeyDate.id).where(*worklists._coming(desk.actor)),
        "ix_advice_step_open": select(NextStep.id).where(*worklists._due(desk.actor)),
    }
    for index, statement in lists.items():
        compiled = statement.compile(session.get_bind(), compile_kwargs={"render_postcompile": True})
        values = tuple(_plain(compiled, name) for name in compiled.positiontup)
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values).all()
        assert any(index in str(row) for row in plan), (index, plan)
        assert not any(re.search(r"\bSCAN\b(?!.*USING)", str(row)) for row in plan), plan


def _plain(compiled, name):
    bind = compiled.binds.get(name)
    value = compiled.params[name]
    dialect_type = bind.type.dialect_impl(compiled.dialect) if bind is not None else None
    process = dialect_type.bind_processor(compiled.dialect) if dialect_type is not None else None
    return process(value) if process else value


def test_erasing_reaches_the_case(session, desk, client_id, case_id):
    from app.advice.reactions import erase

    add(desk, case_id, "party", name="Marked Party")
    assert erase(session, desk.actor, client_id) == 1
    session.commit()
    assert stored(session, case_id).search_name == ""
    assert session.get_one(Person, client_id)
    session.rollback()
    assert "Marked Party" not in desk.client.get(f"/desk/advice/cases/{case_id}").text
