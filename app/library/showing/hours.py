"""When a service is open next, in words: "Open now, until 4pm"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from flask_babel import format_date

from app.directory.codes import Frequency
from app.directory.showing.days import day_rules
from app.directory.showing.hours import clock
from app.library.showing.openings import AnyHours, Opening, is_always_open, next_opening
from app.web.languages import AsTold
from app.web.page_words import gettext as _


def opening_words(schedules: Sequence[AnyHours], now: datetime) -> str:
    """Whether it is open, else when next; `now` is London clock time without zone. Empty where nothing is known."""
    return lasting_words(schedules, now)[0]


def lasting_words(schedules: Sequence[AnyHours], now: datetime) -> tuple[str, datetime]:
    """The same, and the moment from which they may be others: an opening, a closing, or the next day."""
    until = datetime.combine(now.date() + timedelta(days=1), time(0))
    if is_always_open(schedules):
        return _("Open 24 hours, every day"), until
    certain = [schedule for schedule in schedules if not schedule.by_appointment]
    opening = next_opening(certain, now)
    if opening is not None:
        is_one_of_several = sum(_days_a_week(schedule) for schedule in certain) > 1
        words = _term_note(_opening_words(opening, now, is_one_of_several=is_one_of_several), opening.schedule)
        return words, min(until, opening.closes if opening.opens <= now else opening.opens)
    if any(schedule.by_appointment for schedule in schedules):
        return _("By appointment"), until
    return AsTold(next((schedule.description for schedule in schedules if schedule.description), "")), until


def _term_note(words: str, schedule: AnyHours) -> str:
    return _("%(when)s (in term time)", when=words) if schedule.term_time else words


def _days_a_week(schedule: AnyHours) -> int:
    return len(day_rules(schedule.byday)) if schedule.freq is Frequency.WEEKLY else 1


def _opening_words(opening: Opening, now: datetime, *, is_one_of_several: bool) -> str:
    if opening.opens <= now:
        # School holidays are not known here, so nothing is said to be open that may not be.
        return (
            _("Today until %(time)s", time=clock(opening.closes.time()))
            if opening.schedule.term_time
            else _("Open now, until %(time)s", time=clock(opening.closes.time()))
        )
    words = _(
        "%(day)s, %(opens)s to %(closes)s",
        day=_day_words(opening.opens.date(), now.date()),
        opens=clock(opening.opens.time()),
        closes=clock(opening.closes.time()),
    )
    # "Monday, 9am to 5pm" alone reads as if it were open on Mondays only.
    by_weekday = timedelta(days=1) < opening.opens.date() - now.date() < timedelta(days=7)
    return _("Next: %(when)s", when=words) if by_weekday and is_one_of_several else words


def _day_words(day: date, today: date) -> str:
    if day == today:
        return _("Today")
    if day == today + timedelta(days=1):
        return _("Tomorrow")
    if day < today + timedelta(days=7):
        return format_date(day, "EEEE")
    return format_date(day, "EEEE d MMMM")
