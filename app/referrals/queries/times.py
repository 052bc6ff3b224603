"""What is known of the times of a referral, for its clocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.models import Carer
from app.referrals.codes import ClockKind, Occasion, Recipient, Status
from app.referrals.models import ChecklistItem, Pathway, Referral, ReferralEvent, Telling
from app.referrals.pathways.definition import Definition
from app.referrals.queries.pathways import definition
from app.referrals.rules import loop
from app.referrals.rules.timing import Times


def definition_for(session: Session, referral: Referral) -> Definition:
    """What the pathway said when the referral was written."""
    return definition(session, session.get_one(Pathway, referral.pathway_id), referral.pathway_version)


def times_of(session: Session, referral: Referral, told: Definition) -> Times:
    """When what happened."""
    return Times(
        status=referral.status,
        sent_at=referral.sent_at,
        acknowledged_at=referral.acknowledged_at,
        decided_at=referral.decided_at,
        accepted_at=referral.accepted_at,
        first_contact_at=referral.first_contact_at,
        started_at=referral.started_at,
        last_contact_at=referral.last_contact_at,
        reviewed_at=referral.reviewed_at,
        carers_asked_at=referral.carers_asked_at,
        has_carer=has_carer(session, referral, told),
        ended_at=referral.ended_at,
        loop_closed_at=loop_closed_at(session, referral),
        next_check_on=referral.next_check_on,
        review_by=referral.review_by,
        checklists=_checklists(session, referral, told),
        moves=moves_of(session, referral),
    )


def has_carer(session: Session, referral: Referral, told: Definition) -> bool:
    """Whether somebody close to the person is on record, where the pathway says when carers are asked again."""
    if told.threshold(ClockKind.CARERS_REVIEW) is None:
        return False
    known = select(Carer.id).where(Carer.person_id == referral.person_id, Carer.ended_at.is_(None))
    return session.scalar(known.limit(1)) is not None


def moves_of(session: Session, referral: Referral) -> Sequence[tuple[datetime, Status]]:
    """The history as (when, to), in order."""
    rows = session.execute(
        select(ReferralEvent.created_at, ReferralEvent.to_status)
        .where(ReferralEvent.referral_id == referral.id)
        .order_by(ReferralEvent.number)
    )
    return [(at, to) for at, to in rows]


def tellings(session: Session, referral: Referral) -> list[Telling]:
    """Those who are to hear of the last end of a referral, and what became of it."""
    rows = _tellings(session, referral, Occasion.END)
    return [row for row in rows if row.number == rows[0].number]


def tellings_of_missed(session: Session, referral: Referral) -> list[Telling]:
    """What a practice was told of missed appointments, or is still to be, the last first."""
    return _tellings(session, referral, Occasion.MISSED)


def _tellings(session: Session, referral: Referral, occasion: Occasion) -> list[Telling]:
    return list(
        session.scalars(
            select(Telling)
            .where(Telling.referral_id == referral.id, Telling.occasion == occasion)
            .order_by(Telling.number.desc(), Telling.recipient, Telling.id)
        )
    )


def loop_closed_at(session: Session, referral: Referral) -> datetime | None:
    """When the last of them was dealt with; None while one is left, or while nothing has ended."""
    if referral.ended_at is None:
        return None
    due = tellings(session, referral)
    if not due:
        return referral.ended_at
    told = [
        loop.Telling(
            recipient=Recipient(row.recipient),
            issued_at=row.issued_at,
            bounced=row.bounced_at is not None and row.done_at is None,
            forbidden_noted_at=row.forbidden_noted_at,
        )
        for row in due
    ]
    return loop.loop_closed_at(referral.ended_at, {each.recipient for each in told}, told)


def _checklists(session: Session, referral: Referral, told: Definition) -> dict[ClockKind, datetime | None]:
    """Of each checklist with a clock, when its last item was dealt with; None while one is left."""
    items = session.scalars(
        select(ChecklistItem)
        .where(ChecklistItem.referral_id == referral.id)
        .order_by(ChecklistItem.position, ChecklistItem.id)
    ).all()
    found: dict[ClockKind, datetime | None] = {}
    for each in told.checklists:
        of_list = [item for item in items if item.checklist == each.key]
        done = [item.done_at for item in of_list if item.done_at is not None]
        if of_list:
            found[each.clock] = max(done) if len(done) == len(of_list) else None
    return found
