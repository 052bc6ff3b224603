"""The links to rates of benefits carry the day on which somebody here opened them, and say so where nobody did."""

from __future__ import annotations

from datetime import date, timedelta

from app.advice.operations.rates import note_rates_check
from app.advice.rules.rates import CHECK_AGAIN_AFTER, LAST_DAY, is_old, is_over
from tests.integration.advice.test_logging import let_go

PAGE = "/desk/advice/deadlines"


def test_a_check_is_told_only_where_somebody_made_it(session, desk, elsewhere):
    assert "Nobody here has checked these links yet" in desk.client.get(PAGE).text
    assert desk.client.post("/desk/advice/rates/checked").status_code == 303
    assert "Last checked on" in desk.client.get(PAGE).text
    assert "Nobody here has checked these links yet" in elsewhere.client.get(PAGE).text
    note_rates_check(session, elsewhere.actor).checked_on = date(2020, 1, 1)
    session.commit()
    let_go(session)
    old = elsewhere.client.get(PAGE).text
    assert "Check them again" in old
    assert "1 January 2020" in old


def test_a_year_that_is_over_and_a_check_that_is_old():
    assert [is_over(day) for day in (LAST_DAY, LAST_DAY + timedelta(days=1))] == [False, True]
    made = date(2026, 12, 1)
    assert [is_old(made, made + timedelta(days=CHECK_AGAIN_AFTER + late)) for late in (0, 1)] == [False, True]
