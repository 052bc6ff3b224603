"""Advice for tests: contacts of a member of staff, with what a test does not say filled in."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.accounts.operations import create_user
from app.advice.codes import (
    CallResult,
    Channel,
    ClientKind,
    DateKind,
    DocumentKind,
    Frequency,
    Level,
    MoneyKind,
    MoneyStatus,
    Place,
    ReviewAnswer,
    ReviewQuestion,
    ScanState,
    SessionKind,
)
from app.advice.details import ToldContact, ToldDate, ToldStep, worker_of
from app.advice.models import (
    AdviceCase,
    AdviceContact,
    AdviceDocument,
    AdviceSession,
    Appointment,
    AppointmentTime,
    Duty,
    GroupSession,
    KeyDate,
    NextStep,
)
from app.advice.operations.appointments import Stretch, ToldTimes, book, offer
from app.advice.operations.calls import note_call
from app.advice.operations.cases import open_case
from app.advice.operations.contacts import log_contact
from app.advice.operations.groups import ToldTemplate, write_template
from app.advice.operations.letters import ToldLetter, ToldLetterTemplate, write_letter, write_letter_template
from app.advice.operations.outcomes import ToldMoney, add_money
from app.advice.operations.queue import join_queue
from app.advice.operations.reviews import ToldReview, write_review
from app.advice.operations.sessions import ToldSession, add_session
from app.booking.operations.appointments import Client
from app.core import clock
from app.core.actor import SYSTEM, Actor

MONEY: dict[str, Any] = {
    "kind": MoneyKind.GAIN,
    "status": MoneyStatus.EXPECTED,
    "pence": 10_00,
    "frequency": Frequency.WEEKLY,
    "starts_on": clock.today(),
}


def a_contact(session: Session, actor: Actor, **told: Any) -> AdviceContact:
    """Twenty minutes of advice on the phone, today, with somebody who gave no name."""
    plain: dict[str, Any] = {
        "client_kind": ClientKind.NAMED if "person_id" in told else ClientKind.ANONYMOUS,
        "channel": Channel.PHONE,
        "level": Level.ADVICE,
        "minutes": 20,
        "happened_on": clock.today(),
        "issues": ("debt/council-tax",),
    }
    return log_contact(session, actor, ToldContact(**(plain | told)))


def _rows_of(session: Session, actor: Actor, shift: AdviceSession) -> dict[str, UUID]:
    """A duty and a group session, as rows: the actor need not really be an adviser there."""
    whose = {"organization_id": shift.organization_id, "adviser_id": worker_of(actor).user_id}
    duty = Duty(session_id=shift.id, **whose)
    group = GroupSession(
        issue="debt/council-tax", came=12, minutes=60, happened_on=clock.today(), place=Place.GROUP, **whose
    )
    session.add_all([duty, group])
    session.flush()
    return {"duty": duty.id, "group": group.id}


def an_open_session(session: Session, actor: Actor, **told: Any) -> AdviceSession:
    """One that began just now and lasts for two hours."""
    now = clock.now()
    plain = {"kind": SessionKind.DROP_IN, "starts_at": now, "ends_at": now + timedelta(hours=2)}
    return add_session(session, actor, ToldSession(**(plain | told)))


def some_times(
    session: Session, actor: Actor, count: int = 1, *, starts_at: datetime | None = None
) -> list[AppointmentTime]:
    """So many times of an hour, one after the other; from this hour tomorrow where it is not said from when."""
    starts_at = starts_at or clock.now() + timedelta(days=1)
    stretch = Stretch(starts_at=starts_at, ends_at=starts_at + timedelta(hours=count))
    return offer(session, actor, ToldTimes(stretches=[stretch], minutes=60, channel=Channel.PHONE, place="We call you"))


def an_appointment(session: Session, actor: Actor, client: Client, **told: Any) -> Appointment:
    """Somebody is booked into a time of the actor's."""
    time = some_times(session, actor, starts_at=told.pop("starts_at", None))[0]
    return book(session, actor, time, client, key=uuid4().hex, **told)


def advice_parts(session: Session, actor: Actor) -> dict[str, UUID]:
    """A contact of the actor's organisation with a date and a step, and a case with money; the id of each."""
    told = {"dates": (ToldDate(kind=DateKind.COURT, on=clock.today()),), "steps": (ToldStep(words="Write"),)}
    adviser = replace(actor, roles=actor.roles | {Role.ADVISER.value})
    made = a_contact(session, adviser, **told)
    case = open_case(session, adviser, client_number="7", issue="debt/council-tax")
    money = add_money(session, adviser, case, ToldMoney(**MONEY))
    date = session.scalars(select(KeyDate.id).where(KeyDate.contact_id == made.id)).one()
    step = session.scalars(select(NextStep.id).where(NextStep.contact_id == made.id)).one()
    reviewer = replace(actor, roles=frozenset({Role.MANAGER.value}))
    theirs = open_case(session, replace(adviser, user_id=another_user(session)), client_number="8")
    review = write_review(session, reviewer, theirs, a_review(actions="Name the source"))
    open_session = an_open_session(session, adviser)
    shift = an_open_session(session, adviser, kind=SessionKind.TELEPHONE)
    appointment = an_appointment(session, adviser, Client(name="Sam"))
    return {
        "appointment": appointment.id,
        "check-in": appointment.id,
        "time": appointment.time_id,
        "session": open_session.id,
        "call": note_call(session, adviser, shift, CallResult.ENGAGED).id,
        **_rows_of(session, adviser, shift),
        "shift": shift.id,
        "template": write_template(session, reviewer, ToldTemplate(name="Arrears", level=Level.ADVICE)).id,
        "queue": join_queue(session, adviser, open_session, called_as="Sam").id,
        "contact": made.id,
        "date": date,
        "step": step,
        "case": case.id,
        "money": money.id,
        "review": review.id,
        "letter": write_letter(session, adviser, case, ToldLetter(title="Closing letter", body="Hello")).id,
        "letter-template": write_letter_template(
            session, reviewer, ToldLetterTemplate(name="Home visit", body="Dear ((name))")
        ).id,
        "document": _a_document(session, adviser, case),
        "case_of_another": theirs.id,
    }


def _a_document(session: Session, actor: Actor, case: AdviceCase) -> UUID:
    """A document's row without its file: to whom it is not theirs, it makes no difference."""
    made = AdviceDocument(
        organization_id=case.organization_id,
        case_id=case.id,
        added_by_id=worker_of(actor).user_id,
        number=1,
        name="Letter.pdf",
        kind=DocumentKind.PDF,
        size=1,
        digest="",
        stored_as=uuid4().hex,
        scan=ScanState.NOT_CHECKED,
    )
    session.add(made)
    session.flush()
    return made.id


def another_user(session: Session) -> UUID:
    """The id of some member of staff who is in none of a test's own places."""
    made = create_user(session, SYSTEM, name="Another", email=f"{uuid4().hex}@another.example")
    return made.id


def a_review(**told: Any) -> ToldReview:
    """A review that finds all well; with something to be done until today where that is said."""
    answers = dict.fromkeys(ReviewQuestion, ReviewAnswer.YES)
    plain: dict[str, Any] = {"answers": answers, "due_on": clock.today() if "actions" in told else None}
    return ToldReview(**(plain | told))


def archive(parts: dict[str, bytes]) -> bytes:
    """A zip file of these parts."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return into.getvalue()


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 32 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32 + b"IEND\xaeB`\x82"
DOCX = archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
ODT = archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<o/>"})
