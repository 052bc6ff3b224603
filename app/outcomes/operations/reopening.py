"""Staff take up again what was ended without an answer. How it had ended is kept, and nobody is asked twice."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Refused
from app.notifications.codes import MessageState
from app.notifications.models import Message
from app.outcomes.codes import OccasionState
from app.outcomes.models import Occasion, OccasionReopening, OutcomeInvitation
from app.outcomes.operations.occasions import SUBJECT, lead_of, lock, settle
from app.outcomes.rules.reopening import StaysEnded, why_it_stays_ended
from app.people.models import Person


def hindrance(session: Session, occasion: Occasion) -> StaysEnded | None:
    """What keeps an ended occasion from being taken up again; None where nothing does."""
    return why_it_stays_ended(
        occasion.closes_on,
        clock.today(),
        has_died=session.get_one(Person, occasion.person_id).died_on is not None,
        has_plan_ended=occasion.plan.ended_on is not None,
    )


def reopen(session: Session, actor: Actor, occasion: Occasion, reason: str) -> None:
    """Take an ended occasion up again. Whoever was asked hears no more than the reminders that are still to come.

    What they had begun was scored at the end and counts: only the rest is asked.
    """
    lead = lead_of(session, occasion)
    lock(session, lead)
    lock(session, occasion)
    if occasion.state is not OccasionState.CLOSED_UNANSWERED or occasion.close_reason is None:
        return
    if hindrance(session, occasion) is not None:
        raise Refused("This cannot be taken up again.")
    session.add(
        OccasionReopening(
            occasion_id=occasion.id,
            reason=reason,
            reopened_by_id=actor.user_id,
            close_reason=occasion.close_reason,
            closed_at=occasion.closed_at,
            closed_by_id=occasion.closed_by_id,
        )
    )
    lead.last_message_no = _last_that_left(session, lead)
    occasion.close_reason = occasion.closed_at = occasion.closed_by_id = None
    occasion.state = OccasionState.PLANNED if lead.last_message_no is None else OccasionState.SENT
    session.flush()
    record(
        session, actor, Action.CHANGED, (SUBJECT, occasion.id), person_id=occasion.person_id, fields=["state", "reason"]
    )
    settle(session, actor, lead)


def times_reopened(session: Session, lead: Occasion) -> int:
    """How often what is asked for with this message was taken up again."""
    asked = select(Occasion.id).where(or_(Occasion.id == lead.id, Occasion.lead_id == lead.id))
    counting = select(func.count()).select_from(OccasionReopening).where(OccasionReopening.occasion_id.in_(asked))
    return session.scalar(counting) or 0


def _last_that_left(session: Session, lead: Occasion) -> int | None:
    """The last message without those that were withdrawn before they left: of these the person knows nothing."""
    rows = session.execute(
        select(OutcomeInvitation.number, Message.state)
        .join(Message, Message.id == OutcomeInvitation.message_id)
        .where(OutcomeInvitation.occasion_id == lead.id)
        .order_by(OutcomeInvitation.number)
    ).all()
    left = {number for number, state in rows if state is not MessageState.CANCELLED}
    if lead.last_message_no in {number for number, _state in rows} - left:
        return max(left, default=None)
    return lead.last_message_no
