"""Who is next in a queue, how long people waited, and for how long what they said is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from app.advice.codes import QueueState

# The words of a queue are needed while somebody waits, and for questions on the day after. Not longer: UK GDPR,
# Article 5(1)(e), storage limitation.
WORDS_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """One who came, as far as the figures need it."""

    state: QueueState
    came_at: datetime
    called_at: datetime | None = None
    ended_at: datetime | None = None

    def waited(self, now: datetime) -> timedelta:
        """Until they were called, or went, or until now."""
        return max(timedelta(), (self.called_at or self.ended_at or now) - self.came_at)


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """A session in figures. The waits are in minutes; None where nobody was there to wait."""

    came: int
    waiting: int
    with_adviser: int
    seen: int
    left: int
    not_said: int
    longest_wait: int | None
    usual_wait: int | None


def queue_figures(stays: Iterable[Stay], now: datetime) -> QueueFigures:
    """The figures of those who came.

    The longest wait counts those who still wait or went; the usual one is the middle one of those who were called. How
    long somebody waited of whom nothing was said is not known.
    """
    known = list(stays)
    states = [stay.state for stay in known]
    told = [stay for stay in known if stay.state is not QueueState.NOT_SAID or stay.called_at is not None]
    waits = [minutes(stay.waited(now)) for stay in told]
    called = [minutes(stay.waited(now)) for stay in known if stay.called_at is not None]
    return QueueFigures(
        came=len(known),
        waiting=states.count(QueueState.WAITING),
        with_adviser=states.count(QueueState.CALLED),
        seen=states.count(QueueState.SEEN),
        left=states.count(QueueState.LEFT),
        not_said=states.count(QueueState.NOT_SAID),
        longest_wait=max(waits, default=None),
        usual_wait=round(median(called)) if called else None,
    )


def minutes(wait: timedelta) -> int:
    """Whole minutes."""
    return int(wait.total_seconds() // 60)
