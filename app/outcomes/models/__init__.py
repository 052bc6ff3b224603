"""Follow-ups, forms and alerts, as tables. Import from here."""

from app.outcomes.models.forms import (
    Answer,
    MeasureChoice,
    Measurement,
    MeasurementScore,
    OutcomePoint,
    OutsideResult,
    OwnGoal,
    StoredTextPack,
)
from app.outcomes.models.plans import (
    AttendedContact,
    Occasion,
    OccasionReopening,
    OutcomeInvitation,
    OutcomePlan,
    OutcomeSchedule,
)
from app.outcomes.models.safety import DutyDesk, SafetyAlert, SafetyAlertEvent

__all__ = [
    "Answer",
    "AttendedContact",
    "DutyDesk",
    "MeasureChoice",
    "Measurement",
    "MeasurementScore",
    "Occasion",
    "OccasionReopening",
    "OutcomeInvitation",
    "OutcomePlan",
    "OutcomePoint",
    "OutcomeSchedule",
    "OutsideResult",
    "OwnGoal",
    "SafetyAlert",
    "SafetyAlertEvent",
    "StoredTextPack",
]
