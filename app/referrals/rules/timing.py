"""Which clocks of a referral run, and which is due first, from what is known of its times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.referrals.codes import ClockKind, Nation, Status
from app.referrals.rules.calendars import end_of
from app.referrals.rules.clocks import Clock, ClockState, Threshold, pauses_in, read_clock

CHECKLIST_CLOCKS = (ClockKind.FIRST_24_HOURS, ClockKind.FIRST_7_DAYS)
_NOT_UNDER_WAY = frozenset({Status.DRAFT, Status.WITHDRAWN, Status.ERROR})
_AT_WORK = frozenset({Status.ACTIVE, Status.PAUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When what happened. `checklists` says of each checklist that there is when its last item was dealt with.

    `moves` is the history as (when, to), in order.
    """

    status: Status
    sent_at: datetime | None = None
    acknowledged_at: datetime | None = None
    decided_at: datetime | None = None
    accepted_at: datetime | None = None
    first_contact_at: datetime | None = None
    started_at: datetime | None = None
    last_contact_at: datetime | None = None
    reviewed_at: datetime | None = None
    carers_asked_at: datetime | None = None
    has_carer: bool = False
    ended_at: datetime | None = None
    loop_closed_at: datetime | None = None
    next_check_on: date | None = None
    review_by: date | None = None
    checklists: Mapping[ClockKind, datetime | None] = field(default_factory=dict)
    moves: Sequence[tuple[datetime, Status]] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """What is due first, and when."""

    at: datetime
    clock: ClockKind


def clocks(
    times: Times, thresholds: Mapping[ClockKind, Threshold | None], nation: Nation, *, now: datetime
) -> dict[ClockKind, Clock]:
    """Every clock that started, read at `now`.

    One that can no longer stop, because the referral ended first, is left out: it was neither met nor missed.
    """
    pauses = pauses_in(times.moves)
    found: dict[ClockKind, Clock] = {}
    for kind, (start, stop) in _runs(times).items():
        if start is None or (stop is None and times.ended_at is not None and kind is not ClockKind.LOOP):
            continue
        found[kind] = read_clock(
            start, now=now, threshold=thresholds.get(kind), nation=nation, stopped_at=stop, pauses=pauses
        )
    return found


def next_due(times: Times, read: Mapping[ClockKind, Clock]) -> Due | None:
    """The first to run out of the clocks that run, with the date on which somebody paused or waiting is looked at."""
    found = [
        Due(reading.due_at, kind)
        for kind, clock in read.items()
        if (reading := clock.without_pauses).due_at is not None
        and reading.state in {ClockState.RUNNING, ClockState.PAST}
    ]
    if times.status is Status.PAUSED and times.review_by is not None:
        found.append(Due(end_of(times.review_by), ClockKind.REVIEW))
    if times.status is Status.WAITING and times.next_check_on is not None:
        found.append(Due(end_of(times.next_check_on), ClockKind.WAITING_CHECK_IN))
    return min(found, key=lambda each: (each.at, each.clock), default=None)


def _runs(times: Times) -> dict[ClockKind, tuple[datetime | None, datetime | None]]:
    """From when to when each clock runs."""
    if times.status in _NOT_UNDER_WAY:
        return {}
    runs = {
        ClockKind.ACKNOWLEDGE: (times.sent_at, _first(times.acknowledged_at, times.decided_at)),
        ClockKind.DECISION: (times.sent_at, times.decided_at),
        ClockKind.INITIAL_CONTACT: (times.sent_at, times.first_contact_at),
        ClockKind.LOOP: (times.ended_at, times.loop_closed_at),
    }
    runs |= {kind: (times.accepted_at, done) for kind, done in times.checklists.items()}
    if times.status in _AT_WORK:
        runs[ClockKind.REVIEW] = (times.reviewed_at or times.started_at, None)
        if times.has_carer:
            runs[ClockKind.CARERS_REVIEW] = (times.carers_asked_at or times.started_at, None)
        runs[ClockKind.FREQUENCY] = (times.last_contact_at or times.started_at, None)
    return runs


def _first(*instants: datetime | None) -> datetime | None:
    return min((each for each in instants if each is not None), default=None)
