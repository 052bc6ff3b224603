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


class Group(StrEnum):
    """The parts of a statement, in the order of the Standard Financial Statement of the Money and Pensions Service."""

    INCOME = "income"
    FIXED = "fixed"
    FLEXIBLE = "flexible"
    SAVINGS = "savings"


class Heading(StrEnum):
    """A line of the statement; the first word says of which part it is.

    The parts and their lines are those of the Standard Financial Statement, as National Debtline's and Business
    Debtline's budgets show them (read in November 2026); its line for the home and its line for utilities are divided
    here, because what is owed for rent, council tax and energy comes first.
    """

    EARNINGS = "income-earnings"
    BENEFITS = "income-benefits"
    PENSIONS = "income-pensions"
    OTHER_INCOME = "income-other"
    RENT = "fixed-rent"
    COUNCIL_TAX = "fixed-council-tax"
    HOME = "fixed-home"
    ENERGY = "fixed-energy"
    WATER = "fixed-water"
    CARE = "fixed-care"
    TRANSPORT = "fixed-transport"
    SCHOOL = "fixed-school"
    INSURANCE = "fixed-insurance"
    PROFESSIONAL = "fixed-professional"
    OTHER_FIXED = "fixed-other"
    COMMUNICATIONS = "flexible-communications"
    FOOD = "flexible-food"
    PERSONAL = "flexible-personal"
    SAVINGS = "savings-savings"

    @property
    def group(self) -> Group:
        """The part that it is in."""
        return Group(self.value.partition("-")[0])


class DebtKind(StrEnum):
    """What is owed for."""

    MORTGAGE = "mortgage"
    RENT = "rent"
    COUNCIL_TAX = "council-tax"
    ENERGY = "energy"
    FINE = "fine"
    CHILD_MAINTENANCE = "child-maintenance"
    TAX = "tax"
    TV_LICENCE = "tv-licence"
    HIRE_PURCHASE = "hire-purchase"
    WATER = "water"
    OVERPAYMENT = "overpayment"
    CREDIT_CARD = "credit-card"
    LOAN = "loan"
    CATALOGUE = "catalogue"
    FAMILY = "family"
    OTHER = "other"


# Citizens Advice, "Work out which debts to deal with first" (England, read in November 2026). Hire purchase is one
# where the thing is essential; the adviser says so where it is not.
PRIORITY = frozenset(
    {
        DebtKind.MORTGAGE,
        DebtKind.RENT,
        DebtKind.COUNCIL_TAX,
        DebtKind.ENERGY,
        DebtKind.FINE,
        DebtKind.CHILD_MAINTENANCE,
        DebtKind.TAX,
        DebtKind.TV_LICENCE,
        DebtKind.HIRE_PURCHASE,
    }
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A line as it was told: so many pence, so often."""

    pence: int
    frequency: Frequency

    @property
    def monthly(self) -> int:
        """The same as pence a month."""
        return a_month(self.pence, self.frequency)


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
    """What comes in and goes out a month, in pence; of the payments on debts, how much goes to priority debts."""

    income: int
    spending: int
    debt_payments: int
    priority_payments: int

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


def balance(lines: Mapping[Heading, int], debts: Iterable[Debt]) -> Balance:
    """The sums of a statement, from pence a month by heading."""
    income = sum(pence for heading, pence in lines.items() if heading.group is Group.INCOME)
    owed = list(debts)
    return Balance(
        income=income,
        spending=sum(lines.values()) - income,
        debt_payments=sum(debt.pays_pence for debt in owed),
        priority_payments=sum(debt.pays_pence for debt in owed if debt.is_priority),
    )


def in_order(debts: Iterable[Debt]) -> list[Debt]:
    """Priority debts first, in each part the largest first."""
    return sorted(debts, key=lambda debt: (not debt.is_priority, -debt.owed_pence, debt.creditor.casefold()))
