"""Sums of money: what is sure and what is hoped for never meet, and what is refused counts nowhere else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.advice.codes import Frequency, MoneyStatus
from app.advice.rules.household import Debt, DebtKind, Heading, a_month, balance, in_order
from app.advice.rules.money import Money, annual_pence, totals
from app.advice.rules.timing import opened_at, seconds_more

DAY = date(2026, 4, 6)
MONEY = st.builds(
    Money,
    status=st.sampled_from(MoneyStatus),
    pence=st.integers(1, 10_000_000),
    frequency=st.sampled_from(Frequency),
    starts_on=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    ends_on=st.none() | st.dates(date(2020, 1, 1), date(2032, 1, 1)),
)


@pytest.mark.parametrize(
    ("frequency", "ends_on", "worth"),
    [
        (Frequency.WEEKLY, None, 520_00),
        (Frequency.MONTHLY, None, 120_00),
        (Frequency.YEARLY, None, 10_00),
        (Frequency.ONCE, None, 10_00),
        (Frequency.WEEKLY, DAY + timedelta(days=13), 20_00),
        (Frequency.WEEKLY, DAY, 10_00),
        (Frequency.WEEKLY, date(2028, 4, 5), 520_00),
        (Frequency.MONTHLY, date(2026, 7, 5), 30_00),
        (Frequency.MONTHLY, date(2026, 7, 6), 40_00),
        (Frequency.MONTHLY, DAY - timedelta(days=1), 0),
    ],
)
def test_worth_of_a_year(frequency, ends_on, worth):
    assert annual_pence(Money(MoneyStatus.CONFIRMED, 10_00, frequency, DAY, ends_on)) == worth


@given(st.lists(MONEY, max_size=20))
def test_no_status_touches_the_sum_of_another(outcomes):
    found = totals(outcomes)
    for status in MoneyStatus:
        alone = [money for money in outcomes if money.status is status]
        assert found[status] == sum(annual_pence(money) for money in alone)
        assert totals(alone)[status] == found[status]
        assert all(totals(alone)[other] == 0 for other in MoneyStatus if other is not status)


@pytest.mark.parametrize(
    ("pence", "frequency", "month"),
    [(10_00, Frequency.WEEKLY, 43_33), (12_00, Frequency.YEARLY, 1_00), (5_00, Frequency.MONTHLY, 5_00)],
)
def test_a_month(pence, frequency, month):
    assert a_month(pence, frequency) == month


def test_a_household():
    debts = [Debt(DebtKind.CREDIT_CARD, "Card", 900_00, 20_00), Debt(DebtKind.RENT, "Landlord", 300_00, 5_00, True)]
    lines = {Heading.BENEFITS: 900_00, Heading.FOOD: 200_00, Heading.RENT: 740_00, Heading.SAVINGS: 10_00}
    found = balance(lines, debts)
    assert (found.income, found.spending, found.left, found.left_after_debts) == (900_00, 950_00, -50_00, -75_00)
    assert (found.debt_payments, found.priority_payments) == (25_00, 5_00)
    assert [debt.creditor for debt in in_order(debts)] == ["Landlord", "Card"]


def test_time_to_log_leaves_out_the_breaks():
    now = datetime(2026, 6, 8, 10, tzinfo=UTC)
    assert seconds_more(now - timedelta(seconds=40), now) == 40
    assert seconds_more(now - timedelta(hours=3), now) == 90
    assert opened_at((now - timedelta(minutes=2)).isoformat(), now) == now - timedelta(minutes=2)
    for told in ("", "yesterday", "2026-06-08T09:00:00", (now + timedelta(days=1)).isoformat(), "0001-01-01T00:00Z"):
        assert opened_at(told, now) == now
