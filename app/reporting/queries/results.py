"""What advice achieved besides money, and what was confirmed of it after the end, as counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.advice.codes import Achieved, ResultKind
from app.advice.models import AdviceCase, AdviceResult
from app.advice.scope import within
from app.core.actor import Actor
from app.reporting.queries.counting import how_many, may_count
from app.reporting.rules.periods import Period

IS_SO = (Achieved.FULLY, Achieved.PARTLY)


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """Results of cases that ended, how many were looked at again on a later day, and how many of these held."""

    results: int
    followed_up: int
    confirmed: int


def by_result(session: Session, actor: Actor, period: Period) -> Mapping[tuple[Achieved, ResultKind], int]:
    """Results by how far they were reached and what they are, on the day on which they were last noted."""
    rows = session.execute(
        select(AdviceResult.achieved, AdviceResult.kind, func.count())
        .join(AdviceCase, AdviceCase.id == AdviceResult.case_id)
        .where(_counts(actor), AdviceResult.noted_on.between(period.since, period.until))
        .group_by(AdviceResult.achieved, AdviceResult.kind)
        .order_by(AdviceResult.achieved, AdviceResult.kind)
    )
    return {(achieved, kind): count for achieved, kind, count in rows}


def followed_up(session: Session, actor: Actor, period: Period) -> FollowedUp:
    """The results of the cases that ended in the period, with what was noted of them up to now."""
    later = AdviceResult.noted_on > AdviceCase.closed_on
    row = session.execute(
        select(func.count(), how_many(later), how_many(and_(later, AdviceResult.achieved.in_(IS_SO))))
        .select_from(AdviceResult)
        .join(AdviceCase, AdviceCase.id == AdviceResult.case_id)
        .where(_counts(actor), AdviceCase.closed_on.between(period.since, period.until))
    ).one()
    return FollowedUp(*row)


def _counts(actor: Actor) -> ColumnElement[bool]:
    return and_(within(actor, AdviceResult.organization_id), may_count(AdviceCase.person_id))
