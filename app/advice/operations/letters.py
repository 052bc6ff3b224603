"""Letters: written from a template, kept as they are."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.advice.codes import LetterKind
from app.advice.details import worker_of
from app.advice.models import AdviceCase, AdviceLetter
from app.advice.scope import within
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound
from app.people.models import Person

SUBJECT = "advice_letter"


def write_letter(session: Session, actor: Actor, case: AdviceCase, kind: LetterKind, body: str) -> AdviceLetter:
    """Keep a letter to the client of a case, with the name and the address of their record as they are today."""
    if not body.strip():
        raise InvalidInput("The letter is empty.")
    person = session.get(Person, case.person_id) if case.person_id else None
    made = AdviceLetter(
        organization_id=case.organization_id,
        case_id=case.id,
        made_by_id=worker_of(actor).user_id,
        kind=kind,
        made_on=clock.today(),
        name=person.name if person else "",
        address="\n".join(filter(None, (person.address, person.postcode))) if person else "",
        body=body,
    )
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, (SUBJECT, made.id), person_id=case.person_id)
    return made


def open_letter(session: Session, actor: Actor, letter_id: UUID) -> AdviceLetter:
    """One that the actor may see, and that they looked is put on record. NotFound for any other."""
    found = session.scalars(
        select(AdviceLetter)
        .where(AdviceLetter.id == letter_id, within(actor, AdviceLetter.organization_id))
        .options(joinedload(AdviceLetter.case), joinedload(AdviceLetter.made_by))
        .order_by(AdviceLetter.id)
    ).one_or_none()
    if found is None:
        raise NotFound("letter")
    record(session, actor, Action.READ, (SUBJECT, found.id), person_id=found.case.person_id)
    return found


def letters_of(session: Session, case_id: UUID) -> list[AdviceLetter]:
    """The letters of a case that was found in its scope, the latest first."""
    return list(
        session.scalars(
            select(AdviceLetter)
            .where(AdviceLetter.case_id == case_id)
            .options(joinedload(AdviceLetter.made_by))
            .order_by(AdviceLetter.created_at.desc(), AdviceLetter.id)
        )
    )
