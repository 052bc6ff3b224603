"""Last days: worked by hand with a calendar of the bank holidays of England and Wales."""

from __future__ import annotations

from datetime import date

import pytest

from app.advice.codes import DateKind
from app.advice.rules.deadlines import Deadline, countdown, deadline

A, R = DateKind.APPEAL, DateKind.RECONSIDERATION


@pytest.mark.parametrize(
    ("kind", "letter", "last", "act_by", "accepted_until"),
    [
        # A Monday to a Thursday: nothing moves.
        (R, date(2026, 6, 8), date(2026, 7, 8), date(2026, 7, 8), None),
        (A, date(2026, 6, 8), date(2026, 7, 8), date(2026, 7, 8), None),
        # The last day of a longer month.
        (R, date(2026, 1, 31), date(2026, 2, 28), date(2026, 2, 27), None),
        (R, date(2026, 1, 29), date(2026, 2, 28), date(2026, 2, 27), None),
        (A, date(2026, 1, 30), date(2026, 2, 28), date(2026, 2, 27), date(2026, 3, 2)),
        (R, date(2028, 1, 31), date(2028, 2, 29), date(2028, 2, 29), None),
        (R, date(2026, 3, 31), date(2026, 4, 30), date(2026, 4, 30), None),
        # The day of a leap year; a month later it is Good Friday 2024, and the Tuesday after Easter is the next.
        (R, date(2024, 2, 29), date(2024, 3, 29), date(2024, 3, 28), None),
        (A, date(2024, 2, 29), date(2024, 3, 29), date(2024, 3, 28), date(2024, 4, 2)),
        # A Saturday and a Sunday: act on the Friday, and an appeal counts until the Monday.
        (R, date(2026, 7, 15), date(2026, 8, 15), date(2026, 8, 14), None),
        (A, date(2026, 7, 15), date(2026, 8, 15), date(2026, 8, 14), date(2026, 8, 17)),
        (A, date(2026, 7, 16), date(2026, 8, 16), date(2026, 8, 14), date(2026, 8, 17)),
        # Christmas Day 2026 is a Friday; Boxing Day, a Saturday, is kept on Monday the 28th.
        (R, date(2026, 11, 25), date(2026, 12, 25), date(2026, 12, 24), None),
        (A, date(2026, 11, 25), date(2026, 12, 25), date(2026, 12, 24), date(2026, 12, 29)),
        (A, date(2026, 11, 28), date(2026, 12, 28), date(2026, 12, 24), date(2026, 12, 29)),
        # Good Friday 3 April and Easter Monday 6 April 2026.
        (R, date(2026, 3, 3), date(2026, 4, 3), date(2026, 4, 2), None),
        (A, date(2026, 3, 5), date(2026, 4, 5), date(2026, 4, 2), date(2026, 4, 7)),
        # The early May holiday, Monday 4 May 2026.
        (A, date(2026, 4, 4), date(2026, 5, 4), date(2026, 5, 1), date(2026, 5, 5)),
        # Over the turn of the year: New Year's Day 2027 is a Friday.
        (A, date(2026, 12, 1), date(2027, 1, 1), date(2026, 12, 31), date(2027, 1, 4)),
        # Good Friday 26 March and Easter Monday 29 March 2027.
        (A, date(2027, 2, 26), date(2027, 3, 26), date(2027, 3, 25), date(2027, 3, 30)),
        (R, date(2027, 2, 28), date(2027, 3, 28), date(2027, 3, 25), None),
        (A, date(2027, 3, 1), date(2027, 4, 1), date(2027, 4, 1), None),
    ],
)
def test_last_days(kind, letter, last, act_by, accepted_until):
    assert deadline(kind, letter) == Deadline(last, act_by, accepted_until)


def test_countdown_passes_over_easter():
    left = countdown(date(2026, 4, 8), date(2026, 4, 1))
    assert (left.days, left.working_days, left.is_soon, left.is_past) == (7, 3, True, False)


def test_countdown_of_a_day_that_is_over():
    left = countdown(date(2026, 4, 1), date(2026, 4, 8))
    assert (left.days, left.working_days, left.is_soon, left.is_past) == (-7, 0, False, True)
