"""Cases, what belongs to them, and whether a conflict of interest is possible."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.advice.codes import CaseState
from app.advice.models import (
    AdviceCase,
    AdviceContact,
    AdviceParty,
    AdviceResult,
    KeyDate,
    MoneyOutcome,
    NextStep,
)
from app.advice.scope import within
from app.core.actor import Actor
from app.core.errors import NotFound
from app.web.pagination import Page

PAGE = 25


def case(session: Session, actor: Actor, case_id: UUID) -> AdviceCase:
    """One that the actor may see, with its client and its adviser. NotFound for any other."""
    found = session.scalars(
        select(AdviceCase)
        .where(AdviceCase.id == case_id, within(actor, AdviceCase.organization_id))
        .options(joinedload(AdviceCase.person), joinedload(AdviceCase.adviser))
        .order_by(AdviceCase.id)
    ).one_or_none()
    if found is None:
        raise NotFound("advice case")
    return found


def cases(
    session: Session, actor: Actor, *, state: CaseState, adviser_id: UUID | None = None, number: int = 1
) -> tuple[list[AdviceCase], Page]:
    """Cases, the one opened last first, a page at a time."""
    conditions = [within(actor, AdviceCase.organization_id), AdviceCase.state == state]
    if adviser_id is not None:
        conditions.append(AdviceCase.adviser_id == adviser_id)
    total = session.scalar(select(func.count()).select_from(AdviceCase).where(*conditions)) or 0
    page = Page(number, PAGE, total)
    rows = session.scalars(
        select(AdviceCase)
        .where(*conditions)
        .options(joinedload(AdviceCase.person), joinedload(AdviceCase.adviser))
        .order_by(AdviceCase.opened_on.desc(), AdviceCase.id.desc())
        .limit(PAGE)
        .offset(page.offset)
    )
    return list(rows), page


def open_cases_of(
    session: Session, actor: Actor, *, person_id: UUID | None = None, client_number: str = ""
) -> list[AdviceCase]:
    """The open cases of a client, the one opened last first; none without a name or a number."""
    if person_id is None and not client_number:
        return []
    whose: ColumnElement[bool] = (
        AdviceCase.person_id == person_id
        if person_id is not None
        else and_(AdviceCase.person_id.is_(None), func.lower(AdviceCase.client_number) == client_number.lower())
    )
    return list(
        session.scalars(
            select(AdviceCase)
            .where(within(actor, AdviceCase.organization_id), AdviceCase.state == CaseState.OPEN, whose)
            .order_by(AdviceCase.opened_on.desc(), AdviceCase.id)
            .limit(20)
        )
    )


def timeline_of_case(session: Session, case: AdviceCase) -> list[AdviceContact]:
    """The contacts of a case, latest first. The caller has found the case through its scope."""
    return list(
        session.scalars(
            select(AdviceContact)
            .where(AdviceContact.case_id == case.id, AdviceContact.replaced_at.is_(None))
            .options(selectinload(AdviceContact.issues), joinedload(AdviceContact.adviser))
            .order_by(AdviceContact.happened_on.desc(), AdviceContact.created_at.desc(), AdviceContact.id)
            .limit(200)
        )
    )


def has_open_work(session: Session, case_id: UUID) -> bool:
    """Whether a step or a key date of the case is not done."""
    steps = exists().where(NextStep.case_id == case_id, NextStep.done_at.is_(None))
    dates = exists().where(KeyDate.case_id == case_id, KeyDate.done_at.is_(None))
    return bool(session.scalar(select(literal(1)).where(or_(steps, dates))))


def has_outcomes(session: Session, case_id: UUID) -> bool:
    """Whether anything says what the case achieved, or that it did not."""
    money = exists().where(MoneyOutcome.case_id == case_id)
    results = exists().where(AdviceResult.case_id == case_id)
    return bool(session.scalar(select(literal(1)).where(or_(money, results))))


def parties(session: Session, case_id: UUID) -> list[AdviceParty]:
    """The other side of a case, in the order in which they were named."""
    return list(
        session.scalars(
            select(AdviceParty).where(AdviceParty.case_id == case_id).order_by(AdviceParty.created_at, AdviceParty.id)
        )
    )
