"""Decisions about signposts: what one tap changes, what it says of the listing, and when a reminder goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.directory.codes import Experience
from app.referrals.signposts.codes import Contacted, Helped, Hindrance

# What its signed link is for, and what messages about it are about.
PURPOSE = "signpost"
MOST_SERVICES = 10
LINK_LASTS = timedelta(days=90)
REMIND_AFTER = timedelta(days=14)
# A worker that stood still for weeks does not write to people about what they have long forgotten.
REMINDED_UNTIL = timedelta(days=28)
ADDRESSES_ARE_KEPT = timedelta(days=30)
LONGEST_WORDS = 600


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person has said of one service so far."""

    contacted: Contacted | None = None
    helped: Helped | None = None
    hindrance: Hindrance | None = None


NOTHING = Answer()
Tap = Contacted | Helped | Hindrance


def after(answer: Answer, tap: Tap) -> Answer:
    """The answer once `tap` was pressed. The latest press counts, and what no longer fits with it goes."""
    if isinstance(tap, Contacted):
        not_yet = Answer(tap, hindrance=answer.hindrance)
        return not_yet if tap is Contacted.NOT_YET else replace(answer, contacted=tap)
    if isinstance(tap, Helped):
        return Answer(Contacted.YES, tap, None if tap is Helped.YES else answer.hindrance)
    helped = Helped.NO if answer.helped is Helped.YES else answer.helped
    return replace(answer, helped=helped, hindrance=tap)


def asks_why(answer: Answer) -> bool:
    """Whether there is something to ask the reason of."""
    return answer.contacted is Contacted.NOT_YET or answer.helped in {Helped.NO, Helped.A_LITTLE}


_MET_WITH: Mapping[Hindrance, Experience] = {
    Hindrance.FULL: Experience.FULL,
    Hindrance.CLOSED: Experience.CLOSED,
    Hindrance.NO_ANSWER: Experience.NO_ANSWER,
    Hindrance.NOT_ELIGIBLE: Experience.NOT_ELIGIBLE,
    Hindrance.COST: Experience.COST,
    Hindrance.ACCESS: Experience.ACCESS,
}


def met_with(answer: Answer) -> Experience | None:
    """What the answer says of the listing; None where it says nothing of it."""
    if answer.hindrance is not None:
        return _MET_WITH.get(answer.hindrance)
    return Experience.HELPED if answer.helped in {Helped.YES, Helped.A_LITTLE} else None


def is_unmet(answer: Answer) -> bool:
    """Whether the person looked for this help and did not get it; to think better of it is no unmet need."""
    if answer.helped in {Helped.YES, Helped.A_LITTLE} or answer.hindrance is Hindrance.CHANGED_MIND:
        return False
    return answer.hindrance is not None or answer.helped is Helped.NO


def remind_on(given: date) -> date:
    """The day of the one reminder."""
    return given + REMIND_AFTER


def may_remind(due: date | None, today: date) -> bool:
    """Whether a reminder due on `due` may still go today."""
    return due is not None and due <= today <= due + REMINDED_UNTIL - REMIND_AFTER
