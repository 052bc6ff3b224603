"""Why a referral was refused, paused or ended: coded reasons, never text alone.

Each says for which moves it is, who may give it, whether a comment must go with it, and whether it ends the referral.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.referrals.codes import Move, Party


class ReasonList(StrEnum):
    """The lists that a reason can be of."""

    REJECT = "reject"
    END = "end"
    PAUSE = "pause"
    DECLINED_OFFER = "declined-offer"


LIST_OF_MOVE: dict[Move, ReasonList] = {
    Move.REJECT: ReasonList.REJECT,
    Move.REDIRECT: ReasonList.REJECT,
    Move.WITHDRAW: ReasonList.END,
    Move.END_EARLY: ReasonList.END,
    Move.PAUSE: ReasonList.PAUSE,
}
_USERS: dict[ReasonList, frozenset[Party]] = {
    ReasonList.REJECT: frozenset({Party.RECEIVER}),
    ReasonList.END: frozenset({Party.PERSON, Party.REFERRER, Party.WORKER, Party.MANAGER}),
    ReasonList.PAUSE: frozenset({Party.WORKER}),
    ReasonList.DECLINED_OFFER: frozenset(Party),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One coded reason."""

    list: ReasonList
    code: str
    comment_required: bool
    ends_referral: bool
    usable_by: frozenset[Party]
    at_capacity: bool = False
    follows_non_attendance: bool = False


_CODES: dict[ReasonList, str] = {
    ReasonList.REJECT: """not-eligible-age not-eligible-area-or-gp not-eligible-need-or-threshold list-closed
        wait-too-long assessment-needed-first risk-cannot-be-met-here insufficient-information duplicate-or-mistaken
        already-receiving better-service-exists no-valid-permission service-closed declined-at-first-call other""",
    ReasonList.END: """declined-at-first-contact could-not-be-contacted did-not-engage needs-met-elsewhere moved
        work-caring-or-illness hospital custody died completed-early transferred other""",
    ReasonList.PAUSE: "persons-request hospital custody away worker-absence awaiting-third-party",
    ReasonList.DECLINED_OFFER: """not-now prefers-self-help stigma-or-worry cost-or-travel already-helped
        access-need-not-met""",
}
PERSON_SAID_NO = frozenset({"no-valid-permission", "declined-at-first-call"})
_AT_CAPACITY = frozenset({"list-closed", "wait-too-long"})
_AFTER_NON_ATTENDANCE = frozenset({"did-not-engage", "could-not-be-contacted"})

REASONS: dict[tuple[ReasonList, str], Reason] = {
    (each, code): Reason(
        list=each,
        code=code,
        comment_required=code == "other",
        ends_referral=each in {ReasonList.REJECT, ReasonList.END},
        usable_by=_USERS[each],
        at_capacity=code in _AT_CAPACITY,
        follows_non_attendance=each is ReasonList.END and code in _AFTER_NON_ATTENDANCE,
    )
    for each, codes in _CODES.items()
    for code in codes.split()
}


def reason_for(move: Move, code: str | None) -> Reason | None:
    """The reason of that code on the list of that move; None where the move has no list or the list no such code."""
    kind = LIST_OF_MOVE.get(move)
    return REASONS.get((kind, code)) if kind and code else None
