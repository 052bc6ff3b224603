"""Opening times in words: read where certain, left where not."""

from __future__ import annotations

import time as stopwatch
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.directory.codes import Frequency
from app.directory.importing.cleaning.hours import byday_of, parse_hours

W, M = Frequency.WEEKLY, Frequency.MONTHLY
WORKDAYS = "MO,TU,WE,TH,FR"


@pytest.mark.parametrize(
    ("text", "openings"),
    [
        ("Wednesday 10am - 4pm", [(W, "WE", "10:00", "16:00")]),
        ("Mon-Fri 9am-5pm", [(W, WORKDAYS, "09:00", "17:00")]),
        ("Mon to Fri 09:00 to 17:00", [(W, WORKDAYS, "09:00", "17:00")]),
        ("Tuesdays & Fridays 12pm - 3pm; 1st Saturday of month 10am - 12noon",
         [(W, "TU,FR", "12:00", "15:00"), (M, "1SA", "10:00", "12:00")]),
        ("Thursday 1.30 - 3.30pm", [(W, "TH", "13:30", "15:30")]),
        ("Fri 11 - 1pm", [(W, "FR", "11:00", "13:00")]),
        ("Weds 12-2pm", [(W, "WE", "12:00", "14:00")]),
        ("Wednesday 7:30pm", [(W, "WE", "19:30", None)]),
        ("Monday 10am-12pm and 1pm-3pm", [(W, "MO", "10:00", "12:00"), (W, "MO", "13:00", "15:00")]),
        ("last Monday of every month 10.30am-12noon", [(M, "-1MO", "10:30", "12:00")]),
        ("1st and 3rd Tuesday of the month 6pm-8pm", [(M, "1TU,3TU", "18:00", "20:00")]),
        ("daily 9am - 9pm", [(W, f"{WORKDAYS},SA,SU", "09:00", "21:00")]),
        ("Weekdays 9.30am-4.30pm, Saturdays 10-1pm", [(W, WORKDAYS, "09:30", "16:30"), (W, "SA", "10:00", "13:00")]),
        ("10am - 12pm Every Friday", [(W, "FR", "10:00", "12:00")]),
        ("10am-12pm on Mondays Tuesdays & Fridays", [(W, "MO,TU,FR", "10:00", "12:00")]),
        ("10:30am - 12:30pm every 2nd Sunday of the month", [(M, "2SU", "10:30", "12:30")]),
        ("7pm Tuesdays, 2pm - 4pm Fridays", [(W, "TU", "19:00", None), (W, "FR", "14:00", "16:00")]),
        ("Monday 11:00-12:00; Tuesday 10:00-12:30", [(W, "MO", "11:00", "12:00"), (W, "TU", "10:00", "12:30")]),
        ("Mo-We 10:00-12:00; Sa 11:00-13:00", [(W, "MO,TU,WE", "10:00", "12:00"), (W, "SA", "11:00", "13:00")]),
        ("Monday \xad Friday, 9:00am - 5:00pm", [(W, WORKDAYS, "09:00", "17:00")]),
        ("Office hours: Tue 9am - 5pm", [(W, "TU", "09:00", "17:00")]),
        ("Mondays every week from 10am - 2pm", [(W, "MO", "10:00", "14:00")]),
        ("Monday 1pm - 8pm\nThursday    closed\nFriday 10am - 5pm",
         [(W, "MO", "13:00", "20:00"), (W, "FR", "10:00", "17:00")]),
        ("Fri to Mon 6pm - midnight", [(W, "MO,FR,SA,SU", "18:00", "23:59")]),
    ],
)  # fmt: skip
def test_what_is_certain_is_read(text: str, openings: list[tuple[Frequency, str, str, str | None]]) -> None:
    def told(at: time | None) -> str | None:
        return at and at.strftime("%H:%M")

    found = parse_hours(text)
    assert found is not None
    assert [(one.freq, one.byday, told(one.opens_at), told(one.closes_at)) for one in found] == openings


@pytest.mark.parametrize(
    "text",
    ["Monday 9-5", "Monday 9:30-12:30", "One morning per week", "alternate Saturdays 9am-12pm",
     "every other Monday 2pm", "Monday - Friday 8am - 4pm. Please ring.",
     "Food served daily 9am - 1:30pm", "Mon 10pm - 2am", "24 hours", "",
     "Monday", "10am - 4pm", "10am - 11am Mondays, Tuesdays 2pm - 3pm", "9am-1pm Every other Saturday",
     "Monday 12:00-02:00", "Monday 25:00 - 26:00", "Monday 10am - 4pm except bank holidays",
     "Mon-Fri 9am-5pm, Wed closed",
     "Sunday closed", "Sat 10am - 4pm, Sun closed 1pm - 2pm", "not Monday 10am-4pm"],
)  # fmt: skip
def test_what_is_not_certain_is_left(text: str) -> None:
    assert parse_hours(text) is None


def test_term_time_and_appointments() -> None:
    found = parse_hours("Tuesdays 10am-12pm (term time only)")
    assert found is not None
    assert found[0].term_time
    found = parse_hours("Tuesdays 10am-12pm by appointment only")
    assert found is not None
    assert found[0].by_appointment


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("MO,TU", "MO,TU"),
        ("1MO", "1MO"),
        ("-1FR", "-1FR"),
        ("Monday", "MO"),
        ("Mon-Wed", "MO,TU,WE"),
        ("3", "WE"),
        ("8", None),
    ],
)
def test_days(words: str, days: str | None) -> None:
    assert byday_of(words) == days


@given(st.text(alphabet="mondaytuefri -,&;:.0123456789apst()", max_size=300))
def test_any_text_is_read_without_harm(text: str) -> None:
    parse_hours(text)
    byday_of(text)


@pytest.mark.parametrize("part", ["mon 9am-", "mon,", "1st mon of month ", "9am - ", "mon 1-2pm, ", "every "])
def test_long_texts_are_quick(part: str) -> None:
    start = stopwatch.thread_time()
    parse_hours((part * 300)[:300])
    assert stopwatch.thread_time() - start < 0.5
