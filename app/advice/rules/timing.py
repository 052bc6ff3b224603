"""How long it takes to log a contact: measured, without the breaks."""

from __future__ import annotations

from datetime import datetime, timedelta

# A longer silence is a break: the telephone rang, the session was lost.
LONGEST_PAUSE = timedelta(seconds=90)
# A form that was opened longer ago was left lying.
LONGEST_OPEN = timedelta(hours=12)


def seconds_more(since: datetime, now: datetime) -> int:
    """How many seconds of work the stretch since the last sign of life holds."""
    return max(0, round(min(now - since, LONGEST_PAUSE).total_seconds()))


def opened_at(told: str, now: datetime) -> datetime:
    """When the form was opened as it says of itself; now where it says nothing that can be."""
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return now
    if moment.tzinfo is None or not now - LONGEST_OPEN <= moment <= now:
        return now
    return moment
