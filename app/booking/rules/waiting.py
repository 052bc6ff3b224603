"""The waiting list: its order, who is offered a free place, how long an offer stands, when it is too late for one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from app.core.clock import LONDON

DAY_BEGINS = time(9)
DAY_ENDS = time(17)
SATURDAY = 5
OFFER_STANDS = timedelta(hours=8)  # a working day
SHORTEST_OFFER = timedelta(hours=1)
CUT_OFF = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiter:
    """Somebody on the list. `book_until` is "book me in if a place comes before"."""

    booking: UUID
    queued_at: datetime
    places: int = 1
    book_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """A waiter whose turn it is: booked at once, or offered the place until `expires_at`."""

    waiter: Waiter
    expires_at: datetime | None

    @property
    def books(self) -> bool:
        """Whether the waiter is booked in without being asked again."""
        return self.expires_at is None


def in_order(waiters: Iterable[Waiter]) -> list[Waiter]:
    """First come, first served; the id settles what the clock cannot."""
    return sorted(waiters, key=lambda waiter: (waiter.queued_at, waiter.booking.bytes))


def position(waiters: Iterable[Waiter], booking: UUID) -> int:
    """The place in the list, counted from 1, as the person is told."""
    return [waiter.booking for waiter in in_order(waiters)].index(booking) + 1


def whose_turn(waiters: Iterable[Waiter], free: int) -> list[Waiter]:
    """Who gets the free places. Nobody is passed over: two who come together wait for two places, the next for them."""
    lucky: list[Waiter] = []
    for waiter in in_order(waiters):
        if waiter.places > free:
            break
        free -= waiter.places
        lucky.append(waiter)
    return lucky


def promotions(
    waiters: Iterable[Waiter], *, free: int, now: datetime, cut_off: datetime, holidays: Collection[date] = ()
) -> list[Promotion]:
    """What happens to free places at `now`. After the cut-off nobody is offered any: staff phone the list."""
    found: list[Promotion] = []
    for waiter in whose_turn(waiters, free):
        books = waiter.book_until is not None and now < min(waiter.book_until, cut_off)
        expires_at = None if books else offer_until(now, cut_off=cut_off, holidays=holidays)
        if not books and expires_at is None:
            break
        found.append(Promotion(waiter=waiter, expires_at=expires_at))
    return found


def cut_off(starts_at: datetime, before: timedelta = CUT_OFF) -> datetime:
    """From when the list is worked by phone."""
    return starts_at - before


def offer_until(now: datetime, *, cut_off: datetime, holidays: Collection[date] = ()) -> datetime | None:
    """When an offer made at `now` expires, always in working hours; None when too little of them is left."""
    expires_at = after_working(now, OFFER_STANDS, holidays)
    if expires_at <= cut_off:
        return expires_at
    expires_at = _last_working(cut_off, holidays)
    return expires_at if after_working(now, SHORTEST_OFFER, holidays) <= expires_at else None


def is_too_late_for_offers(now: datetime, *, starts_at: datetime, holidays: Collection[date] = ()) -> bool:
    """Whether a place that comes free now is not offered by message any more, but by those who phone the list."""
    return offer_until(now, cut_off=cut_off(starts_at), holidays=holidays) is None


def has_lapsed(expires_at: datetime, now: datetime) -> bool:
    """Whether a hold or an offer is over: asked at each read as well as by the sweeper."""
    return now >= expires_at


def is_working(instant: datetime, holidays: Collection[date] = ()) -> bool:
    """Whether people at the service are at work: Monday to Friday, 9 to 5 in London, no bank holiday."""
    local = instant.astimezone(LONDON)
    return _is_working_day(local.date(), holidays) and DAY_BEGINS <= local.time() <= DAY_ENDS


def after_working(start: datetime, span: timedelta, holidays: Collection[date] = ()) -> datetime:
    """The instant when `span` of working time has passed since `start`."""
    day = start.astimezone(LONDON).date()
    while True:
        begins, ends = _working_day(day)
        begins = max(begins, start)
        if _is_working_day(day, holidays) and begins < ends:
            if begins + span <= ends:
                return begins + span
            span -= ends - begins
        day += timedelta(days=1)


def _last_working(instant: datetime, holidays: Collection[date]) -> datetime:
    day = instant.astimezone(LONDON).date()
    while not _is_working_day(day, holidays) or _working_day(day)[0] > instant:
        day -= timedelta(days=1)
    return min(instant, _working_day(day)[1])


def _working_day(day: date) -> tuple[datetime, datetime]:
    """In UTC, so that differences are of real time."""
    begins, ends = (datetime.combine(day, clock, LONDON).astimezone(UTC) for clock in (DAY_BEGINS, DAY_ENDS))
    return begins, ends


def _is_working_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() < SATURDAY and day not in holidays
