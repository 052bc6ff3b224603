"""Where the rates of benefits stand. Waymark keeps none itself.

Both addresses are known from stored copies of public pages that were read in November 2026: the second from GOV.UK's
own page "Proposed benefit and pension rates 2026 to 2027" (updated 12 January 2026), the first from pages of others
that link to it. Nobody of Waymark opened them on the day: each organisation does, and says so.
"""

from __future__ import annotations

from datetime import date

CALCULATORS = "https://www.gov.uk/benefits-calculators"
RATES = "https://www.gov.uk/government/publications/benefit-and-pension-rates-2026-to-2027"
# The rates of a year hold until its last day; after that the address above is of a year that is over.
LAST_DAY = date(2027, 4, 5)
# A check says little of a page after so long.
CHECK_AGAIN_AFTER = 180


def is_over(today: date) -> bool:
    """Whether the year of the rates that the link leads to has ended."""
    return today > LAST_DAY


def is_old(checked_on: date, today: date) -> bool:
    """Whether the links should be opened again."""
    return (today - checked_on).days > CHECK_AGAIN_AFTER
