"""The dates of a group that meets every week or month: made by rule once, each session then a row of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from app.booking.rules.wall_time import instant_of
from app.core.errors import InvalidInput

MOST_SESSIONS = 200
LONGEST = timedelta(days=3 * 366)
LAST_OF_MONTH = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Days on which nothing happens, the first and the last among them: a half-term."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """Every `interval` weeks on the weekday of `first`; or with `nth` (1 to 4, or -1) on the nth such day of the month.

    It ends after `count` sessions, skipped ones not counted, or on the day `until`; one of the two must be said.
    `second` says which is meant where the time comes twice (see `wall_time`).
    """

    first: date
    at: time
    minutes: int
    interval: int = 1
    nth: int | None = None
    count: int | None = None
    until: date | None = None
    skips: frozenset[date] = frozenset()
    breaks: tuple[Break, ...] = ()
    second: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One session: what the clock on the wall shows, and the instants in UTC."""

    wall: datetime
    starts_at: datetime
    ends_at: datetime


def week_of_month(day: date) -> int:
    """As what a day comes back every month: the first to fourth of its weekday; a fifth is the last of its month."""
    week = (day.day - 1) // 7 + 1
    return week if week < 5 else LAST_OF_MONTH


def occurrences(rule: Repetition) -> list[Occurrence]:
    """All sessions of the rule; InvalidInput when it makes none or too many, or one starts in the hour that is missing.

    Counted on the wall first and then placed in the zone: a group at 10 stays at 10 when the clocks change.
    """
    _check(rule)
    found: list[Occurrence] = []
    for wall in _kept(rule):
        found.append(_occurrence(rule, wall))
        if len(found) == rule.count:
            break
        if len(found) > MOST_SESSIONS:
            raise InvalidInput(f"That is more than {MOST_SESSIONS} sessions. Choose an earlier end.")
    if not found:
        raise InvalidInput("No session is left. Choose a later end, or skip fewer days.")
    return found


def every_time(rule: Repetition) -> Iterator[Occurrence]:
    """Each time of the rule, those in its breaks among them: to see what stands in the way of which."""
    _check(rule)
    for wall in _times(rule):
        if wall.date() not in rule.skips:
            yield _occurrence(rule, wall)


def is_in_a_break(rule: Repetition, day: date) -> bool:
    """Whether a day is in half-term."""
    return any(pause.first <= day <= pause.last for pause in rule.breaks)


def _check(rule: Repetition) -> None:
    if (rule.count is None) == (rule.until is None):
        raise InvalidInput("Say how many sessions there are, or the day of the last one.")
    if rule.count is not None and not 1 <= rule.count <= MOST_SESSIONS:
        raise InvalidInput(f"Choose between 1 and {MOST_SESSIONS} sessions.")
    if rule.interval < 1 or not 1 <= rule.minutes <= 24 * 60:
        raise InvalidInput("Enter how often the group meets, and for how long.")
    if rule.nth is not None and rule.nth not in {1, 2, 3, 4, LAST_OF_MONTH}:
        raise InvalidInput("Choose the first, second, third, fourth or last week of the month.")


def _kept(rule: Repetition) -> Iterator[datetime]:
    return (wall for wall in _times(rule) if not _is_skipped(rule, wall.date()))


def _times(rule: Repetition) -> Iterator[datetime]:
    start = datetime.combine(rule.first, rule.at.replace(second=0, microsecond=0, tzinfo=None, fold=0))
    end = min(rule.until or date.max, _latest(rule.first))
    yield from rrule(
        WEEKLY if rule.nth is None else MONTHLY,
        dtstart=start,
        interval=rule.interval,
        byweekday=weekday(rule.first.weekday(), rule.nth),
        until=datetime.combine(end, time.max),
    )


def _latest(first: date) -> date:
    try:
        return first + LONGEST
    except OverflowError:
        return date.max


def _is_skipped(rule: Repetition, day: date) -> bool:
    return day in rule.skips or is_in_a_break(rule, day)


def _occurrence(rule: Repetition, wall: datetime) -> Occurrence:
    try:
        starts_at = instant_of(wall, second=rule.second)
    except InvalidInput as error:
        raise type(error)(f"{wall:%d/%m/%Y}: {error.message}") from error
    return Occurrence(wall=wall, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=rule.minutes))
