"""Moving running follow-ups on to a new schedule: a few at once, many by and by, some in each transaction."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, selectinload

from app.core import clock
from app.core.actor import Actor, ActorKind
from app.outcomes.models import OutcomePlan, OutcomeSchedule
from app.outcomes.operations.scheduling import follow_another

# As many as a page can wait for; in the worker, as many as others can wait for who want to write: some 30 ms each.
AT_ONCE = 20
AT_A_TIME = 10


def move_on(session: Session, actor: Actor, schedule: OutcomeSchedule) -> int:
    """Move running follow-ups on to this schedule; where there are many, they are left to the worker. Says how many."""
    if left(session, schedule) <= AT_ONCE:
        return _move(session, actor, schedule, AT_ONCE)
    schedule.moves_since = clock.now()
    session.flush()
    return 0


def go_on(session: Session) -> int:
    """Some of those that were left, for the organisation that waits longest. Says how many; 0 means none is left."""
    schedule = session.scalars(
        select(OutcomeSchedule)
        .where(OutcomeSchedule.moves_since.is_not(None))
        .order_by(OutcomeSchedule.moves_since, OutcomeSchedule.version, OutcomeSchedule.id)
        .limit(1)
        .with_for_update()
    ).first()
    if schedule is None:
        return 0
    actor = Actor(kind=ActorKind.STAFF, user_id=schedule.made_by_id, organization_id=schedule.organization_id)
    done = _move(session, actor, schedule, AT_A_TIME)
    if done < AT_A_TIME:
        schedule.moves_since = None
        session.flush()
        # That it is over is something done, too: another may wait behind it.
        return max(done, 1)
    return done


def left(session: Session, schedule: OutcomeSchedule) -> int:
    """How many running follow-ups still follow an older schedule than this."""
    return session.scalar(select(func.count()).select_from(OutcomePlan).where(_behind(schedule))) or 0


def waiting(session: Session, organization_id: UUID) -> dict[str, int]:
    """How many are still to be moved, by template, where the worker is at it."""
    found = session.scalars(
        select(OutcomeSchedule)
        .where(OutcomeSchedule.organization_id == organization_id, OutcomeSchedule.moves_since.is_not(None))
        .order_by(OutcomeSchedule.template, OutcomeSchedule.version, OutcomeSchedule.id)
    )
    return {each.template: left(session, each) for each in found}


def _move(session: Session, actor: Actor, schedule: OutcomeSchedule, most: int) -> int:
    plans = _some(session, schedule, most)
    for plan in plans:
        follow_another(session, actor, plan, schedule)
    return len(plans)


def _some(session: Session, schedule: OutcomeSchedule, most: int) -> Sequence[OutcomePlan]:
    return session.scalars(
        select(OutcomePlan)
        .where(_behind(schedule))
        .options(selectinload(OutcomePlan.occasions))
        .order_by(OutcomePlan.id)
        .limit(most)
        .with_for_update(of=OutcomePlan)
    ).all()


def _behind(schedule: OutcomeSchedule) -> ColumnElement[bool]:
    return and_(
        OutcomePlan.organization_id == schedule.organization_id,
        OutcomePlan.template == schedule.template,
        OutcomePlan.ended_on.is_(None),
        OutcomePlan.template_version < schedule.version,
    )
