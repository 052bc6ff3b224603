"""What a case achieved, its steps and dates. The caller found the case in its scope."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.advice.models import AdviceResult, KeyDate, MoneyOutcome, NextStep
from app.advice.scope import within
from app.core.actor import Actor
from app.core.errors import NotFound


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


def dates_of(session: Session, case_id: UUID) -> list[KeyDate]:
    """The key dates, the next first."""
    wanted = select(KeyDate).where(KeyDate.case_id == case_id)
    return list(session.scalars(wanted.order_by(KeyDate.on, KeyDate.id)))


def steps_of(session: Session, case_id: UUID) -> list[NextStep]:
    """The steps: those to be taken first, by day."""
    wanted = select(NextStep).where(NextStep.case_id == case_id)
    order = (NextStep.done_at.is_not(None), NextStep.due_on.is_(None), NextStep.due_on, NextStep.id)
    return list(session.scalars(wanted.order_by(*order)))
