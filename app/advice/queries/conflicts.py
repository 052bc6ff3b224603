"""Conflicts of interest: yes or no for whoever advises, and the files on both sides for who supervises them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.advice.codes import CaseState, ConflictState
from app.advice.models import AdviceCase, AdviceParty
from app.advice.scope import supervised
from app.core import clock
from app.core.actor import Actor

# How long the files of closed cases are asked about.
YEARS_OF_CLOSED = 6
MOST = 100


def is_conflict_possible(session: Session, case: AdviceCase) -> bool:
    """Whether the service acts, or acted lately, for somebody on the other side of the case, or against its client.

    Both questions are always asked, and nothing of what they found leaves this function but yes or no.
    """
    as_client = session.scalar(select(func.count()).select_from(_clients_among_parties(case).limit(1).subquery()))
    as_party = session.scalar(select(func.count()).select_from(_parties_that_are_the_client(case).limit(1).subquery()))
    return bool(as_client) | bool(as_party)


def _in_memory(case: AdviceCase) -> ColumnElement[bool]:
    """Other cases of the organisation that are open, or were closed within the years that count."""
    since: date = clock.today() - relativedelta(years=YEARS_OF_CLOSED)
    still = or_(AdviceCase.state == CaseState.OPEN, AdviceCase.closed_on >= since)
    return and_(AdviceCase.organization_id == case.organization_id, AdviceCase.id != case.id, still)


def _clients_among_parties(case: AdviceCase) -> Select[UUID]:
    parties = select(AdviceParty.search_name).where(AdviceParty.case_id == case.id)
    return (
        select(AdviceCase.id)
        .where(_in_memory(case), AdviceCase.search_name.in_(parties), AdviceCase.search_name != "")
        .order_by(AdviceCase.id)
    )


def _parties_that_are_the_client(case: AdviceCase) -> Select[UUID]:
    return (
        select(AdviceCase.id)
        .join(AdviceParty, AdviceParty.case_id == AdviceCase.id)
        .where(
            AdviceParty.organization_id == case.organization_id,
            AdviceParty.search_name == case.search_name,
            AdviceParty.search_name != "",
            _in_memory(case),
        )
        .order_by(AdviceCase.id)
    )


def other_files(session: Session, actor: Actor, case: AdviceCase) -> list[AdviceCase]:
    """The files on the other side of a case, whichever of the two was there first, for who supervises both.

    None of whoever advises in the case: they are told that there may be a conflict, and not of whom.
    """
    ids = or_(AdviceCase.id.in_(_clients_among_parties(case)), AdviceCase.id.in_(_parties_that_are_the_client(case)))
    if case.adviser_id == actor.user_id:
        return []
    return list(
        session.scalars(
            select(AdviceCase)
            .where(supervised(actor, AdviceCase.organization_id), AdviceCase.adviser_id != actor.user_id, ids)
            .options(joinedload(AdviceCase.person), joinedload(AdviceCase.adviser))
            .order_by(AdviceCase.number, AdviceCase.id)
            .limit(MOST)
        )
    )


def _undecided(actor: Actor) -> ColumnElement[bool]:
    """Cases with a possible conflict that nobody has decided about, none of the supervisor's own."""
    of_others = AdviceCase.adviser_id != actor.user_id
    return and_(supervised(actor, AdviceCase.organization_id), AdviceCase.conflict == ConflictState.POSSIBLE, of_others)


def count_undecided(session: Session, actor: Actor) -> int:
    """How many possible conflicts wait for a supervisor."""
    return session.scalar(select(func.count()).select_from(AdviceCase).where(_undecided(actor))) or 0


def undecided(session: Session, actor: Actor) -> list[AdviceCase]:
    """The cases whose possible conflict waits for a supervisor, the oldest first."""
    return list(
        session.scalars(
            select(AdviceCase)
            .where(_undecided(actor))
            .options(joinedload(AdviceCase.person), joinedload(AdviceCase.adviser))
            .order_by(AdviceCase.opened_on, AdviceCase.id)
            .limit(MOST)
        )
    )
