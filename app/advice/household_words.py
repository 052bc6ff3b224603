"""A household's money in words: the headings with what belongs under them, and why a debt comes first."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.advice.rules.household import DebtKind, Group, Heading

GROUPS: dict[Group, LazyString] = {
    Group.INCOME: _("What comes in"),
    Group.FIXED: _("Fixed costs"),
    Group.FLEXIBLE: _("Costs that change"),
    Group.SAVINGS: _("Savings"),
}
HEADINGS: dict[Heading, tuple[LazyString, LazyString | str]] = {
    Heading.EARNINGS: (_("Earnings"), _("Wages after tax, or what self-employed work leaves.")),
    Heading.BENEFITS: (_("Benefits"), _("All of them, with tax credits and child benefit.")),
    Heading.PENSIONS: (_("Pensions"), ""),
    Heading.OTHER_INCOME: (_("Other income"), _("Maintenance, money from family, a lodger.")),
    Heading.RENT: (_("Rent or mortgage"), _("Without arrears.")),
    Heading.COUNCIL_TAX: (_("Council tax"), _("Without arrears.")),
    Heading.HOME: (_("Other costs of the home"), _("Ground rent, contents insurance, TV licence, furniture on hire.")),
    Heading.ENERGY: (_("Gas, electricity, other fuel"), ""),
    Heading.WATER: (_("Water"), ""),
    Heading.CARE: (_("Care and health"), _("Childcare, maintenance paid, prescriptions, dentist.")),
    Heading.TRANSPORT: (_("Transport and travel"), _("Fares, or a car with its tax, insurance and fuel.")),
    Heading.SCHOOL: (_("School costs"), _("Uniform, trips, after-school clubs.")),
    Heading.INSURANCE: (_("Pensions and insurance paid"), ""),
    Heading.PROFESSIONAL: (_("Professional costs"), _("Such as a union or a trade body.")),
    Heading.OTHER_FIXED: (_("Other costs that must be paid"), ""),
    Heading.COMMUNICATIONS: (_("Phone, internet and leisure"), _("Also hobbies, outings and presents.")),
    Heading.FOOD: (_("Food and housekeeping"), _("Also cleaning, school meals, pets, small repairs.")),
    Heading.PERSONAL: (_("Personal costs"), _("Clothes, toiletries, haircuts.")),
    Heading.SAVINGS: (_("Savings"), _("A small sum put by each month for what cannot be foreseen.")),
}
HEADINGS_SOURCE = _(
    "The headings follow the Standard Financial Statement of the Money and Pensions Service, as public copies of it "
    "read in November 2026."
)
DEBT_KINDS: dict[DebtKind, LazyString] = {
    DebtKind.MORTGAGE: _("Mortgage or secured loan"),
    DebtKind.RENT: _("Rent"),
    DebtKind.COUNCIL_TAX: _("Council tax"),
    DebtKind.ENERGY: _("Gas or electricity"),
    DebtKind.FINE: _("Fine of a criminal court"),
    DebtKind.CHILD_MAINTENANCE: _("Child maintenance"),
    DebtKind.TAX: _("Income tax, National Insurance or VAT"),
    DebtKind.TV_LICENCE: _("TV licence"),
    DebtKind.HIRE_PURCHASE: _("Hire purchase of something essential"),
    DebtKind.WATER: _("Water"),
    DebtKind.OVERPAYMENT: _("Benefit overpaid"),
    DebtKind.CREDIT_CARD: _("Credit or store card"),
    DebtKind.LOAN: _("Loan or overdraft"),
    DebtKind.CATALOGUE: _("Catalogue"),
    DebtKind.FAMILY: _("Family or friends"),
    DebtKind.OTHER: _("Something else"),
}
# What can happen at the worst, which is what makes it a priority.
WHY_FIRST: dict[DebtKind, LazyString] = {
    DebtKind.MORTGAGE: _("They can lose their home."),
    DebtKind.RENT: _("They can lose their home."),
    DebtKind.COUNCIL_TAX: _("Bailiffs can come; in England, prison in rare cases."),
    DebtKind.ENERGY: _("They can be cut off."),
    DebtKind.FINE: _("Bailiffs can come; prison in some cases."),
    DebtKind.CHILD_MAINTENANCE: _("Bailiffs can come; prison in rare cases."),
    DebtKind.TAX: _("Things can be taken; they can be made bankrupt."),
    DebtKind.TV_LICENCE: _("They can be taken to court and fined."),
    DebtKind.HIRE_PURCHASE: _("What they need can be taken back."),
}
PRIORITY_SOURCE = _(
    "A debt comes first if not paying it can cost the home, freedom, or goods and services they cannot do without. The "
    "list follows Citizens Advice, “Work out which debts to deal with first” (England), as a stored copy of it read in "
    "November 2026."
)
