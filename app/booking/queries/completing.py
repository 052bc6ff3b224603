"""Who took part in a course, how often they came, and what they could go on with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.booking.codes import CAME, NOT_FOR_ALL, BookingAction, BookingState
from app.booking.models import AttendanceRecord, BookableSession, Booking, BookingEvent, Course, Pool, Run
from app.booking.queries.offers import WITH_COURSE, Offer, offers_of, public_pools
from app.core import clock

MOST_NEXT = 3
LOOKED_AT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """That somebody took part: to how many of the sessions that were held they came.

    `taken_back_at`: when it was last said that they had not completed it after all.
    """

    booking: Booking
    came: int
    held: int
    taken_back_at: datetime | None = None

    @property
    def came_often(self) -> bool:
        """At least to half of them: what is proposed, and staff decide."""
        return self.held > 0 and self.came * 2 >= self.held

    @property
    def is_proposed(self) -> bool:
        """Who came often; never whoever it was taken back of, or one press would say it again."""
        return self.came_often and self.taken_back_at is None


def is_over(session: Session, run: Run) -> bool:
    """Whether the last session of a run that was held has ended."""
    wanted = select(func.max(BookableSession.ends_at)).where(
        BookableSession.run_id == run.id, BookableSession.cancelled_at.is_(None)
    )
    last = session.scalar(wanted)
    return last is not None and last <= clock.now()


def taking_part(session: Session, run: Run) -> list[Part]:
    """Who has a place in a run, or completed it, by name."""
    wanted = (
        select(Booking)
        .join(Pool, Pool.id == Booking.pool_id)
        .where(Pool.run_id == run.id, Booking.state.in_([BookingState.BOOKED, BookingState.COMPLETED]))
        .order_by(func.lower(Booking.name), Booking.id)
    )
    bookings = list(session.scalars(wanted))
    ids = [one.id for one in bookings]
    came, held, back = _came(session, ids), _held(session, run), _taken_back(session, ids)
    return [Part(booking=one, came=came.get(one.id, 0), held=held, taken_back_at=back.get(one.id)) for one in bookings]


def part_of(session: Session, booking: Booking) -> Part:
    """How somebody took part."""
    came = _came(session, [booking.id]).get(booking.id, 0)
    return Part(booking=booking, came=came, held=_held(session, booking.pool.run))


def taken_back_at(session: Session, booking: Booking) -> datetime | None:
    """When it was taken back that somebody completed it; nothing where it stands, or was never said."""
    if booking.state is not BookingState.BOOKED or clock.now() < booking.pool.starts_at:
        return None
    return _taken_back(session, [booking.id]).get(booking.id)


def _taken_back(session: Session, bookings: Sequence[UUID]) -> dict[UUID, datetime]:
    rows = session.execute(
        select(BookingEvent.booking_id, func.max(BookingEvent.created_at))
        .where(BookingEvent.booking_id.in_(bookings), BookingEvent.action == BookingAction.UNDO_COMPLETE)
        .group_by(BookingEvent.booking_id)
        .order_by(BookingEvent.booking_id)
    )
    return {booking_id: at for booking_id, at in rows}  # noqa: C416 - the types are clearer so


def _came(session: Session, bookings: list[UUID]) -> dict[UUID, int]:
    rows = session.execute(
        select(AttendanceRecord.booking_id, func.count())
        .where(AttendanceRecord.booking_id.in_(bookings), AttendanceRecord.state.in_(CAME))
        .group_by(AttendanceRecord.booking_id)
        .order_by(AttendanceRecord.booking_id)
    )
    return {booking_id: count for booking_id, count in rows}  # noqa: C416 - the types are clearer so


def _held(session: Session, run: Run) -> int:
    wanted = select(func.count()).where(
        BookableSession.run_id == run.id,
        BookableSession.cancelled_at.is_(None),
        BookableSession.ends_at <= clock.now(),
    )
    return session.scalar(wanted) or 0


def what_is_next(session: Session, booking: Booking) -> list[Offer]:
    """Other courses and groups of the same people that can be booked now, or just come to."""
    run = booking.pool.run
    wanted = public_pools().where(
        Course.organization_id == run.organization_id,
        Course.id != run.course_id,
        Run.who.not_in(NOT_FOR_ALL),
        Pool.starts_at > clock.now(),
    )
    found, seen = [], set()
    for offer in offers_of(session, session.scalars(wanted.options(WITH_COURSE).limit(LOOKED_AT)).all()):
        course_id = offer.pool.run.course_id
        if course_id not in seen and (offer.can_be_booked or offer.availability.value == "drop_in"):
            seen.add(course_id)
            found.append(offer)
    return found[:MOST_NEXT]
