"""Appointments missed in a row: who else hears of it, as far as the person allows. Nobody is discharged for it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.core.text import clean
from app.people.codes import MessagePart, SharingLevel
from app.people.queries import permission_versions
from app.people.rules.permissions import telling_level
from app.referrals.codes import Occasion, Party, Recipient, TaskKind
from app.referrals.message_back import parts_for
from app.referrals.models import Referral, ReferralNote, ReferralTask, Telling
from app.referrals.operations.loop import issue, note_forbidden, telling_for, who_hears
from app.referrals.operations.moving import SOMEBODY_ELSE, locked
from app.referrals.operations.tasks import owner_with_receiver, raise_task, settle_missed
from app.referrals.parties import parties_of
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


def decision_is_due(session: Session, referral: Referral) -> bool:
    """Whether so many appointments were missed that a person has to decide how it goes on."""
    wanted = select(ReferralTask.id).where(
        ReferralTask.referral_id == referral.id, ReferralTask.kind == TaskKind.DECIDE, ReferralTask.done_at.is_(None)
    )
    return session.scalar(wanted) is not None


def keep_trying(session: Session, actor: Actor, referral: Referral, *, why: str, version: int) -> ReferralNote:
    """It was decided that it goes on: why, and how the risk was weighed, is kept as a note of the team."""
    held = locked(session, referral.id, version)
    if not parties_of(actor, held) & {Party.WORKER, Party.MANAGER}:
        raise NotFound("referral")
    if not decision_is_due(session, held):
        raise Refused(SOMEBODY_ELSE)
    text = clean(why)[:5000]
    if not text:
        raise InvalidInput("Write down why.")
    note = ReferralNote(referral_id=held.id, author_id=actor.user_id, text=text, is_shared=False)
    session.add(note)
    settle_missed(session, actor, held)
    record(session, actor, Action.CREATED, ("referral_note", note.id), person_id=held.person_id)
    return note


def _waiting(session: Session, referral: Referral) -> Telling | None:
    """A letter that has not gone yet says the next one too."""
    return next((each for each in tellings_of_missed(session, referral) if each.done_at is None), None)


def _new(session: Session, referral: Referral) -> Telling:
    number = len(tellings_of_missed(session, referral)) + 1
    telling = telling_for(session, referral, number, Recipient.GP)
    telling.occasion, telling.parts = Occasion.MISSED, {}
    session.add(telling)
    return telling
