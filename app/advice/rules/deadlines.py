"""Days that must not be missed: reckoned from letters, moved over weekends and bank holidays, counted down.

A month to ask for a mandatory reconsideration, from the date of notification of the decision, by which it is received:
the Universal Credit, Personal Independence Payment, Jobseeker's Allowance and Employment and Support Allowance
(Decisions and Appeals) Regulations 2013 (SI 2013/381), regulation 5(1)(b)(i). A month to appeal, after the date on
which the result was sent, by which it is received: the Tribunal Procedure (First-tier Tribunal) (Social Entitlement
Chamber) Rules 2008 (SI 2008/2685), rule 22(2)(d)(i). Both read in November 2026 in stored
copies of legislation.gov.uk. Rule 12 (calculating time) takes an act as in time on the next working day where the last
day is none; no such rule covers asking for a reconsideration, so one acts on the working day before. GOV.UK says the
same of the months:
gov.uk/social-security-child-support-tribunal/before-you-appeal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from app.advice.codes import DateKind
from app.referrals.codes import Nation
from app.referrals.rules.calendars import is_working_day, working_days_between

NATION = Nation.ENGLAND_AND_WALES
FROM_A_LETTER = frozenset({DateKind.RECONSIDERATION, DateKind.APPEAL})
SOON = 7


@dataclass(frozen=True, slots=True)
class Deadline:
    """`last` is the day that the law names, `act_by` the working day to act by.

    `accepted_until` is a later day on which an act still counts as in time, where there is one.
    """

    last: date
    act_by: date
    accepted_until: date | None = None


def deadline(kind: DateKind, letter_on: date, nation: Nation = NATION) -> Deadline:
    """The last day of the month after a letter; a month ends on the day of the same number, or on its last day."""
    last = letter_on + relativedelta(months=1)
    later = next_working_day(last, nation) if kind is DateKind.APPEAL else last
    return Deadline(last, working_day_before(last, nation), later if later != last else None)


def working_day_before(day: date, nation: Nation = NATION) -> date:
    """That day, or the last working day before it."""
    while not is_working_day(day, nation):
        day -= timedelta(days=1)
    return day


def next_working_day(day: date, nation: Nation = NATION) -> date:
    """That day, or the first working day after it."""
    while not is_working_day(day, nation):
        day += timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class Countdown:
    """How far away a day is. `working_days` counts those after today, up to and with it; 0 where it is past."""

    days: int
    working_days: int

    @property
    def is_past(self) -> bool:
        """Whether the day is over."""
        return self.days < 0

    @property
    def is_soon(self) -> bool:
        """Whether it is within the next days."""
        return 0 <= self.days <= SOON


def countdown(day: date, today: date, nation: Nation = NATION) -> Countdown:
    """From today to that day."""
    return Countdown((day - today).days, max(0, working_days_between(today, day, nation)) if day > today else 0)
