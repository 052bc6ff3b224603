"""Whoever has a booking is told what becomes of it, once, by a message of the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from app.booking import (
    date_reactions,  # noqa: F401 - they tell of dates that change
    emails,
    guest_emails,
    record,  # noqa: F401 - the record of a person learns of bookings
)
from app.booking.announcements import (
    AskedToMove,
    BookedTold,
    BookingMoved,
    MeetsAnother,
    PersonInvited,
    RunCancelled,
    SessionAttended,
)
from app.booking.codes import IN_LINE, Attendance, BookingAction, BookingState
from app.booking.hearing import completion_key, expected_at
from app.booking.holidays import bank_holidays
from app.booking.models import AttendanceRecord, Booking
from app.booking.operations.following import come_back, follow
from app.booking.queries.bookings import attendances_of, place_in_line, sessions_for
from app.booking.queries.offers import elsewhere
from app.booking.queries.programme import sessions_of_run
from app.booking.reminders import withdraw_reminders
from app.booking.rules.waiting import is_too_late_for_offers
from app.core import clock
from app.core.events import on
from app.directory.curation.announcements import ListingsMerged, MergeUndone
from app.notifications.operations import cancel
from app.people.models import Person
from app.people.operations import note_seen

HEARD_OF = frozenset({Attendance.SESSION_CANCELLED})
CALLED_OFF = frozenset({BookingAction.CANCEL_BY_SERVICE})
GIVEN_UP = frozenset({BookingAction.CANCEL_BY_PERSON, BookingAction.TRANSFER, BookingAction.RELEASE})


@on(BookingMoved)
def tell_the_person(session: Session, event: BookingMoved) -> None:
    """Say how the booking stands now."""
    booking = event.booking
    key = f"booking:{booking.id}:{event.action}:{booking.decided_at or clock.now():%Y%m%d%H%M%S%f}"
    if booking.attendee_id is not None and event.action is BookingAction.COMPLETE:
        emails.tell(session, booking, emails.COMPLETED, key)
    if booking.attendee_id is not None and event.action is BookingAction.UNDO_COMPLETE:
        _tell_taken_back(session, booking, key)
    if booking.attendee_id is None or booking.pool.ends_at <= clock.now():
        return
    match event.action:
        case BookingAction.BOOK | BookingAction.ACCEPT_OFFER:
            _tell_booked(session, event, key)
        case BookingAction.JOIN_WAITING_LIST:
            position = place_in_line(session, booking)
            soon = is_too_late_for_offers(clock.now(), starts_at=booking.pool.starts_at, holidays=bank_holidays())
            emails.tell(session, booking, emails.WAITING, f"{_waiting(booking)}{key}", position=position, soon=soon)
        case BookingAction.OFFER:
            _need_not_hear_of_waiting(session, booking)
            lines = _sessions(session, booking)
            emails.tell(
                session, booking, emails.OFFERED, key, lines, until=booking.expires_at, expires_at=booking.expires_at
            )
        case BookingAction.LAPSE_OFFER:
            again = booking.state is BookingState.WAITING
            emails.tell(session, booking, emails.OFFER_OVER, f"{_waiting(booking)}{key}" if again else key, again=again)
        case action if action in CALLED_OFF | GIVEN_UP | {BookingAction.WITHDRAW}:
            _tell_ended(session, event, key)
        case _:
            pass


@on(SessionAttended)
def note_that_they_were_seen(session: Session, event: SessionAttended) -> None:
    """Whoever came and has a record was seen on that day."""
    booking = event.attendance.booking
    person = session.get(Person, booking.person_id) if booking.person_id else None
    if person is not None:
        note_seen(session, person, event.attendance.session.starts_at.astimezone(clock.LONDON).date())


def _tell_taken_back(session: Session, booking: Booking, key: str) -> None:
    """Whoever has read that they completed it reads that it was a mistake; a message that waits just never leaves."""
    if not cancel(session, dedupe_prefix=completion_key(booking), reason="taken back"):
        emails.tell(session, booking, emails.NOT_COMPLETED, key)


def _waiting(booking: Booking) -> str:
    return f"waiting:{booking.id}:"


def _need_not_hear_of_waiting(session: Session, booking: Booking) -> None:
    """Whoever's turn it is now, before a message has left that says they wait: it would only confuse."""
    cancel(session, dedupe_prefix=_waiting(booking), reason="served")


def _tell_booked(session: Session, event: BookingMoved, key: str) -> None:
    booking = event.booking
    if booking.queued_at is not None:
        _need_not_hear_of_waiting(session, booking)
    emails.tell(session, booking, emails.BOOKED, key, _coming(event.expected), with_calendar=True)


def _tell_ended(session: Session, event: BookingMoved, key: str) -> None:
    booking = event.booking
    attendances = attendances_of(session, booking.id)
    withdraw_reminders(session, booking)
    if event.before is BookingState.HELD or event.before is BookingState.DRAFT:
        return
    kind = emails.CALLED_OFF if event.action in CALLED_OFF else emails.CANCELLED
    gone = [one for one in attendances if one.session.ends_at > clock.now()]
    told = gone or _sessions(session, booking, off=event.action in CALLED_OFF)
    emails.tell(
        session,
        booking,
        kind,
        key,
        told,
        with_calendar=bool(gone),
        gone=True,
        why=event.reason,
        whole=True,
        # They have another time, of which another message tells: nobody is to think that they lost their place.
        moved=event.action is BookingAction.TRANSFER,
        in_line=event.before in IN_LINE,
    )


def _coming(attendances: Iterable[AttendanceRecord]) -> list[AttendanceRecord]:
    now = clock.now()
    return [one for one in attendances if one.ended_at is None and one.session.starts_at > now]


def _sessions(session: Session, booking: Booking, *, off: bool = False) -> list[AttendanceRecord]:
    """The sessions that an offer or a wait is for, as if they were booked; nothing of it is kept."""
    wanted = [one for one in sessions_for(session, booking) if (one.cancelled_at is not None) is off]
    return [AttendanceRecord(booking=booking, session=one) for one in wanted if one.ends_at > clock.now()]


@on(RunCancelled)
def tell_of_the_end(session: Session, event: RunCancelled) -> None:
    """Each person once, however many of its sessions they had booked."""
    by_person: dict[UUID | None, list[Booking]] = defaultdict(list)
    for booking in event.bookings:
        withdraw_reminders(session, booking)
        by_person[booking.attendee_id].append(booking)
    for attendee_id, bookings in by_person.items():
        booked = [one for booking in bookings for one in attendances_of(session, booking.id)]
        # Of a date that was called off before they have heard.
        gone = [one for one in booked if one.session.ends_at > clock.now() and one.state not in HEARD_OF]
        told = gone or [one for booking in bookings for one in _sessions(session, booking, off=True)]
        told.sort(key=lambda each: each.session.starts_at)
        key = f"run:{event.run.id}:{attendee_id}:off"
        with_calendar, why = bool(gone), event.reason
        emails.tell(
            session,
            bookings[0],
            emails.CALLED_OFF,
            key,
            told,
            with_calendar=with_calendar,
            gone=True,
            why=why,
            whole=True,
            in_line=not booked,
        )
    ended = event.run.cancelled_at
    off = [one for one in sessions_of_run(session, event.run.id) if ended is not None and one.changed_at >= ended]
    guest_emails.tell_of_dates(session, event.run, off)


@on(PersonInvited)
def tell_who_is_invited(session: Session, event: PersonInvited) -> None:
    """Send the link."""
    guest_emails.tell_invited(session, event.invitation, event.token)


@on(BookedTold)
def tell_what_they_write(session: Session, event: BookedTold) -> None:
    """Each person once, about the first of these sessions that is theirs."""
    first: dict[UUID | None, AttendanceRecord] = {}
    for one in event.sessions:
        for attendance in expected_at(session, one):
            first.setdefault(attendance.booking.attendee_id, attendance)
    for attendee_id, attendance in first.items():
        key = f"note:{event.run.id}:{event.key}:{attendee_id}"
        # Of no use once it has begun.
        ends = attendance.session.starts_at
        emails.tell(session, attendance.booking, emails.NOTE, key, [attendance], why=event.words, expires_at=ends)


@on(AskedToMove)
def tell_of_fewer_places(session: Session, event: AskedToMove) -> None:
    """Everybody who is booked hears once that their place is safe, and what they may choose. Nothing moves by it."""
    can_move = bool(elsewhere(session, event.pool))
    for booking in event.bookings:
        key = f"booking:{booking.id}:fewer:{event.pool.asked_at:%Y%m%d%H%M%S%f}"
        coming = _coming(attendances_of(session, booking.id))
        emails.tell(session, booking, emails.FEWER, key, coming, can_move=can_move, why=event.words)


@on(MeetsAnother)
def tell_who_they_meet(session: Session, event: MeetsAnother) -> None:
    """Whoever has the appointment hears once that somebody else meets them; the time and the place stay."""
    coming = [one for one in attendances_of(session, event.booking.id) if one.ended_at is None]
    key = f"booking:{event.booking.id}:meets:{clock.now():%Y%m%d%H%M%S%f}"
    emails.tell(session, event.booking, emails.WITH_ANOTHER, key, coming, who=event.who)


@on(ListingsMerged)
def follow_the_listing(session: Session, event: ListingsMerged) -> None:
    """Its dates stay bookable, and whoever is booked stays so."""
    event.carried["dates"] = follow(session, event.actor, event.keep, event.drop)


@on(MergeUndone)
def come_back_with_it(session: Session, event: MergeUndone) -> None:
    """The dates that went over are those of the listing again."""
    come_back(session, event.actor, event.keep, event.drop, event.carried.get("dates", {}))
