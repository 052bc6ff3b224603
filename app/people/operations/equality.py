"""Answers about equality: given by the person, kept under a pseudonym."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.people.models import EqualityAnswers, Person
from app.people.operations.secrets import secret_for
from app.people.rules.ages import age_band

PSEUDONYMS = "people.equality"
# How many are looked up in one statement.
AT_ONCE = 500
QUESTIONS = (
    *("ethnicity", "gender", "same_as_at_birth", "sex", "disability"),
    *("religion", "orientation", "partnership", "pregnancy"),
)


def pseudonym(session: Session, person_id: UUID) -> str:
    """Under what the answers of a person are kept: reporting counts by it and never learns a name."""
    return _pseudonym(secret_for(session, PSEUDONYMS), person_id)


def _pseudonym(key: bytes, person_id: UUID) -> str:
    return hmac.new(key, str(person_id).encode(), "sha256").hexdigest()


def equality_of(session: Session, person_id: UUID) -> EqualityAnswers | None:
    """The answers of a person; for their own page only."""
    return session.scalars(
        select(EqualityAnswers).where(EqualityAnswers.pseudonym == pseudonym(session, person_id))
    ).one_or_none()


def answer_equality(session: Session, actor: Actor, person: Person, answers: Mapping[str, StrEnum | None]) -> bool:
    """Keep what the person said; a question that is missing from `answers` keeps its answer.

    Where nothing is answered, now or before, nothing is kept and nothing is put on record: returns whether it was.
    """
    row = equality_of(session, person.id)
    if row is None:
        if not any(answers.values()):
            return False
        row = EqualityAnswers(pseudonym=pseudonym(session, person.id), created_at=_start_of(clock.today()))
        session.add(row)
    for name in QUESTIONS:
        if name in answers:
            setattr(row, name, answers[name])
    row.answered_on, row.age = clock.today(), age_band(person.born_on, clock.today())
    session.flush()
    # The trail says that something was answered, and not what or which.
    record(session, actor, Action.CHANGED, ("equality", None), person_id=person.id)
    return True


def _start_of(day: date) -> datetime:
    """The row knows the day and no time, which the trail's entry would lend a name."""
    return datetime.combine(day, time.min, UTC)


def answers_of(session: Session, person_ids: Collection[UUID]) -> list[EqualityAnswers]:
    """What these people answered, in no order that leads back to them: for counting."""
    key = secret_for(session, PSEUDONYMS) if person_ids else b""
    names = [_pseudonym(key, person_id) for person_id in person_ids]
    found: list[EqualityAnswers] = []
    for start in range(0, len(names), AT_ONCE):
        some = EqualityAnswers.pseudonym.in_(names[start : start + AT_ONCE])
        found += session.scalars(select(EqualityAnswers).where(some).order_by(EqualityAnswers.pseudonym))
    return found


def forget_equality(session: Session, person_id: UUID) -> int:
    """Delete the answers of a person; says how many rows."""
    gone = session.execute(
        delete(EqualityAnswers)
        .where(EqualityAnswers.pseudonym == pseudonym(session, person_id))
        .returning(EqualityAnswers.id)
    )
    return len(gone.all())
