"""Deadlines of cases as a calendar file (RFC 5545): days and the number of the case, nothing of what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Alarm, Calendar, Event

from app.advice.models import AdviceCase, KeyDate

CONTENT_TYPE = "text/calendar; charset=utf-8"
FILE_NAME = "dates.ics"
RINGS_BEFORE = timedelta(days=2)


def deadlines_file(dates: Iterable[KeyDate], host: str) -> bytes:
    """Each open date of a case as an entry of a whole day, with an alarm two days before. The cases are loaded."""
    calendar = Calendar()
    calendar.add("prodid", "-//Waymark//Waymark//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for date in dates:
        if date.done_at is None and date.case is not None:
            calendar.add_component(_entry(date.case, date, host))
    content: bytes = calendar.to_ical(sorted=False)
    return content


def _entry(case: AdviceCase, date: KeyDate, host: str) -> Event:
    entry, alarm = Event(), Alarm()
    entry.add("uid", f"date-{date.id}@{host}")
    entry.add("dtstamp", date.created_at)
    entry.add("dtstart", date.on)
    entry.add("summary", f"{case.shown_number}: date")
    entry.add("class", "PRIVATE")
    entry.add("transp", "TRANSPARENT")
    alarm.add("action", "DISPLAY")
    alarm.add("description", case.shown_number)
    alarm.add("trigger", -RINGS_BEFORE)
    entry.add_component(alarm)
    return entry
