"""A time of day as people type it."""

from __future__ import annotations

import re
from datetime import date, time

_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)
_WORDS = {"midday": time(12), "noon": time(12), "midnight": time(0)}
_DATE = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


def clock_time(text: str) -> time | None:
    """For example "13:30", "1.30pm", "2pm" or "midday"; None for anything else."""
    if (told := text.strip().casefold()) in _WORDS:
        return _WORDS[told]
    found = _CLOCK.fullmatch(text.strip())
    if not found or not text.isascii() or (found[2] is None and found[3] is None):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def dates_in(text: str) -> list[date] | None:
    """Days, one a line, like 24/12/2026; None where one of them is none."""
    found = []
    for line in (text or "").split():
        parts = _DATE.fullmatch(line)
        try:
            found.append(date(int(parts[3]), int(parts[2]), int(parts[1])) if parts and line.isascii() else _none())
        except ValueError:
            return None
    return found


def _none() -> date:
    raise ValueError("no date")
