"""Hours: when the next opening is, and how it is said."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from flask import Flask
from flask_babel import Babel

from app.directory.codes import Frequency
from app.directory.models import Schedule
from app.directory.showing.hours import clock, hours_rows
from app.library.showing.hours import opening_words
from app.library.showing.openings import next_opening

MONDAY = datetime.combine(date(2026, 11, 23), time(10, 30))


@pytest.fixture(autouse=True)
def in_english():
    app = Flask("words")
    Babel(app, default_locale="en_GB")
    with app.test_request_context():
        yield


def weekly(days, opens="09:00", closes="17:00", **more):
    return Schedule(
        freq=Frequency.WEEKLY,
        byday=days,
        opens_at=time.fromisoformat(opens),
        closes_at=time.fromisoformat(closes),
        **more,
    )


def monthly(days):
    return Schedule(freq=Frequency.MONTHLY, byday=days, opens_at=time(18), closes_at=time(20))


@pytest.mark.parametrize(
    ("schedules", "words"),
    [
        ([weekly("MO,TU,WE,TH,FR")], "Open now, until 5pm"),
        ([weekly("MO", "14:00", "16:30")], "Today, 2pm to 4:30pm"),
        ([weekly("MO", "08:00", "10:30")], "Monday 30 November, 8am to 10:30am"),
        ([weekly("TU")], "Tomorrow, 9am to 5pm"),
        ([weekly("SU", "12:00", "00:00")], "Sunday, midday to midnight"),
        ([weekly("SU", "22:00", "11:00")], "Open now, until 11am"),
        ([weekly("FR"), weekly("WE", "10:00", "12:00")], "Next: Wednesday, 10am to midday"),
        ([weekly("WE,FR", "10:00", "12:00")], "Next: Wednesday, 10am to midday"),
        ([weekly("FR", "10:00", "12:00")], "Friday, 10am to midday"),
        ([monthly("4MO")], "Today, 6pm to 8pm"),
        ([monthly("1TH")], "Thursday 3 December, 6pm to 8pm"),
        ([monthly("-1MO")], "Monday 30 November, 6pm to 8pm"),
        ([weekly("MO,TU,WE,TH,FR,SA,SU", "00:00", "23:59")], "Open 24 hours, every day"),
        ([weekly("MO", by_appointment=True)], "By appointment"),
        ([weekly("MO", term_time=True)], "Today until 5pm (in term time)"),
        ([weekly("MO", interval=2, dtstart=date(2026, 11, 16))], "Monday 30 November, 9am to 5pm"),
        ([weekly("MO", interval=2)], ""),
        ([weekly("MO", valid_to=date(2026, 11, 1))], ""),
        ([Schedule(description="Ring to ask")], "Ring to ask"),
        ([Schedule(freq=Frequency.WEEKLY, byday="XX,9", opens_at=time(9), closes_at=time(17))], ""),
        ([], ""),
    ],
)
def test_when_it_is_open(schedules, words):
    assert opening_words(schedules, MONDAY) == words


def test_the_end_of_an_opening_is_not_in_it():
    assert next_opening([weekly("MO", "08:00", "10:30")], MONDAY).opens.day == 30


@pytest.mark.parametrize(
    ("schedule", "days", "times"),
    [
        (weekly("MO,TU,WE,TH,FR"), "Monday to Friday", "9am to 5pm"),
        (weekly("MO,WE,FR"), "Monday, Wednesday and Friday", "9am to 5pm"),
        (weekly("SU,SA"), "Saturday and Sunday", "9am to 5pm"),
        (monthly("1SA,3SA"), "First Saturday and Third Saturday of the month", "6pm to 8pm"),
        (weekly("TU", interval=2), "Tuesday, every 2 weeks", "9am to 5pm"),
        (weekly("MO,TU,WE,TH,FR,SA,SU", "00:00", "23:59"), "Every day", "24 hours"),
    ],
)
def test_the_table_of_hours(schedule, days, times):
    row = hours_rows([schedule])[0]
    assert (row.days, row.times) == (days, times)


@pytest.mark.parametrize(
    ("value", "words"), [("09:00", "9am"), ("12:30", "12:30pm"), ("00:30", "12:30am"), ("12:00", "midday")]
)
def test_times_of_day(value, words):
    assert clock(time.fromisoformat(value)) == words
