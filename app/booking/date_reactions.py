"""Dates that move or are called off: whoever is booked, waits, holds an offer or is invited hears of it once.

Where a message about dates has not left yet when they change again, the new one tells all of it in its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.booking import emails, guest_emails
from app.booking.announcements import DatesMoved, SessionCancelled, SessionMoved
from app.booking.codes import BookingState
from app.booking.hearing import STAMP, expected_at, in_line_for, untold_since
from app.booking.holidays import bank_holidays
from app.booking.models import AttendanceRecord, BookableSession, Booking, Run
from app.booking.queries.bookings import coming_of, sessions_for
from app.booking.reminders import withdraw_reminders
from app.booking.rules.waiting import is_too_late_for_offers
from app.core import clock
from app.core.events import on
from app.notifications.operations import cancel

REPLACED = "changed again"


@dataclass(frozen=True, slots=True)
class _Changed:
    """Dates of a run that changed, and what tells this change from others; `off`: one of them is called off."""

    dates: Sequence[BookableSession]
    stamp: str
    off: bool = False


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
    """One session is off, and the others of its run stand."""
    one = event.session
    for attendance in expected_at(session, one):
        key = f"session:{attendance.id}:off"
        withdraw_reminders(session, attendance.booking, attendance)
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
    _tell_in_line(session, _Changed([one], str(one.id), off=True))
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
    stamp = f"{max(one.changed_at for one in dates):{STAMP}}"
    by_person: dict[UUID | None, list[AttendanceRecord]] = defaultdict(list)
    for one in dates:
        for attendance in expected_at(session, one):
            withdraw_reminders(session, attendance.booking, attendance)
            cancel(session, dedupe_prefix=_link_key(attendance), reason=REPLACED)
            by_person[attendance.booking.attendee_id].append(attendance)
    for attendee_id, changed in by_person.items():
        _tell_who_is_booked(session, f"dates:{run.id}:{attendee_id}:", stamp, changed)
    _tell_in_line(session, _Changed(dates, stamp))
    guest_emails.tell_of_dates(session, run, dates)


def _tell_who_is_booked(session: Session, keys: str, stamp: str, moved: list[AttendanceRecord]) -> None:
    left = coming_of(session, moved[0].booking.attendee_id, moved[0].session.run_id)
    changed, since = moved, untold_since(session, keys)
    if since is not None:
        cancel(session, dedupe_prefix=keys, reason=REPLACED)
        changed = [one for one in left if one in moved or one.session.changed_at >= since]
    bookings = list({one.booking_id: one.booking for one in changed}.values())
    # One of theirs that is to be told discreetly makes the whole message so.
    first = next((one for one in bookings if emails.discreetly(one)), bookings[0])
    told: dict[str, Any] = {"rest": bool({one.id for one in left} - {one.id for one in changed})}
    if len(bookings) > 1:
        told |= emails.each_with_its_page(session, changed, discreet=emails.discreetly(first))
    emails.tell(session, first, emails.CHANGED, keys + stamp, changed, with_calendar=True, **told)


def _tell_in_line(session: Session, changed: _Changed) -> None:
    """Who waits for several of these dates has one message of them; each offer has an answer of its own."""
    together: dict[tuple[UUID | None, UUID | None], list[Booking]] = defaultdict(list)
    for booking in in_line_for(session, changed.dates):
        offer = booking.id if booking.state is BookingState.OFFERED else None
        together[booking.attendee_id, offer].append(booking)
    for bookings in together.values():
        _tell_one_in_line(session, changed, bookings)


def _tell_one_in_line(session: Session, changed: _Changed, bookings: list[Booking]) -> None:
    first = next((one for one in bookings if emails.discreetly(one)), bookings[0])
    keys = f"{emails.in_line_key(first)}{'off' if changed.off else 'moved'}:"
    since = None if changed.off else untold_since(session, keys)
    if since is not None:
        cancel(session, dedupe_prefix=keys, reason=REPLACED)
    to_come = [(booking, one) for booking in bookings for one in sessions_for(session, booking) if _is_to_come(one)]
    told = [(booking, one) for booking, one in to_come if since is not None and one.changed_at >= since]
    told.extend(each for each in _of(session, bookings, changed.dates) if each not in told)
    # As if they were booked; nothing of it is kept.
    lines = [AttendanceRecord(booking=booking, booking_id=booking.id, session=one) for booking, one in told]
    lines.sort(key=lambda each: each.session.starts_at)
    values: dict[str, Any] = {"off": changed.off, "until": first.expires_at, "rest": len(to_come) > len(told)}
    if changed.off:
        values |= {"why": changed.dates[0].cancel_reason, "rest": bool(to_come)}
    values["soon"] = is_too_late_for_offers(clock.now(), starts_at=first.pool.starts_at, holidays=bank_holidays())
    if len(bookings) > 1:
        values |= emails.each_with_its_page(session, lines, discreet=emails.discreetly(first))
    emails.tell(session, first, emails.IN_LINE, keys + changed.stamp, lines, expires_at=first.expires_at, **values)


def _of(
    session: Session, bookings: Sequence[Booking], dates: Sequence[BookableSession]
) -> list[tuple[Booking, BookableSession]]:
    """Which of these dates each booking is for."""
    return [(booking, one) for booking in bookings for one in sessions_for(session, booking) if one in dates]


def _is_to_come(one: BookableSession) -> bool:
    return one.cancelled_at is None and one.starts_at > clock.now()
