"""Pathways, referrals, the work on them and the word back, as tables. Import from here."""

from app.referrals.models.loop import MessagePreview, ReferralTask, Telling
from app.referrals.models.pathways import Pathway, PathwayVersion
from app.referrals.models.referrals import Referral, ReferralEvent
from app.referrals.models.work import (
    Appointment,
    ChecklistItem,
    ContactAttempt,
    LetterSent,
    PlanItem,
    ReferralGoal,
    ReferralNote,
)

__all__ = [
    "Appointment",
    "ChecklistItem",
    "ContactAttempt",
    "LetterSent",
    "MessagePreview",
    "Pathway",
    "PathwayVersion",
    "PlanItem",
    "Referral",
    "ReferralEvent",
    "ReferralGoal",
    "ReferralNote",
    "ReferralTask",
    "Telling",
]
