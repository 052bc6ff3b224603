"""A couple as two cases, one violent to the other: nothing that either said is shown with the other or sent to them.

Two people with one address and one debt, each with an adviser of their own, and one of them named by the other.
"""

from __future__ import annotations

import pytest

from app.accounts.codes import Role
from app.advice.codes import Achieved, MoneyStatus, ResultKind
from app.advice.details import ToldStep
from app.advice.models import AdviceCase
from app.advice.operations.cases import add_party
from app.advice.operations.household import keep_statement
from app.advice.operations.letters import ToldLetter, write_letter
from app.advice.operations.outcomes import ToldMoney, add_money, set_result
from app.advice.reactions import export
from app.advice.rules.household import Debt, DebtKind
from tests.advice import MONEY, a_contact
from tests.integration.advice.conftest import desk_of
from tests.integration.advice.test_logging import let_go
from tests.people import a_person

KINDS = ("words", "advice", "step", "letter", "evidence", "note", "creditor")


def marks_of(who):
    """A word for each field that stands nowhere else."""
    return {kind: f"{who}{kind}" for kind in KINDS}


def a_case(session, adviser, name):
    """A person of the household with a case that has something in every part."""
    mark = marks_of(name.split()[0].lower())
    person = a_person(session, adviser, name)
    told = {"words": mark["words"], "advice": mark["advice"], "steps": (ToldStep(words=mark["step"]),)}
    contact = a_contact(session, adviser, person_id=person.id, opens_case=True, **told)
    case = session.get_one(AdviceCase, contact.case_id)
    sure = {"status": MoneyStatus.CONFIRMED, "evidence": mark["evidence"]}
    add_money(session, adviser, case, ToldMoney(**(MONEY | sure)))
    set_result(session, adviser, case, ResultKind.TENANCY_SUSTAINED, Achieved.FULLY, theirs=True)
    write_letter(session, adviser, case, ToldLetter(title="About the rent", body=mark["letter"]))
    shared = Debt(kind=DebtKind.RENT, creditor=mark["creditor"], owed_pence=120_000)
    keep_statement(session, adviser, case, {}, [shared], note=mark["note"])
    return case


@pytest.fixture
def colleague(app, session):
    return desk_of(app, session, Role.ADVISER, workplace="Wexmoor Advice", email="colleague@advice.example")


@pytest.fixture
def couple(session, desk, colleague):
    """Her case with one adviser; his with another, in which she is the other side. The ids of case and person."""
    hers = a_case(session, desk.actor, "Dana Frost")
    his = a_case(session, colleague.actor, "Ivor Frost")
    add_party(session, colleague.actor, his, "Dana Frost")
    ids = [(case.id, case.person_id) for case in (hers, his)]
    session.commit()
    let_go(session)
    return ids


def shown_of(who, case_id, person_id):
    """Everything that the adviser of a case sees of it and of its client."""
    paths = (f"/desk/advice/cases/{case_id}", f"/desk/advice/cases/{case_id}/household", f"/desk/people/{person_id}",
             f"/desk/advice/cases/{case_id}/add/close", f"/desk/advice/cases/{case_id}/dates.ics")  # fmt: skip
    return "".join(who.client.get(path).text for path in paths)


def copy_of(app, session, person_id):
    """The copy of everything that a person is given, as one text."""
    with app.test_request_context():
        items = list(export(session, person_id))
    return " ".join(f"{label} {value}" for item in items for label, value in item.lines)


def test_neither_sees_anything_of_the_other(app, session, desk, colleague, couple):
    hers, his = couple
    for who, own, mine, other in ((desk, hers, "dana", "ivor"), (colleague, his, "ivor", "dana")):
        page = shown_of(who, *own)
        assert all(mark in page for kind, mark in marks_of(mine).items() if kind not in {"letter", "words"})
        assert not any(mark in page for mark in marks_of(other).values())
    assert "Ivor" not in shown_of(desk, *hers)
    assert "conflict of interest" not in shown_of(desk, *hers).replace("Conflict of interest: None found", "")
    assert "Ask a supervisor before you go on." in shown_of(colleague, *his)
    assert str(hers[0]) not in shown_of(colleague, *his)


def test_the_copy_of_everything_is_of_one_of_them(app, session, couple):
    for (_case_id, person_id), mine, other in zip(couple, ("dana", "ivor"), ("ivor", "dana"), strict=True):
        told = copy_of(app, session, person_id)
        assert all(mark in told for kind, mark in marks_of(mine).items() if kind != "step")
        assert not any(mark in told for mark in marks_of(other).values())
        assert other.title() not in told
        assert "Tenancy" in told
