"""Advice as tables. Import from here."""

from app.advice.models.appointments import Appointment, AppointmentTime
from app.advice.models.cases import AdviceCase, AdviceDocument, AdviceParty, CaseReview
from app.advice.models.contacts import AdviceContact, AdviceDraft, AdviceIssue, KeyDate, NextStep
from app.advice.models.groups import ContactTemplate, GroupSession
from app.advice.models.letters import AdviceLetter, LetterTemplate
from app.advice.models.outcomes import AdviceResult, FinancialStatement, MoneyOutcome
from app.advice.models.rates import RatesCheck
from app.advice.models.rota import Duty, PhoneCall
from app.advice.models.sessions import AdviceSession, QueueEntry

__all__ = [
    "AdviceCase",
    "AdviceContact",
    "AdviceDocument",
    "AdviceDraft",
    "AdviceIssue",
    "AdviceLetter",
    "AdviceParty",
    "AdviceResult",
    "AdviceSession",
    "Appointment",
    "AppointmentTime",
    "CaseReview",
    "ContactTemplate",
    "Duty",
    "FinancialStatement",
    "GroupSession",
    "KeyDate",
    "LetterTemplate",
    "MoneyOutcome",
    "NextStep",
    "PhoneCall",
    "QueueEntry",
    "RatesCheck",
]
