"""Who hears of what becomes of their bookings, and by which way each person is written to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking.codes import OPEN_STATES, BookingAction, BookingState
from app.booking.models import AttendanceRecord, BookableSession, Booking, Pool, Run
from app.booking.reach import reach_of
from app.core import clock
from app.notifications.codes import MessageState
from app.notifications.models import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """How many people are written to by each way, and who must be spoken to for nobody can write to them."""

    by_email: int
    by_text: int
    unreached: tuple[str, ...]

    @property
    def told(self) -> int:
        """How many messages go out: one to each person."""
        return self.by_email + self.by_text


def audience_of(session: Session, bookings: Iterable[Booking]) -> Audience:
    """Who hears, each person once however many of the bookings are theirs."""
    first = {one.attendee_id: one for one in reversed(list(bookings)) if one.attendee_id is not None}
    reached = [(one, reach_of(session, one)) for one in first.values()]
    by_email = sum(1 for _one, reach in reached if reach is not None and "@" in reach.address)
    unreached = sorted(one.name for one, reach in reached if reach is None)
    by_text = len(reached) - by_email - len(unreached)
    return Audience(by_email=by_email, by_text=by_text, unreached=tuple(unreached))


def completion_key(booking: Booking) -> str:
    """How the keys of the messages begin that say that a booking is completed."""
    return f"booking:{booking.id}:{BookingAction.COMPLETE}:"


def hears_of_taking_back(session: Session, booking: Booking) -> list[Booking]:
    """The booking of whom it is taken back that they completed it, unless no message of it has left yet."""
    waits = Message.state.in_([MessageState.QUEUED, MessageState.HELD])
    wanted = select(Message.id).where(Message.dedupe_key.startswith(completion_key(booking), autoescape=True), waits)
    return [] if session.scalar(wanted.order_by(Message.id).limit(1)) else [booking]


def hear_of_run(session: Session, run: Run) -> list[Booking]:
    """The bookings that end with a run. Who came to a date that is over was there: nothing of theirs is called off."""
    wanted = (
        select(Booking)
        .join(Pool, Pool.id == Booking.pool_id)
        .where(Pool.run_id == run.id, Pool.ends_at > clock.now(), Booking.state.in_(OPEN_STATES))
        .order_by(Pool.id, Booking.created_at, Booking.id)
    )
    return list(session.scalars(wanted))


def hear_of_session(session: Session, one: BookableSession) -> list[Booking]:
    """The bookings that end with a date of its own; of one that is of a whole run, those of who is expected."""
    own = select(Booking).join(Pool, Pool.id == Booking.pool_id).where(Pool.session_id == one.id)
    found = session.scalars(own.where(Booking.state.in_(OPEN_STATES)).order_by(Booking.created_at, Booking.id)).all()
    return list(found) or [attendance.booking for attendance in expected_at(session, one)]


def heard_of_run(session: Session, run: Run) -> list[Booking]:
    """The bookings that ended with a run when it was called off."""
    if run.cancelled_at is None:
        return []
    wanted = (
        select(Booking)
        .join(Pool, Pool.id == Booking.pool_id)
        .where(Pool.run_id == run.id, Booking.state == BookingState.RUN_CANCELLED)
        .order_by(Pool.id, Booking.created_at, Booking.id)
    )
    return list(session.scalars(wanted))


def heard_of_session(session: Session, one: BookableSession) -> list[Booking]:
    """Who heard of what was last done with a date: whose booking ended with it, else who is expected at it."""
    found = [attendance.booking for attendance in expected_at(session, one)]
    if one.cancelled_at is None or found:
        return found
    ended = (
        select(Booking)
        .join(Pool, Pool.id == Booking.pool_id)
        .where(Pool.session_id == one.id, Booking.state == BookingState.CANCELLED_BY_SERVICE)
        .where(Booking.decided_at >= one.cancelled_at)
    )
    return list(session.scalars(ended.order_by(Booking.created_at, Booking.id)))


def expected_at(session: Session, one: BookableSession) -> Sequence[AttendanceRecord]:
    """Who is booked and expected at a date."""
    wanted = (
        select(AttendanceRecord)
        .join(Booking, Booking.id == AttendanceRecord.booking_id)
        .where(
            AttendanceRecord.session_id == one.id,
            AttendanceRecord.ended_at.is_(None),
            Booking.state == BookingState.BOOKED,
        )
        .order_by(AttendanceRecord.created_at, AttendanceRecord.id)
    )
    return session.scalars(wanted).all()
