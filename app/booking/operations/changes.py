"""What becomes of what was booked when a session moves, a run is called off or a room turns out smaller.

Every person is told once, by a message of the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.announcements import AskedToMove, DatesMoved, RunCancelled, SessionCancelled, SessionMoved
from app.booking.codes import OPEN_STATES, Attendance, BookingAction, BookingState, PoolStatus
from app.booking.models import AccessNeed, AttendanceRecord, BookableSession, Booking, Pool, Room, Run
from app.booking.operations import places
from app.booking.operations.moving import move
from app.booking.operations.programme import Clashing, Taken, hindrances, real_room, refuse_clashes, set_spans
from app.booking.operations.waiting import end_expired, renew_offers, serve
from app.booking.queries import programme
from app.booking.queries.programme import leading
from app.booking.rules.clashes import Slot
from app.booking.rules.sessions import JOIN_HOURS
from app.booking.rules.wall_time import instant_of
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.core.events import announce


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time as the clock on the wall shows it; `second` says which is meant where it comes twice."""

    wall: datetime
    minutes: int
    second: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A room; where it is an online one, `join_link` is how to join if not as the room says."""

    room_id: UUID | None
    join_link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDate:
    """When and where a date is to be that is planned already."""

    of: BookableSession
    wall: datetime
    starts_at: datetime
    ends_at: datetime
    where: Where

    @property
    def differs(self) -> bool:
        """Whether anything of it is other than it is now."""
        now = Where(room_id=self.of.room_id, join_link=self.of.join_link)
        return (self.starts_at, self.ends_at, self.where) != (self.of.starts_at, self.of.ends_at, now)


class Moved(StrEnum):
    """What became of a date that was to move; `UNTOLD`: only its link changed, and nobody has read the old one yet.

    `LINK`: only its link changed, which whoever is booked is told.
    """

    NOT = "same"
    UNTOLD = "changed"
    LINK = "link"
    TOLD = "moved"


def move_session(session: Session, actor: Actor, one: BookableSession, when: When, where: Where) -> Moved:
    """Another time, room or link. Where all is as it was nothing is written, and nobody is told."""
    starts_at, ends_at = _span(one, when)
    if one.cancelled_at is not None or one.starts_at <= clock.now():
        raise Refused("A session that is cancelled or has begun cannot be moved.")
    if starts_at <= clock.now():
        raise InvalidInput("Choose a time that is still to come.")
    if (starts_at, ends_at, where) == (one.starts_at, one.ends_at, Where(room_id=one.room_id, join_link=one.join_link)):
        return Moved.NOT
    if where.join_link and (where.room_id is None or real_room(session, where.room_id)):
        raise InvalidInput("Choose an online room, or leave the link empty.")
    refuse_clashes(session, [_slot(session, one, starts_at, ends_at, where.room_id)])
    pools = _lock_settled(session, one.run_id)
    link_only = (starts_at, ends_at, where.room_id) == (one.starts_at, one.ends_at, one.room_id)
    new = NewDate(of=one, wall=when.wall, starts_at=starts_at, ends_at=ends_at, where=where)
    _write(session, actor, new, clock.now())
    set_spans(session, one.run)
    if link_only and not _is_link_known(one):
        return Moved.UNTOLD
    if link_only:
        announce(session, SessionMoved(one, link_only=True))
        return Moved.LINK
    _arrange_anew(session, one)
    _tell_moved(session, pools, [one], SessionMoved(one))
    return Moved.TOLD


def move_dates(session: Session, actor: Actor, run: Run, wanted: Sequence[NewDate]) -> list[BookableSession]:
    """Many dates of a run at once, all or none; says which changed. Each person hears once, of all that are theirs.

    InvalidInput or Refused where one of them may not be so, Clashing where its room or who leads it is taken.
    """
    changing = [each for each in wanted if each.differs]
    if not changing:
        return []
    for each in changing:
        refuse_past(each)
    _refuse_overlaps(session, run, changing)
    if hindered := [one for taken in in_the_way(session, changing) for one in taken]:
        raise Clashing(hindered[:5])
    pools, now = _lock_settled(session, run.id), clock.now()
    for each in changing:
        _write(session, actor, each, now)
    set_spans(session, run)
    for each in changing:
        _arrange_anew(session, each.of)
    moved = sorted((each.of for each in changing), key=lambda one: (one.starts_at, one.id))
    _tell_moved(session, pools, moved, DatesMoved(run, tuple(moved)))
    return moved


def refuse_past(each: NewDate) -> None:
    """Refused for a date that is off or has begun, InvalidInput for a time that is over."""
    if each.of.cancelled_at is not None or each.of.starts_at <= clock.now():
        raise Refused("A session that is cancelled or has begun cannot be moved.")
    if each.starts_at <= clock.now():
        raise InvalidInput("Choose a time that is still to come.")


def in_the_way(session: Session, wanted: Sequence[NewDate]) -> list[tuple[Taken, ...]]:
    """Of each new date what of its room and of who leads it is taken, by what does not move with it."""
    slots = [_slot(session, each.of, each.starts_at, each.ends_at, each.where.room_id) for each in wanted]
    return hindrances(session, slots, besides={each.of.id for each in wanted})


def _refuse_overlaps(session: Session, run: Run, changing: Sequence[NewDate]) -> None:
    """Nobody can be at two dates of a course at a time, those that stay among them."""
    moving = {each.of.id for each in changing}
    stay = [one for one in programme.sessions_of_run(session, run.id) if one.id not in moving]
    spans = [(each.starts_at, each.ends_at) for each in changing]
    spans.extend((one.starts_at, one.ends_at) for one in stay if one.cancelled_at is None)
    if any(after[0] < before[1] for before, after in pairwise(sorted(spans))):
        raise InvalidInput("Two dates would be at the same time. Look at each of them.")


def _write(session: Session, actor: Actor, new: NewDate, now: datetime) -> None:
    one = new.of
    one.starts_at, one.ends_at, one.wall_start = new.starts_at, new.ends_at, new.wall
    one.room_id, one.join_link = new.where.room_id, new.where.join_link
    one.sequence, one.changed_at = one.sequence + 1, now
    session.flush()
    session.refresh(one, ["room"])
    record(session, actor, Action.CHANGED, ("session", one.id), fields=("starts_at", "room_id", "join_link"))


def _span(one: BookableSession, when: When) -> tuple[datetime, datetime]:
    """From when to when. A form knows no seconds, nor which of two equal times it was: what it leaves stays."""
    is_as_it_was = when.second is None and when.wall == one.wall_start.replace(second=0, microsecond=0)
    starts_at = one.starts_at if is_as_it_was else instant_of(when.wall, second=when.second)
    length = one.ends_at - one.starts_at
    if length // timedelta(minutes=1) != when.minutes:
        length = timedelta(minutes=when.minutes)
    return starts_at, starts_at + length


def _is_link_known(one: BookableSession) -> bool:
    """Whether people have read how to join. Of a link that nobody has seen yet there is nothing to say."""
    return one.starts_at - timedelta(hours=JOIN_HOURS) <= clock.now()


def follow_link(session: Session, room: Room) -> None:
    """An online room is joined by another link: so are its dates to come without one of their own."""
    wanted = select(BookableSession).where(
        BookableSession.room_id == room.id,
        BookableSession.join_link.is_(None),
        BookableSession.cancelled_at.is_(None),
        BookableSession.ends_at > clock.now(),
    )
    for one in session.scalars(wanted.order_by(BookableSession.starts_at, BookableSession.id)).all():
        one.sequence, one.changed_at = one.sequence + 1, clock.now()
        session.flush()
        if _is_link_known(one):
            announce(session, SessionMoved(one, link_only=True))


def _arrange_anew(session: Session, one: BookableSession) -> None:
    """What people need is a task again: an interpreter or a loop was arranged for the old time and room."""
    expected = select(AttendanceRecord.booking_id).where(
        AttendanceRecord.session_id == one.id, AttendanceRecord.ended_at.is_(None)
    )
    wanted = select(AccessNeed).where(AccessNeed.booking_id.in_(expected), AccessNeed.met_at.is_not(None))
    for need in session.scalars(wanted.order_by(AccessNeed.id)):
        need.met_at = need.met_by_id = None
    session.flush()


def _slot(session: Session, one: BookableSession, starts_at: datetime, ends_at: datetime, room_id: UUID | None) -> Slot:
    return Slot(
        session=one.id,
        starts_at=starts_at,
        ends_at=ends_at,
        room=real_room(session, room_id),
        facilitators=leading(one),
    )


def _lock_pools(session: Session, run_id: UUID) -> list[Pool]:
    ids = session.scalars(select(Pool.id).where(Pool.run_id == run_id).order_by(Pool.id)).all()
    return places.lock(session, *ids) if ids else []


def _lock_settled(session: Session, run_id: UUID) -> list[Pool]:
    """The pools, locked; what has run out is ended, so that nobody is told that an offer stands which does not."""
    pools = _lock_pools(session, run_id)
    for pool in pools:
        end_expired(session, pool)
    return pools


def _tell_moved(
    session: Session, pools: Sequence[Pool], dates: Sequence[BookableSession], event: SessionMoved | DatesMoved
) -> None:
    """Who is offered a place has time anew, everybody is told, and at a later time a place may be offered at last."""
    ids = {None, *(one.id for one in dates)}
    touched = [pool for pool in pools if pool.session_id in ids and pool.parent_id is None]
    for pool in touched:
        renew_offers(session, pool)
    announce(session, event)
    for pool in touched:
        serve(session, pool)


def cancel_session(session: Session, actor: Actor, one: BookableSession, *, reason: str) -> None:
    """Call one session off. Whoever booked this session alone has their booking ended; a run goes on without it."""
    _check_reason(reason)
    if one.cancelled_at is not None:
        return
    if one.ends_at <= clock.now():
        raise Refused("This date is over, so it cannot be called off.")
    pools = [pool for pool in _lock_settled(session, one.run_id) if pool.session_id == one.id]
    _call_off(session, one, reason)
    record(session, actor, Action.CHANGED, ("session", one.id), fields=("cancelled_at",), reason=reason)
    if pools:
        for pool in pools:
            places.set_status(session, pool, PoolStatus.CLOSED)
            for booking in _open_bookings(session, pool):
                move(session, actor, booking, BookingAction.CANCEL_BY_SERVICE, reason=reason)
    announce(session, SessionCancelled(one))
    if not pools:
        _mark_off(session, one)
    set_spans(session, one.run)


def cancel_run(session: Session, actor: Actor, run: Run, *, reason: str) -> int:
    """Call a whole run off; says how many bookings ended with it. Each person hears of it once."""
    _check_reason(reason)
    if run.cancelled_at is not None:
        return 0
    pools = _lock_pools(session, run.id)
    run.cancelled_at, run.cancel_reason = clock.now(), reason
    for one in programme.sessions_of_run(session, run.id):
        if one.cancelled_at is None and one.ends_at > clock.now():
            _call_off(session, one, reason)
    ended = []
    for pool in pools:
        places.set_status(session, pool, PoolStatus.CLOSED)
        # Who came to a date that is over was there: nothing of theirs is called off.
        for booking in _open_bookings(session, pool) if pool.ends_at > clock.now() else ():
            before = booking.state
            ended.append((move(session, actor, booking, BookingAction.CANCEL_RUN, reason=reason), before))
    record(session, actor, Action.CHANGED, ("run", run.id), fields=("cancelled_at",), reason=reason)
    known = [(booking, before) for booking, before in ended if booking.attendee_id is not None]
    announce(session, RunCancelled(run, tuple(booking for booking, _before in known), reason))
    return len(known)


def _call_off(session: Session, one: BookableSession, reason: str) -> None:
    one.cancelled_at = one.changed_at = clock.now()
    one.cancel_reason, one.sequence = reason, one.sequence + 1
    session.flush()


def _mark_off(session: Session, one: BookableSession) -> None:
    wanted = select(AttendanceRecord).where(
        AttendanceRecord.session_id == one.id, AttendanceRecord.state == Attendance.EXPECTED
    )
    for attendance in session.scalars(wanted.order_by(AttendanceRecord.id)).all():
        attendance.state, attendance.changed_at = Attendance.SESSION_CANCELLED, clock.now()
    session.flush()


def _open_bookings(session: Session, pool: Pool) -> list[Booking]:
    wanted = select(Booking).where(Booking.pool_id == pool.id, Booking.state.in_(OPEN_STATES))
    return list(session.scalars(wanted.order_by(Booking.created_at, Booking.id)))


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("Say why. People who booked will read it.")


def resize(session: Session, actor: Actor, pool_id: UUID, capacity: int) -> Pool:
    """Another number of places. Nobody loses a place; who waits is served at once where there are more."""
    pool = places.lock_one(session, pool_id)
    is_less = capacity < pool.capacity
    places.resize(session, pool, capacity)
    if is_less or not pool.over:
        pool.asked_at = None
    record(session, actor, Action.CHANGED, ("pool", pool.id), fields=("capacity",))
    serve(session, pool)
    return pool


def ask_to_move(session: Session, actor: Actor, pool: Pool, *, words: str = "") -> int:
    """Ask whoever has a place here, once, whether they can move: there are fewer places than are taken.

    Nobody loses their place by it. Says how many are asked.
    """
    pool = places.lock_one(session, pool.id)
    if not pool.over or pool.asked_at is not None or pool.ends_at <= clock.now():
        return 0
    pool.asked_at = clock.now()
    record(session, actor, Action.CHANGED, ("pool", pool.id), fields=("asked_at",), reason=words)
    booked = tuple(one for one in _open_bookings(session, pool) if one.state is BookingState.BOOKED)
    announce(session, AskedToMove(pool, booked, words))
    return len(booked)


def squeeze_in(session: Session, actor: Actor, booking: Booking, *, reason: str) -> Booking:
    """A manager gives somebody who waits a place past the capacity and past the list, and says why."""
    if not reason.strip():
        raise InvalidInput("Say why this person goes before the others.")
    if booking.state is not BookingState.WAITING:
        raise Refused("Only somebody who waits can be given a place past the list.")
    record(session, actor, Action.CHANGED, ("booking", booking.id), fields=("over_allowed",), reason=reason)
    return move(session, actor, booking, BookingAction.BOOK, reason=reason, past_capacity=True)
