"""Statements of a case. The caller found the case in its scope."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.advice.codes import Frequency
from app.advice.models import FinancialStatement
from app.advice.rules.household import Amount, Balance, Debt, DebtKind, Heading, balance, in_order


def statements(session: Session, case_id: UUID) -> list[FinancialStatement]:
    """All versions, the last one first, each with who made it."""
    return list(
        session.scalars(
            select(FinancialStatement)
            .where(FinancialStatement.case_id == case_id)
            .options(joinedload(FinancialStatement.made_by))
            .order_by(FinancialStatement.version.desc(), FinancialStatement.id)
        )
    )


def last_statement(session: Session, case_id: UUID) -> FinancialStatement | None:
    """The version that holds."""
    return session.scalars(
        select(FinancialStatement)
        .where(FinancialStatement.case_id == case_id)
        .options(joinedload(FinancialStatement.made_by))
        .order_by(FinancialStatement.version.desc(), FinancialStatement.id)
        .limit(1)
    ).one_or_none()


def lines_of(statement: FinancialStatement) -> dict[Heading, Amount]:
    """Its lines as they were told, in the order of the headings."""
    kept = statement.lines
    return {
        heading: Amount(kept[heading.value][0], Frequency(kept[heading.value][1]))
        for heading in Heading
        if heading.value in kept
    }


def debts_of(statement: FinancialStatement) -> list[Debt]:
    """Its debts, in the order in which they were told."""
    return [
        Debt(DebtKind(kept["kind"]), kept["creditor"], kept["owed"], kept["pays"], is_priority=kept["priority"])
        for kept in statement.debts
    ]


@dataclass(frozen=True, slots=True)
class Household:
    """A statement with its sums: pence a month by heading, debts in the order in which they are dealt with."""

    lines: dict[Heading, int]
    debts: list[Debt]
    sums: Balance

    @classmethod
    def of(cls, statement: FinancialStatement) -> Household:
        """The sums of a version."""
        lines = {heading: amount.monthly for heading, amount in lines_of(statement).items()}
        debts = in_order(debts_of(statement))
        return cls(lines, debts, balance(lines, debts))
