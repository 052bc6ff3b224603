"""Repetition, the two nights when the clocks change, reminders, clashes and who may book."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.booking.clock_words import clock_time
from app.booking.codes import Bar, ClashKind, ReminderKind, WhoMayBook
from app.booking.rules.clashes import Clash, Slot, clashes
from app.booking.rules.eligibility import Applicant, Terms, bars
from app.booking.rules.reminders import due, schedule
from app.booking.rules.repetition import Break, Repetition, occurrences, week_of_month
from app.booking.rules.wall_time import MissingHour, RepeatedHour, comes_twice, instant_of, wall_of
from app.booking.wording import session_time
from app.core.errors import InvalidInput

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 11, 30, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_the_missing_hour_is_refused(minute: int) -> None:
    for second in (None, False, True):
        with pytest.raises(MissingHour, match="forward"):
            instant_of(datetime(2027, 3, 28, 1, minute), second=second)


def test_the_edges_of_the_missing_hour_are_there() -> None:
    assert instant_of(datetime(2027, 3, 28, 0, 59)) == datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
    assert instant_of(datetime(2027, 3, 28, 2)) == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_in_the_repeated_hour_one_is_asked() -> None:
    wall = datetime(2026, 10, 25, 1, 30)
    with pytest.raises(RepeatedHour, match="first or the second"):
        instant_of(wall)
    assert instant_of(wall, second=False) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert instant_of(wall, second=True) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert comes_twice(instant_of(wall, second=True))
    assert not comes_twice(instant_of(datetime(2026, 10, 25, 2)))
    assert not comes_twice(instant_of(datetime(2026, 10, 25, 0, 59)))


@settings(deadline=None)
@given(st.datetimes(datetime(1997, 1, 1), datetime(2090, 1, 1)), st.booleans())
def test_what_the_wall_shows_comes_back(wall: datetime, second: bool) -> None:
    try:
        assert wall_of(instant_of(wall, second=second)) == wall
    except MissingHour:
        assert wall_of(wall.replace(tzinfo=LONDON).astimezone(UTC)) != wall


def weekly(**changes: object) -> Repetition:
    values: dict[str, object] = {"first": date(2026, 10, 8), "at": time(10), "minutes": 90, "count": 4}
    return Repetition(**{**values, **changes})  # type: ignore[arg-type]


def days(rule: Repetition) -> list[str]:
    return [f"{one.wall:%m-%d}" for one in occurrences(rule)]


def test_ten_o_clock_stays_ten_o_clock() -> None:
    found = occurrences(weekly())
    assert [f"{one.starts_at:%m-%d %H}" for one in found] == ["10-08 09", "10-15 09", "10-22 09", "10-29 10"]
    assert {one.wall.hour for one in found} == {10}
    assert {one.ends_at - one.starts_at for one in found} == {timedelta(minutes=90)}


def test_skips_and_half_terms_do_not_count() -> None:
    half_term = Break(first=date(2026, 10, 26), last=date(2026, 10, 30))
    rule = weekly(skips=frozenset({date(2026, 10, 15)}), breaks=(half_term,))
    assert days(rule) == ["10-08", "10-22", "11-05", "11-12"]
    assert days(weekly(count=None, until=date(2026, 10, 22))) == ["10-08", "10-15", "10-22"]
    assert days(weekly(interval=2, count=3)) == ["10-08", "10-22", "11-05"]


@pytest.mark.parametrize(
    ("first", "nth", "found"),
    [
        (date(2026, 10, 13), 2, ["10-13", "11-10", "12-08"]),
        (date(2026, 10, 27), -1, ["10-27", "11-24", "12-29"]),
        (date(2026, 10, 1), 2, ["10-08", "11-12", "12-10"]),
    ],
)
def test_every_month_on_the_same_weekday(first: date, nth: int, found: list[str]) -> None:
    assert days(weekly(first=first, nth=nth, count=3)) == found


@given(st.dates(date(2026, 1, 1), date(2036, 12, 31)))
def test_the_day_that_was_chosen_is_the_first_of_every_month(first: date) -> None:
    rule = weekly(first=first, nth=week_of_month(first), count=2)
    assert occurrences(rule)[0].wall.date() == first


def test_a_group_that_meets_at_night_is_asked_about_that_night() -> None:
    rule = weekly(first=date(2026, 10, 18), at=time(1, 30), count=2)
    with pytest.raises(RepeatedHour, match=r"25/10/2026"):
        occurrences(rule)
    both = [
        occurrences(weekly(first=date(2026, 10, 18), at=time(1, 30), count=2, second=second))[1].starts_at
        for second in (False, True)
    ]
    assert both[1] - both[0] == HOUR
    with pytest.raises(MissingHour, match=r"28/03/2027"):
        occurrences(weekly(first=date(2027, 3, 21), at=time(1), count=2))


@pytest.mark.parametrize(
    "changes",
    [
        {"count": None},
        {"until": date(2026, 12, 1)},
        {"count": 0},
        {"count": 201},
        {"interval": 0},
        {"minutes": 0},
        {"nth": 5},
        {"count": None, "until": date(2026, 10, 1)},
        {"breaks": (Break(first=date(2026, 1, 1), last=date(2040, 1, 1)),)},
    ],
)
def test_rules_that_make_no_sense_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        occurrences(weekly(**changes))


def test_a_rule_at_the_end_of_time_ends() -> None:
    assert len(occurrences(weekly(first=date(9999, 12, 1), count=60))) == 5


@settings(deadline=None)
@given(
    st.dates(date(2020, 1, 1), date(2050, 1, 1)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.integers(1, 8),
    st.sampled_from([None, 1, 2, 3, 4, -1]),
    st.integers(1, 30),
    st.sets(st.integers(0, 100), max_size=8),
)
def test_any_rule_keeps_weekday_hour_and_order(
    first: date, at: time, interval: int, nth: int | None, count: int, skips: set[int]
) -> None:
    skipped = frozenset(first + timedelta(weeks=week) for week in skips)
    rule = Repetition(
        first=first, at=at, minutes=60, interval=interval, nth=nth, count=count, skips=skipped, second=True
    )
    try:
        found = occurrences(rule)
    except MissingHour:
        return
    except InvalidInput:
        assert skips  # nothing else can leave no session
        return
    assert len(found) <= count
    for one in found:
        assert one.wall.weekday() == first.weekday()
        assert one.wall.time() == at
        assert wall_of(one.starts_at) == one.wall
        assert one.wall.date() not in skipped
        if nth == -1:
            assert (one.wall + timedelta(weeks=1)).month != one.wall.month
        elif nth:
            assert (one.wall.day - 1) // 7 + 1 == nth
    starts = [one.starts_at for one in found]
    assert starts == sorted(set(starts))
    if nth is None:
        assert all((one.wall.date() - first).days % (7 * interval) == 0 for one in found)


def test_reminders_a_week_and_a_day_before() -> None:
    found = schedule(START, now=START - timedelta(days=30))
    assert [(one.kind, one.send_at) for one in found] == [
        (ReminderKind.WEEK, START - timedelta(days=7)),
        (ReminderKind.DAY, START - timedelta(days=1)),
    ]
    assert {one.not_after for one in found} == {START}
    assert [one.kind for one in schedule(START, now=START - timedelta(days=3))] == [ReminderKind.DAY]
    assert schedule(START, now=START - timedelta(hours=20)) == []
    assert schedule(START, now=START + HOUR) == []
    assert schedule(START, now=START - timedelta(days=30), contact=False) == []
    assert [one.kind for one in schedule(START, now=START - timedelta(days=30), wanted=[ReminderKind.WEEK])] == [
        ReminderKind.WEEK
    ]


@pytest.mark.parametrize(
    ("start", "sent"),
    [
        ("2026-11-30T08:30", "2026-11-28T18:00"),
        ("2026-11-30T09:00", "2026-11-29T09:00"),
        ("2026-11-30T18:59", "2026-11-29T18:59"),
        ("2026-11-30T19:00", "2026-11-29T18:00"),
        ("2026-11-30T23:30", "2026-11-29T18:00"),
        ("2026-10-25T10:00", "2026-10-24T10:00"),
        ("2027-03-29T01:30", "2027-03-27T18:00"),
    ],
)
def test_what_would_go_at_night_goes_earlier(start: str, sent: str) -> None:
    starts_at = instant_of(datetime.fromisoformat(start))
    assert wall_of(due(starts_at, ReminderKind.DAY)) == datetime.fromisoformat(sent)


@settings(deadline=None)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)))
def test_no_reminder_goes_at_night_or_late(starts_at: datetime) -> None:
    for one in schedule(starts_at, now=starts_at - timedelta(days=20)):
        assert time(9) <= wall_of(one.send_at).time() < time(19)
        assert timedelta(hours=23) <= starts_at - one.send_at <= timedelta(days=8)


ROOM, ANN, BEN = UUID(int=10), UUID(int=11), UUID(int=12)


def slot(number: int, hour: float, room: UUID | None = None, *people: UUID) -> Slot:
    starts_at = START + hour * HOUR
    return Slot(
        session=UUID(int=number),
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        room=room,
        facilitators=frozenset(people),
    )


def test_rooms_and_people_are_in_one_place_at_a_time() -> None:
    wanted = slot(1, 0, ROOM, ANN, BEN)
    others = [slot(3, 0.5, None, BEN, ANN), slot(2, -0.5, ROOM), slot(4, 1, ROOM, ANN), slot(1, 0, ROOM)]
    assert clashes(wanted, others) == [
        Clash(kind=ClashKind.ROOM, of=ROOM, session=UUID(int=2)),
        Clash(kind=ClashKind.FACILITATOR, of=ANN, session=UUID(int=3)),
        Clash(kind=ClashKind.FACILITATOR, of=BEN, session=UUID(int=3)),
    ]
    assert len(clashes(wanted, others, changeover=timedelta(minutes=1))) == 5
    assert clashes(slot(1, 0), [slot(2, 0)]) == []


def test_who_may_book() -> None:
    def of(who: WhoMayBook = WhoMayBook.ANYONE, **more: object) -> Terms:
        return Terms(who=who, starts_at=START, **more)  # type: ignore[arg-type]

    now = START - timedelta(days=5)
    day = timedelta(days=1)
    cases: list[tuple[Terms, Applicant, tuple[Bar, ...]]] = [
        (of(), Applicant(), ()),
        (of(cancelled=True), Applicant(), (Bar.CANCELLED,)),
        (of(opens_at=now + day), Applicant(), (Bar.NOT_OPEN_YET,)),
        (of(opens_at=now, closes_at=now + day), Applicant(), ()),
        (of(closes_at=now), Applicant(), (Bar.CLOSED,)),
        (of(WhoMayBook.AREA), Applicant(), (Bar.AREA_UNKNOWN,)),
        (of(WhoMayBook.AREA), Applicant(in_area=False), (Bar.OUTSIDE_AREA,)),
        (of(WhoMayBook.AREA), Applicant(in_area=True), ()),
        (of(WhoMayBook.REFERRED), Applicant(), (Bar.NEEDS_REFERRAL,)),
        (of(WhoMayBook.REFERRED), Applicant(referred=True), ()),
        (of(WhoMayBook.INVITED), Applicant(referred=True), (Bar.NEEDS_INVITATION,)),
        (of(WhoMayBook.INVITED), Applicant(invited=True), ()),
        (of(youngest=18), Applicant(), (Bar.AGE_UNKNOWN,)),
        (of(youngest=18), Applicant(age=17), (Bar.TOO_YOUNG,)),
        (of(youngest=18, oldest=25), Applicant(age=25), ()),
        (of(oldest=25), Applicant(age=26), (Bar.TOO_OLD,)),
        (of(limit=2), Applicant(bookings=2), (Bar.LIMIT_REACHED,)),
        (of(limit=2), Applicant(bookings=1), ()),
        (of(limit=2), Applicant(bookings=2, already_here=True), (Bar.ALREADY_HERE,)),
        (of(), Applicant(places=2), (Bar.TOO_MANY_TOGETHER,)),
        (of(most_together=2), Applicant(places=2), ()),
        (of(WhoMayBook.AREA, youngest=18), Applicant(), (Bar.AREA_UNKNOWN, Bar.AGE_UNKNOWN)),
    ]
    for terms, applicant, expected in cases:
        assert bars(terms, applicant, now) == expected
    assert bars(of(), Applicant(), START) == (Bar.STARTED,)


def test_every_bar_is_said_kindly() -> None:
    from app.booking.wording import BARS

    assert set(BARS) == set(Bar)


@pytest.mark.parametrize(
    ("starts", "ends", "told"),
    [
        ((10, 0), (12, 0), "10am to midday"),
        ((12, 0), (12, 45), "midday to 12:45pm"),
        ((22, 30), (0, 0), "10:30pm to midnight"),
    ],
)
def test_noon_and_midnight_are_said_in_words(
    app: Flask, starts: tuple[int, int], ends: tuple[int, int], told: str
) -> None:
    """Of 12am and 12pm nobody is sure which is which; the hours of a service are told in the same way."""
    first, last = (datetime(2026, 12, 1, *each, tzinfo=LONDON) for each in (starts, ends))
    with app.test_request_context():
        assert session_time(first, last).endswith(f", {told}")


@pytest.mark.parametrize("typed", ["12:00", "12pm", "midday", " Noon "])
def test_noon_is_typed_in_words_as_it_is_read(typed: str) -> None:
    assert clock_time(typed) == time(12)
