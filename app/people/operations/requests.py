"""What a person may ask for about their record: a copy, that something be put right, or that it be erased.

Somebody reviews each first.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.core.text import clean
from app.people import parts
from app.people.codes import EndOfRecord, RequestKind, RequestState
from app.people.models import Person, PersonRequest
from app.people.operations.ending import end_record
from app.people.operations.matches import others_like
from app.people.parts import ExportItem
from app.people.scope import may_govern

# The copy is wiped from the database so long after it was made ready.
COPY_LASTS = timedelta(days=30)


def one_month_after(day: date) -> date:
    """UK GDPR, Article 12(3): one month from the day it was asked for; the last day of a shorter month."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


def ask_for(
    session: Session,
    actor: Actor,
    person: Person,
    kind: RequestKind,
    wish: str = "",
    *,
    speaks_of_danger: bool = False,
) -> PersonRequest:
    """Ask for something; what is asked already is not asked twice.

    `wish` is what is to be put right. Else it is kept only where it speaks of danger, for somebody must read it.

    InvalidInput where that is to be done and nothing is said of what.
    """
    told = clean(wish) if kind is RequestKind.CORRECTION or speaks_of_danger else ""
    if kind is RequestKind.CORRECTION and not told:
        raise InvalidInput("Say what is wrong, and what it should say.")
    alike = [PersonRequest.person_id == person.id, PersonRequest.kind == kind, PersonRequest.state == RequestState.OPEN]
    if kind is RequestKind.CORRECTION:
        alike.append(PersonRequest.wish == told)
    open_one = select(PersonRequest).where(*alike)
    found = session.scalars(open_one.order_by(PersonRequest.created_at, PersonRequest.id)).first()
    if found is not None:
        if speaks_of_danger:
            found.speaks_of_danger, found.wish = True, told
        return found
    due_on = one_month_after(clock.today())
    asked = PersonRequest(person_id=person.id, kind=kind, wish=told, due_on=due_on, speaks_of_danger=speaks_of_danger)
    session.add(asked)
    session.flush()
    record(session, actor, Action.CREATED, ("person_request", asked.id), person_id=person.id, reason=kind.value)
    return asked


def open_requests(session: Session, actor: Actor) -> list[tuple[PersonRequest, Person]]:
    """Those that the privacy officer has to answer, the most pressing first: before all, what may speak of danger."""
    rows = session.execute(
        select(PersonRequest, Person)
        .join(Person, Person.id == PersonRequest.person_id)
        .where(may_govern(actor), PersonRequest.state == RequestState.OPEN)
        .order_by(
            PersonRequest.speaks_of_danger.desc(), PersonRequest.due_on, PersonRequest.created_at, PersonRequest.id
        )
    )
    return [(asked, person) for asked, person in rows]


def request_of(session: Session, actor: Actor, request_id: UUID) -> tuple[PersonRequest, Person]:
    """One that the privacy officer answers for, and whose it is. NotFound for any other."""
    row = session.execute(
        select(PersonRequest, Person)
        .join(Person, Person.id == PersonRequest.person_id)
        .where(PersonRequest.id == request_id, may_govern(actor))
        .order_by(PersonRequest.id)
    ).one_or_none()
    if row is None:
        raise NotFound("request")
    return row[0], row[1]


def others_like_them(session: Session, actor: Actor, person: Person) -> list[Person]:
    """Other records that are likely of the same person, as far as the privacy officer answers for them."""
    wanted = select(Person).where(Person.id.in_(others_like(session, person)), may_govern(actor))
    return list(session.scalars(wanted.order_by(Person.created_at, Person.id)))


def copy_of(session: Session, person_id: UUID) -> list[ExportItem]:
    """Everything that every feature keeps of a person; a heading over nothing is left out.

    What somebody has to read first comes line by line: one note can be held back, and the one beside it given.
    """
    told = (part.export(session, person_id) for part in parts.all_parts() if part.export is not None)
    found = (item for items in told for item in items if any(value for _label, value in item.lines))
    return [piece for item in found for piece in (_line_by_line(item) if item.needs_review else [item])]


def _line_by_line(item: ExportItem) -> list[ExportItem]:
    return [replace(item, lines=[line]) for line in item.lines if line[1]]


def key_of(item: ExportItem) -> str:
    """A name for an item as it was read: what has changed since goes by another, and does not go out unread."""
    return sha256(json.dumps(_plain(item)).encode()).hexdigest()[:24]


def give_copy(session: Session, actor: Actor, asked: PersonRequest, *, give: Collection[str], answer: str = "") -> None:
    """Make the copy ready: the items whose keys are in `give`, in the order of `copy_of`.

    What is held back is counted and told. InvalidInput where something is held back without a word of why.
    """
    _still_open(asked)
    items, told = copy_of(session, asked.person_id), clean(answer)
    given = [item for item in items if key_of(item) in give]
    held_back = len(items) - len(given)
    if held_back and not told:
        raise InvalidInput("Say why you hold something back.")
    asked.prepared = [_plain(item) for item in given]
    asked.withheld, asked.gone_on = held_back, clock.today() + COPY_LASTS
    _decide(session, actor, asked, RequestState.DONE, told)
    record(session, actor, Action.EXPORTED, ("person_request", asked.id), person_id=asked.person_id)


def erase(session: Session, actor: Actor, asked: PersonRequest, person: Person, *, answer: str) -> None:
    """Erase the record as it was asked."""
    _still_open(asked)
    end_record(session, actor, person, how=EndOfRecord.ERASED, reason=answer or "The person asked for it.")
    _decide(session, actor, asked, RequestState.DONE, "")


def put_right(session: Session, actor: Actor, asked: PersonRequest, *, answer: str) -> None:
    """Say that it was put right, and how: those who keep the record have changed it. InvalidInput without words."""
    told = _in_words(asked, answer, "Say what was changed, in words for the person.")
    _decide(session, actor, asked, RequestState.DONE, told)


def refuse(session: Session, actor: Actor, asked: PersonRequest, *, answer: str) -> None:
    """Say no, and why. InvalidInput without a reason."""
    _decide(session, actor, asked, RequestState.REFUSED, _in_words(asked, answer, "Say why, in words for the person."))


def requests_by(session: Session, person_ids: Collection[UUID]) -> list[PersonRequest]:
    """What was asked about these records, latest first."""
    return list(
        session.scalars(
            select(PersonRequest)
            .where(PersonRequest.person_id.in_(person_ids))
            .order_by(PersonRequest.created_at.desc(), PersonRequest.id)
        )
    )


def asked_of_keepers(session: Session, person_id: UUID) -> list[PersonRequest]:
    """What only those who keep a record can do for the answer: put something right, end what is under way, be there."""
    wanted = select(PersonRequest).where(
        PersonRequest.person_id == person_id,
        or_(PersonRequest.kind != RequestKind.COPY, PersonRequest.speaks_of_danger),
        PersonRequest.state == RequestState.OPEN,
    )
    pressing = (PersonRequest.speaks_of_danger.desc(), PersonRequest.created_at, PersonRequest.id)
    return list(session.scalars(wanted.order_by(*pressing)))


def answered_lately(asked: Collection[PersonRequest]) -> list[PersonRequest]:
    """Those of `asked` that were answered within the time for which a copy is kept."""
    since = clock.now() - COPY_LASTS
    return [each for each in asked if each.decided_at is not None and each.decided_at > since]


def forget_copies(session: Session) -> int:
    """Wipe the copies whose time is over; says how many."""
    gone = session.execute(
        update(PersonRequest)
        .where(PersonRequest.gone_on <= clock.today(), PersonRequest.prepared.is_not(None))
        .values(prepared=None, gone_on=None)
        .returning(PersonRequest.id)
    )
    return len(gone.all())


def _plain(item: ExportItem) -> dict[str, Any]:
    lines = [[str(label), str(value)] for label, value in item.lines if value]
    return {"heading": str(item.heading), "at": item.at.isoformat() if item.at else None, "lines": lines}


def _still_open(asked: PersonRequest) -> None:
    if asked.state is not RequestState.OPEN:
        raise Refused("This was answered already.")


def _in_words(asked: PersonRequest, answer: str, needed: str) -> str:
    _still_open(asked)
    if told := clean(answer):
        return told
    raise InvalidInput(needed)


def _decide(session: Session, actor: Actor, asked: PersonRequest, state: RequestState, answer: str) -> None:
    asked.state, asked.answer = state, answer
    asked.decided_by_id, asked.decided_at = actor.user_id, clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("person_request", asked.id), person_id=asked.person_id, fields=["state"])
