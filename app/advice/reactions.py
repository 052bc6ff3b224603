"""What advice adds to a person's record: its part of the timeline, of a copy of everything, and of erasing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, UpdateBase, delete, select, update
from sqlalchemy.orm import Session, selectinload

from app.advice import queries
from app.advice.household_words import DEBT_KINDS, HEADINGS
from app.advice.issue_tree import issue_tree
from app.advice.labels import (
    ACHIEVED,
    CHANNELS,
    DOCUMENT_KINDS,
    FREQUENCIES,
    LEVELS,
    MONEY_KINDS,
    MONEY_STATUSES,
    RESULT_KINDS,
)
from app.advice.models import (
    AdviceCase,
    AdviceContact,
    AdviceDocument,
    AdviceDraft,
    AdviceLetter,
    AdviceParty,
    AdviceResult,
    Appointment,
    CaseReview,
    FinancialStatement,
    MoneyOutcome,
    NextStep,
    QueueEntry,
)
from app.advice.operations.appointments import follow
from app.advice.queries.appointments import times_instead
from app.advice.queries.household import Household
from app.advice.scope import READERS, is_worker
from app.booking.announcements import BookingMoved
from app.booking.codes import BookingAction
from app.booking.models import Booking
from app.booking.other_times import register as register_times
from app.booking.record import wipe
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.events import on
from app.people import parts
from app.people.models import Person
from app.web.filters import pounds

NOON = time(12)
register_times("advice", times_instead)
Kept = TypeVar("Kept", AdviceLetter, AdviceDocument, AdviceResult, CaseReview, FinancialStatement, MoneyOutcome)


@on(BookingMoved)
def keep_the_appointment(session: Session, event: BookingMoved) -> None:
    """An appointment goes along when its booking moves to another time."""
    if event.action is BookingAction.BOOK:
        follow(session, event.booking)


def timeline(session: Session, actor: Actor, person_id: UUID) -> Iterable[parts.TimelineEntry]:
    """Contacts, for those who read advice in the organisation, and for the person themself."""
    if actor.kind is ActorKind.PERSON:
        for contact in _all_of(session, person_id):
            if contact.replaced_at is not None:
                continue
            yield parts.TimelineEntry(at=_moment(contact), words=_("You spoke with an adviser"))
        return
    if not actor.holds(*(role.value for role in READERS)):
        return
    for contact in queries.contacts_of_person(session, actor, person_id):
        yield parts.TimelineEntry(
            at=_moment(contact),
            words=_("Advice: %(issues)s", issues=", ".join(_issues(contact))) if contact.issues else _("Advice"),
            detail=f"{CHANNELS[contact.channel]}, {contact.adviser.name}",
            url=f"/desk/advice/contacts/{contact.id}",
        )


def export(session: Session, person_id: UUID) -> Iterable[parts.ExportItem]:
    """Everything that is kept of contacts; others wrote it, so it is read before it goes out."""
    for contact in _all_of(session, person_id):
        told = [
            (_("How"), str(CHANNELS[contact.channel])),
            (_("How far it went"), str(LEVELS[contact.level])),
            (_("Issues"), ", ".join(_issues(contact))),
            (_("In their words"), contact.words),
            (_("Advice"), contact.advice),
            (_("Sources"), contact.sources),
        ]
        lines = [(label, value) for label, value in told if value]
        yield parts.ExportItem(heading=_("Advice"), at=_moment(contact), lines=lines, needs_review=True)
    yield from _queued(session, person_id)
    for booking in session.scalars(_nameless_bookings(_theirs(person_id))):
        yield parts.ExportItem(
            heading=_("Appointment"),
            at=booking.pool.starts_at,
            lines=[(_("Name"), booking.name)] if booking.name else [],
        )
    for statement in _in_cases_of(session, FinancialStatement, person_id):
        yield parts.ExportItem(
            heading=_("Income, spending and debts"),
            at=statement.created_at,
            lines=_lines_of_statement(statement),
            needs_review=True,
        )
    yield from _achieved(session, person_id)
    for letter in _in_cases_of(session, AdviceLetter, person_id):
        told = [(_("To"), letter.name), (_("Subject"), letter.subject), (letter.title, letter.body)]
        lines = [(label, value) for label, value in told if value]
        yield parts.ExportItem(heading=_("Letter"), at=letter.created_at, lines=lines)
    for document in _in_cases_of(session, AdviceDocument, person_id):
        lines = [(str(DOCUMENT_KINDS[document.kind]), document.name)]
        yield parts.ExportItem(heading=_("Document"), at=document.created_at, lines=lines, needs_review=True)
    for review in _in_cases_of(session, CaseReview, person_id):
        told = [(_("Findings"), review.findings), (_("To be done"), review.actions)]
        lines = [(label, value) for label, value in told if value]
        yield parts.ExportItem(heading=_("File review"), at=review.created_at, lines=lines, needs_review=True)


def _achieved(session: Session, person_id: UUID) -> Iterable[parts.ExportItem]:
    """What their cases brought them: money, each with how sure it is, and other results."""
    for money in _in_cases_of(session, MoneyOutcome, person_id):
        amount = f"{_pounds(money.pence)}, {FREQUENCIES[money.frequency]}, {MONEY_STATUSES[money.status]}"
        told = [(str(MONEY_KINDS[money.kind]), amount), (_("What shows it"), money.evidence)]
        lines = [(label, value) for label, value in told if value]
        yield parts.ExportItem(heading=_("Money"), at=money.created_at, lines=lines, needs_review=True)
    for result in _in_cases_of(session, AdviceResult, person_id):
        lines = [(str(RESULT_KINDS[result.kind]), str(ACHIEVED[result.achieved]))]
        yield parts.ExportItem(heading=_("Result"), at=result.created_at, lines=lines)


def _queued(session: Session, person_id: UUID) -> Iterable[parts.ExportItem]:
    """What was said at the desk of an open session, for the day or two that it is kept."""
    wanted = select(QueueEntry).where(QueueEntry.person_id == person_id).order_by(QueueEntry.came_at, QueueEntry.id)
    for entry in session.scalars(wanted):
        lines = [(_("Called"), entry.called_as), (_("What about"), entry.need)]
        shown = [(label, value) for label, value in lines if value]
        yield parts.ExportItem(heading=_("At an open session"), at=entry.came_at, lines=shown)


def _in_cases_of(session: Session, kind: type[Kept], person_id: UUID) -> Iterable[Kept]:
    """What is kept of one kind in the cases of somebody, in the order it came."""
    return session.scalars(
        select(kind)
        .join(AdviceCase, AdviceCase.id == kind.case_id)
        .where(AdviceCase.person_id == person_id)
        .order_by(kind.created_at, kind.id)
    )


def _lines_of_statement(statement: FinancialStatement) -> list[tuple[str, str]]:
    """Pounds a month by heading, and each debt with what is owed."""
    household = Household.of(statement)
    lines = [(str(HEADINGS[heading][0]), _pounds(pence)) for heading, pence in household.lines.items()]
    debts = [
        (str(DEBT_KINDS[debt.kind]), " ".join(filter(None, (debt.creditor, _pounds(debt.owed_pence)))))
        for debt in household.debts
    ]
    return [*lines, *debts, *([(_("Note"), statement.note)] if statement.note else [])]


def _pounds(pence: int) -> str:
    return pounds(Decimal(pence) / 100)


def erase(session: Session, _actor: Actor, person_id: UUID) -> int:
    """Wipe every word; what is counted stays: when, how long, how far, which issues."""
    now, words = clock.now(), {"words": "", "advice": "", "sources": "", "relation": ""}
    session.execute(delete(AdviceDraft).where(AdviceDraft.person_id == person_id))
    came = update(QueueEntry).where(QueueEntry.person_id == person_id).values(called_as="", need="", wiped_at=now)
    session.execute(came.execution_options(synchronize_session=False))
    theirs = _theirs(person_id)
    wipe(session, [booking.id for booking in session.scalars(_nameless_bookings(theirs))])
    contacts = select(AdviceContact.id).where(theirs)
    cases = select(AdviceCase.id).where(AdviceCase.person_id == person_id)
    about = NextStep.contact_id.in_(contacts) | NextStep.case_id.in_(cases)
    session.execute(update(NextStep).where(about).values(words="").execution_options(synchronize_session=False))
    for statement in _of_cases(cases):
        session.execute(statement.execution_options(synchronize_session=False))
    rows = session.scalars(
        update(AdviceContact)
        .where(theirs)
        .values(**words, erased_at=now)
        .returning(AdviceContact.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.execute(
        update(AdviceCase)
        .where(AdviceCase.person_id == person_id)
        .values(search_name="", closing_note="", conflict_note="", erased_at=now)
        .execution_options(synchronize_session=False)
    )
    return len(rows)


def _theirs(person_id: UUID) -> ColumnElement[bool]:
    """Their contacts, with what was first written down under somebody else's name."""
    wrong = select(AdviceContact.replaces_id).where(AdviceContact.person_id == person_id)
    return (AdviceContact.person_id == person_id) | AdviceContact.id.in_(wrong)


def _nameless_bookings(theirs: ColumnElement[bool]) -> Select[Booking]:
    """Of appointments that were booked without a record, those of which one of these contacts came."""
    return (
        select(Booking)
        .join(Appointment, Appointment.booking_id == Booking.id)
        .join(AdviceContact, AdviceContact.id == Appointment.led_to_id)
        .where(theirs, Booking.person_id.is_(None))
        .order_by(Booking.created_at, Booking.id)
    )


def _of_cases(cases: Select[UUID]) -> Iterable[UpdateBase]:
    """What is wiped of cases: the other side, letters, documents, evidence, statements, what reviewers wrote.

    The files of the documents go with the next sweep.
    """
    yield delete(AdviceParty).where(AdviceParty.case_id.in_(cases))
    yield delete(AdviceLetter).where(AdviceLetter.case_id.in_(cases))
    yield delete(AdviceDocument).where(AdviceDocument.case_id.in_(cases))
    yield delete(FinancialStatement).where(FinancialStatement.case_id.in_(cases))
    yield update(MoneyOutcome).where(MoneyOutcome.case_id.in_(cases)).values(evidence="")
    yield update(CaseReview).where(CaseReview.case_id.in_(cases)).values(findings="", actions="")


def actions(actor: Actor, person: Person) -> Iterable[parts.RecordAction]:
    """An adviser logs a contact from the record."""
    if is_worker(actor):
        yield parts.RecordAction(label=_("Log a contact"), url=f"/desk/advice/log?person={person.id}", order=10)
        yield parts.RecordAction(label=_("Put in the queue"), url=f"/desk/advice/sessions?person={person.id}", order=11)


def _all_of(session: Session, person_id: UUID) -> list[AdviceContact]:
    return list(
        session.scalars(
            select(AdviceContact)
            .where(AdviceContact.person_id == person_id)
            .options(selectinload(AdviceContact.issues))
            .order_by(AdviceContact.happened_on.desc(), AdviceContact.id)
        )
    )


def _issues(contact: AdviceContact) -> list[str]:
    return [issue_tree().label(issue.code) for issue in contact.issues]


def _moment(contact: AdviceContact) -> datetime:
    """When it took place; noon where nobody wrote the time down."""
    wall = datetime.combine(contact.happened_on, contact.started_at or NOON, clock.LONDON)
    return wall.astimezone(UTC)


parts.register(
    parts.RecordPart(
        name="advice",
        columns=(AdviceContact.person_id, AdviceDraft.person_id, AdviceCase.person_id, QueueEntry.person_id),
        timeline=timeline,
        export=export,
        erase=erase,
        actions=actions,
    )
)
