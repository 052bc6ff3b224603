"""A household's income, spending and debts: kept as versions, of which the last one holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.advice.details import worker_of
from app.advice.models import AdviceCase, FinancialStatement
from app.advice.operations.cases import SUBJECT, require_open
from app.advice.queries import household as queries
from app.advice.rules.household import Amount, Debt, Heading
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused


class SavedMeanwhile(Refused):
    """Somebody else made a version after the one that this was made from."""


def keep_statement(
    session: Session,
    actor: Actor,
    case: AdviceCase,
    lines: Mapping[Heading, Amount],
    debts: Iterable[Debt],
    *,
    note: str = "",
    after: int = 0,
) -> FinancialStatement:
    """Keep a new version; those before it stay as they are.

    `after` is the version that it was made from: SavedMeanwhile where somebody else made another one.
    """
    require_open(session, case)
    told = list(debts)
    if not lines and not told:
        raise InvalidInput("Enter at least one amount.")
    if after != _last_version(session, case):
        raise SavedMeanwhile(
            "Somebody else saved a new version while you wrote. It is shown here, and what you typed is below. "
            "If you save again, yours becomes the next version."
        )
    made = FinancialStatement(
        organization_id=case.organization_id,
        case_id=case.id,
        version=after + 1,
        made_by_id=worker_of(actor).user_id,
        made_on=clock.today(),
        lines={heading.value: [amount.pence, amount.frequency.value] for heading, amount in lines.items()},
        debts=[_as_kept(debt) for debt in told],
        note=note,
    )
    session.add(made)
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, case.id), person_id=case.person_id, fields=["statement"])
    return made


def _last_version(session: Session, case: AdviceCase) -> int:
    """The number of the last version. Two that save at once wait for each other here."""
    session.execute(select(AdviceCase.id).where(AdviceCase.id == case.id).order_by(AdviceCase.id).with_for_update())
    last = queries.last_statement(session, case.id)
    return last.version if last else 0


def _as_kept(debt: Debt) -> dict[str, Any]:
    return {
        "kind": debt.kind.value,
        "creditor": debt.creditor,
        "owed": debt.owed_pence,
        "pays": debt.pays_pence,
        "priority": debt.is_priority,
    }
