"""What must hold of people beyond what their tables enforce."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.upkeep import check
from app.people.models import MatchKey, Permission, Person, PersonAccess


@check("people")
def records_are_sound(session: Session) -> Iterator[str]:
    """Each live record is seen by who keeps it, each merged one leads to a live one, and an erased one says nothing."""
    live = Person.merged_into_id.is_(None) & Person.erased_at.is_(None)
    seen = select(PersonAccess.id).where(
        PersonAccess.person_id == Person.id,
        PersonAccess.organization_id == Person.organization_id,
        PersonAccess.ended_at.is_(None),
    )
    if count := _count(session, live, ~seen.exists()):
        yield f"{count} people are seen by nobody: the organisation that keeps the record has no access to it."
    if count := _count(session, live, Person.review_on.is_(None)):
        yield f"{count} people have no day on which somebody looks whether their record can go."
    kept = aliased(Person)
    leads_on = select(kept.id).where(kept.id == Person.merged_into_id, kept.merged_into_id.is_not(None))
    if count := _count(session, Person.merged_into_id.is_not(None), leads_on.exists()):
        yield f"{count} merged records lead to one that was merged itself."
    words = or_(Person.name != "", Person.address != "", Person.contact_note != "", Person.nhs_number.is_not(None))
    if count := _count(session, Person.erased_at.is_not(None), words):
        yield f"{count} erased records still hold words."
    keys = select(MatchKey.id).where(MatchKey.person_id == Person.id)
    if count := _count(session, live, Person.nhs_number.is_not(None), ~keys.exists()):
        yield f"{count} people have an NHS number and nothing that they are compared by."
    yield from _permissions(session)


def _permissions(session: Session) -> Iterator[str]:
    """The answers to each question are numbered without a gap."""
    counted = (
        select(Permission.person_id)
        .group_by(Permission.person_id, Permission.kind)
        .having(func.max(Permission.version) != func.count())
    )
    if count := session.scalar(select(func.count()).select_from(counted.subquery())):
        yield f"{count} permissions have a version missing."


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Person).where(*conditions)) or 0
