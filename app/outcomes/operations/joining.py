"""Two records of one person become one: of what a person has only once, the other record's gives way, and comes back.

What gave way is written down with the merge (`MergeMove`, under the name of the column that was changed), so that
undoing the merge brings the same rows back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from app.core import clock
from app.core.events import on
from app.outcomes.codes import ChosenBy
from app.outcomes.models import AttendedContact, MeasureChoice, OutcomePlan, OwnGoal
from app.people.events import RecordsBecomeOne, RecordsParted
from app.people.models import MergeMove

TWIN = " (2)"
_CHOICE, _GOAL, _PLAN = "measure_choice.ended_on", "own_goal.ended_on", "outcome_plan.label"


@on(RecordsBecomeOne)
def give_way(session: Session, event: RecordsBecomeOne) -> None:
    """One running choice of a measure, one running goal of a number, one plan of a name, one contact of a day."""
    kept_id, dropped_id = event.merge.kept_id, event.merge.dropped_id
    found = [(_CHOICE, _end(session, _lesser_choices(session, kept_id, dropped_id)))]
    found.append((_GOAL, _end(session, _twins(session, OwnGoal, ("number",), kept_id, dropped_id))))
    found.append((_PLAN, _rename(session, kept_id, dropped_id)))
    _count_once(session, kept_id, dropped_id)
    session.add_all(
        MergeMove(merge_id=event.merge.id, column=column, row_id=row_id) for column, ids in found for row_id in ids
    )
    session.flush()


@on(RecordsParted)
def come_back(session: Session, event: RecordsParted) -> None:
    """What had given way counts again, unless something took its place since."""
    for column, model, same in ((_CHOICE, MeasureChoice, "measure"), (_GOAL, OwnGoal, "number")):
        for row in _gave_way(session, event.merge.id, column, model):
            if not _is_taken(session, model, row, same):
                row.ended_on = None
                session.flush()
    for plan in _gave_way(session, event.merge.id, _PLAN, OutcomePlan):
        plan.label = plan.label.removesuffix(TWIN)
    session.flush()


def _lesser_choices(session: Session, kept_id: UUID, dropped_id: UUID) -> list[MeasureChoice]:
    """Of two running choices of a measure the one that counts less: what the person chose counts, then the older."""
    pairs = _pairs(session, MeasureChoice, ("organization_id", "measure"), kept_id, dropped_id)
    return [max(pair, key=lambda choice: (choice.chosen_by is not ChosenBy.PERSON, choice.chosen_on)) for pair in pairs]


def _twins(
    session: Session, model: type[OwnGoal], same: Sequence[str], kept_id: UUID, dropped_id: UUID
) -> list[OwnGoal]:
    return [other for _kept, other in _pairs(session, model, ("organization_id", *same), kept_id, dropped_id)]


def _pairs(session: Session, model: Any, same: Sequence[str], kept_id: UUID, dropped_id: UUID) -> list[tuple[Any, Any]]:
    """Running rows of the two records that cannot both stand, the kept record's first."""
    rows = session.scalars(
        select(model)
        .where(model.person_id.in_((kept_id, dropped_id)), model.ended_on.is_(None))
        .order_by(model.created_at, model.id)
        .with_for_update()
    ).all()
    of_kept = {tuple(getattr(row, name) for name in same): row for row in rows if row.person_id == kept_id}
    of_other = {tuple(getattr(row, name) for name in same): row for row in rows if row.person_id == dropped_id}
    return [(of_kept[key], of_other[key]) for key in of_kept if key in of_other]


def _end(session: Session, rows: Iterable[MeasureChoice | OwnGoal]) -> list[UUID]:
    ended = list(rows)
    for row in ended:
        row.ended_on = clock.today()
    session.flush()
    return [row.id for row in ended]


def _rename(session: Session, kept_id: UUID, dropped_id: UUID) -> list[UUID]:
    """Both plans go on; the other record's is told apart by its label."""
    same = (OutcomePlan.organization_id, OutcomePlan.template, OutcomePlan.anchor_on, OutcomePlan.label)
    mine = select(*same).where(OutcomePlan.person_id == kept_id)
    plans = session.scalars(
        select(OutcomePlan)
        .where(OutcomePlan.person_id == dropped_id, tuple_(*same).in_(mine))
        .order_by(OutcomePlan.id)
        .with_for_update()
    ).all()
    taken = {tuple(row) for row in session.execute(mine.order_by(OutcomePlan.id))}
    for plan in plans:
        while (plan.organization_id, plan.template, plan.anchor_on, plan.label) in taken:
            plan.label += TWIN
    session.flush()
    return [plan.id for plan in plans]


def _count_once(session: Session, kept_id: UUID, dropped_id: UUID) -> None:
    """A contact of one and the same appointment stands in both records only after a merge that was undone."""
    same = (AttendedContact.because_type, AttendedContact.because_id)
    mine = select(*same).where(AttendedContact.person_id == kept_id)
    session.execute(
        delete(AttendedContact)
        .where(AttendedContact.person_id == dropped_id, tuple_(*same).in_(mine))
        .execution_options(synchronize_session=False)
    )


def _gave_way(session: Session, merge_id: UUID, column: str, model: Any) -> list[Any]:
    ids = select(MergeMove.row_id).where(MergeMove.merge_id == merge_id, MergeMove.column == column)
    return list(session.scalars(select(model).where(model.id.in_(ids)).order_by(model.id)))


def _is_taken(session: Session, model: Any, row: MeasureChoice | OwnGoal, same: str) -> bool:
    running = select(model.id).where(
        model.organization_id == row.organization_id,
        model.person_id == row.person_id,
        getattr(model, same) == getattr(row, same),
        model.ended_on.is_(None),
    )
    return session.scalars(running.order_by(model.id).limit(1)).one_or_none() is not None
