"""What is sent, what stops it, and the clock of a safety alert."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refused
from app.outcomes.codes import AlertState
from app.outcomes.plans import find_plan
from app.outcomes.rules.dates import occasions
from app.outcomes.rules.invitations import Action, NextStep, Stop, idempotency_key, minutes_for, next_step
from app.outcomes.rules.safety import DutyHours, alert_state, due_by, is_anybody_reading

# Due on Thursday 30 April 2026; reminded on Monday 4 May (for a Sunday) and 8 May; called on 14 May; open to the 28th.
AFTER = occasions(find_plan("after-close"), date(2026, 1, 31))[2]
WORKDAYS = DutyHours({weekday: (time(9), time(17)) for weekday in range(5)}, frozenset({date(2026, 5, 4)}))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}:00+01:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "last", "called", "expected"),
    [
        ("04-30T08:59", None, False, NextStep(Action.WAIT)),
        ("04-30T09:00", None, False, NextStep(Action.INVITE, 0)),
        ("04-30T19:00", None, False, NextStep(Action.WAIT)),  # too late in the evening
        ("04-30T18:59", 0, False, NextStep(Action.WAIT)),
        ("05-03T12:00", 0, False, NextStep(Action.WAIT)),  # a Sunday
        ("05-04T09:00", 0, False, NextStep(Action.REMIND, 1)),
        ("05-04T09:00", 1, False, NextStep(Action.WAIT)),
        ("05-05T09:00", None, False, NextStep(Action.INVITE, 1)),  # late, and still the first they hear
        ("05-09T09:00", 0, False, NextStep(Action.REMIND, 2)),  # of two missed reminders one
        ("05-14T09:00", 2, False, NextStep(Action.CALL)),
        ("05-14T09:00", 2, True, NextStep(Action.WAIT)),
        ("05-28T18:00", 2, True, NextStep(Action.WAIT)),
        ("05-29T00:30", 2, True, NextStep(Action.CLOSE)),
        ("05-29T00:30", None, False, NextStep(Action.CLOSE)),
    ],
)
def test_step_by_step(now: str, last: int | None, called: bool, expected: NextStep) -> None:
    assert next_step(AFTER, at(now), last_message_no=last, called=called) == expected


@pytest.mark.parametrize("stop", Stop)
def test_whatever_stops_it_stops_each_message_and_the_call(stop: Stop) -> None:
    for now in ("04-30T09:00", "05-04T09:00", "05-14T09:00"):
        assert next_step(AFTER, at(now), stops=[stop]) == NextStep(Action.WAIT, stopped_by=(stop,))
    late = next_step(AFTER, at("05-29T09:00"), stops=[stop])
    assert late.action is (Action.WAIT if stop is Stop.ANSWERED else Action.CLOSE)


@given(st.lists(st.integers(0, 60 * 24 * 45), min_size=1, max_size=60))
def test_no_message_twice_whenever_the_worker_wakes(minutes: list[int]) -> None:
    last, sent = None, []
    for minute in sorted(minutes):
        step = next_step(AFTER, at("04-20T00:00") + timedelta(minutes=minute), last_message_no=last)
        if step.message_no is not None:
            last = step.message_no
            sent.append(last)
    assert sent == sorted(set(sent))
    assert len(sent) <= 3


def test_the_key_names_message_and_channel() -> None:
    assert idempotency_key("abc", 1, "sms") == "abc:1:sms"


@pytest.mark.parametrize(
    ("raised", "hours", "expected"),
    [
        ("04-29T10:00", 2, "04-29T12:00"),
        ("04-29T16:00", 2, "04-30T10:00"),  # one hour that day, one the next
        ("04-29T15:00", 2, "04-29T17:00"),
        ("04-29T22:00", 2, "04-30T11:00"),
        ("05-01T16:30", 1, "05-05T09:30"),  # over a weekend and a bank holiday
        ("05-02T12:00", 8, "05-05T17:00"),
        ("04-29T09:00", 20, "05-01T13:00"),
    ],
)
def test_the_clock_runs_on_duty_only(raised: str, hours: int, expected: str) -> None:
    assert due_by(WORKDAYS, at(raised), timedelta(hours=hours)) == at(expected)


def test_the_clock_over_a_change_of_the_clock() -> None:
    nights = DutyHours({weekday: (time(0), time(6)) for weekday in range(7)})
    # Of the six hours on 29 March 2026 only five exist: 01:00 to 02:00 does not.
    assert due_by(nights, datetime(2026, 3, 29, tzinfo=UTC), timedelta(hours=5)) == datetime(2026, 3, 29, 5, tzinfo=UTC)
    assert due_by(nights, datetime(2026, 3, 29, tzinfo=UTC), timedelta(hours=6)) == datetime(2026, 3, 30, tzinfo=UTC)


def test_the_clock_of_a_service_that_is_open_one_hour_a_week() -> None:
    seldom = DutyHours({4: (time(9), time(10))}, frozenset({date(2026, 5, 8), date(2026, 5, 15)}))
    assert due_by(seldom, at("04-29T10:00"), timedelta(hours=10)) == at("07-17T10:00")


def test_where_nobody_is_on_duty_there_is_no_clock() -> None:
    for nobody in (DutyHours({}), DutyHours({0: (time(9), time(9))})):
        assert not nobody.has_any
        with pytest.raises(Refused, match="Nobody is on duty"):
            due_by(nobody, at("04-29T10:00"), timedelta(hours=1))
    assert WORKDAYS.has_any


def test_who_is_reading_now() -> None:
    times = ["04-29T08:59", "04-29T09:00", "04-29T16:59", "04-29T17:00", "05-02T12:00", "05-04T12:00"]
    assert [is_anybody_reading(WORKDAYS, at(each)) for each in times] == [False, True, True, False, False, False]


def test_an_alert_goes_to_the_next_in_line_when_its_time_is_over() -> None:
    due, before = at("04-29T12:00"), at("04-29T11:59")
    assert alert_state(due, before) is AlertState.RAISED
    assert alert_state(due, due) is AlertState.ESCALATED
    assert alert_state(due, due, acknowledged_at=due) is AlertState.ACKNOWLEDGED
    assert alert_state(due, due, acknowledged_at=before, outcome_at=due) is AlertState.CLOSED


def test_a_message_says_how_long_it_takes():
    assert [minutes_for(questions) for questions in (0, 1, 4, 5, 9, 10, 16)] == [1, 1, 1, 2, 2, 3, 4]
