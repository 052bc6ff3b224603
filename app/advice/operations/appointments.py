"""Appointments of an advice service: times are offered, given to somebody, moved, called off, kept or missed.

Booking's own verbs do it, so that a time is never given twice and the person hears of everything once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.advice.codes import Channel, Result
from app.advice.details import worker_of
from app.advice.models import AdviceContact, AdviceSession, Appointment, AppointmentTime, Duty
from app.advice.rules.appointments import cut, is_free
from app.advice.scope import is_supervisor
from app.audit.codes import Action
from app.audit.operations import record
from app.booking.codes import Attendance, BookingState
from app.booking.models import AbsenceCall, BookableSession, Booking
from app.booking.operations import booking as bookings
from app.booking.operations.appointments import Client, book_time, meet_another, offer_times
from app.booking.operations.changes import cancel_session
from app.booking.operations.registers import finish_call, take_register
from app.booking.queries.bookings import attendances_of
from app.booking.rules.repetition import Occurrence
from app.booking.rules.wall_time import wall_of
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Refused
from app.people.models import Person

SUBJECT = "advice_appointment"
# What a booking of a time is called, where it is called anything: it must not say what the appointment is about.
TITLE = "Appointment"


class LoggedAlready(Refused):
    """The contact of an appointment was logged before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From when until when an adviser has time."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldTimes:
    """Times to offer: each as many minutes long, and how and where they meet."""

    stretches: Sequence[Stretch]
    minutes: int
    channel: Channel
    place: str = ""


def offer(session: Session, actor: Actor, told: ToldTimes) -> list[AppointmentTime]:
    """Offer times of the actor's own. What they have no time for is left out; Refused where nothing is left."""
    worker, now = worker_of(actor), clock.now()
    taken = _taken(session, worker.user_id, now)
    spans = [span for one in told.stretches for span in cut(one.starts_at, one.ends_at, told.minutes)]
    free = [span for span in spans if span[0] > now and is_free(span, taken)]
    if not free:
        raise Refused("You have something else at all of these times, or they are over.")
    wanted = [Occurrence(wall=wall_of(starts), starts_at=starts, ends_at=ends) for starts, ends in free]
    pools = offer_times(session, actor, worker.organization_id, TITLE, wanted, place=told.place)
    made = [
        AppointmentTime(
            organization_id=worker.organization_id,
            adviser_id=worker.user_id,
            pool_id=pool.id,
            session_id=pool.session_id,
            channel=told.channel,
        )
        for pool in pools
    ]
    session.add_all(made)
    session.flush()
    return made


def _taken(session: Session, adviser_id: UUID, now: datetime) -> list[tuple[datetime, datetime]]:
    """When the adviser is busy from now on; their own presses come one after the other."""
    itself = select(User.id).where(User.id == adviser_id).order_by(User.id)
    session.execute(itself.with_for_update(key_share=True))
    offered = (
        select(BookableSession.starts_at, BookableSession.ends_at)
        .join(AppointmentTime, AppointmentTime.session_id == BookableSession.id)
        .where(AppointmentTime.adviser_id == adviser_id, BookableSession.ends_at > now)
        .where(BookableSession.cancelled_at.is_(None))
        .order_by(BookableSession.starts_at, BookableSession.id)
    )
    on_duty = (
        select(AdviceSession.starts_at, AdviceSession.ends_at)
        .join(Duty, Duty.session_id == AdviceSession.id)
        .where(Duty.adviser_id == adviser_id, AdviceSession.ends_at > now)
        .order_by(AdviceSession.starts_at, AdviceSession.id)
    )
    return [(row[0], row[1]) for wanted in (offered, on_duty) for row in session.execute(wanted)]


def book(
    session: Session,
    actor: Actor,
    time: AppointmentTime,
    client: Client,
    *,
    key: str,
    case_id: UUID | None = None,
    contact_id: UUID | None = None,
) -> Appointment:
    """Give a time to somebody, who hears of it where that is safe. Pressed twice it is done once."""
    booking = book_time(session, actor, time.pool_id, client, key=key)
    return session.scalars(_of_booking(booking.id)).one_or_none() or _keep(
        session, actor, time, booking.id, case_id, contact_id
    )


def _keep(
    session: Session,
    actor: Actor,
    time: AppointmentTime,
    booking_id: UUID,
    case_id: UUID | None,
    contact_id: UUID | None,
) -> Appointment:
    made = Appointment(
        organization_id=time.organization_id,
        time_id=time.id,
        booking_id=booking_id,
        case_id=case_id,
        contact_id=contact_id,
    )
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, (SUBJECT, made.id))
    return made


def move(session: Session, actor: Actor, appointment: Appointment, time: AppointmentTime) -> Appointment:
    """To another time, all or nothing: the new one is taken before the old one is given back."""
    booking = bookings.transfer(session, actor, appointment.booking, time.pool_id)
    made = session.scalars(_of_booking(booking.id)).one()
    record(session, actor, Action.CREATED, (SUBJECT, made.id))
    return made


def take_over(session: Session, actor: Actor, appointment: Appointment, *, of: UUID | None) -> None:
    """The actor meets the client in place of a colleague (`of`); the client, who keeps the time, is told once."""
    worker, time = worker_of(actor), appointment.time
    session.refresh(time, ("adviser_id",), with_for_update=True)
    if time.adviser_id == worker.user_id:
        return
    if time.adviser_id != of:
        raise Refused("Somebody else took this appointment over.")
    one = time.session
    if one.starts_at <= clock.now() or appointment.booking.state is not BookingState.BOOKED:
        raise Refused("This appointment was cancelled, or its time is over.")
    if not is_free((one.starts_at, one.ends_at), _taken(session, worker.user_id, clock.now())):
        raise Refused("You have something else at this time.")
    time.adviser_id = worker.user_id
    session.flush()
    session.refresh(time, ("adviser",))
    record(session, actor, Action.CHANGED, (SUBJECT, appointment.id), fields=["adviser_id"])
    meet_another(session, appointment.booking, time.adviser.name)


def follow(session: Session, booking: Booking) -> None:
    """A booking that took the place of an appointment's is an appointment for the same reason, whoever moved it."""
    earlier = session.scalars(_of_booking(booking.previous_id)).one_or_none() if booking.previous_id else None
    wanted = select(AppointmentTime).where(AppointmentTime.pool_id == booking.pool_id).order_by(AppointmentTime.id)
    time = session.scalars(wanted).one_or_none() if earlier else None
    if earlier is None or time is None:
        return
    session.add(
        Appointment(
            organization_id=time.organization_id,
            time_id=time.id,
            booking_id=booking.id,
            case_id=earlier.case_id,
            contact_id=earlier.contact_id,
        )
    )
    session.flush()


def _of_booking(booking_id: UUID) -> Select[Appointment]:
    return select(Appointment).where(Appointment.booking_id == booking_id).order_by(Appointment.id)


def tie_contact(session: Session, actor: Actor, appointment: Appointment, contact: AdviceContact) -> None:
    """The contact of it was logged: they came, if nobody said so before. LoggedAlready where one was."""
    session.refresh(appointment, ("led_to_id",), with_for_update=True)
    if appointment.led_to_id is not None:
        raise LoggedAlready("A contact of this appointment is logged already. If this is another one, log it again.")
    appointment.led_to_id = contact.id
    if contact.result is Result.REACHED:
        _mark_as_come(session, actor, appointment)
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, appointment.id), fields=["led_to_id"])


def _mark_as_come(session: Session, actor: Actor, appointment: Appointment) -> None:
    coming = [one for one in attendances_of(session, appointment.booking_id) if one.ended_at is None]
    if coming and coming[0].state is Attendance.EXPECTED:
        take_register(session, actor, coming[0].session, {coming[0].id: Attendance.PRESENT})


def cancel(session: Session, actor: Actor, appointment: Appointment) -> None:
    """The person cannot come; the time is free again."""
    bookings.give_up(session, actor, appointment.booking)


def book_again(session: Session, actor: Actor, appointment: Appointment) -> Appointment:
    """The same time for the same client, who can come after all. Barred or Full where it is gone."""
    given_up = appointment.booking
    attendee = given_up.attendee
    person = session.get(Person, given_up.person_id) if given_up.person_id else None
    client = Client(person=person, name=given_up.name, address=attendee.address if attendee else None)
    return book(
        session,
        actor,
        appointment.time,
        client,
        key=f"again-{given_up.id}",
        case_id=appointment.case_id,
        contact_id=appointment.contact_id,
    )


def call_off(session: Session, actor: Actor, time: AppointmentTime, *, reason: str) -> None:
    """The adviser has no time then. Whoever has the appointment reads the reason."""
    if time.adviser_id != actor.user_id and not is_supervisor(actor):
        raise Refused("Only they themselves or a supervisor can take this time out.")
    if time.session.starts_at <= clock.now():
        raise Refused("This time is over.")
    cancel_session(session, actor, time.session, reason=reason)


def mark(session: Session, actor: Actor, appointment: Appointment, state: Attendance) -> None:
    """They came, or did not: then a call is to be made, as after any session that was missed."""
    coming = [one for one in attendances_of(session, appointment.booking_id) if one.ended_at is None]
    if not coming:
        raise Refused("This appointment was cancelled.")
    take_register(session, actor, coming[0].session, {one.id: state for one in coming})


def note_call(session: Session, actor: Actor, call: AbsenceCall, *, outcome: str) -> None:
    """Somebody called whoever did not come, or tried to."""
    finish_call(session, actor, call, outcome=outcome)
