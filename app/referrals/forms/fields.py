"""Fields and checks that the forms of referrals share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from wtforms import ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from app.core import clock

SHORT = [Length(max=300, message=_("Use 300 characters or fewer"))]
LONG = [Length(max=5000, message=_("Use 5,000 characters or fewer"))]
_TIME = re.compile(r"([01]?[0-9]|2[0-3])(?:[:.]?([0-5][0-9]))?\s*(am|pm)?")


def needed(words: LazyString) -> list[Any]:
    """The validators of a field that must be filled in."""
    return [DataRequired(words)]


def as_choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Codes and words as choices."""
    return [SelectChoice(code, words) for code, words in pairs]


def time_of(text: str) -> time:
    """A time of day as people write it: 14:30, 2.30pm, 9am. ValidationError for what is none."""
    found = _TIME.fullmatch(text.strip().lower())
    if not found:
        raise ValidationError(_("Enter a time like 2:30pm or 14:30"))
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        raise ValidationError(_("Enter a time like 2:30pm or 14:30"))
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute)


def at(day: date, text: str) -> datetime:
    """That time on that day in London."""
    return datetime.combine(day, time_of(text), tzinfo=clock.LONDON)
