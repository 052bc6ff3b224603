"""What waits for an adviser: each list and its count ask the same, in SQL."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.advice.codes import CaseState, StepBy
from app.advice.models import AdviceCase, AdviceContact, AdviceDraft, KeyDate, NextStep
from app.advice.scope import within
from app.core import clock
from app.core.actor import Actor
from app.core.orm import Base

MOST = 100
# How far ahead key dates are shown.
AHEAD = timedelta(days=28)

_Row = TypeVar("_Row", bound=Base)


def _due(actor: Actor) -> list[ColumnElement[bool]]:
    """Steps of this adviser that are due today or were before; those without a day are due at once."""
    day = clock.today()
    return [
        within(actor, NextStep.organization_id),
        NextStep.owner_id == actor.user_id,
        NextStep.done_at.is_(None),
        NextStep.by != StepBy.CLIENT,
        func.coalesce(NextStep.due_on, day) <= day,
    ]


def _coming(actor: Actor) -> list[ColumnElement[bool]]:
    """Key dates of the organisation that are near or past, and not dealt with."""
    return [within(actor, KeyDate.organization_id), KeyDate.done_at.is_(None), KeyDate.on <= clock.today() + AHEAD]


def _waiting(actor: Actor) -> list[ColumnElement[bool]]:
    """Contacts after which somebody waits for a call, today or before."""
    return [
        within(actor, AdviceContact.organization_id),
        AdviceContact.call_back_on.is_not(None),
        AdviceContact.called_back_at.is_(None),
        AdviceContact.replaced_at.is_(None),
        AdviceContact.call_back_on <= clock.today(),
    ]


def _to_close(actor: Actor) -> list[ColumnElement[bool]]:
    """Open cases of this adviser in which nothing is left to do."""
    steps = exists().where(NextStep.case_id == AdviceCase.id, NextStep.done_at.is_(None))
    dates = exists().where(KeyDate.case_id == AdviceCase.id, KeyDate.done_at.is_(None))
    return [
        within(actor, AdviceCase.organization_id),
        AdviceCase.adviser_id == actor.user_id,
        AdviceCase.state == CaseState.OPEN,
        and_(not_(steps), not_(dates)),
    ]


def _own_drafts(actor: Actor) -> list[ColumnElement[bool]]:
    return [within(actor, AdviceDraft.organization_id), AdviceDraft.user_id == actor.user_id]


def count_due(session: Session, actor: Actor) -> int:
    """How many steps are due."""
    return _count(session, NextStep, _due(actor))


def count_deadlines(session: Session, actor: Actor) -> int:
    """How many key dates come near."""
    return _count(session, KeyDate, _coming(actor))


def count_waiting(session: Session, actor: Actor) -> int:
    """How many wait for a call."""
    return _count(session, AdviceContact, _waiting(actor))


def count_drafts(session: Session, actor: Actor) -> int:
    """How many drafts lie unfinished."""
    return _count(session, AdviceDraft, _own_drafts(actor))


def count_to_close(session: Session, actor: Actor) -> int:
    """How many cases could be closed."""
    return _count(session, AdviceCase, _to_close(actor))


def _count(session: Session, model: type[Base], conditions: list[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def due(session: Session, actor: Actor) -> list[NextStep]:
    """Steps that are due, the oldest first."""
    return _rows(
        session,
        select(NextStep)
        .where(*_due(actor))
        .options(
            joinedload(NextStep.contact).joinedload(AdviceContact.person),
            joinedload(NextStep.case).joinedload(AdviceCase.person),
        )
        .order_by(NextStep.due_on.is_(None), NextStep.due_on, NextStep.id),
    )


def deadlines(session: Session, actor: Actor) -> list[KeyDate]:
    """Key dates that come near, the next first."""
    return _rows(
        session,
        select(KeyDate)
        .where(*_coming(actor))
        .options(
            joinedload(KeyDate.contact).joinedload(AdviceContact.person),
            joinedload(KeyDate.case).joinedload(AdviceCase.person),
        )
        .order_by(KeyDate.on, KeyDate.id),
    )


def waiting(session: Session, actor: Actor) -> list[AdviceContact]:
    """Contacts after which somebody waits for a call, the longest wait first."""
    return _rows(
        session,
        select(AdviceContact)
        .where(*_waiting(actor))
        .options(joinedload(AdviceContact.person), selectinload(AdviceContact.issues))
        .order_by(AdviceContact.call_back_on, AdviceContact.id),
    )


def to_close(session: Session, actor: Actor) -> list[AdviceCase]:
    """Cases in which nothing is left to do, the oldest first."""
    return _rows(
        session,
        select(AdviceCase)
        .where(*_to_close(actor))
        .options(joinedload(AdviceCase.person))
        .order_by(AdviceCase.opened_on, AdviceCase.id),
    )


def _rows(session: Session, statement: Select[_Row]) -> list[_Row]:
    return list(session.scalars(statement.limit(MOST)))
