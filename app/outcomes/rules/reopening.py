"""Whether what was ended without an answer can be taken up again."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class StaysEnded(StrEnum):
    """Why it cannot."""

    DIED = "died"
    PLAN_ENDED = "plan ended"
    OVER = "over"


def why_it_stays_ended(closes_on: date, today: date, *, has_died: bool, has_plan_ended: bool) -> StaysEnded | None:
    """What keeps it ended; None where nothing does. After its time the worker would end it again at once."""
    if has_died:
        return StaysEnded.DIED
    if has_plan_ended:
        return StaysEnded.PLAN_ENDED
    return StaysEnded.OVER if closes_on < today else None
