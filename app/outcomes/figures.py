"""Outcomes of many people, counted in the database: no row about one person leaves it.

A pair is the last complete form of the period against the first complete one that the same person gave the same
organisation, in the two years before it, on an earlier day and on the same scale. Estimated scores are left out. Which
is the next and how far each is from the first is worked out with each form (`app.outcomes.rules.points`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.accounts.codes import Role
from app.accounts.models import MemberOrganization
from app.core.actor import Actor
from app.core.errors import NotFound
from app.outcomes.codes import CloseReason, OccasionState
from app.outcomes.measures import ChangeRule, Measure, Score, ScoreMethod, find_measure, measures
from app.outcomes.models import Measurement, Occasion, OutcomePoint
from app.outcomes.rules.change import change_rule_name, rules_in_common
from app.outcomes.rules.groups import Counted, Response
from app.outcomes.rules.periods import Period
from app.referrals.models import Pathway, Referral

OVER = (OccasionState.DONE, OccasionState.CLOSED_UNANSWERED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose figures: of one organisation, perhaps of those only who came by one pathway, in a period."""

    organization_id: UUID
    period: Period
    pathway_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ScoreFigures:
    """One score of a measure."""

    score: Score
    counted: Counted
    rule: str | None


@dataclass(slots=True)
class MeasureFigures:
    """One measure: its scores with a number, its answers by name, and how many of those asked answered."""

    measure: Measure
    scores: list[ScoreFigures] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    response: Response = field(default_factory=Response)

    @property
    def shared(self) -> dict[str, str]:
        """By score, the rule that judges several of its scores alike."""
        return rules_in_common(self.measure, [each.score.key for each in self.scores])


def places(session: Session, actor: Actor) -> Sequence[MemberOrganization]:
    """The organisations whose figures the actor may read: its own; a commissioner's, all that ask people."""
    wanted = MemberOrganization.id == actor.organization_id
    if actor.holds(Role.COMMISSIONER.value):
        asks = MemberOrganization.id.in_(select(Occasion.organization_id).distinct())
        answers = MemberOrganization.id.in_(select(Measurement.organization_id).distinct())
        wanted = or_(asks, answers) if not actor.holds(Role.MANAGER.value) else or_(wanted, asks, answers)
    return session.scalars(
        select(MemberOrganization).where(wanted).order_by(MemberOrganization.name, MemberOrganization.id)
    ).all()


def pathways(session: Session, organization_id: UUID) -> Sequence[Pathway]:
    """The pathways by which people came to an organisation."""
    return session.scalars(
        select(Pathway).where(Pathway.organization_id == organization_id).order_by(Pathway.name, Pathway.id)
    ).all()


def pathway_of(session: Session, organization_id: UUID, pathway_id: UUID) -> Pathway:
    """One of them. NotFound for another organisation's."""
    found = next((each for each in pathways(session, organization_id) if each.id == pathway_id), None)
    if found is None:
        raise NotFound("pathway")
    return found


def by_measure(session: Session, wanted: Wanted) -> list[MeasureFigures]:
    """Every measure that was answered or asked for in the period, by its title."""
    found: dict[str, MeasureFigures] = {}

    def of(reference: str) -> MeasureFigures:
        return found.setdefault(reference, MeasureFigures(find_measure(reference)))

    for reference, key, counted in _scores(session, wanted):
        figures = of(reference)
        score, rule = figures.measure.score(key), _rule_name(figures.measure, key)
        figures.scores.append(ScoreFigures(score, counted, rule))
    for reference, band, count in _answers(session, wanted):
        of(reference).answers[band] = count
    for reference, response in responses(session, wanted).items():
        of(reference).response = response
    return sorted(found.values(), key=lambda each: (each.measure.title, each.measure.reference))


def _rule_name(measure: Measure, key: str) -> str | None:
    rule = _rule(measure, key)
    return None if rule is None else change_rule_name(measure, rule)


def of_people(wanted: Wanted, person: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether a row is about somebody who came by the pathway, where one is asked for."""
    if wanted.pathway_id is None:
        return true()
    came = select(Referral.person_id).where(
        Referral.receiver_organization_id == wanted.organization_id,
        Referral.pathway_id == wanted.pathway_id,
        Referral.accepted_at.is_not(None),
    )
    return person.in_(came)


def _last_of_each(wanted: Wanted, measure: str, key: str) -> tuple[ColumnElement[bool], ...]:
    """Of one score the last point of each person in the period."""
    point = OutcomePoint
    return (
        point.organization_id == wanted.organization_id,
        point.measure == measure,
        point.key == key,
        point.answered_on.between(wanted.period.begins, wanted.period.ends),
        or_(point.next_on.is_(None), point.next_on > wanted.period.ends),
        of_people(wanted, point.person_id),
    )


def _scores(session: Session, wanted: Wanted) -> list[tuple[str, str, Counted]]:
    asked = [(measure, score.key) for measure in measures().values() for score in measure.scores
             if _is_shown(measure, score.key)]  # fmt: skip
    rows = session.execute(union_all(*[_counts(wanted, measure, key) for measure, key in asked]))
    found = {(reference, key): counts for reference, key, *counts in rows if counts[0]}
    return [
        (measure.reference, key, _counted(measure, key, found[measure.reference, key]))
        for measure, key in sorted(asked, key=lambda each: (each[0].reference, each[1]))
        if (measure.reference, key) in found
    ]


def _counts(wanted: Wanted, measure: Measure, key: str) -> Select[*tuple[Any, ...]]:
    """One score: people, pairs, the sum of what changed, and how many changed for sure, upwards and downwards."""
    change, rule, named = OutcomePoint.change, _rule(measure, key), (literal(measure.reference, String), literal(key))
    sure = [_count_if(size, rule) for size in (change, -change)]
    counts = (func.count(), func.count(change), func.sum(change))
    return select(*named, *counts, *sure).where(*_last_of_each(wanted, measure.reference, key))


def _count_if(size: Any, rule: ChangeRule | None) -> ColumnElement[int]:
    """How many changes are as large as the rule asks for; none where there is no rule."""
    return func.sum(case((size >= rule.threshold, 1), else_=0)) if rule else literal(0, BigInteger)


def _rule(measure: Measure, key: str) -> ChangeRule | None:
    return next((each for each in measure.change_rules if each.score == key and each.default), None)


def _is_shown(measure: Measure, key: str) -> bool:
    """The main score where there is one; else every score that has a number."""
    score = measure.score(key)
    return score.method is not ScoreMethod.CATEGORY and measure.main in {None, key}


def _counted(measure: Measure, key: str, row: Sequence[Any]) -> Counted:
    people, pairs, total, up, down = row
    change = None if total is None else Decimal(str(total))
    if _rule_name(measure, key) is None:
        return Counted(people, pairs, change)
    better, worse = (up, down) if measure.direction_of(key) == "higher" else (down, up)
    return Counted(people, pairs, change, better=better or 0, worse=worse or 0)


def _answers(session: Session, wanted: Wanted) -> list[tuple[str, str, int]]:
    """Of questions that are answered by a name: how many people gave which answer last."""
    asked = [
        select(literal(measure.reference, String), OutcomePoint.band, func.count())
        .where(*_last_of_each(wanted, measure.reference, score.key))
        .group_by(OutcomePoint.band)
        for measure in measures().values()
        for score in measure.scores
        if score.method is ScoreMethod.CATEGORY
    ]
    rows = session.execute(union_all(*asked))
    return sorted((reference, band, count) for reference, band, count in rows if band is not None)


def responses(session: Session, wanted: Wanted) -> dict[str, Response]:
    """By measure: of the occasions that were due in the period and are over, how many were answered."""
    asked = cast(Occasion.measures, String)
    rows = session.execute(
        select(asked, Occasion.state, func.count())
        .where(*due_in(wanted), Occasion.state.in_(OVER))
        .group_by(asked, Occasion.state)
        .order_by(asked, Occasion.state)
    )
    over, answered = Counter[str](), Counter[str]()
    for references, state, count in rows:
        for reference in _references(references):
            over[reference] += count
            answered[reference] += count if state is OccasionState.DONE else 0
    return {reference: Response(count, answered[reference]) for reference, count in over.items()}


def _references(text: str) -> list[str]:
    return [str(each) for each in json.loads(text)]


def due_in(wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    """Occasions that were due in the period."""
    return (
        Occasion.organization_id == wanted.organization_id,
        Occasion.due_on.between(wanted.period.begins, wanted.period.ends),
        of_people(wanted, Occasion.person_id),
    )


def reasons(session: Session, wanted: Wanted) -> dict[CloseReason, int]:
    """Why occasions that were due in the period ended without an answer."""
    rows = session.execute(
        select(Occasion.close_reason, func.count())
        .where(*due_in(wanted), Occasion.close_reason.is_not(None))
        .group_by(Occasion.close_reason)
        .order_by(func.count().desc(), Occasion.close_reason)
    )
    return {reason: count for reason, count in rows if reason is not None}
