"""Hours in words: the rows of the table of hours, and a time of day as people say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from babel.dates import get_day_names
from flask_babel import format_date, get_locale
from flask_babel import lazy_gettext as _l

from app.directory.models import Schedule, Service
from app.directory.showing.days import LAST_MINUTE, day_rules
from app.web.languages import AsTold
from app.web.page_words import gettext as _

# By name, Monday first: in Welsh the word for "second" changes the name after it.
SECOND_DAYS = (
    _l("Second Monday"),
    _l("Second Tuesday"),
    _l("Second Wednesday"),
    _l("Second Thursday"),
    _l("Second Friday"),
    _l("Second Saturday"),
    _l("Second Sunday"),
)


@dataclass(frozen=True, slots=True)
class HoursRow:
    """A line of the table of hours. `told` is in the listing's own words, `own` in ours."""

    days: str
    times: str
    told: AsTold
    own: str

    @property
    def note(self) -> str:
        """Both as plain text."""
        return "; ".join(words for words in (self.told, self.own) if words)


def schedules_of(service: Service) -> list[Schedule]:
    """Its own hours and those of each of its places."""
    return [*service.schedules, *(hours for link in service.service_at_locations for hours in link.schedules)]


def clock(value: time) -> str:
    """A time of day as people say it: "9am", "1:30pm", "midday", "midnight"."""
    if value in (time(0), LAST_MINUTE):
        return _("midnight")
    if value == time(12):
        return _("midday")
    minutes = f":{value.minute:02d}" if value.minute else ""
    words = f"{(value.hour - 1) % 12 + 1}{minutes}"
    return _("%(time)sam", time=words) if value.hour < 12 else _("%(time)spm", time=words)


def hours_rows(schedules: Sequence[Schedule]) -> list[HoursRow]:
    """The table of hours, a row a schedule."""
    rows = [HoursRow(_days(schedule), _times(schedule), _told(schedule), _own(schedule)) for schedule in schedules]
    return [row for row in rows if row.days or row.times or row.note]


def _days(schedule: Schedule) -> str:
    rules = day_rules(schedule.byday)
    if schedule.bymonthday:
        return _("On day %(days)s of the month", days=schedule.bymonthday.replace(",", ", "))
    if any(rule.nth for rule in rules):
        return _("%(days)s of the month", days=_listed([_nth_day(rule.nth, rule.weekday) for rule in rules]))
    words = _weekdays(sorted({rule.weekday for rule in rules}))
    if words and (schedule.interval or 1) > 1:
        return _("%(days)s, every %(count)s weeks", days=words, count=schedule.interval)
    return words


def _weekdays(days: list[int]) -> str:
    if len(days) == 7:
        return _("Every day")
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return _("%(first)s to %(last)s", first=_day_name(days[0]), last=_day_name(days[-1]))
    return _listed([_day_name(day) for day in days])


def _day_name(day: int) -> str:
    return str(get_day_names("wide", locale=get_locale())[day])


def _nth_day(nth: int, weekday: int) -> str:
    day = _day_name(weekday)
    names = {
        1: _("First %(day)s", day=day),
        2: str(SECOND_DAYS[weekday]),
        3: _("Third %(day)s", day=day),
        4: _("Fourth %(day)s", day=day),
        5: _("Fifth %(day)s", day=day),
        -1: _("Last %(day)s", day=day),
    }
    return names.get(nth, day)


def _listed(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s", first=", ".join(words[:-1]), last=words[-1])


def _times(schedule: Schedule) -> str:
    opens, closes = schedule.opens_at, schedule.closes_at
    if opens == time(0) and closes in (time(0), LAST_MINUTE):
        return _("24 hours")
    if opens and closes:
        return _("%(opens)s to %(closes)s", opens=clock(opens), closes=clock(closes))
    return _("from %(opens)s", opens=clock(opens)) if opens else ""


def _told(schedule: Schedule) -> AsTold:
    return AsTold("; ".join(note for note in (schedule.description, schedule.notes) if note))


def _own(schedule: Schedule) -> str:
    notes = []
    if schedule.by_appointment:
        notes.append(_("by appointment"))
    if schedule.term_time:
        notes.append(_("in term time"))
    if schedule.valid_from and schedule.valid_to:
        notes.append(_span(schedule.valid_from, schedule.valid_to))
    return "; ".join(notes)


def _span(first: date, last: date) -> str:
    return _("from %(first)s to %(last)s", first=format_date(first, "d MMMM y"), last=format_date(last, "d MMMM y"))
