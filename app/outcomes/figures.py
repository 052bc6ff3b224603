"""Outcomes of many people, counted in the database: no row about one person leaves it.

A pair is the last complete form of the period against the first complete one that the same person gave the same
organisation, in the two years before the period or in it, on an earlier day and on the same scale. Estimated scores
are left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.accounts.codes import Role
from app.accounts.models import MemberOrganization
from app.core.actor import Actor
from app.core.errors import NotFound
from app.outcomes.codes import CloseReason, FormState, OccasionState
from app.outcomes.measures import Measure, Score, ScoreMethod, find_measure, measures
from app.outcomes.models import Measurement, MeasurementScore, Occasion
from app.outcomes.rules.change import change_rule_name
from app.outcomes.rules.groups import Counted, Response
from app.outcomes.rules.periods import Period
from app.referrals.models import Pathway, Referral

LOOK_BACK = timedelta(days=731)
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
    rule = next((each for each in measure.change_rules if each.score == key and each.default), None)
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


def _valid(form: Any, score: Any) -> tuple[ColumnElement[bool], ...]:
    """Complete forms that stand, with a value that is not estimated."""
    return (
        form.state == FormState.COMPLETE,
        form.superseded_at.is_(None),
        form.voided_at.is_(None),
        score.value.is_not(None),
        score.estimated.is_(False),
    )


def _lasts(wanted: Wanted) -> Any:
    """Every valid score of the period, numbered from the last of each person."""
    day = (Measurement.answered_on.desc(), Measurement.finished_at.desc(), Measurement.id.desc())
    group = (Measurement.person_id, Measurement.measure, MeasurementScore.key)
    return (
        select(
            Measurement.person_id,
            Measurement.measure,
            Measurement.answered_on,
            MeasurementScore.key,
            MeasurementScore.value,
            func.coalesce(MeasurementScore.out_of, -1).label("out_of"),
            func.row_number().over(partition_by=group, order_by=day).label("from_last"),
        )
        .join(MeasurementScore, MeasurementScore.measurement_id == Measurement.id)
        .where(
            Measurement.organization_id == wanted.organization_id,
            Measurement.answered_on.between(wanted.period.begins, wanted.period.ends),
            *_valid(Measurement, MeasurementScore),
            of_people(wanted, Measurement.person_id),
        )
        .cte("last_point")
    )


def _first_value(wanted: Wanted, last: Any) -> Any:
    """What the same person's first form on the same scale came to, on an earlier day; found along an index."""
    form, score = aliased(Measurement), aliased(MeasurementScore)
    return (
        select(score.value)
        .join(form, form.id == score.measurement_id)
        .where(
            form.person_id == last.c.person_id,
            form.organization_id == wanted.organization_id,
            form.measure == last.c.measure,
            form.answered_on >= wanted.period.begins - LOOK_BACK,
            form.answered_on < last.c.answered_on,
            score.key == last.c.key,
            func.coalesce(score.out_of, -1) == last.c.out_of,
            *_valid(form, score),
        )
        .order_by(form.answered_on, form.finished_at, form.id)
        .limit(1)
        .correlate(last)
        .scalar_subquery()
    )


def _scores(session: Session, wanted: Wanted) -> list[tuple[str, str, Counted]]:
    last = _lasts(wanted)
    pairs = (
        select(
            last.c.measure,
            last.c.key,
            (last.c.value - _first_value(wanted, last)).label("change"),
        )
        .where(last.c.from_last == 1)
        .cte("pair")
    )
    rows = session.execute(
        select(
            pairs.c.measure,
            pairs.c.key,
            func.count(),
            func.count(pairs.c.change),
            func.sum(pairs.c.change),
            func.sum(_reliable(pairs, upwards=True)),
            func.sum(_reliable(pairs, upwards=False)),
        )
        .group_by(pairs.c.measure, pairs.c.key)
        .order_by(pairs.c.measure, pairs.c.key)
    )
    return [
        (reference, key, _counted(find_measure(reference), key, (people, pairs_, total, up, down)))
        for reference, key, people, pairs_, total, up, down in rows
        if _is_shown(find_measure(reference), key)
    ]


def _reliable(pairs: Any, *, upwards: bool) -> ColumnElement[int]:
    """1 where the change is as large as the measure's own rule asks for, in that direction."""
    known = [
        (and_(pairs.c.measure == measure.reference, pairs.c.key == rule.score), rule.threshold)
        for measure in _with_rules()
        for rule in measure.change_rules
        if rule.default
    ]
    size = pairs.c.change if upwards else -pairs.c.change
    return case(*[(and_(which, size >= threshold), 1) for which, threshold in known], else_=0)


def _with_rules() -> list[Measure]:
    return [measure for measure in measures().values() if measure.change_rules]


def _is_shown(measure: Measure, key: str) -> bool:
    """The main score where there is one; else every score that has a number."""
    score = measure.score(key)
    return score.method is not ScoreMethod.CATEGORY and measure.main in {None, key}


def _counted(measure: Measure, key: str, row: tuple[int, int, Any, int, int]) -> Counted:
    people, pairs, total, up, down = row
    change = None if total is None else Decimal(str(total))
    if _rule_name(measure, key) is None:
        return Counted(people, pairs, change)
    better, worse = (up, down) if measure.direction_of(key) == "higher" else (down, up)
    return Counted(people, pairs, change, better=better or 0, worse=worse or 0)


def _answers(session: Session, wanted: Wanted) -> list[tuple[str, str, int]]:
    """Of questions that are answered by a name: how many people gave which answer last."""
    day = (Measurement.answered_on.desc(), Measurement.finished_at.desc(), Measurement.id.desc())
    latest = (
        select(
            Measurement.measure,
            MeasurementScore.band,
            func.row_number()
            .over(partition_by=(Measurement.person_id, Measurement.measure, MeasurementScore.key), order_by=day)
            .label("from_last"),
        )
        .join(MeasurementScore, MeasurementScore.measurement_id == Measurement.id)
        .where(
            Measurement.organization_id == wanted.organization_id,
            Measurement.answered_on.between(wanted.period.begins, wanted.period.ends),
            Measurement.state != FormState.DRAFT,
            Measurement.superseded_at.is_(None),
            Measurement.voided_at.is_(None),
            MeasurementScore.band.is_not(None),
            _is_named(),
            of_people(wanted, Measurement.person_id),
        )
        .cte("latest")
    )
    rows = session.execute(
        select(latest.c.measure, latest.c.band, func.count())
        .where(latest.c.from_last == 1)
        .group_by(latest.c.measure, latest.c.band)
        .order_by(latest.c.measure, latest.c.band)
    )
    return [(reference, band, count) for reference, band, count in rows]


def _is_named() -> ColumnElement[bool]:
    """Whether a score is a name and no number, such as "very good"."""
    named = [
        and_(Measurement.measure == measure.reference, MeasurementScore.key == score.key)
        for measure in measures().values()
        for score in measure.scores
        if score.method is ScoreMethod.CATEGORY
    ]
    return or_(*named)


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
