"""When sessions repeat."""

from __future__ import annotations

from datetime import date, timedelta

from app.advice.rules.deadlines import NATION
from app.referrals.codes import Nation
from app.referrals.rules.calendars import bank_holidays


def weekly(first: date, weeks: int, nation: Nation = NATION) -> list[date]:
    """The same day of the week for some weeks. Bank holidays are left out, but for the first day: that one was said."""
    days = [first + timedelta(weeks=week) for week in range(weeks)]
    return [day for day in days if day == first or day not in bank_holidays(nation, day.year)]
