"""What happens next with an occasion that is due: a message, a call, its close, or nothing, and why nothing.

To be asked inside the transaction that sends: whatever stops a message must be looked at there.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.clock import LONDON
from app.outcomes.rules.dates import Occasion, sending_time


class Stop(StrEnum):
    """Why no message may go."""

    ANSWERED = "answered"
    DO_NOT_CONTACT = "do not contact"
    OPTED_OUT = "opted out"
    DIED = "died"
    SAFEGUARDING = "safeguarding hold"
    WRONG_NUMBER = "wrong number"
    ALERT_OPEN = "a safety alert is open"
    NOTHING_TO_ASK = "nothing to ask"


class Action(StrEnum):
    """What to do. A call is work for a person; it comes once."""

    INVITE = "invite"
    REMIND = "remind"
    CALL = "call"
    CLOSE = "close"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do now. `message_no` is 0 for the invitation, then the number of the reminder."""

    action: Action
    message_no: int | None = None
    stopped_by: tuple[Stop, ...] = ()


def next_step(
    occasion: Occasion,
    now: datetime,
    *,
    last_message_no: int | None = None,
    called: bool = False,
    stops: Collection[Stop] = (),
) -> NextStep:
    """What is to be done with an occasion at this instant.

    Of messages that were missed only the latest goes, and the first that goes is an invitation, however late. An
    answer ends it; anything else that stops messages does not keep it from being closed when its time is over.
    """
    found = tuple(sorted(set(stops)))
    today = now.astimezone(LONDON).date()
    if Stop.ANSWERED in found:
        return NextStep(Action.WAIT, stopped_by=found)
    if today > occasion.closes:
        return NextStep(Action.CLOSE)
    if found:
        return NextStep(Action.WAIT, stopped_by=found)
    number = _message_due(occasion, now, last_message_no)
    if number is not None and sending_time(now) == now:
        return NextStep(Action.INVITE if last_message_no is None else Action.REMIND, number)
    if occasion.call_on is not None and today >= occasion.call_on and not called:
        return NextStep(Action.CALL)
    return NextStep(Action.WAIT)


def minutes_for(questions: int) -> int:
    """How long a message says that it takes: the nine questions of the short pack take two minutes, measured."""
    return max(1, math.ceil(questions * 2 / 9))


def idempotency_key(invitation: str, message_no: int, channel: str, times_reopened: int = 0) -> str:
    """The key under which a message can be written down once only; anew after it was taken up again."""
    again = f":again {times_reopened}" if times_reopened else ""
    return f"{invitation}:{message_no}:{channel}{again}"


def _message_due(occasion: Occasion, now: datetime, last: int | None) -> int | None:
    """The latest message whose time has come and that has not been sent, nor one after it."""
    due = [number for number, at in enumerate((occasion.invite_at, *occasion.remind_at)) if at <= now]
    return due[-1] if due and (last is None or due[-1] > last) else None
