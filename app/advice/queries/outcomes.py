"""What a case achieved, its steps and dates. The caller found the case in its scope."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.advice.codes import ResultKind
from app.advice.models import AdviceCase, AdviceResult, KeyDate, MoneyOutcome, NextStep
from app.advice.scope import within
from app.core.actor import Actor
from app.core.errors import NotFound

# What a calendar can take in at once.
MOST_DATES = 500


def money_of(session: Session, case_id: UUID) -> list[MoneyOutcome]:
    """The outcomes in money, in the order in which they were noted."""
    wanted = select(MoneyOutcome).where(MoneyOutcome.case_id == case_id)
    return list(session.scalars(wanted.order_by(MoneyOutcome.created_at, MoneyOutcome.id)))


def money(session: Session, actor: Actor, money_id: UUID) -> MoneyOutcome:
    """One outcome in money that the actor may see. NotFound for any other."""
    wanted = select(MoneyOutcome).where(MoneyOutcome.id == money_id, within(actor, MoneyOutcome.organization_id))
    found = session.scalars(wanted.order_by(MoneyOutcome.id)).one_or_none()
    if found is None:
        raise NotFound("outcome")
    return found


def results_of(session: Session, case_id: UUID) -> list[AdviceResult]:
    """The other results, in the order in which they were noted."""
    wanted = select(AdviceResult).where(AdviceResult.case_id == case_id)
    return list(session.scalars(wanted.order_by(AdviceResult.created_at, AdviceResult.id)))


def result_of(session: Session, case: AdviceCase, kind: ResultKind) -> AdviceResult | None:
    """The result of one kind, as it is now."""
    wanted = select(AdviceResult).where(AdviceResult.case_id == case.id, AdviceResult.kind == kind)
    return session.scalars(wanted.order_by(AdviceResult.id).execution_options(populate_existing=True)).one_or_none()


def dates_of(session: Session, case_id: UUID) -> list[KeyDate]:
    """The key dates, the next first."""
    wanted = select(KeyDate).where(KeyDate.case_id == case_id).options(joinedload(KeyDate.case))
    return list(session.scalars(wanted.order_by(KeyDate.on, KeyDate.id)))


def own_dates(session: Session, actor: Actor) -> list[KeyDate]:
    """The open key dates of the cases in which the actor advises, the next first."""
    return list(
        session.scalars(
            select(KeyDate)
            .join(AdviceCase, AdviceCase.id == KeyDate.case_id)
            .where(
                within(actor, KeyDate.organization_id),
                AdviceCase.adviser_id == actor.user_id,
                KeyDate.done_at.is_(None),
            )
            .options(contains_eager(KeyDate.case))
            .order_by(KeyDate.on, KeyDate.id)
            .limit(MOST_DATES)
        )
    )


def steps_of(session: Session, case_id: UUID) -> list[NextStep]:
    """The steps: those to be taken first, by day."""
    wanted = select(NextStep).where(NextStep.case_id == case_id)
    order = (NextStep.done_at.is_not(None), NextStep.due_on.is_(None), NextStep.due_on, NextStep.id)
    return list(session.scalars(wanted.order_by(*order)))
