"""Documents: kept in a case, opened, taken out."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy.orm import Session

from app.advice.codes import ScanState
from app.advice.details import worker_of
from app.advice.document_store import DocumentStore
from app.advice.models import AdviceCase, AdviceDocument
from app.advice.operations.cases import hold, require_open
from app.advice.queries import documents as queries
from app.advice.rules.documents import kind_of, shown_name
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Refused

SUBJECT = "advice_document"
MOST_OF_A_CASE = 200
# A check takes seconds. One that takes this long does not work.
LONGEST_CHECK = timedelta(minutes=15)


def add_document(
    session: Session,
    actor: Actor,
    case: AdviceCase,
    store: DocumentStore,
    data: bytes,
    *,
    name: str,
    is_scanned: bool,
) -> AdviceDocument:
    """Keep a file in a case. InvalidInput, with what to do, for one that is not taken.

    Into a closed case too: an award letter comes after the end. With `is_scanned` nobody can open it before it was
    looked at for viruses. The file is written before the row: one whose row never came is swept away.
    """
    hold(session, case)
    kind = kind_of(data)
    if queries.count_of(session, case.id) >= MOST_OF_A_CASE:
        raise Refused("This case has as many documents as a case can hold. Take one out first.")
    made = AdviceDocument(
        organization_id=case.organization_id,
        case_id=case.id,
        added_by_id=worker_of(actor).user_id,
        number=queries.last_number(session, case.id) + 1,
        name=shown_name(name, kind),
        kind=kind,
        size=len(data),
        digest=hashlib.sha256(data).hexdigest(),
        stored_as=store.put(data),
        scan=ScanState.WAITING if is_scanned else ScanState.NOT_CHECKED,
    )
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, (SUBJECT, made.id), person_id=case.person_id)
    return made


def open_document(session: Session, actor: Actor, document: AdviceDocument) -> None:
    """Put on record that somebody reads it. Refused before it was looked at for viruses, or where one was found."""
    if document.scan is ScanState.WAITING:
        if document.created_at < clock.now() - LONGEST_CHECK:
            raise Refused("The check for viruses does not work at the moment. Tell whoever runs this Waymark.")
        raise Refused("This file is still being checked for viruses. Try again in a minute.")
    if document.scan is ScanState.INFECTED:
        raise Refused("A virus was found in this file, and it is deleted. Ask for it again, in another form.")
    record(session, actor, Action.READ, (SUBJECT, document.id), person_id=document.case.person_id)


def came_after_the_end(case: AdviceCase, document: AdviceDocument) -> bool:
    """Whether a document came on the day on which its case was closed, or later."""
    closed_on = case.closed_on
    return closed_on is not None and document.created_at.astimezone(clock.LONDON).date() >= closed_on


def take_out(session: Session, actor: Actor, document: AdviceDocument) -> None:
    """Take a document out of its case; its file goes with the next sweep.

    Refused for what a closed case had before its last day; a wrong file that came later goes again.
    """
    if not came_after_the_end(document.case, document):
        require_open(session, document.case)
    record(session, actor, Action.DELETED, (SUBJECT, document.id), person_id=document.case.person_id)
    session.delete(document)
    session.flush()
