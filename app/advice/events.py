"""What advice tells the features above it, in the transaction in which it happens."""

from __future__ import annotations

from dataclasses import dataclass

from app.advice.models import AdviceCase


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The work on a case ended; the case says how."""

    case: AdviceCase
