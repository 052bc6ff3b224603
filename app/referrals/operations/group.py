"""The end of a referral to a group without an account, which keeps no record of its own here."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput
from app.core.text import clean
from app.referrals.codes import ClosureOutcome, Move, Party, Status
from app.referrals.models import Referral, ReferralGoal
from app.referrals.operations.ending import Ending, give_word
from app.referrals.operations.moving import locked, make_move
from app.referrals.rules.states import Facts


def finish(
    session: Session,
    actor: Actor,
    referral: Referral,
    *,
    outcome: ClosureOutcome,
    ending: Ending,
    version: int,
) -> Referral:
    """The group says how it went: the work began, came to its end, and those who are to hear are told."""
    held = locked(session, referral.id, version)
    text = clean(ending.summary)[:5000]
    if not text or ending.destination is None:
        raise InvalidInput("Write a sentence for those who hear how it went.")
    held.destination, held.closing_summary = ending.destination, text
    held.first_contact_at = held.first_contact_at or clock.now()
    if held.status in {Status.ACCEPTED, Status.WAITING}:
        facts = Facts(by=Party.WORKER, first_contact_at=held.first_contact_at)
        make_move(session, actor, held, Move.START, facts)
    session.add(ReferralGoal(referral_id=held.id, words=held.what_would_help or held.pathway.name, outcome=outcome))
    session.flush()
    known = Facts(
        by=Party.WORKER,
        goals=1,
        goal_outcomes=(outcome,),
        destination=ending.destination,
        discharge_pack_ready=True,
    )
    details = {"destination": ending.destination.value, "shown": ending.shown}
    make_move(session, actor, held, Move.COMPLETE, known, details=details)
    return give_word(session, actor, held, shown=ending.shown)
