"""Cases: opened, asked about a conflict of interest, worked on, closed with what they achieved."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization
from app.advice import queries
from app.advice.codes import CaseState, Closure, ConflictState
from app.advice.details import worker_of
from app.advice.events import CaseClosed, CaseReopened
from app.advice.models import AdviceCase, AdviceParty
from app.advice.operations.changing import require_as_read
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.core.events import announce
from app.core.text import single_line
from app.people.models import Person
from app.people.rules.matching import name_parts

SUBJECT = "advice_case"
# What others may change while somebody looks at a case.
STANDING = ("state", "closed_on", "closure", "closing_note", "conflict", "conflict_note", "conflict_version")


def open_case(
    session: Session, actor: Actor, *, person_id: UUID | None = None, client_number: str = "", issue: str = ""
) -> AdviceCase:
    """Begin a case for a client who has a name or a number, and look for a conflict of interest at once."""
    worker = worker_of(actor)
    if person_id is None and not client_number:
        raise InvalidInput("A case is for somebody with a name or a number.")
    made = AdviceCase(
        organization_id=worker.organization_id,
        adviser_id=worker.user_id,
        number=_next_number(session, worker.organization_id),
        person_id=person_id,
        client_number=client_number,
        issue=issue,
        opened_on=clock.today(),
    )
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, (SUBJECT, made.id), person_id=person_id)
    check_conflict(session, actor, made)
    return made


def _next_number(session: Session, organization_id: UUID) -> int:
    # Two that open a case at once wait for each other here; on SQLite there is one writer anyway.
    held = select(MemberOrganization.id).where(MemberOrganization.id == organization_id)
    session.execute(held.order_by(MemberOrganization.id).with_for_update())
    last = session.scalar(select(func.max(AdviceCase.number)).where(AdviceCase.organization_id == organization_id))
    return (last or 0) + 1


def look_at_case(session: Session, actor: Actor, case_id: UUID) -> AdviceCase:
    """One case as far as the actor may see it, and that they looked is put on record. NotFound for any other."""
    found = queries.case(session, actor, case_id)
    record(session, actor, Action.READ, (SUBJECT, found.id), person_id=found.person_id)
    return found


def hold(session: Session, case: AdviceCase) -> None:
    """See how the case stands, and keep it so until the transaction ends: two who work in it wait for each other."""
    session.flush()
    session.refresh(case, STANDING, with_for_update={"key_share": True})


def require_open(session: Session, case: AdviceCase) -> None:
    """Hold a case. Refused for one that is closed."""
    hold(session, case)
    if case.state is CaseState.CLOSED:
        raise Refused("This case is closed. Open it again first.")


def add_party(session: Session, actor: Actor, case: AdviceCase, name: str) -> AdviceParty:
    """Name somebody on the other side, and look for a conflict again."""
    require_open(session, case)
    told = single_line(name)
    if not name_parts(told):
        raise InvalidInput("Enter the name of a person or an organisation.")
    party = AdviceParty(
        organization_id=case.organization_id,
        case_id=case.id,
        name=told,
        search_name=" ".join(sorted(name_parts(told))),
    )
    session.add(party)
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, case.id), person_id=case.person_id, fields=["parties"])
    check_conflict(session, actor, case)
    return party


def check_conflict(session: Session, actor: Actor, case: AdviceCase) -> ConflictState:
    """Ask whether the service works, or worked in the last six years, for the other side. Says no more than that.

    What a supervisor decided stands until a new party brings a new possible conflict.
    """
    name = session.scalar(select(Person.name).where(Person.id == case.person_id)) if case.person_id else None
    case.search_name = " ".join(sorted(name_parts(name or "")))
    session.flush()
    possible = queries.is_conflict_possible(session, case)
    if possible:
        # Also where it was possible before: whoever decides meanwhile has not seen this one.
        case.conflict, case.conflict_version = ConflictState.POSSIBLE, case.conflict_version + 1
    elif case.conflict in {ConflictState.NOT_RUN, ConflictState.POSSIBLE}:
        case.conflict = ConflictState.NONE
    session.flush()
    record(session, actor, Action.SEARCHED, (SUBJECT, case.id), person_id=case.person_id, reason="conflict")
    return case.conflict


def decide_conflict(
    session: Session, actor: Actor, case: AdviceCase, state: ConflictState, note: str, *, read: int | None = None
) -> None:
    """A supervisor says that the conflict is managed, or that the service cannot act and who else can.

    `read` is the version that they decide about: ChangedMeanwhile where there is another. Refused for whoever gives the
    advice in the case.
    """
    if case.adviser_id == actor.user_id:
        raise Refused("This is your own file. Somebody else has to decide.")
    if state not in {ConflictState.MANAGED, ConflictState.CANNOT_ACT, ConflictState.NONE}:
        raise InvalidInput("Choose what you decided.")
    if state is not ConflictState.NONE and not note:
        raise InvalidInput("Write down why, and who else can help.")
    hold(session, case)
    require_as_read(case.conflict_version, read)
    case.conflict, case.conflict_note = state, note
    case.conflict_version += 1
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, case.id), person_id=case.person_id, fields=["conflict"])


def close_case(session: Session, actor: Actor, case: AdviceCase, closure: Closure, note: str) -> None:
    """End the work. Refused while steps or dates are open, or where nothing says what was achieved."""
    require_open(session, case)
    if queries.has_open_work(session, case.id):
        raise Refused("Steps or dates of this case are still open. Mark them as done first.")
    if closure in {Closure.COMPLETE, Closure.OUTCOME_ACHIEVED} and not queries.has_outcomes(session, case.id):
        raise Refused("Write down at least one outcome first, even if nothing was achieved.")
    case.state, case.closed_on, case.closure, case.closing_note = CaseState.CLOSED, clock.today(), closure, note
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, case.id), person_id=case.person_id, fields=["state", "closure"])
    announce(session, CaseClosed(case))


def reopen_case(session: Session, actor: Actor, case: AdviceCase) -> None:
    """Go on with a closed case."""
    hold(session, case)
    if case.state is CaseState.OPEN:
        return
    case.state, case.closed_on, case.closure = CaseState.OPEN, None, None
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, case.id), person_id=case.person_id, fields=["state"])
    announce(session, CaseReopened(case))
