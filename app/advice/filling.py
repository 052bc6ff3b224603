"""What the form of a contact is filled with: a contact to be put right, or a template."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from app.advice.forms import MINUTES
from app.advice.models import AdviceContact, ContactTemplate
from app.core import clock

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


def with_template(typed: MultiDict[str, str], template: ContactTemplate) -> MultiDict[str, str]:
    """What was typed, and what the template adds to it: nothing that is there already goes."""
    made = MultiDict(typed)
    ticked = dict.fromkeys([*made.getlist("issues"), *template.issues])
    made.setlist("issues", list(ticked))
    made["level"] = template.level.value
    for name, words in (("advice", template.advice), ("sources", template.sources)):
        before = made.get(name, "").strip()
        made[name] = before if words in before else "\n\n".join(filter(None, (before, words)))
    if template.step and not made.get("step_1", "").strip():
        made["step_1"], made["step_1_by"] = template.step, template.step_by.value
        if template.step_days is not None:
            due = clock.today() + timedelta(days=template.step_days)
            for part in ("day", "month", "year"):
                made[f"step_1_on-{part}"] = str(getattr(due, part))
    return made
