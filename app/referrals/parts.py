"""What features above referrals add to one: each registers its part, so that referrals need import none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.people.parts import RecordAction, TimelineEntry
from app.referrals.models import Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralPart:
    """What one feature knows of a referral.

    history -- what happened because of it, for whoever sees its appointments
    actions -- what a member of staff can do next from its page
    """

    name: str
    history: Callable[[Session, Actor, Referral], Iterable[TimelineEntry]]
    actions: Callable[[Session, Actor, Referral], Iterable[RecordAction]]


_parts: dict[str, ReferralPart] = {}


def register(part: ReferralPart) -> ReferralPart:
    """Make a part known; one of the same name takes its place."""
    _parts[part.name] = part
    return part


def history_of(session: Session, actor: Actor, referral: Referral) -> list[TimelineEntry]:
    """What happened beside the moves of the referral itself, oldest first."""
    found = [entry for part in _parts.values() for entry in part.history(session, actor, referral)]
    return sorted(found, key=lambda entry: entry.at)


def actions_for(session: Session, actor: Actor, referral: Referral) -> list[RecordAction]:
    """What can be done from the page of the referral, in order."""
    found = [action for part in _parts.values() for action in part.actions(session, actor, referral)]
    return sorted(found, key=lambda action: (action.order, action.label))
