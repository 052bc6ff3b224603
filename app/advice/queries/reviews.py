"""Files for a supervisor to read, and what was found in those that were read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.advice.codes import CaseState, ReviewQuestion
from app.advice.models import AdviceCase, CaseReview
from app.advice.rules.quality import Share, drawn, quality
from app.advice.scope import is_supervisor, within
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.web.pagination import Page

PAGE = 25
# A file that was read within this time before the month is not drawn again.
READ_LATELY = timedelta(days=180)
# Closed cases are read while the work is still remembered.
CLOSED_LATELY = timedelta(days=92)
# What the lot is drawn from at most: the cases opened last.
MOST_DRAWN_FROM = 2000


@dataclass(frozen=True, slots=True)
class Figures:
    """What reading files found over a period."""

    read: int
    actions: int
    actions_done: int
    by_question: Mapping[ReviewQuestion, Share]


def sample(session: Session, actor: Actor, month: date) -> list[tuple[AdviceCase, CaseReview | None]]:
    """The cases drawn for a month (its first day), each with its review of that month; none of the actor's own.

    Cases opened in the month wait for the next one, so that the sample stays what it is.
    """
    before = exists().where(
        CaseReview.case_id == AdviceCase.id,
        CaseReview.reviewed_on < month,
        CaseReview.reviewed_on >= month - READ_LATELY,
    )
    alive = or_(AdviceCase.state == CaseState.OPEN, AdviceCase.closed_on >= month - CLOSED_LATELY)
    files = session.execute(
        select(AdviceCase.id, AdviceCase.adviser_id)
        .where(within(actor, AdviceCase.organization_id), AdviceCase.opened_on < month, alive, not_(before))
        .order_by(AdviceCase.opened_on.desc(), AdviceCase.id)
        .limit(MOST_DRAWN_FROM)
    )
    ids = drawn(((case_id, adviser_id) for case_id, adviser_id in files), month)
    cases = session.scalars(
        select(AdviceCase)
        .where(AdviceCase.id.in_(ids), AdviceCase.adviser_id != actor.user_id)
        .options(joinedload(AdviceCase.person), joinedload(AdviceCase.adviser))
        .order_by(AdviceCase.number, AdviceCase.id)
    ).all()
    found = session.scalars(
        select(CaseReview)
        .where(CaseReview.case_id.in_(ids), CaseReview.reviewed_on >= month)
        .order_by(CaseReview.created_at, CaseReview.id)
    )
    reviews = {review.case_id: review for review in found}
    return [(case, reviews.get(case.id)) for case in cases]


def _theirs(actor: Actor) -> ColumnElement[bool]:
    """Reviews that are the actor's to read: their own work or their own words; all of them for who supervises."""
    of_place = within(actor, CaseReview.organization_id)
    if actor.user_id is None or is_supervisor(actor):
        return of_place
    own_file = exists().where(AdviceCase.id == CaseReview.case_id, AdviceCase.adviser_id == actor.user_id)
    return and_(of_place, or_(CaseReview.reviewer_id == actor.user_id, own_file))


def review(session: Session, actor: Actor, review_id: UUID) -> CaseReview:
    """One that the actor may see, with its case. NotFound for any other."""
    found = session.scalars(
        select(CaseReview)
        .where(CaseReview.id == review_id, _theirs(actor))
        .options(
            joinedload(CaseReview.reviewer),
            joinedload(CaseReview.case).joinedload(AdviceCase.person),
            joinedload(CaseReview.case).joinedload(AdviceCase.adviser),
        )
        .order_by(CaseReview.id)
    ).one_or_none()
    if found is None:
        raise NotFound("review")
    return found


def reviews_of(session: Session, actor: Actor, case_id: UUID) -> list[CaseReview]:
    """The reviews of a case that the actor may see, the latest first."""
    return list(
        session.scalars(
            select(CaseReview)
            .where(CaseReview.case_id == case_id, _theirs(actor))
            .options(joinedload(CaseReview.reviewer))
            .order_by(CaseReview.reviewed_on.desc(), CaseReview.created_at.desc(), CaseReview.id)
        )
    )


def reviews(session: Session, actor: Actor, number: int = 1) -> tuple[list[CaseReview], Page]:
    """All reviews, the latest first, a page at a time."""
    condition = within(actor, CaseReview.organization_id)
    total = session.scalar(select(func.count()).select_from(CaseReview).where(condition)) or 0
    page = Page(number, PAGE, total)
    rows = session.scalars(
        select(CaseReview)
        .where(condition)
        .options(
            joinedload(CaseReview.reviewer),
            joinedload(CaseReview.case).joinedload(AdviceCase.person),
            joinedload(CaseReview.case).joinedload(AdviceCase.adviser),
        )
        .order_by(CaseReview.reviewed_on.desc(), CaseReview.created_at.desc(), CaseReview.id)
        .limit(PAGE)
        .offset(page.offset)
    )
    return list(rows), page


def _open_actions(actor: Actor) -> ColumnElement[bool]:
    return and_(
        within(actor, CaseReview.organization_id),
        CaseReview.actions_due_on.is_not(None),
        CaseReview.actions_done_at.is_(None),
    )


def open_actions(session: Session, actor: Actor) -> list[CaseReview]:
    """Reviews whose actions nobody has checked yet, those due first."""
    return list(
        session.scalars(
            select(CaseReview)
            .where(_open_actions(actor))
            .options(
                joinedload(CaseReview.case).joinedload(AdviceCase.person),
                joinedload(CaseReview.case).joinedload(AdviceCase.adviser),
            )
            .order_by(CaseReview.actions_due_on, CaseReview.id)
            .limit(100)
        )
    )


def count_due_actions(session: Session, actor: Actor) -> int:
    """How many reviews have actions that are due."""
    due = CaseReview.actions_due_on <= clock.today()
    return session.scalar(select(func.count()).select_from(CaseReview).where(_open_actions(actor), due)) or 0


def figures(session: Session, actor: Actor, since: date, until: date) -> Figures:
    """What was found in the files read from one day to another, both counted."""
    of_period = (within(actor, CaseReview.organization_id), CaseReview.reviewed_on.between(since, until))
    read, actions, done = session.execute(
        select(func.count(), func.count(CaseReview.actions_due_on), func.count(CaseReview.actions_done_at)).where(
            *of_period
        )
    ).one()
    answers = session.scalars(select(CaseReview.answers).where(*of_period).order_by(CaseReview.id))
    return Figures(read, actions, done, quality(answers))
