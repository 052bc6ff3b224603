"""Every change of a booking's state: the table of `rules.states` decides, and the places follow."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.announcements import BookingMoved
from app.booking.codes import Attendance, BookingAction, BookingState, Party
from app.booking.models import AttendanceRecord, Booking, BookingEvent, Pool
from app.booking.operations import keeping, places
from app.booking.queries.bookings import sessions_for
from app.booking.rules.states import Refusal, next_state
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import Refused
from app.core.events import announce

EXPIRING = frozenset({BookingState.DRAFT, BookingState.HELD, BookingState.OFFERED})
# What is not worth an entry in the trail: nobody is known yet, or the clock did it.
_UNKNOWN = frozenset({BookingState.DRAFT, BookingState.HELD})
_WHY = {
    "over": "This booking has ended. Book again if you want to come.",
    "not_from_here": "That cannot be done with this booking now. Open it again to see how it stands.",
    "not_by_you": "That cannot be done from here. Ask the people who run it.",
    "needs_reason": "Say why.",
}


class Full(Refused):
    """There are not as many places."""


def party_of(actor: Actor) -> Party:
    """As whom an actor acts on a booking."""
    if actor.kind is ActorKind.SYSTEM:
        return Party.SYSTEM
    return Party.WORKER if actor.is_staff else Party.PERSON


def move(
    session: Session,
    actor: Actor,
    booking: Booking,
    action: BookingAction,
    *,
    reason: str = "",
    past_capacity: bool = False,
    counter: Pool | None = None,
) -> Booking:
    """Bring a booking to where `action` leads; the places are taken or given back with it.

    `counter` is from where places are taken, where it is one that is kept and not the pool's own.

    Refused where it may not happen, Full where the places are not there. Whoever waits is not served here: the verbs
    do that when all of theirs is done.
    """
    pool = places.lock_of(session, booking)
    before, party = booking.state, party_of(actor)
    step = next_state(before, action, by=party, reason=reason, lapsed_offers=booking.lapsed_offers)
    if isinstance(step, Refusal):
        raise Refused(_WHY[step.why])
    if step.uses > 0:
        booking.kept_pool_id = keeping.kept_id(pool, counter or pool)
    _count(session, keeping.of_booking(pool, booking), booking, step.uses, past_capacity=past_capacity)
    if step.uses < 0:
        booking.kept_pool_id = None
    booking.state = step.state
    if step.state not in EXPIRING:
        booking.expires_at = None
    booking.decided_at = clock.now()
    note(session, actor, booking, action, before, reason)
    expected = _attend(session, booking, before)
    announce(session, BookingMoved(booking, action, before, reason, expected))
    return booking


def _count(session: Session, pool: Pool, booking: Booking, uses: int, *, past_capacity: bool) -> None:
    if uses > 0 and past_capacity:
        places.squeeze_in(session, pool, booking.places)
    elif uses > 0 and not places.take(session, pool, booking.places):
        raise Full("There is no place left. You can join the waiting list.")
    elif uses < 0:
        places.give_back(session, pool, booking.places)


def note(
    session: Session,
    actor: Actor,
    booking: Booking,
    action: BookingAction | None,
    before: BookingState | None,
    reason: str,
) -> None:
    """Write the step down, and into the trail where it concerns somebody who is known."""
    session.add(
        BookingEvent(
            booking=booking,
            action=action,
            before=before,
            after=booking.state,
            by_party=party_of(actor),
            user_id=actor.user_id,
            reason=reason,
        )
    )
    session.flush()
    if booking.state not in _UNKNOWN and booking.attendee_id is not None:
        told = action.value if action else booking.state.value
        record(
            session,
            actor,
            Action.CHANGED,
            ("booking", booking.id),
            person_id=booking.person_id,
            fields=("state",),
            reason=told,
        )


def _attend(session: Session, booking: Booking, before: BookingState) -> tuple[AttendanceRecord, ...]:
    """The register expects who is booked, which nobody becomes twice, and no longer who has given the place up."""
    expected = []
    if booking.state is BookingState.BOOKED and before is not BookingState.COMPLETED:
        coming = (one for one in sessions_for(session, booking) if one.cancelled_at is None)
        expected = [AttendanceRecord(booking=booking, session=one) for one in coming if one.ends_at > clock.now()]
        session.add_all(expected)
        session.flush()
    elif before is BookingState.BOOKED and booking.state is not BookingState.COMPLETED:
        _end_attendance(session, booking)
    return tuple(expected)


def _end_attendance(session: Session, booking: Booking) -> None:
    now = clock.now()
    wanted = (
        select(AttendanceRecord)
        .where(AttendanceRecord.booking_id == booking.id, AttendanceRecord.ended_at.is_(None))
        .where(AttendanceRecord.state == Attendance.EXPECTED)
        .order_by(AttendanceRecord.id)
    )
    for attendance in session.scalars(wanted).all():
        if attendance.session.ends_at > now:
            attendance.ended_at = attendance.changed_at = now
            attendance.own_sequence += 1
    session.flush()
