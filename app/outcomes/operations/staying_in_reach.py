"""Who helped goes on seeing whom they follow up, though the record is another's and the referral has ended.

Else an answer that needs a look, after support, would reach nobody. It ends with the follow-ups, or with the
permission; what an open safety alert needs ends when somebody has closed it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import SYSTEM
from app.outcomes.models import Occasion, OutcomePlan, SafetyAlert
from app.people.codes import AccessReason
from app.people.models import Person, PersonAccess
from app.people.operations import end_access, give_access

# How long the last answer can still be read and talked about.
AFTER_THE_LAST = timedelta(days=28)
AT_A_TIME = 100


def keep_in_reach(session: Session, because: OutcomePlan | SafetyAlert) -> None:
    """Let the organisation see the person for these follow-ups, or until this alert is closed."""
    person = session.get_one(Person, because.person_id)
    if person.organization_id != because.organization_id:
        give_access(session, SYSTEM, person, because.organization_id, _reason(because), because.id)


def let_go(session: Session, because: OutcomePlan | SafetyAlert) -> None:
    """That is over: who sees the person for another reason as well goes on seeing them."""
    end_access(session, SYSTEM, because.person_id, because.organization_id, _reason(because), because.id)


def let_go_without_permission(session: Session, person_id: UUID, *, but: Collection[UUID] = ()) -> None:
    """The person took their permission back, save for these organisations; an open alert is looked at all the same."""
    for plan in session.scalars(_kept_for().where(OutcomePlan.person_id == person_id)):
        if plan.organization_id not in but:
            let_go(session, plan)


def let_go_of_what_is_over(session: Session) -> int:
    """End it where the last window closed some weeks ago. Says how many."""
    lately = exists().where(Occasion.plan_id == OutcomePlan.id, Occasion.closes_on >= clock.today() - AFTER_THE_LAST)
    over = session.scalars(_kept_for().where(~lately).limit(AT_A_TIME)).all()
    for plan in over:
        let_go(session, plan)
    return len(over)


def _kept_for() -> Select[OutcomePlan]:
    kept = exists().where(
        PersonAccess.reason == AccessReason.FOLLOW_UP,
        PersonAccess.because_id == OutcomePlan.id,
        PersonAccess.ended_at.is_(None),
    )
    return select(OutcomePlan).where(kept).order_by(OutcomePlan.id)


def _reason(because: OutcomePlan | SafetyAlert) -> AccessReason:
    return AccessReason.FOLLOW_UP if isinstance(because, OutcomePlan) else AccessReason.ALERT
