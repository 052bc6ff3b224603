"""What outcomes do when something happens."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.advice.codes import Closure, Result
from app.advice.events import CaseClosed, CaseReopened, ContactLogged
from app.advice.models import AdviceCase
from app.booking.announcements import BookingMoved, SessionAttended
from app.booking.codes import BookingAction, PoolKind
from app.booking.models import Booking
from app.core import clock
from app.core.actor import SYSTEM
from app.core.clock import LONDON
from app.core.events import on
from app.notifications.about import About
from app.notifications.events import MessageBounced
from app.notifications.operations import Draft, send
from app.notifications.rendering import address_of, render_message
from app.outcomes import duty, record  # noqa: F401 - the record of a person learns of outcomes
from app.outcomes.attending import came_to_the_end, days_in_group, is_last_of_course, person_of
from app.outcomes.emails import LOOK
from app.outcomes.events import MeasuresChosen, SafetyAlertEscalated, SafetyAlertRaised
from app.outcomes.models import Occasion, SafetyAlert
from app.outcomes.operations import (
    ask_what_is_measured,
    begin_support,
    end_support,
    follow_up,
    joining,  # noqa: F401 - two records that become one
    note_contact,
    occasions,
    resume_support,
    take_back,
)
from app.outcomes.operations.following import COURSE
from app.outcomes.operations.staying_in_reach import let_go_without_permission
from app.people.codes import PermissionKind
from app.people.events import PermissionChanged
from app.people.models import Person
from app.people.operations import note_wrong_address
from app.referrals.codes import Attendance, Move
from app.referrals.events import AppointmentRecorded, ReferralMoved

TIMES_IN_GROUP = 6
WORKED_TO_ITS_END = frozenset({Closure.COMPLETE, Closure.OUTCOME_ACHIEVED, Closure.REFERRED_ON})
SUPPORT_ENDS = frozenset({Move.COMPLETE, Move.END_EARLY, Move.WITHDRAW, Move.MARK_ERROR})
CAME = frozenset({Attendance.SEEN_ON_TIME, Attendance.LATE_BUT_SEEN})


@on(SafetyAlertRaised)
def tell_who_is_on_duty(session: Session, event: SafetyAlertRaised) -> None:
    """A message to the owner, by day and by night: when to look they know themselves."""
    _tell(session, event.alert, event.alert.owner_id, is_passed_on=False)


@on(SafetyAlertEscalated)
def tell_who_comes_next(session: Session, event: SafetyAlertEscalated) -> None:
    """The deputy hears of what nobody took on in time; where there is none, the owner again."""
    desk = duty.desk_of(session, event.alert.organization_id)
    deputy = desk.deputy_id if desk else None
    works = duty.works_there(session, event.alert.organization_id, deputy)
    _tell(session, event.alert, deputy if works else event.alert.owner_id, is_passed_on=True)


def _tell(session: Session, alert: SafetyAlert, user_id: UUID | None, *, is_passed_on: bool) -> None:
    user = session.get(User, user_id) if user_id else None
    if user is None or not user.email:
        return
    words = render_message(LOOK.name, "en", address=address_of("outcomes.alerts"), is_passed_on=is_passed_on)
    key = f"look:{alert.id}:{'passed on' if is_passed_on else 'raised'}"
    about = About(type="safety_alert", id=alert.id)
    send(session, Draft(words=words, dedupe_key=key, recipient=user.email, about=about, urgent=True))


@on(MessageBounced)
def note_what_came_back(session: Session, event: MessageBounced) -> None:
    """There is nobody at that number or address: it is put right before anything more is sent."""
    if event.message.subject_type != occasions.SUBJECT or event.message.subject_id is None:
        return
    lead = session.get(Occasion, event.message.subject_id)
    if lead is not None:
        note_wrong_address(session, SYSTEM, session.get_one(Person, lead.person_id), event.message.recipient)


@on(AppointmentRecorded)
def count_the_contact(session: Session, event: AppointmentRecorded) -> None:
    """Somebody came to an appointment: the first begins the follow-ups of support, each counts towards reviews."""
    referral, place = event.referral, event.referral.receiver_organization_id
    if place is None or event.appointment.attendance not in CAME:
        return
    day = event.appointment.starts_at.astimezone(LONDON).date()
    begin_support(
        session, place, referral.person_id, came_on=day, label=referral.reference, owner_id=referral.coordinator_id
    )
    note_contact(
        session,
        SYSTEM,
        organization_id=place,
        person_id=referral.person_id,
        happened_on=day,
        because=("appointment", event.appointment.id),
    )


@on(SessionAttended)
def count_the_session(session: Session, event: SessionAttended) -> None:
    """A person on record came to a session: a contact with those who booked it for them, and follow up.

    What was said at an appointment is logged as a contact, which counts for itself.
    """
    booking = event.attendance.booking
    if booking.person_id is None or booking.booked_by_organization_id is None:
        return
    if not booking.pool.run.course.is_listed:
        return
    note_contact(
        session,
        SYSTEM,
        organization_id=booking.booked_by_organization_id,
        person_id=booking.person_id,
        happened_on=event.attendance.session.starts_at.astimezone(LONDON).date(),
        because=("attendance", event.attendance.id),
    )


@on(ReferralMoved)
def plan_what_comes_after(session: Session, event: ReferralMoved) -> None:
    """Help was completed: "did it help?", and what was measured then is asked again after it, if they permit that."""
    referral, place = event.referral, event.referral.receiver_organization_id
    if place is None:
        return
    if event.event.move in SUPPORT_ENDS:
        end_support(session, place, referral.person_id, label=referral.reference)
    if event.event.move is Move.REOPEN:
        resume_support(session, place, referral.person_id, label=referral.reference)
    if event.event.move is not Move.COMPLETE:
        return
    follow_up(
        session,
        place,
        referral.person_id,
        template="after-close",
        anchor_on=clock.today(),
        owner_id=referral.coordinator_id,
        label=referral.reference,
        anew=True,
    )


@on(ContactLogged)
def count_the_advice(session: Session, event: ContactLogged) -> None:
    """Somebody was advised: the first time in a case begins its follow-ups, each counts towards reviews."""
    contact = event.contact
    if contact.person_id is None or contact.result is not Result.REACHED:
        return
    case = session.get(AdviceCase, contact.case_id) if contact.case_id else None
    if case is not None and case.closed_on is None:
        begin_support(
            session,
            contact.organization_id,
            contact.person_id,
            came_on=contact.happened_on,
            label=str(case.number),
            owner_id=case.adviser_id,
        )
    note_contact(
        session,
        SYSTEM,
        organization_id=contact.organization_id,
        person_id=contact.person_id,
        happened_on=contact.happened_on,
        because=("advice_contact", contact.id),
    )


@on(CaseClosed)
def plan_what_comes_after_advice(session: Session, event: CaseClosed) -> None:
    """A case was worked to its end; one that was closed anew, after it was opened again, is followed from that day."""
    case = event.case
    if case.person_id is not None:
        end_support(session, case.organization_id, case.person_id, label=str(case.number))
    if case.closure not in WORKED_TO_ITS_END or case.person_id is None or case.closed_on is None:
        return
    follow_up(
        session,
        case.organization_id,
        case.person_id,
        template="after-close",
        anchor_on=case.closed_on,
        owner_id=case.adviser_id,
        label=str(case.number),
        anew=True,
    )


@on(CaseReopened)
def go_on_with_advice(session: Session, event: CaseReopened) -> None:
    """A closed case goes on: nobody is asked how it is after it."""
    case = event.case
    if case.person_id is not None:
        resume_support(session, case.organization_id, case.person_id, label=str(case.number))


@on(PermissionChanged)
def see_them_no_longer(session: Session, event: PermissionChanged) -> None:
    """Permission taken back: nobody goes on seeing a record only to follow up on it."""
    permission = event.permission
    if permission.kind is PermissionKind.FOLLOW_UP and not permission.given:
        let_go_without_permission(session, event.person.id)
    if permission.kind is PermissionKind.SHARE_REFERRAL:
        allowed = {each.organization_id for each in permission.organizations} if permission.given else set()
        let_go_without_permission(session, event.person.id, but=allowed)


@on(MeasuresChosen)
def ask_for_what_was_chosen(session: Session, event: MeasuresChosen) -> None:
    """What somebody has chosen since is asked for, too; what they gave up is not asked for any more."""
    ask_what_is_measured(session, event.organization_id, event.person_id)


@on(SessionAttended)
def plan_what_comes_after_sessions(session: Session, event: SessionAttended) -> None:
    """The last session of a course, or the sixth of a group."""
    one, booking = event.attendance.session, event.attendance.booking
    if is_last_of_course(session, one):
        _completed(session, booking, one.starts_at.astimezone(LONDON).date())
    days = days_in_group(session, booking)
    who = person_of(session, booking) if len(days) >= TIMES_IN_GROUP else None
    if who is not None:
        name = booking.pool.run.course.name
        follow_up(session, *who, template="group-attended", anchor_on=days[TIMES_IN_GROUP - 1], label=name)


@on(BookingMoved)
def plan_what_comes_after_a_course(session: Session, event: BookingMoved) -> None:
    """A booking of a course was completed; or that is taken back, which ends what began with it alone."""
    if event.booking.pool.run.kind is not PoolKind.RUN:
        return
    if event.action is BookingAction.COMPLETE:
        _completed(session, event.booking, event.booking.pool.ends_at.astimezone(LONDON).date())
    elif event.action is BookingAction.UNDO_COMPLETE and not came_to_the_end(session, event.booking):
        _not_completed(session, event.booking)


def _completed(session: Session, booking: Booking, day: date) -> None:
    who = person_of(session, booking)
    if who is not None:
        follow_up(session, *who, template=COURSE, anchor_on=day, label=_label(booking))


def _not_completed(session: Session, booking: Booking) -> None:
    who = person_of(session, booking)
    if who is not None:
        take_back(session, *who, template=COURSE, label=_label(booking))


def _label(booking: Booking) -> str:
    return f"{booking.pool.run.course.name} {booking.pool.starts_at.astimezone(LONDON):%Y-%m-%d}"
