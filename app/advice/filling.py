"""A contact as the form shows it, to be put right."""

from __future__ import annotations

from typing import Any

from app.advice.forms import MINUTES
from app.advice.models import AdviceContact

_CODES = ("client_kind", "channel", "direction", "result", "level", "place", "format")
_AS_THEY_ARE = (
    "client_number", "relation", "words", "advice", "sources", "emergencies_asked", "safeguarding", "place_ods_code",
    "language", "interpreter", "happened_on", "call_back_on",
)  # fmt: skip


def as_told(contact: AdviceContact) -> dict[str, Any]:
    """Everything that the form asks, but dates and steps: those go along by themselves."""
    values: dict[str, Any] = {name: getattr(contact, name) for name in _AS_THEY_ARE}
    values |= {name: getattr(contact, name).value for name in _CODES}
    codes = [issue.code for issue in contact.issues]
    return values | {
        "person": str(contact.person_id or ""),
        "name": contact.person.name if contact.person else "",
        "issues": codes,
        "main_issue": codes[0] if codes else "",
        "minutes": str(contact.minutes) if contact.minutes in MINUTES else "",
        "other_minutes": "" if contact.minutes in MINUTES else str(contact.minutes),
        "travel_minutes": str(contact.travel_minutes or ""),
        "started_at": contact.started_at.strftime("%H:%M") if contact.started_at else "",
        "emergencies": [each.value for each in contact.emergencies],
        "case": str(contact.case_id or ""),
    }
