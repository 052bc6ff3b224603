"""What a manager sees of the whole: counts over referrals of the organisation, made in the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.referrals.codes import ClockKind, Status
from app.referrals.models import Pathway, Referral
from app.referrals.scope import sent_to

_WEEKS = 4
_TO_TRIAGE = (Status.SENT, Status.INFO_REQUESTED)
_AT_WORK = (Status.ACCEPTED, Status.WAITING, Status.ACTIVE, Status.PAUSED)


@dataclass(frozen=True, slots=True)
class PathwayFlow:
    """Of one pathway: how many came in the last weeks, wait to be read, wait, are helped, and ended."""

    name: str
    came: int
    to_triage: int
    waiting: int
    helped: int
    ended: int


@dataclass(frozen=True, slots=True)
class Load:
    """How many people a worker looks after, and how many of them are overdue."""

    name: str
    people: int
    overdue: int


def by_pathway(session: Session, actor: Actor) -> list[PathwayFlow]:
    """The flow on each pathway of the organisation, by name. Three counts, each along an index of its own."""
    since = clock.now() - timedelta(weeks=_WEEKS)
    came = _counts(session, actor, Referral.sent_at >= since)
    ended = _counts(session, actor, Referral.ended_at >= since)
    open_ones = _counts(session, actor, Referral.status.in_((*_TO_TRIAGE, *_AT_WORK)))
    names = session.execute(
        select(Pathway.id, Pathway.name)
        .where(Pathway.organization_id == actor.organization_id)
        .order_by(Pathway.name, Pathway.id)
    )
    return [
        PathwayFlow(
            name,
            came=_sum(came, pathway_id, Status),
            to_triage=_sum(open_ones, pathway_id, _TO_TRIAGE),
            waiting=_sum(open_ones, pathway_id, (Status.WAITING,)),
            helped=_sum(open_ones, pathway_id, (Status.ACCEPTED, Status.ACTIVE, Status.PAUSED)),
            ended=_sum(ended, pathway_id, Status),
        )
        for pathway_id, name in names
    ]


def _counts(session: Session, actor: Actor, condition: ColumnElement[bool]) -> dict[tuple[UUID, Status], int]:
    rows = session.execute(
        select(Referral.pathway_id, Referral.status, func.count(Referral.id))
        .where(sent_to(actor), condition, Referral.status != Status.ERROR)
        .group_by(Referral.pathway_id, Referral.status)
        .order_by(Referral.pathway_id, Referral.status)
    )
    return {(pathway_id, status): count for pathway_id, status, count in rows}


def _sum(counts: dict[tuple[UUID, Status], int], pathway_id: UUID, states: Iterable[Status]) -> int:
    return sum(counts.get((pathway_id, status), 0) for status in states)


def overdue_by_clock(session: Session, actor: Actor) -> list[tuple[ClockKind, int]]:
    """How many are past each clock, the most first."""
    number = func.count(Referral.id)
    rows = session.execute(
        select(Referral.due_clock, number)
        .where(sent_to(actor), Referral.due_at < clock.now())
        .group_by(Referral.due_clock)
        .order_by(number.desc(), Referral.due_clock)
    )
    return [(ClockKind(kind), count) for kind, count in rows if kind is not None]


def workload(session: Session, actor: Actor) -> list[Load]:
    """How many people each worker looks after, by name."""
    rows = session.execute(
        select(
            Referral.coordinator_name,
            func.count(Referral.id),
            func.sum(case((Referral.due_at < clock.now(), 1), else_=0)),
        )
        .where(sent_to(actor), Referral.status.in_(_AT_WORK), Referral.coordinator_name != "")
        .group_by(Referral.coordinator_id, Referral.coordinator_name)
        .order_by(Referral.coordinator_name, Referral.coordinator_id)
    )
    return [Load(name, people, int(overdue or 0)) for name, people, overdue in rows]


def refusals(session: Session, actor: Actor) -> list[tuple[str, int]]:
    """Why referrals were not taken on in the last weeks, the most frequent reason first."""
    number = func.count(Referral.id)
    since = clock.now() - timedelta(weeks=13)
    rows = session.execute(
        select(Referral.reason, number)
        .where(
            sent_to(actor),
            Referral.status.in_((Status.REJECTED, Status.REDIRECTED)),
            Referral.ended_at >= since,
            Referral.reason != "",
        )
        .group_by(Referral.reason)
        .order_by(number.desc(), Referral.reason)
    )
    return [(reason, count) for reason, count in rows]
