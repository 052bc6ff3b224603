"""Closed is not the end: the loop closes when those who are to hear have been told, or may not be and that is written.

Nothing of this is stored; it is worked out from what was.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.referrals.codes import Recipient


@dataclass(frozen=True, slots=True)
class Telling:
    """What became of the message to one of them: it went, it came back, or permission forbids it and that is noted."""

    recipient: Recipient
    issued_at: datetime | None = None
    bounced: bool = False
    forbidden_noted_at: datetime | None = None

    @property
    def done_at(self) -> datetime | None:
        """When this one was dealt with; a message that came back told nobody."""
        if self.forbidden_noted_at is not None:
            return self.forbidden_noted_at
        return None if self.bounced else self.issued_at


class LoopState(StrEnum):
    """Whether everybody who is to hear has heard."""

    NOT_ENDED = "not-ended"
    OPEN = "open"
    CLOSED = "closed"


def recipients(*, self_referral: bool, has_gp: bool) -> frozenset[Recipient]:
    """Who is to hear how it ended."""
    told = {Recipient.PERSON if self_referral else Recipient.REFERRER}
    return frozenset(told | {Recipient.GP} if has_gp else told)


def loop_closed_at(
    ended_at: datetime | None, due: Collection[Recipient], tellings: Collection[Telling]
) -> datetime | None:
    """When the last of those who are to hear was dealt with, after the end; None while one is left."""
    if ended_at is None or not due:
        return None
    done = [_done_at(who, ended_at, tellings) for who in due]
    known = [each for each in done if each is not None]
    return max(known) if len(known) == len(done) else None


def loop_state(ended_at: datetime | None, due: Collection[Recipient], tellings: Collection[Telling]) -> LoopState:
    """Where the loop stands."""
    if ended_at is None:
        return LoopState.NOT_ENDED
    return LoopState.OPEN if loop_closed_at(ended_at, due, tellings) is None else LoopState.CLOSED


class EndState(StrEnum):
    """How a referral came to its end (HMPPS Refer and Monitor)."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    ENDED = "ended"


def end_state(*, concluded: bool, end_asked: bool, end_report: bool) -> EndState:
    """Its end, worked out: nobody asked for it, it was completed; asked and no report, cancelled; with one, ended."""
    if not concluded:
        return EndState.OPEN
    if not end_asked:
        return EndState.COMPLETED
    return EndState.ENDED if end_report else EndState.CANCELLED


def _done_at(who: Recipient, ended_at: datetime, tellings: Collection[Telling]) -> datetime | None:
    times = (each.done_at for each in tellings if each.recipient is who)
    return min((at for at in times if at is not None and at >= ended_at), default=None)
