"""The end of a course: staff say who completed it, and each of them has a certificate from then on."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.codes import BookingAction, BookingState
from app.booking.models import Run
from app.booking.operations.moving import move
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
