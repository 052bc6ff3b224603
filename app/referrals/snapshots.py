"""The referral as it was sent: everything the receiver is told, frozen, whatever the record says later."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.people.models import Adjustment, Person
from app.referrals.codes import Source
from app.referrals.models import Referral
from app.referrals.pathways.definition import Definition, QuestionKind


def snapshot_of(session: Session, referral: Referral, told: Definition) -> dict[str, Any]:
    """The person as the record has them now, and the form as it was filled in, with the words of its questions."""
    oneself = referral.source is Source.SELF
    return {
        "taken_at": clock.now().isoformat(),
        "person": person_part(session, referral.person),
        "what_would_help": referral.what_would_help,
        "risk": referral.risk_words,
        "sections": [
            {
                "title": section.title,
                "answers": [
                    [question.asked(of_oneself=oneself), words_of(question, referral.answers[question.key])]
                    for question in section.questions
                    if referral.answers.get(question.key)
                ],
            }
            for section in told.sections
        ],
        "eligibility": [
            [each.asked(of_oneself=oneself), referral.eligibility[each.key]]
            for each in told.eligibility
            if referral.eligibility.get(each.key)
        ],
    }


def person_part(session: Session, person: Person) -> dict[str, Any]:
    """Who they are and how it is safe to reach them."""
    needs = session.scalars(
        select(Adjustment.words)
        .where(Adjustment.person_id == person.id, Adjustment.ended_at.is_(None))
        .order_by(Adjustment.created_at, Adjustment.id)
    )
    return {
        "name": person.name,
        "known_as": person.known_as,
        "born_on": person.born_on.isoformat() if person.born_on else "",
        "nhs_number": person.nhs_number or "",
        "address": person.address,
        "postcode": person.postcode,
        "address_status": person.address_status.value,
        "gp_ods_code": person.gp_ods_code,
        "gp_name": person.gp_name,
        "email": person.email or "",
        "mobile": person.mobile or "",
        "phone": person.phone or "",
        "do_not_contact": person.do_not_contact,
        "safe_channels": sorted(each.value for each in person.safe_channels),
        "safe_times": person.safe_times,
        "voicemail_allowed": person.voicemail_allowed,
        "discreet": person.discreet,
        "contact_note": person.contact_note,
        "language": person.language,
        "interpreter": person.interpreter,
        "formats": sorted(each.value for each in person.formats),
        "adjustments": list(needs),
    }


def words_of(question: Any, answer: str) -> str:
    """An answer as it was read: of a choice its label."""
    if question.kind is QuestionKind.CHOICE:
        return next((option.label for option in question.options if option.code == answer), answer)
    return answer
