"""What the message back is made of: everything that could be told, cut to what the person allows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.codes import MessagePart, SharingLevel
from app.people.rules.permissions import parts_shown
from app.referrals.models import Appointment, Referral, ReferralGoal
from app.referrals.queries.times import definition_for
from app.referrals.rules.attendance import tally
from app.referrals.rules.gp_record import Interaction, record_code

_DECLINED = frozenset({"declined-at-first-call", "declined-at-first-contact"})


def parts_for(session: Session, referral: Referral, level: SharingLevel) -> dict[str, Any]:
    """The parts that may be told at a level, by their name; those without anything to tell are left out."""
    shown = parts_shown(level)
    return {part.value: words for part, words in _all_parts(session, referral).items() if part in shown and words}


def _all_parts(session: Session, referral: Referral) -> dict[MessagePart, Any]:
    attended = tally(
        session.scalars(
            select(Appointment.attendance)
            .where(Appointment.referral_id == referral.id)
            .order_by(Appointment.starts_at, Appointment.id)
        )
    )
    told = definition_for(session, referral)
    return {
        MessagePart.STATUS: referral.status.value,
        MessagePart.DATES: {
            name: at.isoformat()
            for name in ("sent_at", "accepted_at", "first_contact_at", "ended_at")
            if (at := getattr(referral, name)) is not None
        },
        MessagePart.REASON_CODE: referral.reason,
        MessagePart.RECORD_CODES: _codes(referral) if told.social_prescribing else [],
        MessagePart.DESTINATION: referral.destination.value if referral.destination else "",
        MessagePart.APPOINTMENTS: {
            "seen": attended.seen,
            "missed": attended.missed,
            "cancelled_by_person": attended.cancelled_by_person,
            "cancelled_by_provider": attended.cancelled_by_provider,
        }
        if attended.seen or attended.missed
        else {},
        MessagePart.OUTCOME_SCORES: _goals(session, referral),
        MessagePart.SUMMARY_WORDS: referral.closing_summary,
        MessagePart.NEXT_STEPS: referral.next_step,
        MessagePart.FULL_WORDS: referral.closing_detail,
    }


def _codes(referral: Referral) -> list[str]:
    """The SNOMED code for the record, once an episode: a referral that goes on from another has given it already."""
    declined = referral.reason in _DECLINED
    interaction = Interaction.DECLINED if declined else Interaction.REFERRED
    code = record_code(interaction, already_given=referral.continues_from_id is not None)
    return [f"{code.code} {code.term}"] if code else []


def _goals(session: Session, referral: Referral) -> dict[str, int]:
    """How many goals came to what; the goals themselves are the person's words, and stay here."""
    found: dict[str, int] = {}
    rows = session.scalars(
        select(ReferralGoal.outcome)
        .where(ReferralGoal.referral_id == referral.id)
        .order_by(ReferralGoal.created_at, ReferralGoal.id)
    )
    for outcome in rows:
        if outcome is not None:
            found[outcome.value] = found.get(outcome.value, 0) + 1
    return found
