"""Appointments and the times that are offered, within the actor's organisation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload, lazyload

from app.accounts.codes import Role
from app.advice.models import Appointment, AppointmentTime
from app.advice.rules.appointments import NOTICE
from app.advice.scope import at_desk, within
from app.booking.codes import Attendance, BookingState, PoolStatus
from app.booking.models import AbsenceCall, AttendanceRecord, BookableSession, Booking, Pool
from app.booking.other_times import OtherTimes
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.people.models import Person

MOST, MOST_INSTEAD = 200, 24
# How far ahead free times are shown where somebody is booked in, and appointments on the desk.
AHEAD, WEEK = timedelta(days=60), timedelta(days=7)
# Without the run, course and listing that come with a pool: planning a join of so many tables takes longest of all.
_FOR_A_LIST = (
    joinedload(Appointment.booking).lazyload(Booking.pool),
    joinedload(Appointment.time).joinedload(AppointmentTime.session).lazyload(BookableSession.run),
    joinedload(Appointment.time).joinedload(AppointmentTime.adviser),
)

_IS_FREE = (Pool.status == PoolStatus.OPEN, Pool.taken < Pool.capacity)


@dataclass(frozen=True, slots=True)
class Shown:
    """An appointment as a list shows it; `who` is empty where the record is not for the eyes of the actor."""

    appointment: Appointment
    attendance: AttendanceRecord | None
    who: str
    is_hidden: bool

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return self.appointment.time.session.starts_at

    @property
    def state(self) -> Attendance:
        """What is known of their coming."""
        return self.attendance.state if self.attendance else Attendance.EXPECTED


def midnight() -> datetime:
    """When this day began."""
    return clock.local_now().replace(hour=0, minute=0, second=0, microsecond=0)


def appointments(
    session: Session, actor: Actor, since: datetime, until: datetime, *, adviser_id: UUID | None = None
) -> list[Shown]:
    """Those that stand and begin between, the first first."""
    found = session.scalars(_standing(actor, since, until, adviser_id).limit(MOST)).all()
    return _shown(session, actor, found)


def count_today(session: Session, actor: Actor) -> int:
    """How many appointments the actor has today that are still to come."""
    return _count(session, _standing(actor, clock.now(), midnight() + timedelta(days=1), actor.user_id))


def count_expected(session: Session, actor: Actor) -> int:
    """How many appointments the organisation has today that are still to come."""
    return _count(session, _standing(actor, clock.now(), midnight() + timedelta(days=1), None))


def _count(session: Session, wanted: Select[Appointment]) -> int:
    ids = wanted.with_only_columns(Appointment.id).order_by(None)
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def given_up(
    session: Session, actor: Actor, since: datetime, until: datetime, *, adviser_id: UUID | None = None
) -> list[Shown]:
    """Those that whoever had them gave back, so that nobody waits for them in vain."""
    wanted = _standing(actor, since, until, adviser_id, BookingState.CANCELLED_BY_PERSON)
    return _shown(session, actor, session.scalars(wanted.limit(MOST)).all())


def _standing(
    actor: Actor,
    since: datetime,
    until: datetime,
    adviser_id: UUID | None,
    state: BookingState = BookingState.BOOKED,
) -> Select[Appointment]:
    wanted = (
        select(Appointment)
        .join(Booking, Booking.id == Appointment.booking_id)
        .join(AppointmentTime, AppointmentTime.id == Appointment.time_id)
        .join(BookableSession, BookableSession.id == AppointmentTime.session_id)
        .where(
            at_desk(actor, Appointment.organization_id),
            Booking.state == state,
            BookableSession.starts_at >= since,
            BookableSession.starts_at < until,
        )
        .options(*_FOR_A_LIST)
        .order_by(BookableSession.starts_at, Appointment.id)
    )
    return wanted.where(AppointmentTime.adviser_id == adviser_id) if adviser_id else wanted


def _shown(session: Session, actor: Actor, found: Sequence[Appointment]) -> list[Shown]:
    if not found:
        return []
    records = session.scalars(
        select(AttendanceRecord)
        .where(AttendanceRecord.booking_id.in_([one.booking_id for one in found]))
        .options(lazyload(AttendanceRecord.booking), lazyload(AttendanceRecord.session))
        .order_by(AttendanceRecord.created_at, AttendanceRecord.id)
    )
    attendances = {record.booking_id: record for record in records}
    hidden = _hidden(session, actor, [one.booking.person_id for one in found if one.booking.person_id])
    return [
        Shown(
            one,
            attendances.get(one.booking_id),
            "" if one.booking.person_id in hidden else one.booking.name,
            one.booking.person_id in hidden,
        )
        for one in found
    ]


def _hidden(session: Session, actor: Actor, person_ids: Iterable[UUID]) -> set[UUID]:
    """Restricted records, which are for managers only."""
    if actor.holds(Role.MANAGER.value):
        return set()
    wanted = select(Person.id).where(Person.id.in_(list(person_ids)), Person.is_restricted)
    return set(session.scalars(wanted.order_by(Person.id)))


def appointment(session: Session, actor: Actor, appointment_id: UUID, *, for_desk: bool = False) -> Appointment:
    """One that the actor may see, with all that belongs to it. NotFound for any other."""
    scope: ColumnElement[bool] = (at_desk if for_desk else within)(actor, Appointment.organization_id)
    found = session.scalars(
        select(Appointment)
        .where(Appointment.id == appointment_id, scope)
        .options(
            *_FOR_A_LIST,
            joinedload(Appointment.case),
            joinedload(Appointment.contact),
        )
        .order_by(Appointment.id)
    ).one_or_none()
    if found is None:
        raise NotFound("appointment")
    return found


def visible(session: Session, actor: Actor, appointment_id: UUID) -> Appointment:
    """One whose record, if it has one, is for the eyes of the actor too. NotFound for any other."""
    found = appointment(session, actor, appointment_id)
    if _hidden(session, actor, [found.booking.person_id] if found.booking.person_id else []):
        raise NotFound("appointment")
    return found


def shown(session: Session, actor: Actor, found: Appointment) -> Shown:
    """One as a list shows it."""
    return _shown(session, actor, [found])[0]


def time(session: Session, actor: Actor, time_id: UUID) -> AppointmentTime:
    """A time that the actor may see. NotFound for any other."""
    found = session.scalars(
        select(AppointmentTime)
        .where(AppointmentTime.id == time_id, within(actor, AppointmentTime.organization_id))
        .options(
            joinedload(AppointmentTime.session), joinedload(AppointmentTime.adviser), joinedload(AppointmentTime.pool)
        )
        .order_by(AppointmentTime.id)
    ).one_or_none()
    if found is None:
        raise NotFound("appointment time")
    return found


def free_times(
    session: Session, actor: Actor, *, own: bool, until: datetime | None = None, limit: int = MOST
) -> list[AppointmentTime]:
    """Times that can be given to somebody, the next first: the actor's own, or those of the others."""
    mine = AppointmentTime.adviser_id == actor.user_id
    now = clock.now()
    return list(
        session.scalars(
            select(AppointmentTime)
            .join(Pool, Pool.id == AppointmentTime.pool_id)
            .where(
                within(actor, AppointmentTime.organization_id),
                mine if own else ~mine,
                *_IS_FREE,
                Pool.starts_at > now,
                Pool.starts_at < (until or now + AHEAD),
            )
            .options(
                joinedload(AppointmentTime.session).lazyload(BookableSession.run), joinedload(AppointmentTime.adviser)
            )
            .order_by(Pool.starts_at, AppointmentTime.id)
            .limit(limit)
        )
    )


def is_free(session: Session, time: AppointmentTime) -> bool:
    """Whether a time is ahead and can be given to somebody."""
    wanted = select(Pool.id).where(Pool.id == time.pool_id, *_IS_FREE, Pool.starts_at > clock.now())
    return session.scalar(wanted) is not None


def times_instead(session: Session, booking: Booking) -> OtherTimes | None:
    """To which times whoever has an appointment may move it themself: those of the same adviser, met in the same way.

    Where there are none, those of the others of the same organisation. None of a booking that is no appointment.
    """
    mine = select(AppointmentTime).where(AppointmentTime.pool_id == booking.pool_id).order_by(AppointmentTime.id)
    now = session.scalars(mine).one_or_none()
    if now is None:
        return None
    likes = AppointmentTime.adviser_id == now.adviser_id
    if own := _free_like(session, now, likes):
        return OtherTimes(pool_ids=own)
    return OtherTimes(pool_ids=_free_like(session, now, ~likes), with_somebody_else=True)


def _free_like(session: Session, now: AppointmentTime, whose: ColumnElement[bool]) -> tuple[UUID, ...]:
    soonest = clock.now() + NOTICE
    wanted = (
        select(Pool.id)
        .join(AppointmentTime, AppointmentTime.pool_id == Pool.id)
        .where(
            AppointmentTime.organization_id == now.organization_id,
            AppointmentTime.channel == now.channel,
            whose,
            Pool.starts_at.between(soonest, soonest + AHEAD),
            Pool.status == PoolStatus.OPEN,
            Pool.taken < Pool.capacity,
        )
        .order_by(Pool.starts_at, Pool.id)
        .limit(MOST_INSTEAD)
    )
    return tuple(session.scalars(wanted))


def _to_call(actor: Actor) -> Select[AbsenceCall]:
    """Calls after the actor's appointments that somebody missed; a supervisor sees everybody's."""
    wanted = (
        select(AbsenceCall)
        .join(AttendanceRecord, AttendanceRecord.id == AbsenceCall.attendance_id)
        .join(Appointment, Appointment.booking_id == AttendanceRecord.booking_id)
        .join(AppointmentTime, AppointmentTime.id == Appointment.time_id)
        .where(within(actor, Appointment.organization_id), AbsenceCall.done_at.is_(None))
        .order_by(AbsenceCall.created_at, AbsenceCall.id)
    )
    return wanted if actor.holds(Role.MANAGER.value) else wanted.where(AppointmentTime.adviser_id == actor.user_id)


def missed(session: Session, actor: Actor) -> list[Shown]:
    """Appointments that somebody missed and after which nobody has called, the longest ago first."""
    bookings = session.scalars(_to_call(actor).with_only_columns(AttendanceRecord.booking_id).limit(MOST)).all()
    found = session.scalars(
        select(Appointment)
        .join(AppointmentTime, AppointmentTime.id == Appointment.time_id)
        .join(BookableSession, BookableSession.id == AppointmentTime.session_id)
        .where(within(actor, Appointment.organization_id), Appointment.booking_id.in_(bookings))
        .options(*_FOR_A_LIST)
        .order_by(BookableSession.starts_at, Appointment.id)
    ).all()
    return _shown(session, actor, found)


def count_missed(session: Session, actor: Actor) -> int:
    """How many are to be called after an appointment that they missed."""
    ids = _to_call(actor).with_only_columns(AbsenceCall.id).order_by(None)
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def call_after(session: Session, found: Appointment) -> AbsenceCall | None:
    """The call after an appointment that was found in its scope, if it was missed."""
    wanted = (
        select(AbsenceCall)
        .join(AttendanceRecord, AttendanceRecord.id == AbsenceCall.attendance_id)
        .where(AttendanceRecord.booking_id == found.booking_id)
        .order_by(AbsenceCall.created_at, AbsenceCall.id)
    )
    return session.scalars(wanted.limit(1)).one_or_none()


def of_case(session: Session, actor: Actor, case_id: UUID) -> list[Shown]:
    """The appointments of a case that are still to come."""
    wanted = _standing(actor, clock.now(), clock.now() + AHEAD * 6, None).where(Appointment.case_id == case_id)
    return _shown(session, actor, session.scalars(wanted.limit(MOST)).all())
