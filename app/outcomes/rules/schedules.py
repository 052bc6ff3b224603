"""What may stand in a schedule that an organisation writes: days that follow one another, windows that keep apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import pairwise

from app.outcomes.plans import Messages, Step

MOST_MONTHS, MOST_OCCASIONS = 60, 12
# No month is shorter, so windows that keep apart by this count keep apart from every anchor.
SHORTEST_MONTH = 28
# What each template can ask for. Which day it counts from decides what makes sense.
KINDS: Mapping[str, tuple[str, ...]] = {
    "support": ("baseline", "review", "satisfaction"),
    "after-close": ("end", "satisfaction", "after"),
    "course-completed": ("end", "satisfaction", "after"),
    "group-attended": ("review", "satisfaction", "after"),
    "job-kept": ("job kept",),
}
# Only while support lasts do contacts bring a review forward.
COUNTS_CONTACTS = ("support", "review")


class Wrong(StrEnum):
    """Why a schedule cannot be used."""

    NOTHING = "nothing is asked"
    TOO_LATE = "too many months"
    TOO_OFTEN = "too many occasions"
    OVERLAP = "one runs into the next"
    FIRST_DAY = "a reminder on the day itself"
    CALL_TOO_SOON = "the call before a reminder"
    END_TOO_SOON = "the end before the call"


def wrong_steps(steps: Iterable[Step]) -> dict[str, Wrong]:
    """What is wrong with which kind of follow-up; under "" what is wrong with all of them."""
    known = list(steps)
    if not known:
        return {"": Wrong.NOTHING}
    found = {step.kind: _wrong_step(step) for step in known}
    return {kind: wrong for kind, wrong in found.items() if wrong is not None}


def _wrong_step(step: Step) -> Wrong | None:
    if step.months[-1] > MOST_MONTHS:
        return Wrong.TOO_LATE
    if len(step.months) > MOST_OCCASIONS:
        return Wrong.TOO_OFTEN
    apart = [(later - sooner) * SHORTEST_MONTH for sooner, later in pairwise(step.months)]
    return Wrong.OVERLAP if any(days <= step.after + step.before for days in apart) else None


def wrong_messages(messages: Messages) -> Wrong | None:
    """Reminders, the call and the end follow one another, the first of them after the day itself."""
    if any(day < 1 for day in messages.reminders):
        return Wrong.FIRST_DAY
    if messages.reminders and messages.call <= messages.reminders[-1]:
        return Wrong.CALL_TOO_SOON
    return Wrong.END_TOO_SOON if messages.close <= messages.call else None
