"""What a missed session leads to: a call first, and never a penalty."""

from __future__ import annotations

from enum import StrEnum

from app.booking.codes import Attendance


class FollowUp(StrEnum):
    """What staff are asked to do."""

    NOTHING = "nothing"
    CALL = "call"
    MAY_RELEASE = "may_release"


def follow_up(
    attendance: Attendance, *, is_first: bool = False, first_needed: bool = False, contact_tried: bool = False
) -> FollowUp:
    """After a session. The place of who missed a needed first session *may* be given on, by a person who decides so.

    Who told us beforehand keeps the place; a missed session that is not the first never costs it.
    """
    if attendance is not Attendance.DID_NOT_ATTEND:
        return FollowUp.NOTHING
    if not contact_tried:
        return FollowUp.CALL
    return FollowUp.MAY_RELEASE if is_first and first_needed else FollowUp.NOTHING
