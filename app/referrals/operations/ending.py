"""Pausing and going on, ending and opening again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput
from app.core.text import clean
from app.referrals.codes import Attendance, ClosureOutcome, Destination, Move, Party, Shown
from app.referrals.models import Appointment, PlanItem, Referral, ReferralGoal
from app.referrals.operations.directory_word import tell_of_help
from app.referrals.operations.loop import close_for
from app.referrals.operations.moving import locked, make_move
from app.referrals.operations.previews import call_off, offer
from app.referrals.operations.reaching import end_reach, open_for_work
from app.referrals.operations.tasks import settle_missed
from app.referrals.operations.work import attendances
from app.referrals.parties import parties_of
from app.referrals.queries.times import definition_for
from app.referrals.rules.attendance import MISSED
from app.referrals.rules.returning import is_within_reopening_time
from app.referrals.rules.states import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How the work came out: an outcome for each goal, where the person goes on to, and the word back.

    `summary` goes to those who may hear a summary, `detail` only to those who may hear everything. `shown` says
    whether the person saw the message before it went (`Shown`); later, they read it first.
    """

    destination: Destination | None = None
    outcomes: Mapping[UUID, ClosureOutcome] = field(default_factory=dict)
    summary: str = ""
    next_step: str = ""
    detail: str = ""
    shown: str = ""
    reason: str | None = None
    comment: str = ""
    risk_decision: str = ""


def pause(
    session: Session,
    actor: Actor,
    referral: Referral,
    *,
    reason: str,
    review_by: date | None,
    comment: str = "",
    version: int,
) -> Referral:
    """Let the work rest until it is looked at again on a day."""
    held = locked(session, referral.id, version)
    if review_by is not None and review_by <= clock.today():
        raise InvalidInput("Choose a day in the future on which you look at it again.")
    held.review_by = review_by
    facts = Facts(by=Party.WORKER, reason=reason, comment=clean(comment), review_by=review_by)
    details = {"review_by": review_by.isoformat() if review_by else ""}
    make_move(session, actor, held, Move.PAUSE, facts, details=details)
    settle_missed(session, actor, held)
    return held


def resume(session: Session, actor: Actor, referral: Referral, *, version: int) -> Referral:
    """Go on with the work."""
    held = locked(session, referral.id, version)
    held.review_by = None
    make_move(session, actor, held, Move.RESUME, Facts(by=Party.WORKER))
    return held


def complete(session: Session, actor: Actor, referral: Referral, ending: Ending, *, version: int) -> Referral:
    """The work is done: outcomes, destination, the word back. Those who are to hear are told."""
    held = locked(session, referral.id, version)
    _set_outcomes(session, held, ending)
    facts = _facts(session, held, ending, Party.WORKER)
    make_move(session, actor, held, Move.COMPLETE, facts, details=_details(ending))
    tell_of_help(session, held, facts.goal_outcomes)
    return give_word(session, actor, held, shown=ending.shown)


def end_early(session: Session, actor: Actor, referral: Referral, ending: Ending, *, version: int) -> Referral:
    """The work stops before its end, for a coded reason; after a missed appointment with the decision about risk."""
    held = locked(session, referral.id, version)
    by = Party.WORKER if Party.WORKER in parties_of(actor, held) else Party.MANAGER
    _set_outcomes(session, held, ending)
    facts = _facts(session, held, ending, by)
    make_move(session, actor, held, Move.END_EARLY, facts, details=_details(ending))
    return give_word(session, actor, held, shown=ending.shown)


def give_word(session: Session, actor: Actor, held: Referral, *, shown: str) -> Referral:
    """Tell those who are to hear how it ended; with `Shown.LATER` the person reads it first."""
    hold = shown == Shown.LATER
    made = close_for(session, actor, held, hold=hold)
    if hold:
        offer(session, actor, held, [each for each in made if each.done_at is None])
    settle_missed(session, actor, held)
    end_reach(session, actor, held)
    return held


def reopen(session: Session, actor: Actor, referral: Referral, *, comment: str, version: int) -> Referral:
    """Open again what ended not long ago, with a note that says why."""
    held = locked(session, referral.id, version)
    by = Party.WORKER if Party.WORKER in parties_of(actor, held) else Party.MANAGER
    days = definition_for(session, held).reopening_days
    within = held.ended_at is not None and is_within_reopening_time(held.ended_at, clock.now(), days)
    facts = Facts(by=by, comment=clean(comment), within_reopening_time=within, work_began=held.work_began)
    make_move(session, actor, held, Move.REOPEN, facts)
    call_off(session, held)
    tell_of_help(session, held, ())
    open_for_work(session, actor, held)
    return held


def mark_error(session: Session, actor: Actor, referral: Referral, *, comment: str, version: int) -> Referral:
    """Entered in error: it stays in the history and is counted nowhere."""
    held = locked(session, referral.id, version)
    make_move(session, actor, held, Move.MARK_ERROR, Facts(by=Party.MANAGER, comment=clean(comment)))
    call_off(session, held)
    tell_of_help(session, held, ())
    end_reach(session, actor, held)
    return held


def _facts(session: Session, held: Referral, ending: Ending, by: Party) -> Facts:
    came = attendances(session, held.id)
    past = [each for each in came if each is not Attendance.FUTURE]
    outcomes = session.scalars(
        select(ReferralGoal.outcome).where(ReferralGoal.referral_id == held.id).order_by(ReferralGoal.created_at)
    ).all()
    return Facts(
        by=by,
        reason=ending.reason,
        comment=clean(ending.comment),
        goals=len(outcomes),
        goal_outcomes=tuple(each for each in outcomes if each is not None),
        destination=ending.destination,
        discharge_pack_ready=bool(clean(ending.summary)),
        open_appointments=_count(session, held, future=True),
        unrecorded_appointments=_count(session, held, future=False),
        open_actions=_open_actions(session, held),
        missed_last_appointment=bool(past) and past[-1] in MISSED,
        risk_decision=clean(ending.risk_decision),
    )


def _count(session: Session, held: Referral, *, future: bool) -> int:
    """Appointments of which nobody has said what became: those to come, or those that were."""
    is_future = Appointment.starts_at > clock.now()
    return (
        session.scalar(
            select(func.count())
            .select_from(Appointment)
            .where(
                Appointment.referral_id == held.id,
                Appointment.attendance == Attendance.FUTURE,
                is_future if future else ~is_future,
            )
        )
        or 0
    )


def _open_actions(session: Session, held: Referral) -> int:
    wanted = (
        select(func.count())
        .select_from(PlanItem)
        .where(PlanItem.referral_id == held.id, PlanItem.done_at.is_(None), PlanItem.dropped_at.is_(None))
    )
    return session.scalar(wanted) or 0


def _set_outcomes(session: Session, held: Referral, ending: Ending) -> None:
    goals = session.scalars(
        select(ReferralGoal)
        .where(ReferralGoal.referral_id == held.id)
        .order_by(ReferralGoal.created_at, ReferralGoal.id)
    )
    for goal in goals:
        goal.outcome = ending.outcomes.get(goal.id, goal.outcome)
    held.destination = ending.destination
    held.closing_summary, held.closing_detail = clean(ending.summary)[:5000], clean(ending.detail)[:5000]
    held.next_step = clean(ending.next_step)[:2000]
    session.flush()


def _details(ending: Ending) -> dict[str, str]:
    return {
        "destination": ending.destination.value if ending.destination else "",
        "risk_decision": clean(ending.risk_decision),
        "shown": ending.shown,
    }
