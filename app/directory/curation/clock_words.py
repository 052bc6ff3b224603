"""A time of day as people type it, read only where nothing is left to guess."""

from __future__ import annotations

import re
from datetime import time

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|a\.m\.?|p\.m\.?)?", re.IGNORECASE)
_WORDS = {"midnight": time(0), "noon": time(12), "midday": time(12), "12 noon": time(12), "12noon": time(12)}
# "1:30" is hardly ever in the night, and "9:30" may be either: from here on the clock of 24 hours is meant.
SURE_FROM = 7


def read_time(text: str) -> time | None:
    """For example "9am", "1.30pm", "09:00", "17:30" or "midday"; None for anything else, and for "9" or "1:30"."""
    told = " ".join(text.casefold().split())
    if told in _WORDS:
        return _WORDS[told]
    found = _TIME.fullmatch(told)
    if found is None or not told.isascii():
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").replace(".", "")
    if half:
        return time(hour % 12 + (12 if half == "pm" else 0), minute) if 1 <= hour <= 12 and minute < 60 else None
    is_sure = found[2] is not None and (hour >= SURE_FROM or found[1].startswith("0"))
    if (hour, minute) == (24, 0):
        return time(0)
    return time(hour, minute) if is_sure and hour < 24 and minute < 60 else None
