"""What outcomes do when something happens."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core import clock
from app.core.actor import SYSTEM
from app.core.clock import LONDON
from app.core.events import on
from app.notifications.about import About
from app.notifications.operations import Draft, send
from app.notifications.rendering import address_of, render_message
from app.outcomes import duty, record  # noqa: F401 - the record of a person learns of outcomes
from app.outcomes.emails import LOOK
from app.outcomes.events import SafetyAlertEscalated, SafetyAlertRaised
from app.outcomes.measures import find_measure
from app.outcomes.models import MeasureChoice, SafetyAlert
from app.outcomes.operations import note_contact, start_plan
from app.outcomes.operations.choices import is_usable
from app.people.codes import PermissionKind
from app.people.queries import standings
from app.referrals.codes import Attendance, Move
from app.referrals.events import AppointmentRecorded, ReferralMoved

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


@on(AppointmentRecorded)
def count_the_contact(session: Session, event: AppointmentRecorded) -> None:
    """Somebody came to an appointment: one contact more, from which reviews are counted."""
    place = event.referral.receiver_organization_id
    if place is None or event.appointment.attendance not in CAME:
        return
    note_contact(
        session,
        SYSTEM,
        organization_id=place,
        person_id=event.referral.person_id,
        happened_on=event.appointment.starts_at.astimezone(LONDON).date(),
        because=("appointment", event.appointment.id),
    )


@on(ReferralMoved)
def plan_what_comes_after(session: Session, event: ReferralMoved) -> None:
    """Help was completed: "did it help?", and what was measured then is asked again after it, if they permit that."""
    referral, place = event.referral, event.referral.receiver_organization_id
    if event.event.move is not Move.COMPLETE or place is None:
        return
    if not standings(session, referral.person_id)[PermissionKind.FOLLOW_UP].in_force:
        return
    chosen = session.scalars(
        select(MeasureChoice.measure)
        .where(
            MeasureChoice.organization_id == place,
            MeasureChoice.person_id == referral.person_id,
            MeasureChoice.ended_on.is_(None),
        )
        .order_by(MeasureChoice.measure)
    ).all()
    start_plan(
        session,
        SYSTEM,
        referral.person_id,
        template="after-close",
        anchor_on=clock.today(),
        measures=[reference for reference in chosen if is_usable(session, place, find_measure(reference))],
        owner_id=referral.coordinator_id,
        organization_id=place,
    )
