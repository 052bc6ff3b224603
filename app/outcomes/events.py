"""What outcomes tell their own messages and the features above, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.outcomes.models import Measurement, SafetyAlert


@dataclass(frozen=True, slots=True)
class FormFinished:
    """A form was answered and scored."""

    measurement: Measurement


@dataclass(frozen=True, slots=True)
class SafetyAlertRaised:
    """An answer needs somebody's eyes."""

    alert: SafetyAlert


@dataclass(frozen=True, slots=True)
class SafetyAlertEscalated:
    """Nobody acknowledged an alert in time: the next in line is asked."""

    alert: SafetyAlert


@dataclass(frozen=True, slots=True)
class MeasuresChosen:
    """What is measured with a person at an organisation is another from now on."""

    organization_id: UUID
    person_id: UUID
