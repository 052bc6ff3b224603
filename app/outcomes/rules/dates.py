"""When occasions fall due: calendar months from the anchor, never chained, clamped to the end of the month.

Messages go out between 09:00 and 19:00 in London, never on a Sunday.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from app.core.clock import LONDON
from app.core.errors import InvalidInput
from app.outcomes.plans import Messages, Plan, Step

FIRST_HOUR = time(9)
LAST_HOUR = time(19)
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Occasion:
    """One date on which a form is due, the window in which an answer counts for it, and what is sent meanwhile."""

    kind: str
    months: int
    due: date
    opens: date
    closes: date
    invite_at: datetime
    remind_at: tuple[datetime, ...]
    call_on: date | None
    or_contact: int | None = None

    def takes(self, day: date) -> bool:
        """Whether an answer of that day counts for this occasion."""
        return self.opens <= day <= self.closes


def add_months(anchor: date, months: int) -> date:
    """The same day of the month so many months on; the last day where that month is shorter.

    Always counted from the anchor: 31 January, 28 February, 31 March.
    """
    try:
        return anchor + relativedelta(months=months)
    except (ValueError, OverflowError) as error:
        raise InvalidInput(f"{months} months after {anchor} is past the end of the calendar.") from error


def occasions(plan: Plan, anchor: date) -> list[Occasion]:
    """Every occasion of a plan from its anchor, in the order of their dates."""
    found = [
        occasion_due(step, months, add_months(anchor, months), plan.messages)
        for step in plan.steps
        for months in step.months
    ]
    return sorted(found, key=lambda each: each.due)


def merged(found: Sequence[Occasion], within: int) -> list[tuple[Occasion, ...]]:
    """What one message can ask for: all that is due within so many days of the first of them, and open by then."""
    groups: list[list[Occasion]] = []
    for each in sorted(found, key=lambda each: each.due):
        first = groups[-1][0].due if groups else None
        if first is not None and each.due - first <= timedelta(days=within) and each.opens <= first:
            groups[-1].append(each)
        else:
            groups.append([each])
    return [tuple(group) for group in groups]


def first_review(due: date, contacts: Iterable[date], number: int) -> date:
    """When the first review is due: at the contact of that number if it comes sooner."""
    days = sorted(contacts)
    return min(due, days[number - 1]) if len(days) >= number else due


def sending_time(instant: datetime) -> datetime:
    """The instant itself if messages may go out then, else the next at which they may; in UTC."""
    local = instant.astimezone(LONDON)
    day = local.date()
    if local.time() < FIRST_HOUR and day.weekday() != SUNDAY:
        return _opening(day)
    if day.weekday() == SUNDAY or local.time() >= LAST_HOUR:
        return _opening(_not_sunday(day + timedelta(days=1)))
    return instant.astimezone(UTC)


def occasion_due(step: Step, months: int, due: date, messages: Messages) -> Occasion:
    """The occasion of a step, due on that day: its window, and when messages go."""
    closes = _days(due, min(step.after, messages.close))
    return Occasion(
        kind=step.kind,
        months=months,
        due=due,
        opens=_days(due, -step.before),
        closes=closes,
        invite_at=_opening(_not_sunday(due)),
        remind_at=tuple(
            _opening(_not_sunday(_days(due, days))) for days in messages.reminders if _days(due, days) <= closes
        ),
        call_on=_not_sunday(_days(due, messages.call)) if _days(due, messages.call) <= closes else None,
        or_contact=step.or_contact if months == min(step.months) else None,
    )


def _not_sunday(day: date) -> date:
    return _days(day, 1) if day.weekday() == SUNDAY else day


def _opening(day: date) -> datetime:
    return datetime.combine(day, FIRST_HOUR, tzinfo=LONDON).astimezone(UTC)


def _days(day: date, count: int) -> date:
    try:
        return day + timedelta(days=count)
    except OverflowError as error:
        raise InvalidInput(f"{count} days from {day} is past the end of the calendar.") from error
