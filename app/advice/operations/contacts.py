"""Logging a contact with all that belongs to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4, uuid5

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.advice import queries
from app.advice.codes import ClientKind, Result
from app.advice.details import ToldContact, ToldDate, ToldStep, worker_of
from app.advice.events import ContactLogged
from app.advice.issue_tree import issue_tree
from app.advice.models import (
    AdviceCase,
    AdviceContact,
    AdviceIssue,
    Appointment,
    KeyDate,
    NextStep,
    PhoneCall,
    QueueEntry,
)
from app.advice.operations import cases
from app.advice.rules.deadlines import FROM_A_LETTER, deadline, next_working_day
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.core.events import announce
from app.people import queries as people
from app.people.details import Details
from app.people.models import Person
from app.people.operations import add_person, note_seen

SUBJECT = "advice_contact"
_A_DAY = timedelta(days=1)
ASKS_FOR_A_CALL = frozenset({Result.NO_ANSWER, Result.MESSAGE_LEFT})


def log_contact(session: Session, actor: Actor, told: ToldContact) -> AdviceContact:
    """Write a contact down with its issues, dates and steps; open or continue a case where that was said.

    NotFound for a person, a case or a contact that the actor may not see. Refused where the person does not permit
    a record.
    """
    contact = _write_down(session, actor, told)
    announce(session, ContactLogged(contact))
    return contact


def key_of_form(actor: Actor, form_key: UUID) -> UUID:
    """What a contact keeps of the page that it was logged with: of its own for everybody who could send the same."""
    return uuid5(worker_of(actor).user_id, str(form_key))


def is_as_told(contact: AdviceContact, told: ToldContact) -> bool:
    """Whether a form that comes twice says the same the second time."""
    same = all(getattr(contact, name) == getattr(told, name) for name in _AS_TOLD if name != "session_id")
    return same and {issue.code for issue in contact.issues} == set(told.issues)


def correct_contact(session: Session, actor: Actor, contact: AdviceContact, told: ToldContact) -> AdviceContact:
    """Put a right contact in the place of a wrong one, which stays as it was; its dates and steps go along.

    Who waited, the call and the appointment that it came from lead to the right one from now on.
    The adviser stays who gave the advice. Refused where somebody else corrected it meanwhile.
    """
    held = select(AdviceContact.replaced_at).where(AdviceContact.id == contact.id)
    if session.execute(held.order_by(AdviceContact.id).with_for_update()).scalar_one() is not None:
        raise Refused("This contact was corrected already. Look at the corrected one.")
    same_case = replace(told, case_id=None) if told.case_id == contact.case_id else told
    made = _write_down(session, actor, same_case)
    made.adviser_id, made.seconds_to_log = contact.adviser_id, contact.seconds_to_log
    made.replaces_id, made.called_back_at = contact.id, contact.called_back_at
    made.session_id = contact.session_id
    if same_case is not told:
        _stay_in_case(session, contact, made)
    contact.replaced_at = clock.now()
    for part in (KeyDate, NextStep):
        moved = update(part).where(part.contact_id == contact.id)
        session.execute(moved.values(contact_id=made.id, case_id=made.case_id))
    for came_from, name in ((QueueEntry, "contact_id"), (PhoneCall, "contact_id"), (Appointment, "led_to_id")):
        tied = update(came_from).where(getattr(came_from, name) == contact.id)
        session.execute(tied.values({name: made.id}))
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, contact.id), person_id=contact.person_id, fields=["replaced_at"])
    return made


def _stay_in_case(session: Session, contact: AdviceContact, made: AdviceContact) -> None:
    """A case may be closed by now, and its contacts still be put right; but it stays the case of one client."""
    case = session.get(AdviceCase, contact.case_id) if contact.case_id else None
    if case is None:
        return
    if (case.person_id, case.client_number.casefold()) != (made.person_id, made.client_number.casefold()):
        raise InvalidInput("This case is of somebody else.")
    made.case_id = case.id
    for part in (KeyDate, NextStep):
        session.execute(update(part).where(part.contact_id == made.id).values(case_id=case.id))


def _write_down(session: Session, actor: Actor, told: ToldContact) -> AdviceContact:
    worker = worker_of(actor)
    issues = _known(told.issues)
    person_id = _client(session, actor, told)
    case = _case(session, actor, told, person_id, issues)
    contact = AdviceContact(
        organization_id=worker.organization_id,
        adviser_id=worker.user_id,
        case_id=case.id if case else None,
        person_id=person_id,
        client_key=_client_key(worker.organization_id, told),
        form_key=key_of_form(actor, told.form_key) if told.form_key else None,
        seconds_to_log=told.seconds,
        call_back_on=_call_back(told),
        **{name: getattr(told, name) for name in _AS_TOLD},
    )
    session.add(contact)
    session.flush()
    session.add_all(AdviceIssue(contact_id=contact.id, code=code, position=at) for at, code in enumerate(issues))
    session.add_all(key_date(actor, each, contact_id=contact.id, case_id=contact.case_id) for each in told.dates)
    session.add_all(next_step(actor, each, contact_id=contact.id, case_id=contact.case_id) for each in told.steps)
    _answer_earlier(session, actor, told)
    session.flush()
    if person_id is not None and told.result is Result.REACHED:
        note_seen(session, session.get_one(Person, person_id), told.happened_on)
    record(session, actor, Action.CREATED, (SUBJECT, contact.id), person_id=person_id)
    return contact


_AS_TOLD = (
    "client_kind", "channel", "level", "minutes", "happened_on", "client_number", "relation", "direction", "result",
    "started_at", "travel_minutes", "place", "place_ods_code", "language", "interpreter", "format", "words", "advice",
    "sources", "emergencies_asked", "emergencies", "safeguarding", "follows_id", "session_id",
)  # fmt: skip


def key_date(actor: Actor, told: ToldDate, *, contact_id: UUID | None = None, case_id: UUID | None = None) -> KeyDate:
    """A key date of a contact or a case; one that is told by its letter is reckoned."""
    worker, reckoned = worker_of(actor), told.kind in FROM_A_LETTER
    return KeyDate(
        organization_id=worker.organization_id,
        owner_id=worker.user_id,
        contact_id=contact_id,
        case_id=case_id,
        kind=told.kind,
        on=deadline(told.kind, told.on).act_by if reckoned else told.on,
        letter_on=told.on if reckoned else None,
    )


def next_step(actor: Actor, told: ToldStep, *, contact_id: UUID | None = None, case_id: UUID | None = None) -> NextStep:
    """A next step of a contact or a case."""
    worker = worker_of(actor)
    return NextStep(
        organization_id=worker.organization_id,
        owner_id=worker.user_id,
        contact_id=contact_id,
        case_id=case_id,
        words=told.words,
        by=told.by,
        due_on=told.due_on,
    )


def mark_date_done(session: Session, actor: Actor, found: KeyDate, *, done: bool = True) -> None:
    """Say that a key date is dealt with, or that it is not after all."""
    found.done_at = clock.now() if done else None
    record(session, actor, Action.CHANGED, ("advice_key_date", found.id), fields=["done_at"])


def mark_step_done(session: Session, actor: Actor, found: NextStep, *, done: bool = True) -> None:
    """Say that a step was taken, or that it was not after all."""
    found.done_at = clock.now() if done else None
    record(session, actor, Action.CHANGED, ("advice_step", found.id), fields=["done_at"])


def mark_called_back(session: Session, actor: Actor, contact: AdviceContact) -> None:
    """Nobody waits for this call any more."""
    if contact.called_back_at is None:
        contact.called_back_at = clock.now()
        record(
            session,
            actor,
            Action.CHANGED,
            (SUBJECT, contact.id),
            person_id=contact.person_id,
            fields=["called_back_at"],
        )


def open_contact(session: Session, actor: Actor, contact_id: UUID) -> AdviceContact:
    """One contact as far as the actor may see it, and that they looked is put on record. NotFound for any other."""
    found = queries.contact(session, actor, contact_id)
    record(session, actor, Action.READ, (SUBJECT, found.id), person_id=found.person_id)
    return found


def _known(codes: tuple[str, ...]) -> list[str]:
    tree = issue_tree()
    if unknown := [code for code in codes if code not in tree]:
        raise InvalidInput(f"There is no issue {unknown[0][:40]}.")
    return list(dict.fromkeys(codes))


def _client(session: Session, actor: Actor, told: ToldContact) -> UUID | None:
    if told.client_kind not in {ClientKind.NAMED, ClientKind.THIRD_PARTY}:
        return None
    if told.new_name:
        return add_person(session, actor, Details(name=told.new_name)).id
    if told.person_id is None:
        return None
    found = people.person(session, actor, told.person_id)
    if not people.may_record(session, found.id):
        raise Refused("They said no to a record. Log this contact without a name.")
    return found.id


def _case(
    session: Session, actor: Actor, told: ToldContact, person_id: UUID | None, issues: list[str]
) -> AdviceCase | None:
    if told.case_id is not None:
        found = queries.case(session, actor, told.case_id)
        cases.require_open(session, found)
        if found.person_id != person_id or found.client_number.casefold() != told.client_number.casefold():
            raise InvalidInput("This case is of somebody else.")
        return found
    if told.opens_case:
        return cases.open_case(
            session, actor, person_id=person_id, client_number=told.client_number, issue=issues[0] if issues else ""
        )
    return None


def _call_back(told: ToldContact) -> date | None:
    if told.call_back_on is None and told.result in ASKS_FOR_A_CALL:
        return next_working_day(max(told.happened_on, clock.today()) + _A_DAY)
    return told.call_back_on


def _client_key(organization_id: UUID, told: ToldContact) -> UUID:
    """The same for contacts by the same number of the organisation, else of its own."""
    number = told.client_number.casefold()
    return uuid5(organization_id, number) if number else uuid4()


def _answer_earlier(session: Session, actor: Actor, told: ToldContact) -> None:
    """A contact that answers another one ends the wait for it; an attempt that did not reach them does not."""
    if told.follows_id is not None:
        earlier = queries.contact(session, actor, told.follows_id)
        if told.result is Result.REACHED:
            mark_called_back(session, actor, earlier)
