"""Which bookings were begun in this browser: only there can they be finished before the code is typed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import session as visitor

from app.accounts.codes import UserKind
from app.accounts.current import signed_in
from app.booking.models import Attendee, Booking, RunInvitation
from app.booking.operations.attendees import attendee_of
from app.booking.queries.bookings import alone_by_id, by_id, names_of
from app.core import clock
from app.core.errors import NotFound
from app.core.text import single_line
from app.web.database import db

BEGUN, SHOWN, INVITED = "bookings", "booking_shown", "booking_invited"
MOST_BEGUN = 6
# So long a browser that showed whose the address is need not show it again.
SHOWN_LASTS = timedelta(minutes=30)


def remember(booking_id: UUID, code_id: UUID | None = None) -> None:
    """Note a booking that was begun here, and the code that was sent for it."""
    begun = dict(visitor.get(BEGUN) or {})
    begun.pop(booking_id.hex, None)
    begun[booking_id.hex] = code_id.hex if code_id else ""
    visitor[BEGUN] = dict(list(begun.items())[-MOST_BEGUN:])


def begun_here(booking_id: UUID, *, alone: bool = False) -> Booking:
    """A booking that was begun in this browser; `alone` without what it is of. NotFound for any other."""
    read = alone_by_id if alone else by_id
    found = read(db.session(), booking_id) if booking_id.hex in (visitor.get(BEGUN) or {}) else None
    if found is None:
        raise NotFound("booking")
    return found


def remember_invitation(invitation: RunInvitation) -> None:
    """Note that an invitation was opened here."""
    others = {run: one for run, one in dict(visitor.get(INVITED) or {}).items() if run != invitation.run_id.hex}
    visitor[INVITED] = dict([*others.items(), (invitation.run_id.hex, invitation.id.hex)][-MOST_BEGUN:])


def invitation_to(run_id: UUID) -> UUID | None:
    """The invitation to a run that was opened in this browser."""
    try:
        return UUID(hex=str(dict(visitor.get(INVITED) or {}).get(run_id.hex, "")))
    except (TypeError, ValueError):
        return None


def code_sent(booking: Booking) -> UUID | None:
    """The code that was sent for a booking."""
    try:
        return UUID(hex=str((visitor.get(BEGUN) or {}).get(booking.id.hex, "")))
    except ValueError:
        return None


def note_shown(attendee: Attendee) -> None:
    """Note whose address it was shown to be."""
    visitor[SHOWN] = [attendee.id.hex, clock.now().isoformat()]


def known_attendee() -> Attendee | None:
    """Whose address needs no code: a person who is signed in, or one who has just typed a code in this browser."""
    return _of_account() or _shown_lately()


def known_address() -> str | None:
    """The address of `known_attendee`, for pages that only look."""
    if (address := account_address()) is not None:
        return address
    shown = _shown_lately()
    return shown.address if shown else None


def is_somebody_else(name: str) -> bool:
    """Whether another person than the one who typed a code here lately says who they are, by the name alone."""
    shown = None if account_address() else _shown_lately()
    if shown is None:
        return False
    return single_line(name).casefold() not in {each.casefold() for each in names_of(db.session(), shown.id)}


def account_address() -> str | None:
    """The address of the person who is signed in."""
    known = signed_in()
    if known is None or known.user.kind is not UserKind.PERSON:
        return None
    return known.user.email or known.user.mobile


def _of_account() -> Attendee | None:
    address = account_address()
    return attendee_of(db.session(), address) if address else None


def _shown_lately() -> Attendee | None:
    try:
        attendee_id, at = visitor.get(SHOWN) or ("", "")
        shown_at = datetime.fromisoformat(at)
        fresh = clock.now() - shown_at < SHOWN_LASTS
        return db.session().get(Attendee, UUID(hex=attendee_id)) if fresh else None
    except (TypeError, ValueError):
        return None
