"""The one way in which a referral moves: locked, by the state machine, with its history and its trail.

Of two who move the same referral at once one wins; the other is told, and nothing of theirs is written.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.core.events import announce
from app.people.operations import hold_answers
from app.referrals.codes import Move, Status
from app.referrals.events import ReferralMoved
from app.referrals.models import Referral, ReferralEvent
from app.referrals.operations.due import set_due
from app.referrals.parties import parties_of
from app.referrals.rules.states import Facts, Need, next_state

SUBJECT = "referral"
LONGEST_PRESS = 64
SOMEBODY_ELSE = "Somebody else has just changed this referral. Look at it again, then decide."


class Incomplete(InvalidInput):
    """What the move must leave on record is not there; `missing` names it."""

    def __init__(self, missing: frozenset[Need]) -> None:
        super().__init__("Something is missing. Look at the questions that are not answered yet.")
        self.missing = missing


def locked(session: Session, referral_id: UUID, version: int) -> Referral:
    """The referral, held until the transaction ends. Refused where it is no longer at the version that was seen."""
    found = held_whatever(session, referral_id)
    if found.person.erased_at is not None:
        raise Refused("The record of this person was erased. Nothing more can be done with the referral.")
    if found.version != version:
        raise Refused(SOMEBODY_ELSE)
    return found


def held_whatever(session: Session, referral_id: UUID) -> Referral:
    """As `locked`, at whatever version it is, for what follows no page. What the person permits is held with it."""
    person_id = session.scalar(select(Referral.person_id).where(Referral.id == referral_id))
    if person_id is None:
        raise NotFound("referral")
    hold_answers(session, person_id)
    found = session.scalars(
        select(Referral)
        .where(Referral.id == referral_id)
        .with_for_update(of=Referral)
        .execution_options(populate_existing=True)
        .order_by(Referral.id)
    ).one_or_none()
    if found is None:
        raise NotFound("referral")
    return found


def is_first_press(session: Session, referral: Referral, press: str) -> bool:
    """Whether this press of a button has not been counted yet; now it is. The referral is held until the end."""
    held = held_whatever(session, referral.id)
    if is_counted(held, press):
        return False
    held.last_press = press[:LONGEST_PRESS] or held.last_press
    return True


def is_counted(referral: Referral, press: str) -> bool:
    """Whether the referral was last changed by this very press: it was pressed twice, or sent again."""
    return bool(press) and referral.last_press == press[:LONGEST_PRESS]


def touch(session: Session, referral: Referral) -> None:
    """Count a change of a referral that is held, and work out anew what is due."""
    referral.version += 1
    referral.changed_at = clock.now()
    session.flush()
    set_due(session, referral)


def make_move(
    session: Session,
    actor: Actor,
    referral: Referral,
    move: Move,
    facts: Facts,
    *,
    stage: str | None = None,
    details: dict[str, Any] | None = None,
) -> ReferralEvent:
    """Move a referral that is held (`locked`), if the state machine lets it.

    Refused where it cannot be moved so from here or by them; Incomplete where something is missing.
    """
    if facts.by not in parties_of(actor, referral):
        raise NotFound("referral")
    verdict = next_state(referral.status, move, facts)
    if verdict.refusal is not None:
        raise Refused(SOMEBODY_ELSE)
    if verdict.to is None:
        raise Incomplete(verdict.missing)
    event = _event(session, actor, referral, move, facts, verdict.to, details or {})
    _bring_to(referral, move, verdict.to, event.created_at, stage)
    event.stage = referral.stage
    session.add(event)
    referral.reason = facts.reason or ("" if verdict.to is Status.ACTIVE else referral.reason)
    touch(session, referral)
    record(
        session,
        actor,
        Action.SHARED if move is Move.SEND else Action.CHANGED,
        (SUBJECT, referral.id),
        person_id=referral.person_id,
        fields=("status",),
        reason=move.value,
    )
    announce(session, ReferralMoved(referral, event))
    return event


def _event(
    session: Session,
    actor: Actor,
    referral: Referral,
    move: Move,
    facts: Facts,
    to: Status,
    details: dict[str, Any],
) -> ReferralEvent:
    last = select(func.max(ReferralEvent.number)).where(ReferralEvent.referral_id == referral.id)
    return ReferralEvent(
        created_at=clock.now(),
        referral_id=referral.id,
        number=(session.scalar(last) or 0) + 1,
        move=move,
        from_status=referral.status,
        to_status=to,
        party=facts.by,
        by_user_id=actor.user_id,
        by_organization_id=actor.organization_id,
        by_name=name_of(session, actor),
        reason=facts.reason or "",
        comment=facts.comment,
        details=details,
    )


def name_of(session: Session, actor: Actor) -> str:
    """The name of the member of staff who acts; empty for anybody else."""
    user = session.get(User, actor.user_id) if actor.user_id and actor.is_staff else None
    return user.name if user else ""


def _bring_to(referral: Referral, move: Move, to: Status, at: datetime, stage: str | None) -> None:
    """The status and the times that go with it."""
    if move is Move.REOPEN:
        referral.ended_at = None
    elif referral.status is not to and to in _TIMES_OF:
        for name in _TIMES_OF[to]:
            if getattr(referral, name) is None or name == "ended_at":
                setattr(referral, name, at)
    if move is Move.ACKNOWLEDGE or (referral.acknowledged_at is None and to in _DECIDED):
        referral.acknowledged_at = referral.acknowledged_at or at
    referral.stage = stage or ("" if referral.status is not to else referral.stage)
    referral.status = to


_DECIDED = frozenset({Status.ACCEPTED, Status.REJECTED, Status.REDIRECTED, Status.INFO_REQUESTED})
_TIMES_OF: dict[Status, tuple[str, ...]] = {
    Status.SENT: ("sent_at",),
    Status.ACCEPTED: ("decided_at", "accepted_at"),
    Status.REJECTED: ("decided_at", "ended_at"),
    Status.REDIRECTED: ("decided_at", "ended_at"),
    Status.ACTIVE: ("started_at",),
    Status.COMPLETED: ("ended_at",),
    Status.ENDED_EARLY: ("ended_at",),
    Status.WITHDRAWN: ("ended_at",),
    Status.ERROR: ("ended_at",),
}
