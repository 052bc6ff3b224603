"""What advice tells the features above it, in the transaction in which it happens."""

from __future__ import annotations

from dataclasses import dataclass

from app.advice.models import AdviceCase, AdviceContact


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The work on a case ended; the case says how."""

    case: AdviceCase


@dataclass(frozen=True, slots=True)
class CaseReopened:
    """The work on a closed case goes on."""

    case: AdviceCase


@dataclass(frozen=True, slots=True)
class ContactLogged:
    """A contact was written down; it may be an attempt that reached nobody."""

    contact: AdviceContact
