"""The same done with several referrals: each by itself, with its own trail; one that cannot holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.people.operations import hold_answers
from app.referrals.models import Referral
from app.referrals.operations import triage
from app.referrals.queries import referrals as queries

MOST = 50
Verb = Callable[[Session, Actor, Referral, int], object]


@dataclass(frozen=True, slots=True)
class Pick:
    """A referral at the version that was looked at."""

    referral_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one: the referral, none where the actor does not see it, and why it could not be done."""

    referral: Referral | None
    problem: str = ""


def do_each(session: Session, actor: Actor, picks: Sequence[Pick], verb: Verb) -> list[Outcome]:
    """Do it with each that was picked, in their order."""
    chosen = list(dict.fromkeys(picks))[:MOST]
    people = select(Referral.person_id).where(Referral.id.in_([each.referral_id for each in chosen]))
    hold_answers(session, *session.scalars(people.order_by(Referral.person_id)).all())
    return [_do(session, actor, each, verb) for each in chosen]


def acknowledge(session: Session, actor: Actor, row: Referral, version: int) -> None:
    """It was read."""
    if row.acknowledged_at is not None:
        raise Refused("Somebody has read it before.")
    triage.acknowledge(session, actor, row, version=version)


def giving_to(coordinator_id: UUID) -> Verb:
    """It is given to a worker."""

    def give(session: Session, actor: Actor, row: Referral, version: int) -> None:
        if row.coordinator_id == coordinator_id:
            raise Refused("They look after this person already.")
        triage.allocate(session, actor, row, coordinator_id=coordinator_id, version=version)

    return give


def _do(session: Session, actor: Actor, pick: Pick, verb: Verb) -> Outcome:
    try:
        row = queries.referral(session, actor, pick.referral_id)
    except NotFound:
        return Outcome(None, "You do not see this referral any more.")
    try:
        with session.begin_nested():
            verb(session, actor, row, pick.version)
    except NotFound:
        problem = "This is not yours to do."
    except (InvalidInput, Refused) as refusal:
        problem = refusal.message
    else:
        return Outcome(row)
    session.refresh(row)
    return Outcome(row, problem)
