"""Who may book here now, and every reason why not; `wording` says them kindly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.booking.codes import Bar, WhoMayBook

FOR_GOOD = frozenset({Bar.CANCELLED, Bar.STARTED, Bar.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms places are given out. `limit` is how many bookings one person may have at a time."""

    who: WhoMayBook
    starts_at: datetime
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    youngest: int | None = None
    oldest: int | None = None
    limit: int | None = None
    most_together: int = 1
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What is known of who wants to book; None is "not known"."""

    in_area: bool | None = None
    age: int | None = None
    referred: bool = False
    invited: bool = False
    already_here: bool = False
    bookings: int = 0
    places: int = 1


def bars(terms: Terms, applicant: Applicant, now: datetime) -> tuple[Bar, ...]:
    """All that stands in the way, so that nobody mends one thing only to hear of the next; empty when nothing does."""
    return (
        *_of_the_time(terms, now),
        *_of_the_circle(terms, applicant),
        *_of_age(terms, applicant),
        *_of_numbers(terms, applicant),
    )


def bars_of_who(terms: Terms, applicant: Applicant) -> tuple[Bar, ...]:
    """What of somebody's age and home stands in the way: known before it is known who they are."""
    homes = (bar for bar in _of_the_circle(terms, applicant) if bar in {Bar.AREA_UNKNOWN, Bar.OUTSIDE_AREA})
    return (*homes, *_of_age(terms, applicant))


def bars_of_the_time(terms: Terms, now: datetime) -> tuple[Bar, ...]:
    """Whether it is called off, has begun or takes no bookings any more, which nothing that somebody types changes."""
    return tuple(bar for bar in _of_the_time(terms, now) if bar in FOR_GOOD)


def _of_the_time(terms: Terms, now: datetime) -> Iterator[Bar]:
    if terms.cancelled:
        yield Bar.CANCELLED
    elif now >= terms.starts_at:
        yield Bar.STARTED
    elif terms.closes_at is not None and now >= terms.closes_at:
        yield Bar.CLOSED
    elif terms.opens_at is not None and now < terms.opens_at:
        yield Bar.NOT_OPEN_YET


def _of_the_circle(terms: Terms, applicant: Applicant) -> Iterator[Bar]:
    if terms.who is WhoMayBook.AREA and not applicant.in_area:
        yield Bar.AREA_UNKNOWN if applicant.in_area is None else Bar.OUTSIDE_AREA
    if terms.who is WhoMayBook.REFERRED and not applicant.referred:
        yield Bar.NEEDS_REFERRAL
    if terms.who is WhoMayBook.INVITED and not applicant.invited:
        yield Bar.NEEDS_INVITATION


def _of_age(terms: Terms, applicant: Applicant) -> Iterator[Bar]:
    if terms.youngest is None and terms.oldest is None:
        return
    if applicant.age is None:
        yield Bar.AGE_UNKNOWN
    elif terms.youngest is not None and applicant.age < terms.youngest:
        yield Bar.TOO_YOUNG
    elif terms.oldest is not None and applicant.age > terms.oldest:
        yield Bar.TOO_OLD


def _of_numbers(terms: Terms, applicant: Applicant) -> Iterator[Bar]:
    if applicant.already_here:
        yield Bar.ALREADY_HERE
    elif terms.limit is not None and applicant.bookings >= terms.limit:
        yield Bar.LIMIT_REACHED
    if applicant.places > terms.most_together:
        yield Bar.TOO_MANY_TOGETHER
