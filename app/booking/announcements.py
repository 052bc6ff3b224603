"""What booking tells its own messages and the features above, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass

from app.booking.codes import BookingAction, BookingState
from app.booking.models import AttendanceRecord, BookableSession, Booking, Pool, Run, RunInvitation


@dataclass(frozen=True, slots=True)
class BookingMoved:
    """A booking went from one state to another; `expected` are the entries in the register that it got by it."""

    booking: Booking
    action: BookingAction
    before: BookingState
    reason: str = ""
    expected: tuple[AttendanceRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class MeetsAnother:
    """Whoever has an appointment meets somebody else of the service, `who`, at the same time and place."""

    booking: Booking
    who: str


@dataclass(frozen=True, slots=True)
class SessionMoved:
    """A session has another time or another room, or only another link by which to join it."""

    session: BookableSession
    link_only: bool = False


@dataclass(frozen=True, slots=True)
class DatesMoved:
    """Many sessions of a run have other times or rooms, all in one step; `sessions` are those."""

    run: Run
    sessions: tuple[BookableSession, ...]


@dataclass(frozen=True, slots=True)
class BookedTold:
    """Staff write to whoever is expected at these sessions; `key` is the same where a form is sent twice."""

    run: Run
    sessions: tuple[BookableSession, ...]
    words: str
    key: str


@dataclass(frozen=True, slots=True)
class SessionCancelled:
    """One session will not happen; the others of its run stand."""

    session: BookableSession


@dataclass(frozen=True, slots=True)
class AskedToMove:
    """There are fewer places than are taken; whoever has one keeps it, and is asked whether another date suits them."""

    pool: Pool
    bookings: tuple[Booking, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class RunCancelled:
    """A whole run is called off; `bookings` are all that ended with it."""

    run: Run
    bookings: tuple[Booking, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class PersonInvited:
    """Somebody is invited to a run; `token` is of the link, which only the message knows."""

    invitation: RunInvitation
    token: str


@dataclass(frozen=True, slots=True)
class SessionAttended:
    """Somebody came to a session."""

    attendance: AttendanceRecord


@dataclass(frozen=True, slots=True)
class SessionMissed:
    """Somebody did not come and had not told us."""

    attendance: AttendanceRecord
