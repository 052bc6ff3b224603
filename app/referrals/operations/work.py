"""The work itself: reaching the person, meeting them, planning with them, writing down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.core.events import announce
from app.core.text import clean
from app.people.codes import ContactChannel
from app.people.operations import note_seen
from app.people.queries import safety_of
from app.people.rules.contact import may_contact
from app.referrals.codes import AppointmentKind, Attendance, DoneBy, Move, Party, Reached, Status
from app.referrals.events import AppointmentRecorded
from app.referrals.models import (
    Appointment,
    ChecklistItem,
    ContactAttempt,
    PlanItem,
    Referral,
    ReferralGoal,
    ReferralNote,
)
from app.referrals.operations.moving import SUBJECT, locked, make_move, touch
from app.referrals.operations.tasks import settle_reached
from app.referrals.parties import parties_of
from app.referrals.rules.calendars import local_day
from app.referrals.rules.states import Facts

AT_WORK = frozenset({Status.ACCEPTED, Status.WAITING, Status.ACTIVE, Status.PAUSED})
FURTHEST = timedelta(days=730)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """An appointment to be made."""

    kind: AppointmentKind
    starts_at: datetime
    minutes: int = 60
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt to reach the person: how, and what came of it; now where no time is given."""

    channel: ContactChannel
    result: Reached
    note: str = ""
    at: datetime | None = None


def log_contact(
    session: Session, actor: Actor, referral: Referral, attempt: Attempt, *, version: int
) -> ContactAttempt:
    """Write down an attempt to reach the person. The first contact both ways stops the clock of first contact.

    Refused for one who must not be contacted.
    """
    held = _at_work(session, actor, referral, version, also=frozenset({Status.SENT, Status.INFO_REQUESTED}))
    _check_safe(held, attempt.channel)
    when = attempt.at or clock.now()
    if when > clock.now():
        raise InvalidInput("A contact cannot have been in the future.")
    row = ContactAttempt(
        referral_id=held.id,
        at=when,
        channel=attempt.channel,
        result=attempt.result,
        note=clean(attempt.note),
        by_id=actor.user_id,
    )
    session.add(row)
    if attempt.result is Reached.REACHED:
        _count_contact(session, held, when)
        settle_reached(session, actor, held)
    _done(session, actor, held, "contacts")
    return row


def start(
    session: Session, actor: Actor, referral: Referral, *, first_contact_at: datetime | None = None, version: int
) -> Referral:
    """Begin the work, once the person was reached."""
    held = locked(session, referral.id, version)
    if first_contact_at is not None:
        _count_contact(session, held, first_contact_at)
    make_move(session, actor, held, Move.START, Facts(by=Party.WORKER, first_contact_at=held.first_contact_at))
    held.waiting_since = held.next_check_on = None
    touch(session, held)
    return held


def still_waiting(session: Session, actor: Actor, referral: Referral, *, version: int) -> Referral:
    """The person said that they still wait: asked again in four weeks."""
    held = _at_work(session, actor, referral, version)
    if held.status is not Status.WAITING:
        raise Refused("This person is not on the waiting list.")
    held.next_check_on = clock.today() + timedelta(days=28)
    _count_contact(session, held, clock.now())
    _done(session, actor, held, "next_check_on")
    return held


def book(session: Session, actor: Actor, referral: Referral, meeting: Meeting, *, version: int) -> Appointment:
    """Make an appointment with the one who books it, or the coordinator."""
    held = _at_work(session, actor, referral, version)
    if not clock.now() - FURTHEST < meeting.starts_at < clock.now() + FURTHEST:
        raise InvalidInput("Check the year of the appointment.")
    if not 5 <= meeting.minutes <= 600:
        raise InvalidInput("An appointment lasts from 5 minutes to 10 hours.")
    row = Appointment(
        referral_id=held.id,
        kind=meeting.kind,
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        place=clean(meeting.place),
        with_id=held.coordinator_id or actor.user_id,
    )
    session.add(row)
    if meeting.starts_at > clock.now():
        settle_reached(session, actor, held)
    _done(session, actor, held, "appointments")
    return row


def record_attendance(
    session: Session,
    actor: Actor,
    referral: Referral,
    appointment_id: UUID,
    *,
    attendance: Attendance,
    reason: str = "",
    version: int,
) -> Appointment:
    """Say what became of an appointment. Nobody is discharged for not coming: what follows are tasks for people."""
    held = _at_work(session, actor, referral, version)
    row = session.get(Appointment, appointment_id)
    if row is None or row.referral_id != held.id:
        raise NotFound("appointment")
    if attendance is Attendance.FUTURE:
        raise InvalidInput("Say what became of the appointment.")
    cancelled = attendance in {Attendance.CANCELLED_BY_PERSON, Attendance.CANCELLED_BY_PROVIDER}
    if row.starts_at > clock.now() and not cancelled:
        raise InvalidInput("This appointment is still to come. Until then it can only be cancelled.")
    row.attendance, row.attendance_reason = attendance, clean(reason)
    row.recorded_at, row.recorded_by_id = clock.now(), actor.user_id
    if attendance in {Attendance.SEEN_ON_TIME, Attendance.LATE_BUT_SEEN}:
        _count_contact(session, held, row.starts_at)
    _done(session, actor, held, "appointments")
    announce(session, AppointmentRecorded(held, row))
    return row


def add_goal(session: Session, actor: Actor, referral: Referral, *, words: str, version: int) -> ReferralGoal:
    """A goal in the person's own words."""
    held = _at_work(session, actor, referral, version)
    goal = ReferralGoal(referral_id=held.id, words=_needed(words, "Write the goal in the person's own words."))
    session.add(goal)
    _done(session, actor, held, "goals")
    return goal


def add_plan_item(
    session: Session,
    actor: Actor,
    referral: Referral,
    *,
    words: str,
    done_by: DoneBy,
    due_on: date | None = None,
    version: int,
) -> PlanItem:
    """A step: what, who does it, by when."""
    held = _at_work(session, actor, referral, version)
    item = PlanItem(
        referral_id=held.id, words=_needed(words, "Say what is to be done."), done_by=done_by, due_on=due_on
    )
    session.add(item)
    _done(session, actor, held, "plan")
    return item


def close_plan_item(
    session: Session, actor: Actor, referral: Referral, item_id: UUID, *, dropped: bool, version: int
) -> PlanItem:
    """A step was done, or is not wanted any more."""
    held = _at_work(session, actor, referral, version)
    item = session.get(PlanItem, item_id)
    if item is None or item.referral_id != held.id:
        raise NotFound("plan item")
    if dropped:
        item.dropped_at = clock.now()
    else:
        item.done_at = clock.now()
    _done(session, actor, held, "plan")
    return item


def reviewed(session: Session, actor: Actor, referral: Referral, *, version: int) -> Referral:
    """The plan was looked at with the person: the clock of the next review starts."""
    held = _at_work(session, actor, referral, version)
    held.reviewed_at = clock.now()
    _done(session, actor, held, "reviewed_at")
    return held


def carers_asked(session: Session, actor: Actor, referral: Referral, *, version: int) -> Referral:
    """Whoever cares for the person was asked what they need themselves: the clock of the next time starts."""
    held = _at_work(session, actor, referral, version)
    held.carers_asked_at = clock.now()
    _done(session, actor, held, "carers_asked_at")
    return held


def tick(
    session: Session, actor: Actor, referral: Referral, item_id: UUID, *, not_needed: str = "", version: int
) -> ChecklistItem:
    """An item of a checklist is done, or not needed for a reason."""
    held = _at_work(session, actor, referral, version)
    item = session.get(ChecklistItem, item_id)
    if item is None or item.referral_id != held.id:
        raise NotFound("checklist item")
    item.done_at, item.done_by_id, item.not_needed = clock.now(), actor.user_id, clean(not_needed)
    _done(session, actor, held, "checklist")
    return item


def add_note(session: Session, actor: Actor, referral: Referral, *, text: str, shared: bool = False) -> ReferralNote:
    """A note: for the team alone unless the worker shares it with the referrer. It does not move anything."""
    if not parties_of(actor, referral) & {Party.WORKER, Party.RECEIVER}:
        raise NotFound("referral")
    note = ReferralNote(
        referral_id=referral.id,
        author_id=actor.user_id,
        text=_needed(text, "Write the note first."),
        is_shared=shared,
    )
    session.add(note)
    session.flush()
    record(session, actor, Action.CREATED, ("referral_note", note.id), person_id=referral.person_id)
    return note


def attendances(session: Session, referral_id: UUID) -> Sequence[Attendance]:
    """What became of the appointments of a referral, oldest first."""
    return session.scalars(
        select(Appointment.attendance)
        .where(Appointment.referral_id == referral_id)
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()


def _at_work(
    session: Session,
    actor: Actor,
    referral: Referral,
    version: int,
    *,
    also: frozenset[Status] = frozenset(),
) -> Referral:
    held = locked(session, referral.id, version)
    if Party.WORKER not in parties_of(actor, held):
        raise NotFound("referral")
    if held.status not in AT_WORK | also:
        raise Refused("This referral is not being worked on at the moment.")
    return held


def _check_safe(held: Referral, channel: ContactChannel) -> None:
    verdict = may_contact(safety_of(held.person), channel, clock.now())
    if verdict.refusal is not None and verdict.refusal.value == "do-not-contact":
        raise Refused("This person must not be contacted. Ask whoever referred them.")


def _count_contact(session: Session, held: Referral, at: datetime) -> None:
    held.first_contact_at = min(held.first_contact_at or at, at)
    held.last_contact_at = max(held.last_contact_at or at, at)
    note_seen(session, held.person, local_day(at))


def _done(session: Session, actor: Actor, held: Referral, what: str) -> None:
    session.flush()
    touch(session, held)
    record(session, actor, Action.CHANGED, (SUBJECT, held.id), person_id=held.person_id, fields=(what,))


def _needed(words: str, otherwise: str) -> str:
    text = clean(words)
    if not text:
        raise InvalidInput(otherwise)
    return text[:5000]
