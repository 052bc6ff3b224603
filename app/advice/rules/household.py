"""A household's income, spending and debts: headings, surplus, and which debts come first.

A debt is a priority where not paying it can cost the home, liberty, or essential goods or services (Child Poverty
Action Group, Debt Advice Handbook, "Deciding on priorities"). The adviser may decide otherwise for one client.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.advice.codes import Frequency
from app.advice.rules.money import PAYMENTS_A_YEAR

MOST_PENCE = 100_000_000


class Heading(StrEnum):
    """A line of the statement; `income-` and `spending-` say on which side."""

    WAGES = "income-wages"
    BENEFITS = "income-benefits"
    PENSION = "income-pension"
    MAINTENANCE = "income-maintenance"
    OTHER_INCOME = "income-other"
    HOUSING = "spending-housing"
    COUNCIL_TAX = "spending-council-tax"
    ENERGY = "spending-energy"
    WATER = "spending-water"
    FOOD = "spending-food"
    TRAVEL = "spending-travel"
    CHILDREN = "spending-children"
    HEALTH = "spending-health"
    PHONE = "spending-phone"
    INSURANCE = "spending-insurance"
    SAVING = "spending-saving"
    OTHER_SPENDING = "spending-other"

    @property
    def is_income(self) -> bool:
        """Whether it comes in."""
        return self.value.startswith("income-")


class DebtKind(StrEnum):
    """What is owed for."""

    MORTGAGE = "mortgage"
    RENT = "rent"
    COUNCIL_TAX = "council-tax"
    ENERGY = "energy"
    FINE = "fine"
    CHILD_MAINTENANCE = "child-maintenance"
    TAX = "tax"
    HIRE_PURCHASE = "hire-purchase"
    WATER = "water"
    OVERPAYMENT = "overpayment"
    CREDIT_CARD = "credit-card"
    LOAN = "loan"
    CATALOGUE = "catalogue"
    FAMILY = "family"
    OTHER = "other"


PRIORITY = frozenset(
    {
        DebtKind.MORTGAGE,
        DebtKind.RENT,
        DebtKind.COUNCIL_TAX,
        DebtKind.ENERGY,
        DebtKind.FINE,
        DebtKind.CHILD_MAINTENANCE,
        DebtKind.TAX,
        DebtKind.HIRE_PURCHASE,
    }
)


@dataclass(frozen=True, slots=True)
class Debt:
    """One debt. `is_priority` is what the adviser decided; `pays_pence` what is paid a month at present."""

    kind: DebtKind
    creditor: str
    owed_pence: int
    pays_pence: int = 0
    is_priority: bool = False


@dataclass(frozen=True, slots=True)
class Balance:
    """What comes in and goes out a month, in pence."""

    income: int
    spending: int
    debt_payments: int

    @property
    def left(self) -> int:
        """What is left a month before debts are paid; below zero it is a shortfall."""
        return self.income - self.spending

    @property
    def left_after_debts(self) -> int:
        """What is left a month after them."""
        return self.left - self.debt_payments


def a_month(pence: int, frequency: Frequency) -> int:
    """An amount as pence a month: weekly x 52 / 12, rounded to the nearest penny."""
    return (pence * PAYMENTS_A_YEAR[frequency] * 2 + 12) // 24 if frequency is not Frequency.ONCE else pence


def balance(lines: Mapping[str, int], debts: Iterable[Debt]) -> Balance:
    """The sums of a statement, from pence a month by heading."""
    income = sum(pence for heading, pence in lines.items() if heading.startswith("income-"))
    return Balance(income, sum(lines.values()) - income, sum(debt.pays_pence for debt in debts))


def in_order(debts: Iterable[Debt]) -> list[Debt]:
    """Priority debts first, in each part the largest first."""
    return sorted(debts, key=lambda debt: (not debt.is_priority, -debt.owed_pence, debt.creditor.casefold()))
