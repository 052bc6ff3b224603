"""The end of a course: staff say who completed it, and each of them has a certificate until that is taken back."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.codes import BookingAction, BookingState
from app.booking.models import Booking, Run
from app.booking.operations.moving import move
from app.booking.queries.bookings import active_here
from app.booking.queries.completing import is_over, taking_part
from app.core.actor import Actor
from app.core.errors import Refused


def complete(session: Session, actor: Actor, run: Run, bookings: Collection[UUID]) -> int:
    """These people have completed the course; says how many are new. Pressed twice it is done once.

    Refused before the last session has ended.
    """
    if not is_over(session, run):
        raise Refused("The last date is not over yet.")
    done = 0
    for one in taking_part(session, run):
        if one.booking.id in bookings and one.booking.state is BookingState.BOOKED:
            move(session, actor, one.booking, BookingAction.COMPLETE)
            done += 1
    record(session, actor, Action.CHANGED, ("run", run.id), fields=("completed",))
    return done


def take_back(session: Session, actor: Actor, booking: Booking) -> bool:
    """It was pressed for the wrong person: they have a place as before. Pressed twice it is done once.

    What the register says of them stays, and so does that it was said and taken back.
    """
    if booking.state is not BookingState.COMPLETED:
        return False
    if booking.attendee_id is not None and active_here(session, booking.pool_id, booking.attendee_id):
        raise Refused("They have another place here by now. End that one first.")
    # The place that was given back is theirs again, whoever may have it meanwhile: all of it is over.
    move(session, actor, booking, BookingAction.UNDO_COMPLETE, past_capacity=True)
    return True
