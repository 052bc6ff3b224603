"""Income, spending and debts: what was typed is kept as versions, summed by the month, debts that come first first."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.advice.codes import Frequency
from app.advice.models import AdviceCase, FinancialStatement
from app.advice.operations.household import keep_statement
from app.advice.queries.household import Household
from app.advice.rules.household import Amount, Debt, DebtKind, Heading
from app.core.errors import Refused
from tests.advice import a_contact

TOLD = {
    "income-benefits-amount": "900", "income-benefits-often": "monthly",
    "fixed-rent-amount": "£150", "fixed-rent-often": "weekly",
    "flexible-food-amount": "1,200", "flexible-food-often": "yearly",
    "debts-0-kind": "credit-card", "debts-0-creditor": "Northgate", "debts-0-owed": "2,000", "debts-0-pays": "25",
    "debts-1-kind": "rent", "debts-1-creditor": "Quayside", "debts-1-owed": "450.50",
    "debts-2-kind": "", "debts-2-creditor": "", "debts-2-owed": "",
    "after": "0", "do": "save",
}  # fmt: skip


@pytest.fixture
def case_id(session, desk, client_id):
    a_contact(session, desk.actor, person_id=client_id, opens_case=True)
    found = session.scalars(select(AdviceCase.id)).one()
    session.commit()
    return found


def save(desk, case_id, **changes):
    return desk.client.post(f"/desk/advice/cases/{case_id}/household/new", data=TOLD | changes)


def kept(session):
    session.rollback()
    found = list(session.scalars(select(FinancialStatement).order_by(FinancialStatement.version)))
    session.expunge_all()
    session.rollback()
    return found


def test_a_statement_and_its_sums(session, desk, case_id):
    assert desk.client.get(f"/desk/advice/cases/{case_id}/household").status_code == 200
    assert save(desk, case_id).status_code == 303
    (only,) = kept(session)
    household = Household.of(only)
    assert household.lines == {Heading.BENEFITS: 900_00, Heading.RENT: 650_00, Heading.FOOD: 100_00}
    assert [debt.kind for debt in household.debts] == [DebtKind.RENT, DebtKind.CREDIT_CARD]
    assert (household.sums.left, household.sums.left_after_debts) == (150_00, 125_00)
    page = desk.client.get(f"/desk/advice/cases/{case_id}/household").text
    for words in ("£150 left a month", "Comes first", "They can lose their home.", "Work out which debts",
                  "Standard Financial Statement", "£450.50", "£750"):  # fmt: skip
        assert words in page
    assert 'wm-household__from">Wexmoor Advice<' in page
    assert page.index("Quayside") < page.index("Northgate")
    assert "£2,450.50" in desk.client.get(f"/desk/advice/cases/{case_id}").text


def test_a_shortfall_is_said(desk, case_id):
    save(desk, case_id, **{"income-benefits-amount": "700"})
    assert "Short by £50 a month" in desk.client.get(f"/desk/advice/cases/{case_id}/household").text


def test_a_new_version_leaves_the_old_one(session, desk, case_id):
    save(desk, case_id)
    form = desk.client.get(f"/desk/advice/cases/{case_id}/household/new").text
    assert all(text in form for text in ('value="1200"', 'value="Northgate"', 'name="after" type="hidden" value="1"'))
    assert save(desk, case_id, after="1", **{"income-benefits-amount": "950"}).status_code == 303
    assert [(one.version, one.lines["income-benefits"][0]) for one in kept(session)] == [(1, 900_00), (2, 950_00)]
    old = desk.client.get(f"/desk/advice/cases/{case_id}/household?version=1").text
    assert "This version no longer holds" in old
    assert "£150 left a month" in old
    assert "£200 left a month" in desk.client.get(f"/desk/advice/cases/{case_id}/household").text
    for rubbish in ("3", "x", ""):
        assert desk.client.get(f"/desk/advice/cases/{case_id}/household?version={rubbish}").status_code == 404


def test_of_two_who_write_at_once_the_second_is_told_and_loses_nothing(session, desk, case_id):
    save(desk, case_id)
    second = save(desk, case_id, note="half a zebrafish")
    assert second.status_code == 422
    assert "Somebody else saved a new version" in second.text
    assert "half a zebrafish" in second.text
    assert len(kept(session)) == 1
    for rubbish in ("x", "-1", "9" * 40, ""):
        assert save(desk, case_id, after=rubbish).status_code == 422
    after = re.search(r'name="after"[^>]* value="(\d+)"', second.text)[1]
    assert save(desk, case_id, after=after, note="half a zebrafish").status_code == 303
    assert [each.note for each in kept(session)] == ["", "half a zebrafish"]


def test_the_adviser_decides_what_comes_first(session, desk, case_id):
    save(desk, case_id, **{"debts-0-first": "yes", "debts-1-first": "no"})
    (only,) = kept(session)
    assert [(debt["kind"], debt["priority"]) for debt in only.debts] == [("credit-card", True), ("rent", False)]
    assert "The adviser decided so for this client." in desk.client.get(f"/desk/advice/cases/{case_id}/household").text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"fixed-rent-amount": "many"}, "Rent or mortgage: Enter an amount"),
        ({"fixed-rent-amount": "-5"}, "Rent or mortgage: Enter an amount"),
        ({"fixed-rent-often": "daily"}, "Not a valid choice"),
        ({"debts-0-owed": ""}, "Debt 1: Enter how much is owed"),
        ({"debts-2-owed": "5"}, "Debt 3: Choose what the debt is for"),
        ({"debts-0-kind": "no-such"}, "Not a valid choice"),
        ({"note": "x" * 9000}, "characters or fewer"),
        ({name: "" for name in TOLD if "amount" in name or "debts" in name}, "Enter at least one amount"),
    ],
)
def test_wrong_input_is_told_and_nothing_is_lost(session, desk, case_id, changes, sentence):
    answer = save(desk, case_id, **changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    if "note" not in changes and len(changes) == 1:
        assert 'value="Northgate"' in answer.text
    assert kept(session) == []


def test_more_lines_and_not_too_many(session, desk, case_id):
    more = save(desk, case_id, do="more")
    assert more.status_code == 200
    assert 'name="debts-5-kind"' in more.text
    assert 'value="Northgate"' in more.text
    many = {f"debts-{at}-{part}": value for at in range(90) for part, value in (("kind", "loan"), ("owed", "1"))}
    assert save(desk, case_id, **many).status_code == 303
    (only,) = kept(session)
    assert len(only.debts) == 40


def test_nobody_else_sees_it_and_a_closed_case_stays_as_it_is(session, desk, supervisor, elsewhere, case_id):
    save(desk, case_id)
    for path in ("/household", "/household/new", "/household?version=1"):
        assert elsewhere.client.get(f"/desk/advice/cases/{case_id}{path}").status_code in {403, 404}
    assert elsewhere.client.get(f"/desk/advice/cases/{case_id}/household").status_code == 404
    assert "Quayside" in supervisor.client.get(f"/desk/advice/cases/{case_id}/household").text
    assert supervisor.client.get(f"/desk/advice/cases/{case_id}/household/new").status_code == 403
    closing = {"closure": "withdrew", "note": ""}
    assert desk.client.post(f"/desk/advice/cases/{case_id}/add/close", data=closing).status_code == 303
    assert save(desk, case_id, after="1").status_code == 422


def test_versions_are_in_order_even_for_two_at_once(session, desk, case_id):
    case = session.get_one(AdviceCase, case_id)
    lines = {Heading.FOOD: Amount(1, Frequency.MONTHLY)}
    keep_statement(session, desk.actor, case, lines, [Debt(DebtKind.LOAN, "", 5)])
    with pytest.raises(Refused):
        keep_statement(session, desk.actor, case, lines, [])
    assert keep_statement(session, desk.actor, case, lines, [], after=1).version == 2


def test_a_copy_for_the_client_has_it(session, desk, client_id, case_id):
    from app.advice.reactions import export

    save(desk, case_id)
    told = [line for item in export(session, client_id) for line in item.lines]
    assert ("Rent or mortgage", "£650") in told
    assert any("Quayside" in value for _label, value in told)
