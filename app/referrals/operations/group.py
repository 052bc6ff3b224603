"""The end of a referral to a group without an account, which keeps no record of its own here."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput
from app.core.text import clean
from app.referrals.codes import ClosureOutcome, Destination, Move, Party, Status
from app.referrals.models import Referral, ReferralGoal
from app.referrals.operations.loop import close_for
from app.referrals.operations.moving import locked, make_move
from app.referrals.rules.states import Facts


def finish(
    session: Session,
    actor: Actor,
    referral: Referral,
    *,
    outcome: ClosureOutcome,
    destination: Destination,
    summary: str,
    version: int,
) -> Referral:
    """The group says how it went: the work began, came to its end, and those who are to hear are told."""
    held = locked(session, referral.id, version)
    text = clean(summary)
    if not text:
        raise InvalidInput("Write a sentence for those who hear how it went.")
    held.destination, held.closing_summary = destination, text
    held.first_contact_at = held.first_contact_at or clock.now()
    if held.status in {Status.ACCEPTED, Status.WAITING}:
        facts = Facts(by=Party.WORKER, first_contact_at=held.first_contact_at)
        make_move(session, actor, held, Move.START, facts)
    session.add(ReferralGoal(referral_id=held.id, words=held.what_would_help or held.pathway.name, outcome=outcome))
    session.flush()
    ending = Facts(
        by=Party.WORKER,
        goals=1,
        goal_outcomes=(outcome,),
        destination=destination,
        discharge_pack_ready=True,
    )
    make_move(session, actor, held, Move.COMPLETE, ending, details={"destination": destination.value})
    close_for(session, actor, held)
    return held
