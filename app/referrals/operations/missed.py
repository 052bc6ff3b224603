"""Appointments missed in a row: who else hears of it, as far as the person allows. Nobody is discharged for it."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import SYSTEM
from app.people.codes import MessagePart, SharingLevel
from app.people.queries import permission_versions
from app.people.rules.permissions import telling_level
from app.referrals.codes import Occasion, Recipient, TaskKind
from app.referrals.message_back import parts_for
from app.referrals.models import Referral, Telling
from app.referrals.operations.loop import issue, note_forbidden, telling_for, who_hears
from app.referrals.operations.tasks import owner_with_receiver, raise_task
from app.referrals.queries.times import tellings_of_missed


def may_hear_of_appointments(session: Session, referral: Referral) -> bool:
    """Whether the person lets the GP and the referrer know how they come to appointments: part of a summary."""
    level = telling_level(permission_versions(session, referral.person_id), clock.today())
    return level.reaches(SharingLevel.SUMMARY)


def tell_practice(session: Session, referral: Referral, in_a_row: int, *, due_on: date) -> Telling | None:
    """Tell the person's practice, where it did not refer them. None where there is no such practice.

    One without Waymark gets a letter that a named person sends. Where the person does not allow it, that is on record.
    """
    if Recipient.GP not in who_hears(referral):
        return None
    telling = _waiting(session, referral) or _new(session, referral)
    if not telling.level.reaches(SharingLevel.SUMMARY):
        note_forbidden(session, telling)
        return telling
    appointments = MessagePart.APPOINTMENTS.value
    told = parts_for(session, referral, telling.level).get(appointments, {})
    telling.parts = {"missed-in-a-row": in_a_row, appointments: told}
    session.flush()
    if telling.organization_id is not None:
        issue(session, SYSTEM, telling)
    elif (owner := owner_with_receiver(session, referral)) is not None:
        kind = TaskKind.TELL_PRACTICE
        raise_task(session, referral, kind, owner=owner[0], organization_id=owner[1], due_on=due_on)
    return telling


def _waiting(session: Session, referral: Referral) -> Telling | None:
    """A letter that has not gone yet says the next one too."""
    return next((each for each in tellings_of_missed(session, referral) if each.done_at is None), None)


def _new(session: Session, referral: Referral) -> Telling:
    number = len(tellings_of_missed(session, referral)) + 1
    telling = telling_for(session, referral, number, Recipient.GP)
    telling.occasion, telling.parts = Occasion.MISSED, {}
    session.add(telling)
    return telling
