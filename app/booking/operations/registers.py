"""The register: who came, who came without a booking, and a call to whoever was missed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.announcements import SessionAttended, SessionMissed
from app.booking.codes import CAME, Attendance, BookingAction, BookingState
from app.booking.models import AbsenceCall, AccessNeed, AttendanceRecord, BookableSession, Booking
from app.booking.operations import places
from app.booking.operations.attendees import nameless_attendee
from app.booking.operations.booking import HOLD_LASTS
from app.booking.operations.moving import move, note
from app.booking.queries import programme, registers
from app.booking.queries.bookings import by_key
from app.booking.rules.first_session import FollowUp, follow_up
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.core.events import announce

MOST_HEADS = 1000
SEEN_ON_THE_DAY = CAME | {Attendance.DID_NOT_ATTEND}


def take_register(
    session: Session,
    actor: Actor,
    one: BookableSession,
    marks: Mapping[UUID, Attendance],
    *,
    marked_at: datetime | None = None,
) -> None:
    """Keep what was marked. Sent again it changes nothing; of two that arrive in the wrong order the later mark stands.

    `marked_at` is when it was marked, which may be a while ago on a phone that had no network.
    """
    if one.cancelled_at is not None:
        raise Refused("This session was cancelled, so it has no register.")
    now = clock.now()
    if set(marks.values()) & SEEN_ON_THE_DAY:
        _refuse_before_its_day(one)
    at = min(marked_at or now, now)
    for attendance in registers.register_of(session, one.id):
        state = marks.get(attendance.id)
        is_newer = attendance.marked_at is None or at >= attendance.marked_at
        is_as_it_was = state is Attendance.EXPECTED and attendance.state is state
        if state is not None and is_newer and not is_as_it_was:
            _mark(session, actor, attendance, state, at)
    one.register_at = one.register_at or now
    session.flush()
    record(session, actor, Action.CHANGED, ("session", one.id), fields=("register",))


def is_before_its_day(one: BookableSession) -> bool:
    """Whether a session is still to come: nobody can have been there, only have told us that they cannot come."""
    return clock.today() < one.starts_at.astimezone(clock.LONDON).date()


def _refuse_before_its_day(one: BookableSession) -> None:
    if is_before_its_day(one):
        raise Refused(
            "This session is still to come. Before its day you can only mark who told you that they are away."
        )


def _mark(session: Session, actor: Actor, attendance: AttendanceRecord, state: Attendance, at: datetime) -> None:
    before, attendance.state, attendance.marked_at = attendance.state, state, at
    attendance.marked_by_id = actor.user_id
    session.flush()
    if state is before:
        return
    if state in CAME and before not in CAME:
        announce(session, SessionAttended(attendance))
    call = session.scalars(
        select(AbsenceCall).where(AbsenceCall.attendance_id == attendance.id).order_by(AbsenceCall.id)
    ).one_or_none()
    if follow_up(state) is FollowUp.CALL and call is None:
        organization_id = attendance.session.run.organization_id
        session.add(AbsenceCall(attendance_id=attendance.id, organization_id=organization_id))
        session.flush()
        announce(session, SessionMissed(attendance))
    elif call is not None and call.done_at is None and state is not Attendance.DID_NOT_ATTEND:
        session.delete(call)
        session.flush()


def walk_in(session: Session, actor: Actor, one: BookableSession, *, name: str, key: str) -> Booking:
    """Somebody came without a booking: they are let in, past the places if need be. The same `key` lets in one."""
    if (known := by_key(session, key)) is not None:
        return known
    _refuse_before_its_day(one)
    pool = programme.pool_for_session(session, one)
    if pool is None or one.cancelled_at is not None:
        raise Refused("This session was cancelled, so it has no register.")
    pool = places.lock_one(session, pool.id)
    places.squeeze_in(session, pool, 1)
    made = Booking(
        pool=pool,
        attendee_id=nameless_attendee(session).id,
        state=BookingState.HELD,
        name=name,
        expires_at=clock.now() + HOLD_LASTS,
        booked_by_id=actor.user_id,
        idempotency_key=key,
    )
    session.add(made)
    note(session, actor, made, None, None, "")
    move(session, actor, made, BookingAction.BOOK)
    _let_in(session, actor, made, one)
    record(session, actor, Action.CREATED, ("booking", made.id), reason="walk-in")
    return made


def _let_in(session: Session, actor: Actor, made: Booking, one: BookableSession) -> None:
    wanted = select(AttendanceRecord).where(
        AttendanceRecord.booking_id == made.id, AttendanceRecord.session_id == one.id
    )
    attendance = session.scalars(wanted.order_by(AttendanceRecord.id)).one_or_none()
    if attendance is None:
        attendance = AttendanceRecord(booking_id=made.id, session_id=one.id)
        session.add(attendance)
        session.flush()
    _mark(session, actor, attendance, Attendance.PRESENT, clock.now())


def count_heads(session: Session, actor: Actor, one: BookableSession, count: int) -> None:
    """How many came to a drop-in."""
    if not 0 <= count <= MOST_HEADS:
        raise InvalidInput("Enter how many people came, as a number.")
    _refuse_before_its_day(one)
    one.head_count, one.register_at = count, one.register_at or clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("session", one.id), fields=("head_count",))


def finish_call(session: Session, actor: Actor, call: AbsenceCall, *, outcome: str) -> None:
    """Somebody has called, or tried to."""
    call.done_at, call.done_by_id, call.outcome = clock.now(), actor.user_id, outcome
    session.flush()
    record(session, actor, Action.CHANGED, ("absence_call", call.id), fields=("done_at",))


def meet_need(session: Session, actor: Actor, need: AccessNeed) -> None:
    """What somebody needs is arranged."""
    need.met_at, need.met_by_id = need.met_at or clock.now(), actor.user_id
    session.flush()
    record(session, actor, Action.CHANGED, ("access_need", need.id), fields=("met_at",))
