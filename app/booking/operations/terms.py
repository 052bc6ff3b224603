"""On what terms a run is booked, and what the public reads about its course: both may change while people book."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.codes import WhoMayBook
from app.booking.models import Course, Run
from app.booking.queries import programme
from app.core.actor import Actor
from app.core.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTerms:
    """Who may book a run, when, and how many at a time; named as the columns of `Run`."""

    name: str
    term_id: UUID | None
    who: WhoMayBook
    area: str
    opens_at: datetime | None
    closes_at: datetime | None
    youngest: int | None
    oldest: int | None
    limit_each: int | None
    most_together: int
    has_waiting_list: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseWords:
    """What people ask first about a course; named as the columns of `Course`."""

    you_learn: str
    what_happens: str
    if_nervous: str
    made_by: str
    first_session_needed: bool


def change_terms(session: Session, actor: Actor, run: Run, terms: RunTerms) -> None:
    """Other terms for whoever books from now on; who has a place or waits keeps it. InvalidInput: a term not ours."""
    if terms.term_id not in {None, *(one.id for one in programme.terms_of(session, run.organization_id))}:
        raise InvalidInput("Choose one of your own terms.")
    _write(session, actor, run, terms)


def describe(session: Session, actor: Actor, course: Course, words: CourseWords) -> None:
    """Other words about a course, read by the public at once."""
    _write(session, actor, course, words)


def _write(session: Session, actor: Actor, row: Run | Course, told: RunTerms | CourseWords) -> None:
    changed = [one.name for one in fields(told) if getattr(row, one.name) != getattr(told, one.name)]
    for name in changed:
        setattr(row, name, getattr(told, name))
    if changed:
        session.flush()
        record(session, actor, Action.CHANGED, (row.__tablename__, row.id), fields=tuple(changed))
