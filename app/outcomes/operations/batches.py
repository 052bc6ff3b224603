"""Answers of many people from a spreadsheet: looked at row by row, then taken; taken again they change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.outcomes.codes import FormState, Mode
from app.outcomes.measures import Measure, find_measure
from app.outcomes.models import Measurement, SafetyAlert
from app.outcomes.operations.answering import finish, form_of, open_form, save_answer
from app.outcomes.operations.choices import is_usable
from app.outcomes.operations.occasions import waiting_for
from app.outcomes.rules.answers import OneAnswer
from app.outcomes.rules.batches import Row, RowProblem, read_day, read_row_answers, read_sheet
from app.people.models import Person
from app.people.queries import may_record
from app.people.rules.matching import name_parts
from app.people.scope import may_see

SUBJECT = "measurement"


class RowState(StrEnum):
    """What becomes of a row."""

    READY = "ready"
    TAKEN = "taken"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row, what becomes of it, and why where it is refused; `question` is the number of a wrong answer.

    `needs_look`: something in what was taken must be looked at by somebody now.
    """

    row: Row
    state: RowState
    problem: RowProblem | None = None
    question: str = ""
    needs_look: bool = False


@dataclass(frozen=True, slots=True)
class _Form:
    """A row that can be taken."""

    person_id: UUID
    measure: Measure
    answered_on: date
    answers: dict[str, OneAnswer]


class _Stop(Exception):
    def __init__(self, problem: RowProblem, question: str = "") -> None:
        super().__init__(problem)
        self.problem, self.question = problem, question


def look_at(session: Session, actor: Actor, text: str) -> list[Verdict]:
    """What would become of each row. That people were looked for is put on record."""
    sheet = read_sheet(text)
    record(session, actor, Action.SEARCHED, (SUBJECT, None), reason=f"import:{len(sheet.rows)}")
    seen: set[tuple[UUID, str, date]] = set()
    return [_one(session, actor, row, seen, take=False) for row in sheet.rows]


def take_in(session: Session, actor: Actor, text: str) -> list[Verdict]:
    """Keep the answers of every row that can be taken, with whatever they raise; the others are refused one by one."""
    seen: set[tuple[UUID, str, date]] = set()
    return [_one(session, actor, row, seen, take=True) for row in read_sheet(text).rows]


def unread_columns(text: str) -> tuple[str, ...]:
    """The headings that mean nothing here."""
    return read_sheet(text).unread


def _one(session: Session, actor: Actor, row: Row, seen: set[tuple[UUID, str, date]], *, take: bool) -> Verdict:
    try:
        form = _read(session, actor, row)
        key = (form.person_id, form.measure.reference, form.answered_on)
        if take:
            held = select(Person.id).where(Person.id == form.person_id).order_by(Person.id).with_for_update()
            session.execute(held)
        kept = _kept(session, actor, form)
        if kept is not None and _answers(kept) != form.answers:
            raise _Stop(RowProblem.OTHER_ANSWERS)
        if kept is not None or (key in seen and not take):
            return Verdict(row, RowState.KNOWN)
        seen.add(key)
        if not take:
            return Verdict(row, RowState.READY)
        made = _keep(session, actor, row, form)
        return Verdict(row, RowState.TAKEN, needs_look=_raised(session, made))
    except _Stop as stop:
        return Verdict(row, RowState.REFUSED, stop.problem, stop.question)


def _read(session: Session, actor: Actor, row: Row) -> _Form:
    measure = _measure(session, actor, row)
    day = read_day(row.cell("answered_on"))
    if day is None:
        raise _Stop(RowProblem.NO_DAY)
    if day > clock.today():
        raise _Stop(RowProblem.DAY_TO_COME)
    try:
        answers = read_row_answers(measure, row)
    except InvalidInput as wrong:
        raise _Stop(RowProblem.WRONG_ANSWER, wrong.message) from None
    if not answers:
        raise _Stop(RowProblem.NO_ANSWERS)
    return _Form(_person(session, actor, row), measure, day, answers)


def _measure(session: Session, actor: Actor, row: Row) -> Measure:
    if actor.organization_id is None:
        raise Refused("Choose the organisation that you work in first.")
    try:
        measure = find_measure(row.cell("measure"))
    except NotFound:
        raise _Stop(RowProblem.NO_MEASURE) from None
    if not is_usable(session, actor.organization_id, measure):
        raise _Stop(RowProblem.NOT_USABLE)
    return measure


def _person(session: Session, actor: Actor, row: Row) -> UUID:
    """The one person whom the actor may see, by date of birth and by NHS number or name."""
    born = read_day(row.cell("born_on"))
    if born is None:
        raise _Stop(RowProblem.NO_BIRTH)
    born_then = session.scalars(select(Person).where(may_see(actor), Person.born_on == born).order_by(Person.id)).all()
    number = "".join(row.cell("nhs_number").split())
    if number:
        found = [person for person in born_then if person.nhs_number == number]
    else:
        told = name_parts(row.cell("name"))
        found = [person for person in born_then if told and name_parts(person.name) == told]
    if len(found) != 1:
        raise _Stop(RowProblem.SEVERAL if found else RowProblem.NO_PERSON)
    if not may_record(session, found[0].id):
        raise _Stop(RowProblem.REFUSED)
    return found[0].id


def _kept(session: Session, actor: Actor, form: _Form) -> Measurement | None:
    """A form of the same measure and day that stands already, however it came."""
    return session.scalars(
        select(Measurement)
        .where(
            Measurement.organization_id == actor.organization_id,
            Measurement.person_id == form.person_id,
            Measurement.measure == form.measure.reference,
            Measurement.answered_on == form.answered_on,
            Measurement.state != FormState.DRAFT,
            Measurement.superseded_at.is_(None),
            Measurement.voided_at.is_(None),
        )
        .order_by(Measurement.finished_at, Measurement.id)
    ).first()


def _answers(kept: Measurement) -> dict[str, OneAnswer]:
    return {each.item: OneAnswer(each.kind, each.raw_code, each.words) for each in kept.answers}


def _keep(session: Session, actor: Actor, row: Row, form: _Form) -> Measurement:
    if actor.organization_id is None:
        raise Refused("Choose the organisation that you work in first.")
    occasion = waiting_for(session, actor.organization_id, form.person_id, form.measure.reference, form.answered_on)
    before = form_of(session, occasion.id, form.measure) if occasion else None
    made = open_form(
        session,
        actor,
        organization_id=actor.organization_id,
        person_id=form.person_id,
        measure=form.measure,
        mode=Mode.IMPORT,
        occasion=None if before is not None and before.state is not FormState.DRAFT else occasion,
        answered_on=form.answered_on,
        helped=row.helped,
    )
    for item in form.measure.items:
        if item.key in form.answers:
            save_answer(session, actor, made, item, form.answers[item.key])
    finish(session, actor, made)
    return made


def _raised(session: Session, form: Measurement) -> bool:
    wanted = select(SafetyAlert.id).where(SafetyAlert.measurement_id == form.id)
    return session.scalar(wanted.limit(1)) is not None
