"""The demo's open sessions: today's at Wexmoor Advice with its queue, a telephone shift, next week's rota.

Everybody in it is made up.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.advice.codes import CallResult, Channel, Level, Place, SessionKind, StepBy
from app.advice.models import AdviceSession, Appointment, ContactTemplate, GroupSession, PhoneCall, QueueEntry
from app.advice.operations.appointments import Stretch, ToldTimes, book, offer
from app.advice.operations.calls import note_call
from app.advice.operations.groups import ToldGroup, ToldTemplate, log_group, write_template
from app.advice.operations.queue import join_queue, mark_left
from app.advice.operations.rota import put_on
from app.advice.operations.sessions import ToldSession, add_session
from app.booking.operations.appointments import Client
from app.core import clock
from app.core.actor import Actor
from seed.demo.advice import ADVISER
from seed.demo.people import actor_named

SUPERVISOR = "supervisor@wexmoor.example"
PLACE = "St Anne’s Hall"
QUEUE = (("", "Gas meter has run out", True), ("Jo", "A letter from the council", False), ("", "", False))
COUNCIL_TAX = ToldTemplate(
    name="Council tax arrears, first call",
    level=Level.ADVICE,
    issues=("debt/council-tax",),
    advice="Pay what you can towards this year’s bill. Ask the council for a plan, and tell it of any benefit you get.",
    step="Send the council the plan that they can afford",
    step_by=StepBy.CLIENT,
    step_days=7,
)


def load(session: Session) -> dict[str, UUID]:
    """Open today's sessions where they are not there yet; their ids, and those of a visitor and a call."""
    actor, day = actor_named(session, ADVISER), clock.today()
    found = _of_day(session, actor, day) or _open(session, actor, day)
    _once(session, actor)
    _appointments(session, actor, day)
    hall, shift = found[SessionKind.DROP_IN], found[SessionKind.TELEPHONE]
    visitor = select(QueueEntry.id).where(QueueEntry.session_id == hall.id).order_by(QueueEntry.number)
    call = select(PhoneCall.id).where(PhoneCall.session_id == shift.id).order_by(PhoneCall.at, PhoneCall.id)
    appointment = select(Appointment.id).where(Appointment.organization_id == actor.organization_id)
    return {
        "appointment": session.scalars(appointment.order_by(Appointment.id)).first() or hall.id,
        "session": hall.id,
        "shift": shift.id,
        "visitor": session.scalars(visitor).first() or hall.id,
        "call": session.scalars(call).first() or shift.id,
    }


def _appointments(session: Session, actor: Actor, day: date) -> None:
    """The adviser's afternoon tomorrow, the first time of which is given to somebody without a record."""
    made = select(Appointment.id).where(Appointment.organization_id == actor.organization_id)
    if session.scalar(made.limit(1)) is not None:
        return
    afternoon = [datetime.combine(day + timedelta(days=1), at, clock.LONDON) for at in (time(13), time(16))]
    stretch = Stretch(starts_at=afternoon[0].astimezone(UTC), ends_at=afternoon[1].astimezone(UTC))
    told = ToldTimes(stretches=[stretch], minutes=45, channel=Channel.AT_SERVICE, place="Room 1, 4 Market Row, WX1 1AB")
    first, *_others = offer(session, actor, told)
    book(session, actor, first, Client(name="Jo"), key="demo-appointment")


def _of_day(session: Session, actor: Actor, day: date) -> dict[SessionKind, AdviceSession]:
    start = datetime.combine(day, time(), clock.LONDON)
    wanted = select(AdviceSession).where(
        AdviceSession.organization_id == actor.organization_id,
        AdviceSession.starts_at >= start,
        AdviceSession.starts_at < start + timedelta(days=1),
    )
    known = {each.kind: each for each in session.scalars(wanted.order_by(AdviceSession.starts_at, AdviceSession.id))}
    return known if len(known) == len(SessionKind) else {}


def _open(session: Session, actor: Actor, day: date) -> dict[SessionKind, AdviceSession]:
    hall = _add(session, actor, day, time(9, 30), time(23, 30), place_name=PLACE, advisers_needed=2)
    shift = _add(session, actor, day, time(9), time(23, 45), kind=SessionKind.TELEPHONE)
    ahead = _add(session, actor, day + timedelta(days=7), time(10), time(13), place_name=PLACE, advisers_needed=2)
    put_on(session, actor, ahead)
    entries = [
        join_queue(session, actor, hall, called_as=called_as, need=need, is_urgent=is_urgent)
        for called_as, need, is_urgent in QUEUE
    ]
    mark_left(session, actor, entries[-1])
    note_call(session, actor, shift, CallResult.ANSWERED, 15)
    note_call(session, actor, shift, CallResult.ENGAGED)
    return {SessionKind.DROP_IN: hall, SessionKind.TELEPHONE: shift}


def _add(session: Session, actor: Actor, day: date, begins: time, ends: time, **told: Any) -> AdviceSession:
    at = {
        "starts_at": datetime.combine(day, begins, clock.LONDON),
        "ends_at": datetime.combine(day, ends, clock.LONDON),
    }
    return add_session(session, actor, ToldSession(**({"kind": SessionKind.DROP_IN} | at | told)))


def _once(session: Session, actor: Actor) -> None:
    """A template and a group session, where there are none yet."""
    supervisor = actor_named(session, SUPERVISOR)
    of_place = {"organization_id": actor.organization_id}
    if session.scalars(select(ContactTemplate.id).filter_by(**of_place).order_by(ContactTemplate.id)).first() is None:
        write_template(session, supervisor, COUNCIL_TAX)
    if session.scalars(select(GroupSession.id).filter_by(**of_place).order_by(GroupSession.id)).first() is None:
        talk = ToldGroup(
            adviser_id=actor.user_id or UUID(int=0),
            happened_on=clock.today() - timedelta(days=3),
            issue="debt",
            came=14,
            minutes=90,
            place=Place.GROUP,
            place_name="Library",
        )
        log_group(session, actor, talk)
