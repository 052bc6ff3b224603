"""Dates that move or are called off: whoever is booked, waits, holds an offer or is invited hears of it once.

Where a message about dates has not left yet when they change again, the new one tells all of it in its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.booking import emails, guest_emails
from app.booking.announcements import BookingMoved, DatesMoved, SessionCancelled, SessionMoved
from app.booking.codes import BookingState
from app.booking.hearing import expected_at, in_line_for, key_of_change, untold_since
from app.booking.holidays import bank_holidays
from app.booking.models import AttendanceRecord, BookableSession, Booking, Run
from app.booking.queries.bookings import coming_of, sessions_for
from app.booking.queries.programme import sessions_of_run
from app.booking.reminders import withdraw_reminders
from app.booking.rules.waiting import is_too_late_for_offers
from app.core import clock
from app.core.events import on
from app.notifications.operations import cancel

REPLACED = "changed again"


@dataclass(frozen=True, slots=True)
class _Changed:
    """Dates of a run that changed, and when."""

    dates: Sequence[BookableSession]
    at: datetime


@dataclass(frozen=True, slots=True)
class _One:
    """Somebody and a run in which they are booked, or wait, or both."""

    run_id: UUID
    attendee_id: UUID | None

    @property
    def booked_keys(self) -> str:
        """How the keys begin of what they are told who have a place."""
        return f"dates:{self.run_id}:{self.attendee_id}:"

    @property
    def waiting_keys(self) -> str:
        """How they begin where somebody only waits."""
        return emails.waiting_key(self.run_id, self.attendee_id)


@dataclass(frozen=True, slots=True)
class _InLine:
    """What somebody reads who is in line: the dates, those that are called off among them, and whether others stay."""

    lines: Sequence[AttendanceRecord]
    rest: bool

    @property
    def off(self) -> list[BookableSession]:
        """Which of the dates are called off."""
        return [one.session for one in self.lines if one.session.cancelled_at is not None]


@on(SessionMoved)
def tell_of_the_move(session: Session, event: SessionMoved) -> None:
    """Another time or place; of another link hears only who is booked, for nobody else has one."""
    if event.link_only:
        _tell_new_link(session, event.session)
    else:
        _tell_moved(session, event.session.run, [event.session])


@on(DatesMoved)
def tell_of_new_dates(session: Session, event: DatesMoved) -> None:
    """Many of them: each person hears once of all that are theirs, and their calendars change."""
    _tell_moved(session, event.run, event.sessions)


@on(SessionCancelled)
def tell_of_the_cancellation(session: Session, event: SessionCancelled) -> None:
    """One session is off, and the others of its run stand.

    Of this one nobody who is booked is still to read that it has another time or another link.
    """
    one = event.session
    for attendance in expected_at(session, one):
        key = f"session:{attendance.id}:off"
        withdraw_reminders(session, attendance.booking, attendance)
        cancel(session, dedupe_prefix=_link_key(attendance), reason=REPLACED)
        _tell_as_they_stand(session, _One(one.run_id, attendance.booking.attendee_id))
        emails.tell(
            session,
            attendance.booking,
            emails.CALLED_OFF,
            key,
            [attendance],
            with_calendar=True,
            gone=True,
            why=one.cancel_reason,
        )
    _tell_in_line(session, _Changed([one], one.changed_at), in_line_for(session, [one]))
    guest_emails.tell_of_dates(session, one.run, [one])


def _tell_new_link(session: Session, one: BookableSession) -> None:
    for attendance in expected_at(session, one):
        withdraw_reminders(session, attendance.booking, attendance)
        cancel(session, dedupe_prefix=_link_key(attendance), reason=REPLACED)
        emails.tell(
            session,
            attendance.booking,
            emails.CHANGED,
            f"{_link_key(attendance)}v{one.sequence}",
            [attendance],
            with_calendar=True,
            link_only=True,
        )


def _link_key(attendance: AttendanceRecord) -> str:
    return f"session:{attendance.id}:link:"


def _tell_moved(session: Session, run: Run, dates: Sequence[BookableSession]) -> None:
    changed = _Changed(dates, max(one.changed_at for one in dates))
    moved: dict[UUID | None, list[AttendanceRecord]] = defaultdict(list)
    for one in dates:
        for attendance in expected_at(session, one):
            withdraw_reminders(session, attendance.booking, attendance)
            cancel(session, dedupe_prefix=_link_key(attendance), reason=REPLACED)
            moved[attendance.booking.attendee_id].append(attendance)
    in_line, waits = in_line_for(session, dates), _waiting(session, run.id)
    waiting = [one.attendee_id for one in in_line if one.state is BookingState.WAITING]
    for attendee_id in dict.fromkeys([*moved, *waiting]):
        _tell_one(session, _One(run.id, attendee_id), changed, moved[attendee_id], waits[attendee_id])
    _tell_in_line(session, changed, [one for one in in_line if one.state is BookingState.OFFERED])
    guest_emails.tell_of_dates(session, run, dates)


@on(BookingMoved)
def tell_it_as_they_stand(session: Session, event: BookingMoved) -> None:
    """Whoever gets or gives up a place before a message has left of what they have and wait for: it says so no more."""
    booking = event.booking
    if event.before not in {BookingState.BOOKED, BookingState.WAITING} or booking.pool.ends_at <= clock.now():
        return
    whose = _One(booking.pool.run_id, booking.attendee_id)
    _tell_as_they_stand(session, whose, waited=event.before is BookingState.WAITING)


def _tell_as_they_stand(session: Session, whose: _One, *, waited: bool = False) -> None:
    """What has not left yet of dates that moved is written anew, without what is not theirs any more, or not at all.

    `waited`: what they no longer wait for may be told of in a message to who only waits.
    """
    keys = (whose.booked_keys, whose.waiting_keys) if waited else (whose.booked_keys,)
    if any(untold_since(session, each) is not None for each in keys):
        waits = _waiting(session, whose.run_id)[whose.attendee_id]
        _tell_one(session, whose, _Changed([], clock.now()), [], waits)


def _tell_one(
    session: Session, whose: _One, changed: _Changed, moved: list[AttendanceRecord], waits: Sequence[Booking]
) -> None:
    """One message of all that changed and was not heard of yet: where somebody is booked, and where they wait."""
    untold = [untold_since(session, keys) for keys in (whose.booked_keys, whose.waiting_keys)]
    since = min(filter(None, untold), default=None)
    if since is not None:
        cancel(session, dedupe_prefix=whose.booked_keys, reason=REPLACED)
        cancel(session, dedupe_prefix=whose.waiting_keys, reason=REPLACED)
    left = coming_of(session, whose.attendee_id, whose.run_id)
    told = moved + [one for one in left if one not in moved and since is not None and one.session.changed_at >= since]
    told.sort(key=lambda each: each.session.starts_at)
    lines, more_waits = _lines_in_line(session, waits, changed.dates, since)
    if not told:
        if lines:
            key = key_of_change(whose.waiting_keys, changed.at, since)
            _tell_lines(session, waits, _InLine(lines, rest=more_waits), key)
        return
    bookings = list({one.booking_id: one.booking for one in told + lines}.values())
    # One of theirs that is to be told discreetly makes the whole message so.
    first = next((one for one in bookings if emails.discreetly(one)), told[0].booking)
    values: dict[str, Any] = {"rest": more_waits or bool({one.id for one in left} - {one.id for one in told})}
    if len(bookings) > 1:
        paged = emails.each_with_its_page(session, told + lines, discreet=emails.discreetly(first))
        values |= paged | {"lines": paged["lines"][: len(told)], "waits": paged["lines"][len(told) :]}
    key = key_of_change(whose.booked_keys, changed.at, since)
    emails.tell(session, first, emails.CHANGED, key, told, with_calendar=True, **values)


def _waiting(session: Session, run_id: UUID) -> Mapping[UUID | None, list[Booking]]:
    """All that people wait for in a run, by whom; nothing where somebody does not wait."""
    found: dict[UUID | None, list[Booking]] = defaultdict(list)
    for one in in_line_for(session, sessions_of_run(session, run_id)):
        if one.state is BookingState.WAITING:
            found[one.attendee_id].append(one)
    return found


def _tell_in_line(session: Session, changed: _Changed, bookings: Sequence[Booking]) -> None:
    """Who waits for several of these dates has one message of them; each offer has an answer of its own."""
    together: dict[tuple[UUID | None, UUID | None], list[Booking]] = defaultdict(list)
    for booking in bookings:
        offer = booking.id if booking.state is BookingState.OFFERED else None
        together[booking.attendee_id, offer].append(booking)
    for each in together.values():
        keys = emails.in_line_key(each[0])
        since = untold_since(session, keys)
        if since is not None:
            cancel(session, dedupe_prefix=keys, reason=REPLACED)
        lines, rest = _lines_in_line(session, each, changed.dates, since)
        _tell_lines(session, each, _InLine(lines, rest=rest), key_of_change(keys, changed.at, since))


def _tell_lines(session: Session, bookings: Sequence[Booking], told: _InLine, key: str) -> None:
    theirs = list({one.booking_id: one.booking for one in told.lines}.values()) or list(bookings)
    first = next((one for one in theirs if emails.discreetly(one)), theirs[0])
    values: dict[str, Any] = {"until": first.expires_at, "rest": told.rest}
    if told.off:
        values["why"] = told.off[-1].cancel_reason
    values["soon"] = is_too_late_for_offers(clock.now(), starts_at=first.pool.starts_at, holidays=bank_holidays())
    if len(theirs) > 1:
        values |= emails.each_with_its_page(session, told.lines, discreet=emails.discreetly(first))
    emails.tell(session, first, emails.IN_LINE, key, told.lines, expires_at=first.expires_at, **values)


def _lines_in_line(
    session: Session, bookings: Sequence[Booking], dates: Sequence[BookableSession], since: datetime | None
) -> tuple[list[AttendanceRecord], bool]:
    """Of which dates to tell who is in line, as if they were booked, and whether others stay; nothing of it is kept."""
    mine = [(booking, one) for booking in bookings for one in sessions_for(session, booking)]
    told = [
        (booking, one)
        for booking, one in mine
        if one in dates or (since is not None and one.changed_at >= since and one.starts_at > clock.now())
    ]
    rest = any(_is_to_come(one) for booking, one in mine if (booking, one) not in told)
    lines = [AttendanceRecord(booking=booking, booking_id=booking.id, session=one) for booking, one in told]
    return sorted(lines, key=lambda each: each.session.starts_at), rest


def _is_to_come(one: BookableSession) -> bool:
    return one.cancelled_at is None and one.starts_at > clock.now()
