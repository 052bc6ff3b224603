"""How long an invitation stands, and for how many people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# What is known of who was asked is wiped so long after the invitation is over.
KEPT_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation at a moment: how many people have booked with it, and whether the one who asks is among them."""

    most_people: int
    used_by: int
    expires_at: datetime
    revoked: bool = False
    used_by_them: bool = False


def stands(one: Invitation, now: datetime) -> bool:
    """Whether it can be opened at all."""
    return not one.revoked and now < one.expires_at


def admits(one: Invitation, now: datetime) -> bool:
    """Whether somebody may book with it: who did before may again, a newcomer while it is not used up."""
    return stands(one, now) and (one.used_by_them or one.used_by < one.most_people)
