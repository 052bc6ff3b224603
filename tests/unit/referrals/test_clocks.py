"""Clocks over Easter, both changes of the clock, bank holidays of each nation, and pauses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.clock import LONDON
from app.referrals.codes import Nation, Status
from app.referrals.rules.calendars import add_working_days, is_working_day, working_days_between
from app.referrals.rules.clocks import (
    DEFAULTS,
    ClockKind,
    ClockState,
    Stretch,
    Threshold,
    Unit,
    due_at,
    due_in,
    pauses_in,
    read_clock,
    waited_on_referrer,
)

EW, SC, NI = Nation.ENGLAND_AND_WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND
HOURS_24, DAYS_7 = Threshold(24, Unit.HOURS), Threshold(7, Unit.DAYS)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("nation", "free"),
    [
        (EW, "2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28"),
        (SC, "2026-01-01 2026-01-02 2026-04-03 2026-05-04 2026-05-25 2026-08-03 2026-11-30 2026-12-25 2026-12-28"),
        (NI, "2026-01-01 2026-03-17 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-07-13 2026-08-31 2026-12-25"),
    ],
)
def test_bank_holidays(nation: Nation, free: str) -> None:
    assert not any(is_working_day(date.fromisoformat(day), nation) for day in free.split())


def test_the_nations_differ() -> None:
    easter_monday, st_andrew, st_patrick = date(2026, 4, 6), date(2026, 11, 30), date(2026, 3, 17)
    assert [is_working_day(easter_monday, each) for each in (EW, SC, NI)] == [False, True, False]
    assert [is_working_day(st_andrew, each) for each in (EW, SC, NI)] == [True, False, True]
    assert [is_working_day(st_patrick, each) for each in (EW, SC, NI)] == [True, True, False]


@pytest.mark.parametrize(
    ("started", "nation", "due"),
    [
        ("2026-04-02T09:00", EW, "2026-04-08T23:00"),  # Maundy Thursday: Tuesday and Wednesday after Easter
        ("2026-04-02T09:00", SC, "2026-04-07T23:00"),
        ("2026-04-04T09:00", EW, "2026-04-08T23:00"),  # arrived at the weekend
        ("2026-04-02T23:30", EW, "2026-04-08T23:00"),  # already Good Friday in London
        ("2026-12-24T15:00", EW, "2026-12-31T00:00"),
        ("2026-12-31T15:00", SC, "2027-01-07T00:00"),  # 4 January stands in for the 2nd
        ("2026-12-31T15:00", EW, "2027-01-06T00:00"),
    ],
)
def test_two_working_days(started: str, nation: Nation, due: str) -> None:
    assert due_at(utc(started), Threshold(2, Unit.WORKING_DAYS), nation) == utc(due)


@pytest.mark.parametrize(
    ("started", "due"),
    [
        ("2026-03-28T12:00", "2026-03-29T12:00"),  # 12:00 one day, 13:00 by the wall the next
        ("2026-10-24T11:00", "2026-10-25T11:00"),  # 12:00 one day, 11:00 by the wall the next
    ],
)
def test_twenty_four_hours_are_elapsed_hours(started: str, due: str) -> None:
    assert due_at(utc(started), HOURS_24, EW) == utc(due)
    local = utc(started).astimezone(LONDON)
    assert due_at(local, HOURS_24, EW) == utc(due)
    clock = read_clock(local, now=local + timedelta(days=1), threshold=HOURS_24, nation=EW)
    wall = timedelta(hours=23) if "-03-" in started else timedelta(hours=25)
    assert clock.with_pauses.elapsed == wall


@pytest.mark.parametrize(
    ("started", "due"), [("2026-03-25T12:00", "2026-04-01T23:00"), ("2026-10-21T11:00", "2026-10-29T00:00")]
)
def test_seven_days_end_at_midnight_in_london(started: str, due: str) -> None:
    assert due_at(utc(started), DAYS_7, EW) == utc(due)


def test_months_are_of_the_calendar() -> None:
    assert due_at(utc("2028-02-29T09:00"), Threshold(12, Unit.MONTHS), EW) == utc("2029-03-01T00:00")


def test_not_set_is_never_good() -> None:
    for stopped in (None, utc("2026-01-01T00:01")):
        clock = read_clock(
            utc("2026-01-01T00:00"), now=utc("2026-01-02T00:00"), threshold=None, nation=EW, stopped_at=stopped
        )
        for reading in (clock.with_pauses, clock.without_pauses):
            assert reading.state is ClockState.NOT_SET
            assert not reading.is_good
            assert not reading.is_breach
            assert reading.due_at is None
            assert due_in(reading, utc("2026-01-02T00:00")) is None


def test_what_the_source_left_blank_is_blank() -> None:
    assert DEFAULTS[ClockKind.INITIAL_CONTACT] is DEFAULTS[ClockKind.DECISION] is None
    assert DEFAULTS[ClockKind.FIRST_24_HOURS] == HOURS_24
    assert DEFAULTS[ClockKind.FIRST_7_DAYS] == DAYS_7
    assert DEFAULTS[ClockKind.ACKNOWLEDGE] == Threshold(2, Unit.WORKING_DAYS)
    assert DEFAULTS[ClockKind.LOOP] == Threshold(5, Unit.WORKING_DAYS)
    assert set(DEFAULTS) == set(ClockKind)
    with pytest.raises(ValueError, match="at least one"):
        Threshold(0, Unit.DAYS)


@pytest.mark.parametrize(
    ("stopped", "now", "state"),
    [
        ("2026-01-06T09:00", "2026-02-01T00:00", ClockState.MET),
        ("2026-01-06T09:00:01", "2026-02-01T00:00", ClockState.MISSED),
        (None, "2026-01-06T09:00", ClockState.RUNNING),
        (None, "2026-01-06T09:00:01", ClockState.PAST),
    ],
)
def test_states(stopped: str | None, now: str, state: ClockState) -> None:
    clock = read_clock(
        utc("2026-01-05T09:00"),
        now=utc(now),
        threshold=HOURS_24,
        nation=EW,
        stopped_at=utc(stopped) if stopped else None,
    )
    assert clock.with_pauses.state is clock.without_pauses.state is state
    assert clock.with_pauses.is_good is (state is ClockState.MET)
    assert clock.with_pauses.is_breach is (state in {ClockState.PAST, ClockState.MISSED})


def test_with_and_without_pauses() -> None:
    pause = Stretch(utc("2026-01-06T10:00"), utc("2026-01-08T10:00"))
    clock = read_clock(
        utc("2026-01-05T09:00"), now=utc("2026-01-14T09:00"), threshold=DAYS_7, nation=EW, pauses=[pause]
    )
    assert (clock.with_pauses.days, clock.without_pauses.days) == (9, 7)
    assert (clock.with_pauses.working_days, clock.without_pauses.working_days) == (7, 5)
    assert clock.with_pauses.state is ClockState.PAST
    assert clock.without_pauses.state is ClockState.RUNNING
    assert clock.without_pauses.due_at == utc("2026-01-15T00:00")
    assert due_in(clock.without_pauses, utc("2026-01-14T09:00")) == timedelta(hours=15)
    assert clock.paused == timedelta(days=2)
    assert clock.with_pauses.elapsed - clock.without_pauses.elapsed == clock.paused


def test_while_it_stands_still_nothing_is_due() -> None:
    clock = read_clock(
        utc("2026-01-05T09:00"),
        now=utc("2026-03-01T09:00"),
        threshold=HOURS_24,
        nation=EW,
        pauses=[Stretch(utc("2026-01-05T19:00"))],
    )
    assert clock.without_pauses.state is ClockState.PAUSED
    assert clock.without_pauses.due_at is None
    assert clock.without_pauses.elapsed == timedelta(hours=10)
    assert clock.with_pauses.state is ClockState.PAST


def test_a_pause_after_it_was_due_mends_nothing() -> None:
    late = [Stretch(utc("2026-02-01T09:00"), utc("2026-02-10T09:00"))]
    for threshold in (HOURS_24, DAYS_7, Threshold(2, Unit.WORKING_DAYS), Threshold(12, Unit.MONTHS)):
        start = utc("2026-01-05T09:00") if threshold.unit is not Unit.MONTHS else utc("2025-01-05T09:00")
        assert due_at(start, threshold, EW, late) == due_at(start, threshold, EW)


def test_the_history_says_what_was_paused_and_what_lay_with_the_referrer() -> None:
    moves = [
        (utc("2026-01-05T09:00"), Status.SENT),
        (utc("2026-01-06T09:00"), Status.INFO_REQUESTED),
        (utc("2026-01-08T09:00"), Status.SENT),
        (utc("2026-01-09T09:00"), Status.ACCEPTED),
        (utc("2026-01-10T09:00"), Status.ACTIVE),
        (utc("2026-01-12T09:00"), Status.PAUSED),
    ]
    assert waited_on_referrer(moves, now=utc("2026-01-20T09:00")) == timedelta(days=2)
    assert waited_on_referrer(moves[:2], now=utc("2026-01-06T12:00")) == timedelta(hours=3)
    assert pauses_in(moves) == [Stretch(utc("2026-01-12T09:00"))]


INSTANTS = st.datetimes(datetime(2026, 2, 20), datetime(2026, 11, 20), timezones=st.just(UTC))  # noqa: DTZ001
SPANS = st.lists(
    st.tuples(INSTANTS, st.timedeltas(timedelta(), timedelta(days=20))).map(lambda p: Stretch(p[0], p[0] + p[1])),
    max_size=4,
)
THRESHOLDS = st.builds(Threshold, st.integers(1, 40), st.sampled_from(list(Unit)[:3]))


@settings(max_examples=100)
@given(INSTANTS, st.timedeltas(timedelta(), timedelta(days=60)), SPANS, THRESHOLDS, st.sampled_from(list(Nation)))
def test_pauses_only_help(
    start: datetime, ran: timedelta, pauses: list[Stretch], threshold: Threshold, nation: Nation
) -> None:
    clock = read_clock(
        start, now=start + ran, threshold=threshold, nation=nation, stopped_at=start + ran, pauses=pauses
    )
    whole, net = clock.with_pauses, clock.without_pauses
    assert timedelta() <= net.elapsed == whole.elapsed - clock.paused
    assert 0 <= net.days <= whole.days
    assert 0 <= net.working_days <= net.days
    assert whole.due_at is not None
    assert net.due_at is not None
    assert net.due_at >= whole.due_at
    assert net.is_good or not whole.is_good
    used = {Unit.HOURS: net.elapsed / timedelta(hours=1), Unit.DAYS: net.days, Unit.WORKING_DAYS: net.working_days}
    if threshold.unit is not Unit.WORKING_DAYS:  # there, the weekend after the last day is late too
        assert net.is_breach is (used[threshold.unit] > threshold.amount)
    if net.is_good:
        assert used[threshold.unit] <= threshold.amount


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(1, 30), st.sampled_from(list(Nation)))
def test_working_days_add_up(day: date, count: int, nation: Nation) -> None:
    last = add_working_days(day, count, nation)
    assert is_working_day(last, nation)
    assert working_days_between(day, last, nation) == count
