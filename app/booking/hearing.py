"""Who hears of what becomes of their bookings, and by which way each person is written to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.booking.codes import IN_LINE, OPEN_STATES, BookingAction, BookingState
from app.booking.models import AttendanceRecord, BookableSession, Booking, Pool, Run, RunInvitation
from app.booking.reach import reach_of
from app.core import clock
from app.notifications.codes import MessageState
from app.notifications.models import Message

# How the keys of messages about changed dates end: when they changed last, and since when nothing of it was heard.
STAMP = "%Y%m%d%H%M%S%f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """How many people are written to by each way, and who must be spoken to for nobody can write to them.

    `in_line`: how many of those who are written to have no place, but wait or are offered one; `invited`: how many are
    invited and have not booked.
    """

    by_email: int
    by_text: int
    unreached: tuple[str, ...]
    in_line: int = 0
    invited: int = 0

    @property
    def told(self) -> int:
        """How many people are written to."""
        return self.by_email + self.by_text


def audience_of(session: Session, bookings: Iterable[Booking], guests: Sequence[RunInvitation] = ()) -> Audience:
    """Who hears, each person once however many of the bookings are theirs; `guests`: whoever is invited and hears too.

    A link that is given out has no address: whom it went to is for those who gave it to say.
    """
    known = [one for one in bookings if one.attendee_id is not None]
    first = {one.attendee_id: one for one in reversed(known)}
    with_place = {one.attendee_id for one in known if one.state not in IN_LINE}
    reached = [(one, reach_of(session, one)) for one in first.values()]
    addresses = [reach.address for _one, reach in reached if reach is not None]
    invited = [one.address for one in guests if one.address]
    by_email = sum(1 for address in addresses + invited if "@" in address)
    unreached = sorted([*(one.name for one, reach in reached if reach is None), *_given_out(guests)])
    return Audience(
        by_email=by_email,
        by_text=len(addresses) + len(invited) - by_email,
        unreached=tuple(unreached),
        in_line=sum(1 for one, reach in reached if reach is not None and one.attendee_id not in with_place),
        invited=len(invited),
    )


def _given_out(guests: Iterable[RunInvitation]) -> list[str]:
    return [one.name for one in guests if one.address is None and one.name]


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
    """The bookings that end with a date of its own; of one that is of a whole run, of who is expected or in line."""
    own = select(Booking).join(Pool, Pool.id == Booking.pool_id).where(Pool.session_id == one.id)
    found = session.scalars(own.where(Booking.state.in_(OPEN_STATES)).order_by(Booking.created_at, Booking.id)).all()
    return list(found) or hear_of_dates(session, [one])


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
    """Who heard of what was last done with a date: whose booking ended with it, who is expected or in line for it."""
    found = hear_of_dates(session, [one])
    if one.cancelled_at is None or found:
        return found
    ended = (
        select(Booking)
        .join(Pool, Pool.id == Booking.pool_id)
        .where(Pool.session_id == one.id, Booking.state == BookingState.CANCELLED_BY_SERVICE)
        .where(Booking.decided_at >= one.cancelled_at)
    )
    return list(session.scalars(ended.order_by(Booking.created_at, Booking.id)))


def hear_of_dates(session: Session, dates: Sequence[BookableSession]) -> list[Booking]:
    """The bookings of who is expected at these dates, or is in line for them."""
    expected = [attendance.booking for one in dates for attendance in expected_at(session, one)]
    return [*expected, *in_line_for(session, dates)]


def in_line_for(session: Session, dates: Sequence[BookableSession]) -> list[Booking]:
    """Who waits for a place at one of these dates, or is offered one, where the list has not ended."""
    of_all_dates = Pool.session_id.is_(None)
    wanted = (
        select(Booking)
        .join(Pool, Pool.id == Booking.pool_id)
        .where(Pool.run_id.in_({one.run_id for one in dates}))
        .where(or_(of_all_dates, Pool.session_id.in_([one.id for one in dates])))
        .where(Pool.starts_at > clock.now(), Booking.state.in_(IN_LINE))
        .order_by(Pool.id, Booking.queued_at, Booking.id)
    )
    return list(session.scalars(wanted))


def untold_since(session: Session, keys: str) -> datetime | None:
    """Since when somebody has not heard: of the first message whose key begins so, and that has not left yet."""
    waits = Message.state.in_([MessageState.QUEUED, MessageState.HELD])
    wanted = select(Message.dedupe_key).where(Message.dedupe_key.startswith(keys, autoescape=True), waits)
    key = session.scalar(wanted.order_by(Message.created_at, Message.id).limit(1))
    return datetime.strptime(key.rsplit(":", 1)[1], STAMP).replace(tzinfo=UTC) if key else None


def key_of_change(keys: str, changed_at: datetime, since: datetime | None) -> str:
    """The key of a message about dates, of which `untold_since` reads later what must not be lost with it."""
    return f"{keys}{changed_at:{STAMP}}:{since or changed_at:{STAMP}}"


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
