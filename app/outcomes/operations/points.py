"""The points that figures of many people are counted from, kept with every form: derived, and made anew at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Executable, and_, delete, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core import clock
from app.core.events import on
from app.outcomes.codes import FormState
from app.outcomes.measures import ScoreMethod, find_measure
from app.outcomes.models import Measurement, MeasurementScore, OutcomePoint
from app.outcomes.rules.points import Point, Scored, in_a_row
from app.people.events import RecordsMoved

AT_A_TIME = 5000
WHOSE = (Measurement.organization_id, Measurement.person_id, Measurement.measure)
Whose = tuple[UUID, UUID, str]
_WORKED_OUT = ("organization_id", "person_id", "measure", "answered_on", "next_on", "change", "band")


def refresh(session: Session, organization_id: UUID, person_id: UUID, measure: str) -> None:
    """Work out the points of one person and measure, after a form of it was finished, replaced or taken back."""
    whose = (organization_id, person_id, measure)
    rows = [row for _whose, found in _forms(session, *_of(whose)) for row in _as_rows(whose, found)]
    standing = [(row["measurement_id"], row["key"]) for row in rows]
    mine = and_(
        OutcomePoint.organization_id == organization_id,
        OutcomePoint.person_id == person_id,
        OutcomePoint.measure == measure,
    )
    gone = tuple_(OutcomePoint.measurement_id, OutcomePoint.key).not_in(standing) if standing else mine
    session.execute(delete(OutcomePoint).where(mine, gone).execution_options(synchronize_session=False))
    if rows:
        _write(session, rows)


def rebuild(session: Session, progress: Callable[[int], None] | None = None) -> int:
    """Work out every point from the forms; says how many there are. `progress` is told how many more were made.

    Forms can be answered meanwhile: a point that is there already by then is brought up to date.
    """
    session.execute(delete(OutcomePoint).execution_options(synchronize_session=False))
    count = 0
    for rows in _in_chunks(session):
        session.execute(_upsert(session), rows)
        count += len(rows)
        if progress is not None:
            progress(len(rows))
    return count


def _in_chunks(session: Session) -> Iterator[list[dict[str, Any]]]:
    waiting: list[dict[str, Any]] = []
    for whose, found in _forms(session):
        waiting += _as_rows(whose, found)
        if len(waiting) >= AT_A_TIME:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


@on(RecordsMoved)
def refresh_moved(session: Session, event: RecordsMoved) -> None:
    """Two records became one, or one became two: the forms of each are in a row of their own."""
    for person_id in event.person_ids:
        known = select(*WHOSE).where(Measurement.person_id == person_id).distinct().order_by(*WHOSE)
        for organization_id, _person_id, measure in session.execute(known).all():
            refresh(session, organization_id, person_id, measure)


def _of(whose: Whose) -> Iterator[ColumnElement[bool]]:
    return (column == value for column, value in zip(WHOSE, whose, strict=True))


def _forms(session: Session, *wanted: ColumnElement[bool]) -> Iterator[tuple[Whose, list[Scored]]]:
    """The figures that stand, together for each person and measure."""
    rows = session.execute(
        select(
            *WHOSE,
            Measurement.id,
            MeasurementScore.key,
            Measurement.answered_on,
            Measurement.finished_at,
            MeasurementScore.value,
            MeasurementScore.out_of,
            MeasurementScore.band,
            Measurement.state,
            MeasurementScore.estimated,
        )
        .join(MeasurementScore, MeasurementScore.measurement_id == Measurement.id)
        .where(
            Measurement.state != FormState.DRAFT,
            Measurement.superseded_at.is_(None),
            Measurement.voided_at.is_(None),
            or_(MeasurementScore.value.is_not(None), MeasurementScore.band.is_not(None)),
            *wanted,
        )
        .order_by(*WHOSE, Measurement.answered_on, Measurement.id)
        .execution_options(yield_per=AT_A_TIME)
    )
    for whose, found in groupby(rows, key=lambda row: tuple(row[:3])):
        yield whose, list(_usable(whose[2], found))


def _usable(reference: str, rows: Iterable[Any]) -> Iterator[Scored]:
    """Names of whatever was finished; numbers of complete forms alone, and none that is estimated."""
    named = {score.key for score in find_measure(reference).scores if score.method is ScoreMethod.CATEGORY}
    for _place, _person, _measure, form_id, key, day, finished_at, value, out_of, band, state, estimated in rows:
        if key in named and band is not None:
            yield Scored(form_id, key, day, finished_at, None, band=band)
        elif key not in named and value is not None and state is FormState.COMPLETE and not estimated:
            yield Scored(form_id, key, day, finished_at, value, out_of)


def _as_rows(whose: Whose, scores: Iterable[Scored]) -> list[dict[str, Any]]:
    return [_as_row(whose, point) for point in in_a_row(scores)]


def _as_row(whose: Whose, point: Point) -> dict[str, Any]:
    organization_id, person_id, measure = whose
    return {
        "id": uuid4(),
        "created_at": clock.now(),
        "measurement_id": point.scored.form_id,
        "key": point.scored.key,
        "organization_id": organization_id,
        "person_id": person_id,
        "measure": measure,
        "answered_on": point.scored.day,
        "next_on": point.next_on,
        "change": point.change,
        "band": point.scored.band,
    }


def _write(session: Session, rows: list[dict[str, Any]]) -> None:
    """Make the points or bring them up to date, always in one order, so that two who do it never block each other."""
    session.execute(_upsert(session), sorted(rows, key=lambda row: (str(row["measurement_id"]), row["key"])))


def _upsert(session: Session) -> Executable:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = dialect.insert(OutcomePoint)
    changed = {name: made.excluded[name] for name in _WORKED_OUT}
    upsert: Executable = made.on_conflict_do_update(index_elements=["measurement_id", "key"], set_=changed)
    return upsert
