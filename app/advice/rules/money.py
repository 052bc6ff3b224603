"""What money is worth over a year, and sums that keep apart what is sure and what is hoped for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from app.advice.codes import Achieved, Frequency, MoneyStatus

PAYMENTS_A_YEAR = {Frequency.WEEKLY: 52, Frequency.MONTHLY: 12, Frequency.YEARLY: 1, Frequency.ONCE: 1}
SHARE = {Achieved.FULLY: 1.0, Achieved.PARTLY: 0.5, Achieved.NOT: 0.0}


@dataclass(frozen=True, slots=True)
class Money:
    """An outcome in money, as far as sums ask."""

    status: MoneyStatus
    pence: int
    frequency: Frequency
    starts_on: date
    ends_on: date | None = None


def annual_pence(money: Money) -> int:
    """What it is worth over its first year: payments x 52 or x 12, fewer where the award ends before."""
    payments = PAYMENTS_A_YEAR[money.frequency]
    if money.ends_on is not None:
        payments = min(payments, _payments_until(money, money.ends_on))
    return money.pence * payments


def _payments_until(money: Money, last: date) -> int:
    """How many payments begin from the first day up to and with the last."""
    if last < money.starts_on:
        return 0
    if money.frequency is Frequency.WEEKLY:
        return (last - money.starts_on).days // 7 + 1
    if money.frequency is Frequency.MONTHLY:
        between = relativedelta(last, money.starts_on)
        return between.years * 12 + between.months + 1
    return 1


def totals(outcomes: Iterable[Money]) -> Mapping[MoneyStatus, int]:
    """The yearly worth by status. There is no sum over statuses: what was refused or is hoped for was not gained."""
    found = dict.fromkeys(MoneyStatus, 0)
    for money in outcomes:
        found[money.status] += annual_pence(money)
    return found
