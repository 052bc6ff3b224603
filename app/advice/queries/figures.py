"""An adviser's own figures over a period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.advice.codes import Level, MoneyStatus, Result
from app.advice.models import AdviceContact, MoneyOutcome
from app.advice.queries.contacts import Wanted, conditions_of
from app.advice.rules.money import Money, totals
from app.advice.scope import within
from app.core.actor import Actor

# The contacts that the time to log is taken from, the latest first.
MOST_TIMED = 500


@dataclass(frozen=True, slots=True)
class Figures:
    """What was done. `seconds_to_log` is the middle one of those measured; `money` is a year's worth by status."""

    contacts: int
    reached: int
    clients: int
    minutes: int
    seconds_to_log: int | None
    by_level: Mapping[Level, int]
    money: Mapping[MoneyStatus, int]


def own_figures(session: Session, actor: Actor, since: date, until: date) -> Figures:
    """What the actor did themself from one day to another, both counted."""
    conditions = conditions_of(actor, Wanted(adviser_id=actor.user_id, since=since, until=until))
    contacts, reached, clients, minutes = session.execute(
        select(
            func.count(),
            func.count(case((AdviceContact.result == Result.REACHED, 1))),
            func.count(func.coalesce(AdviceContact.person_id, AdviceContact.client_key).distinct()),
            func.coalesce(func.sum(AdviceContact.minutes), 0),
        ).where(*conditions)
    ).one()
    levels = session.execute(
        select(AdviceContact.level, func.count())
        .where(*conditions)
        .group_by(AdviceContact.level)
        .order_by(AdviceContact.level)
    )
    times = session.scalars(
        select(AdviceContact.seconds_to_log)
        .where(*conditions, AdviceContact.seconds_to_log.is_not(None))
        .order_by(AdviceContact.happened_on.desc(), AdviceContact.id)
        .limit(MOST_TIMED)
    ).all()
    return Figures(
        contacts=contacts,
        reached=reached,
        clients=clients,
        minutes=minutes,
        seconds_to_log=round(median(value for value in times if value is not None)) if times else None,
        by_level={level: count for level, count in levels},  # noqa: C416 - the types are clearer so
        money=_money(session, actor, since, until),
    )


def _money(session: Session, actor: Actor, since: date, until: date) -> Mapping[MoneyStatus, int]:
    rows = session.execute(
        select(
            MoneyOutcome.status,
            MoneyOutcome.pence,
            MoneyOutcome.frequency,
            MoneyOutcome.starts_on,
            MoneyOutcome.ends_on,
        )
        .where(
            within(actor, MoneyOutcome.organization_id),
            MoneyOutcome.made_by_id == actor.user_id,
            MoneyOutcome.starts_on.between(since, until),
        )
        .order_by(MoneyOutcome.id)
    )
    return totals(Money(*row) for row in rows)
