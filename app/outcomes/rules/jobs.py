"""Whether a job was kept. What is due but unconfirmed is never a yes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from app.outcomes.rules.dates import add_months


class JobKept(StrEnum):
    """The answer at one check."""

    YES = "yes"
    NO = "no"
    NOT_YET_DUE = "not yet due"
    UNKNOWN = "unknown"


def job_kept(
    started_on: date, months: int, *, today: date, confirmed_on: Iterable[date] = (), ended_on: date | None = None
) -> JobKept:
    """Whether the job that began then was kept so many months.

    `confirmed_on` are the days on which somebody confirmed the same job; a later one proves the earlier checks. The
    day on which it ended proves those before it. A new job has its own clock.
    """
    due = add_months(started_on, months)
    ended = ended_on if ended_on is not None and ended_on <= today else None
    seen = [day for day in (*confirmed_on, *([ended] if ended else [])) if day <= today]
    if any(day >= due for day in seen):
        return JobKept.YES
    if ended is not None:
        return JobKept.NO
    return JobKept.NOT_YET_DUE if today < due else JobKept.UNKNOWN
