"""One referral with everything that belongs to it, as far as the actor may see."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import NotFound
from app.people.codes import SharingLevel
from app.people.queries import permission_versions
from app.people.rules.permissions import telling_level
from app.referrals.codes import Recipient, TaskKind
from app.referrals.models import (
    Appointment,
    ChecklistItem,
    ContactAttempt,
    PlanItem,
    Referral,
    ReferralEvent,
    ReferralGoal,
    ReferralNote,
    ReferralTask,
    Telling,
)
from app.referrals.scope import taken_back_from, visible_to

# Longer chains are nobody's way of helping.
MOST_PASSED_ON = 6


def referral(session: Session, actor: Actor, referral_id: UUID) -> Referral:
    """One that the actor may see. NotFound for any other. Callers record that they looked."""
    statement = select(Referral).where(Referral.id == referral_id).order_by(Referral.id)
    if actor.kind is ActorKind.LINK:
        statement = statement.where(Referral.id == actor.subject_id)
    else:
        statement = statement.where(visible_to(actor))
    found = session.scalars(statement).unique().one_or_none()
    if found is None:
        raise NotFound("referral")
    return found


def taken_back(session: Session, actor: Actor, referral_id: UUID) -> Referral | None:
    """One that the actor's organisation had until the person took the permission back; None for any other."""
    wanted = select(Referral).where(Referral.id == referral_id, taken_back_from(actor)).order_by(Referral.id)
    return session.scalars(wanted).unique().one_or_none()


def events(session: Session, referral_id: UUID) -> list[ReferralEvent]:
    """The history, oldest first."""
    return list(
        session.scalars(
            select(ReferralEvent).where(ReferralEvent.referral_id == referral_id).order_by(ReferralEvent.number)
        )
    )


def contacts(session: Session, referral_id: UUID) -> list[ContactAttempt]:
    """Attempts to reach the person, latest first."""
    return list(
        session.scalars(
            select(ContactAttempt)
            .where(ContactAttempt.referral_id == referral_id)
            .order_by(ContactAttempt.at.desc(), ContactAttempt.id)
        )
    )


def appointments(session: Session, referral_id: UUID) -> list[Appointment]:
    """Appointments, in order."""
    return list(
        session.scalars(
            select(Appointment)
            .where(Appointment.referral_id == referral_id)
            .order_by(Appointment.starts_at, Appointment.id)
        )
    )


def goals(session: Session, referral_id: UUID) -> list[ReferralGoal]:
    """Goals, in the order in which they were written."""
    return list(
        session.scalars(
            select(ReferralGoal)
            .where(ReferralGoal.referral_id == referral_id)
            .order_by(ReferralGoal.created_at, ReferralGoal.id)
        )
    )


def plan(session: Session, referral_id: UUID) -> list[PlanItem]:
    """The steps of the plan, those still to be done first."""
    return list(
        session.scalars(
            select(PlanItem)
            .where(PlanItem.referral_id == referral_id, PlanItem.dropped_at.is_(None))
            .order_by(PlanItem.done_at.is_not(None), PlanItem.due_on.is_(None), PlanItem.due_on, PlanItem.id)
        )
    )


def notes(session: Session, referral_id: UUID, *, only_shared: bool) -> list[ReferralNote]:
    """Notes, latest first; for those outside the team only what was shared."""
    statement = select(ReferralNote).where(ReferralNote.referral_id == referral_id)
    if only_shared:
        statement = statement.where(ReferralNote.is_shared)
    return list(session.scalars(statement.order_by(ReferralNote.created_at.desc(), ReferralNote.id)))


def checklist(session: Session, referral_id: UUID) -> list[ChecklistItem]:
    """The items of the checklists, in order."""
    return list(
        session.scalars(
            select(ChecklistItem)
            .where(ChecklistItem.referral_id == referral_id)
            .order_by(ChecklistItem.position, ChecklistItem.id)
        )
    )


def open_tasks(session: Session, actor: Actor, referral_id: UUID) -> list[ReferralTask]:
    """What somebody of the actor's organisation has to look at about it."""
    return list(
        session.scalars(
            select(ReferralTask)
            .where(
                ReferralTask.referral_id == referral_id,
                ReferralTask.organization_id == actor.organization_id,
                ReferralTask.done_at.is_(None),
            )
            .order_by(ReferralTask.due_on, ReferralTask.id)
        ).unique()
    )


def asked_for_word(session: Session, referral_id: UUID) -> ReferralTask | None:
    """That the referrer asked for the word back, while nobody has dealt with it."""
    wanted = select(ReferralTask).where(
        ReferralTask.referral_id == referral_id,
        ReferralTask.kind == TaskKind.WORD_ASKED,
        ReferralTask.done_at.is_(None),
    )
    return session.scalars(wanted.order_by(ReferralTask.id)).unique().one_or_none()


def linked(session: Session, actor: Actor, row: Referral) -> list[Referral]:
    """Those that this one goes on from, went on to, or comes back after, as far as the actor may see them."""
    wanted = [each for each in (row.continues_from_id, row.re_referral_of_id) if each is not None]
    return list(
        session.scalars(
            select(Referral)
            .where((Referral.id.in_(wanted)) | (Referral.continues_from_id == row.id), visible_to(actor))
            .order_by(Referral.sent_at, Referral.id)
        ).unique()
    )


def passed_on(session: Session, row: Referral) -> list[Referral]:
    """What became of one that was passed on: the referrals that go on from it, one after another, as they were sent.

    For whoever referred first, who may not open them; not of what the person has hidden since.
    """
    found: list[Referral] = []
    last = row
    while len(found) < MOST_PASSED_ON:
        following = session.scalars(
            select(Referral)
            .where(Referral.continues_from_id == last.id, Referral.sent_at.is_not(None), Referral.hidden_at.is_(None))
            .order_by(Referral.sent_at, Referral.id)
        ).first()
        if following is None:
            break
        found.append(following)
        last = following
    return found


def passed_from(session: Session, row: Referral) -> list[Referral]:
    """Those that one goes on from, the latest first."""
    found: list[Referral] = []
    last: Referral | None = row
    while last is not None and last.continues_from_id is not None and len(found) < MOST_PASSED_ON:
        last = session.get(Referral, last.continues_from_id)
        found += [last] if last is not None else []
    return found


def letter(session: Session, actor: Actor, telling_id: UUID) -> Telling:
    """A message to the GP that came to the actor's practice. NotFound for any other."""
    found = (
        session.scalars(
            select(Telling)
            .where(
                Telling.id == telling_id,
                Telling.organization_id == actor.organization_id,
                Telling.recipient == Recipient.GP,
                Telling.issued_at.is_not(None),
            )
            .order_by(Telling.id)
        )
        .unique()
        .one_or_none()
    )
    if found is None:
        raise NotFound("message")
    return found


def standing_level(session: Session, row: Referral) -> str | None:
    """How much the person lets the GP and referrers be told today; None where they have not said, or said nothing."""
    level = telling_level(permission_versions(session, row.person_id), clock.today())
    return None if level is SharingLevel.NONE else level.value
