"""Bookings as calendar files: from the rows to the values that `calendars` writes."""

from __future__ import annotations

from email.utils import parseaddr
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy.orm import Session

from app.booking import calendars
from app.booking.calendar_values import BOOKING, SESSION, BookedSession, Occasion, Organiser, uid
from app.booking.codes import BookingState
from app.booking.models import AttendanceRecord, Booking
from app.booking.queries.bookings import attendances_of
from app.booking.queries.calendars import PublicSession
from app.booking.rules.sessions import JOIN_HOURS, Meeting, may_join_online
from app.booking.wording import calendar_words, place_line, place_words
from app.core import clock
from app.notifications.operations import CalendarPart
from app.notifications.post import sender_address
from app.notifications.rendering import address_of
from app.settings import Settings


def organiser() -> Organiser:
    """Who sends the files: the address that mail comes from."""
    name, address = parseaddr(sender_address(_settings()))
    return Organiser(name=name, address=address)


def host() -> str:
    """The host in every UID."""
    return (urlsplit(_settings().base_url).hostname or "localhost").lower()


def base_url() -> str:
    """Where links lead."""
    return _settings().base_url


def booked_session(attendance: AttendanceRecord) -> BookedSession:
    """One session in the calendar of the person who has the booking."""
    booking, one = attendance.booking, attendance.session
    gone = one.cancelled_at or attendance.ended_at
    return BookedSession(
        uid=uid(BOOKING, attendance.calendar_key, host()),
        title=one.run.course.name,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        created_at=attendance.created_at,
        changed_at=max(attendance.changed_at, one.changed_at),
        page=address_of("booking.find"),
        sequence=one.sequence + attendance.own_sequence,
        place=place_words(one.room),
        cancelled_at=gone,
        discreet=booking.discreet,
        join=join_link(attendance),
    )


def join_link(attendance: AttendanceRecord) -> str | None:
    """The link to join an online session, from some hours before it, for who has a place."""
    one = attendance.session
    link = one.joined_by
    meeting = Meeting(starts_at=one.starts_at, ends_at=one.ends_at, place="", cancelled=one.cancelled_at is not None)
    booked = attendance.booking.state is BookingState.BOOKED and attendance.ended_at is None
    may = may_join_online(booked=booked, meeting=meeting, now=clock.now(), hours_before=JOIN_HOURS)
    # The form takes no other, but what stands in a page to be pressed is looked at where it is told.
    return link if link and may and link.startswith("https://") else None


def occasion(one: PublicSession) -> Occasion:
    """A session in the calendar of anybody."""
    return Occasion(
        uid=uid(SESSION, one.key, host()),
        title=one.title,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        created_at=one.created_at,
        changed_at=one.changed_at,
        page=base_url() + f"/services/{one.service_id}",
        sequence=one.sequence,
        place=place_line(one.room, one.address, is_online=one.is_online),
        cancelled_at=one.cancelled_at,
    )


def file_of(session: Session, booking: Booking) -> bytes:
    """All sessions of a booking, to download."""
    found = [booked_session(one) for one in attendances_of(session, booking.id)]
    return calendars.personal_file(found, organiser(), calendar_words())


def part_for(attendances: list[AttendanceRecord], recipient: str, *, gone: bool) -> CalendarPart | None:
    """What goes with a mail: an invitation or a cancellation where it is about one session, else a file of them all.

    One mail announces one thing (RFC 5546 knows no other), and mail programs take only the first.
    """
    found = [booked_session(one) for one in attendances]
    if not found:
        return None
    if len(found) > 1:
        content = calendars.personal_file(found, organiser(), calendar_words())
        return CalendarPart(method="PUBLISH", text=content.decode())
    if gone or found[0].cancelled_at is not None:
        content = calendars.cancellation(found[0], organiser(), calendar_words(), recipient=recipient)
        return CalendarPart(method="CANCEL", text=content.decode())
    content = calendars.request(found[0], organiser(), calendar_words(), recipient=recipient)
    return CalendarPart(method="REQUEST", text=content.decode())


def _settings() -> Settings:
    settings: Settings = current_app.extensions["waymark_settings"]
    return settings
