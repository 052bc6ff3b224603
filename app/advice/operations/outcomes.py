"""What a case achieved: money by how sure it is, other results by how far they were reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.advice.codes import Achieved, Frequency, MoneyKind, MoneyStatus, ResultKind
from app.advice.details import worker_of
from app.advice.models import AdviceCase, AdviceResult, MoneyOutcome
from app.advice.operations.cases import SUBJECT, hold
from app.advice.operations.changing import require_as_read
from app.advice.queries.outcomes import result_of
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldMoney:
    """An outcome in money as a form says it; `pence` is one payment."""

    kind: MoneyKind
    status: MoneyStatus
    pence: int
    frequency: Frequency
    starts_on: date
    ends_on: date | None = None
    evidence: str = ""


def add_money(session: Session, actor: Actor, case: AdviceCase, told: ToldMoney) -> MoneyOutcome:
    """Note a difference in money."""
    made = MoneyOutcome(
        organization_id=case.organization_id, case_id=case.id, made_by_id=worker_of(actor).user_id, pence=told.pence
    )
    _set_money(actor, made, told)
    session.add(made)
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, case.id), person_id=case.person_id, fields=["money"])
    return made


def change_money(
    session: Session,
    actor: Actor,
    case: AdviceCase,
    found: MoneyOutcome,
    told: ToldMoney,
    *,
    read: int | None = None,
) -> None:
    """Bring an outcome to what is known now: claimed, confirmed by a letter, refused.

    `read` is the version that they change: ChangedMeanwhile where there is another.
    """
    hold(session, case)
    session.refresh(found)
    require_as_read(found.version, read)
    _set_money(actor, found, told)
    found.version += 1
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, case.id), person_id=case.person_id, fields=["money"])


def _set_money(actor: Actor, found: MoneyOutcome, told: ToldMoney) -> None:
    confirmed = told.status is MoneyStatus.CONFIRMED
    if confirmed and not told.evidence:
        raise InvalidInput("Say what confirms it, such as a letter or the client’s own word.")
    for name in ("kind", "pence", "frequency", "starts_on", "ends_on", "evidence"):
        setattr(found, name, getattr(told, name))
    if found.status is not told.status:
        found.confirmed_on = clock.today() if confirmed else None
        found.confirmed_by_id = worker_of(actor).user_id if confirmed else None
    found.status = told.status


def set_result(
    session: Session,
    actor: Actor,
    case: AdviceCase,
    kind: ResultKind,
    achieved: Achieved,
    *,
    theirs: bool,
    read: int | None = None,
) -> AdviceResult:
    """Say how far a result was reached; what was said of it before is replaced.

    `read` is the version that they replace, 0 where they saw none: ChangedMeanwhile where there is another.
    """
    hold(session, case)
    found = result_of(session, case, kind)
    if found is None:
        found = AdviceResult(organization_id=case.organization_id, case_id=case.id, kind=kind, version=0)
        session.add(found)
    else:
        require_as_read(found.version, read)
    found.achieved, found.theirs, found.noted_on = achieved, theirs, clock.today()
    found.made_by_id = worker_of(actor).user_id
    found.version += 1
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, case.id), person_id=case.person_id, fields=["results"])
    return found
