"""The dates of a listing that is merged into another follow it there, and come back with the undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.models import Course, Run
from app.booking.queries.programme import course_for
from app.core.actor import Actor
from app.core.errors import InvalidInput
from app.directory.models import Service

_TEXTS = ("made_by", "you_learn", "what_happens", "if_nervous", "first_session_needed")


def follow(session: Session, actor: Actor, keep: Service, drop: Service) -> dict[str, list[str]]:
    """Have all runs of `drop` belong to `keep`, with whoever is booked; the ids of the runs, and of a course it made.

    InvalidInput where another organisation gives the dates of `keep`: neither may change what the other's say.
    """
    course = course_for(session, drop.id)
    runs = _runs(session, course)
    if course is None or not runs:
        return {}
    there, made = course_for(session, keep.id), []
    if there is not None and there.organization_id != course.organization_id:
        raise InvalidInput("Two organisations give dates for these listings, each for one. They cannot be made one.")
    if there is None:
        there = _course_like(session, actor, course, keep)
        made.append(str(there.id))
    _move(session, actor, runs, there)
    return {"runs": [str(run.id) for run in runs], "courses": made}


def come_back(
    session: Session, actor: Actor, keep: Service, drop: Service, followed: Mapping[str, Sequence[str]]
) -> None:
    """Have the runs that came from `drop` belong to it again. Those that were made since then stay with `keep`."""
    there, back = course_for(session, keep.id), course_for(session, drop.id)
    if there is None or back is None:
        return
    theirs = followed.get("runs", ())
    _move(session, actor, [run for run in _runs(session, there) if str(run.id) in theirs], back)
    if str(there.id) in followed.get("courses", ()) and not _runs(session, there):
        session.delete(there)
        session.flush()
        record(session, actor, Action.DELETED, ("course", there.id))


def _runs(session: Session, course: Course | None) -> list[Run]:
    if course is None:
        return []
    return list(session.scalars(select(Run).where(Run.course_id == course.id).order_by(Run.created_at, Run.id)))


def _course_like(session: Session, actor: Actor, course: Course, service: Service) -> Course:
    """What is told of a course, told of another listing too."""
    texts = {name: getattr(course, name) for name in _TEXTS}
    made = Course(service=service, organization_id=course.organization_id, **texts)
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, ("course", made.id))
    return made


def _move(session: Session, actor: Actor, runs: Iterable[Run], course: Course) -> None:
    for run in runs:
        run.course = course
        session.flush()
        record(session, actor, Action.CHANGED, ("run", run.id), fields=("course_id",))
