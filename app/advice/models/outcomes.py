"""What advice achieved, and a household's income and spending."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.advice.codes import Achieved, Frequency, MoneyKind, MoneyStatus, ResultKind
from app.advice.models.cases import AdviceCase
from app.advice.models.versions import Versioned
from app.core.orm import Base, Code


class MoneyOutcome(Versioned, Base):
    """A difference in money. Only what is confirmed counts as achieved; the statuses are never added up.

    `pence` is one payment; `ends_on` is when an award ends, which caps its value for a year.
    """

    __tablename__ = "advice_money_outcome"
    __table_args__ = (
        CheckConstraint("pence > 0", name="amount"),
        CheckConstraint("(status = 'confirmed') = (confirmed_on IS NOT NULL)", name="confirmed_on"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index("ix_advice_money_outcome_organization_id_status", "organization_id", "status", "starts_on"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("advice_case.id"), index=True)
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[MoneyKind] = mapped_column(Code(MoneyKind))
    status: Mapped[MoneyStatus] = mapped_column(Code(MoneyStatus))
    pence: Mapped[int] = mapped_column(BigInteger)
    frequency: Mapped[Frequency] = mapped_column(Code(Frequency))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(default="")
    confirmed_on: Mapped[date | None]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class AdviceResult(Versioned, Base):
    """Another result, and how far it was achieved. `theirs` says that it is the client's own word."""

    __tablename__ = "advice_result"
    __table_args__ = (
        UniqueConstraint("case_id", "kind"),
        Index("ix_advice_result_organization_id_kind", "organization_id", "kind"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("advice_case.id"))
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[ResultKind] = mapped_column(Code(ResultKind))
    achieved: Mapped[Achieved] = mapped_column(Code(Achieved))
    theirs: Mapped[bool] = mapped_column(default=False)
    noted_on: Mapped[date]


class FinancialStatement(Base):
    """A household's money as it was told: never changed, only followed by the next version.

    `lines` holds pence and how often by heading, as they were told; `debts` each debt with what is owed and paid.
    """

    __tablename__ = "advice_statement"
    __table_args__ = (UniqueConstraint("case_id", "version"), CheckConstraint("version > 0", name="version_counts"))

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("advice_case.id"))
    version: Mapped[int]
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    made_on: Mapped[date]
    lines: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    debts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(default="")

    case: Mapped[AdviceCase] = relationship(lazy="raise")
    made_by: Mapped[User] = relationship(lazy="raise")
