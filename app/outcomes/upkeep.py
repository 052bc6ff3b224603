"""What must hold of outcomes beyond what their tables enforce."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.core.upkeep import check
from app.outcomes.codes import FormState
from app.outcomes.measures import ScoreMethod, measures
from app.outcomes.models import Measurement, MeasurementScore, Occasion, OutcomePoint
from app.outcomes.operations import how_far

MEND = "`waymark outcomes rebuild-points` works them out anew."


@check("points of outcomes")
def points_fit_the_forms(session: Session) -> Iterator[str]:
    """Each point is of a form that stands, as it stands; each figure of a complete form has its point."""
    if count := _count(session, _astray()):
        yield f"{count} points are of forms that were replaced, taken back or changed. {MEND}"
    if count := _count(session, _without_point()):
        yield f"{count} figures of complete forms have no point. {MEND}"


@check("how far people came")
def how_far_fits_messages_and_forms(session: Session) -> Iterator[str]:
    """What is kept with an occasion for counting is what its messages and forms say."""
    if count := _count(session, select(func.count()).select_from(Occasion).where(how_far.differs())):
        yield f"{count} follow-ups do not say how far the person came. {MEND}"


def _astray() -> Select[int]:
    fits = (
        (Measurement.state != FormState.DRAFT)
        & Measurement.superseded_at.is_(None)
        & Measurement.voided_at.is_(None)
        & (Measurement.organization_id == OutcomePoint.organization_id)
        & (Measurement.person_id == OutcomePoint.person_id)
        & (Measurement.answered_on == OutcomePoint.answered_on)
    )
    return (
        select(func.count())
        .select_from(OutcomePoint)
        .join(Measurement, Measurement.id == OutcomePoint.measurement_id)
        .where(~fits)
    )


def _without_point() -> Select[int]:
    pointed = select(OutcomePoint.id).where(
        OutcomePoint.measurement_id == MeasurementScore.measurement_id, OutcomePoint.key == MeasurementScore.key
    )
    return (
        select(func.count())
        .select_from(MeasurementScore)
        .join(Measurement, Measurement.id == MeasurementScore.measurement_id)
        .where(
            Measurement.state == FormState.COMPLETE,
            Measurement.superseded_at.is_(None),
            Measurement.voided_at.is_(None),
            or_(MeasurementScore.band.is_not(None), MeasurementScore.value.is_not(None) & ~_is_named()),
            MeasurementScore.estimated.is_(False),
            ~pointed.exists(),
        )
    )


def _is_named() -> ColumnElement[bool]:
    """Scores that are a name and no number: without the name there is nothing to count."""
    named = [
        (measure.reference, score.key)
        for measure in measures().values()
        for score in measure.scores
        if score.method is ScoreMethod.CATEGORY
    ]
    return tuple_(Measurement.measure, MeasurementScore.key).in_(named)


def _count(session: Session, counting: Select[int]) -> int:
    return session.scalar(counting) or 0
