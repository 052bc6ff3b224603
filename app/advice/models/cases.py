"""A case, the other parties in it, and what a supervisor found when they read it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.advice.codes import CaseState, Closure, ConflictState, DocumentKind, ScanState
from app.core.orm import Base, Code
from app.people.models import Person

WAITS = text("scan = 'waiting'")
UNDECIDED = text("conflict = 'possible'")


class AdviceCase(Base):
    """Work for one client on one matter, over several contacts.

    `number` counts within the organisation. A case of a client without a name goes by `client_number`.
    `search_name` is the client's name as a conflict check compares it. `conflict_note` is for a supervisor: what was
    decided, and independent alternatives where the service cannot act. `conflict_version` counts what changed about it.
    """

    __tablename__ = "advice_case"
    __table_args__ = (
        UniqueConstraint("organization_id", "number"),
        CheckConstraint("person_id IS NOT NULL OR client_number <> '' OR erased_at IS NOT NULL", name="of_somebody"),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_on"),
        CheckConstraint("(state = 'closed') = (closure IS NOT NULL)", name="closed_why"),
        Index("ix_advice_case_organization_id_state_opened_on", "organization_id", "state", "opened_on"),
        Index("ix_advice_case_adviser_id_state", "adviser_id", "state"),
        Index("ix_advice_case_organization_id_search_name", "organization_id", "search_name"),
        Index("ix_advice_case_undecided", "organization_id", sqlite_where=UNDECIDED, postgresql_where=UNDECIDED),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    adviser_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    number: Mapped[int]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    client_number: Mapped[str] = mapped_column(default="")
    search_name: Mapped[str] = mapped_column(default="")
    issue: Mapped[str]
    state: Mapped[CaseState] = mapped_column(Code(CaseState), default=CaseState.OPEN)
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    closure: Mapped[Closure | None] = mapped_column(Code(Closure))
    closing_note: Mapped[str] = mapped_column(default="")
    conflict: Mapped[ConflictState] = mapped_column(Code(ConflictState), default=ConflictState.NOT_RUN)
    conflict_note: Mapped[str] = mapped_column(default="")
    conflict_version: Mapped[int] = mapped_column(default=1)
    erased_at: Mapped[datetime | None]

    adviser: Mapped[User] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")

    @property
    def shown_number(self) -> str:
        """As it stands on paper and in a calendar: it says nothing of what the case is about."""
        return f"W{self.number:05d}"


class AdviceParty(Base):
    """Somebody on the other side of a case: a landlord, a creditor, an employer, a former partner.

    `search_name` is what a conflict check compares: the words of the name without case, accents, titles or order.
    """

    __tablename__ = "advice_party"
    __table_args__ = (Index("ix_advice_party_organization_id_search_name", "organization_id", "search_name"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("advice_case.id"), index=True)
    name: Mapped[str]
    search_name: Mapped[str]

    case: Mapped[AdviceCase] = relationship(lazy="raise")


class CaseReview(Base):
    """A supervisor read a case: each question answered, what they found, and what is to be done until when."""

    __tablename__ = "advice_case_review"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("advice_case.id"), index=True)
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    reviewed_on: Mapped[date]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    findings: Mapped[str] = mapped_column(default="")
    actions: Mapped[str] = mapped_column(default="")
    actions_due_on: Mapped[date | None]
    actions_done_at: Mapped[datetime | None]

    case: Mapped[AdviceCase] = relationship(lazy="raise")
    reviewer: Mapped[User] = relationship(lazy="raise")


class AdviceDocument(Base):
    """A file of a case. The file itself lies in the instance folder as `stored_as`, a name that says nothing.

    `name` is what it was called, for the screen alone. `number` counts within the case and names the download.
    """

    __tablename__ = "advice_document"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        UniqueConstraint("stored_as"),
        CheckConstraint("size > 0", name="size"),
        Index("ix_advice_document_waiting", "created_at", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("advice_case.id"))
    added_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    number: Mapped[int]
    name: Mapped[str]
    kind: Mapped[DocumentKind] = mapped_column(Code(DocumentKind))
    size: Mapped[int]
    digest: Mapped[str]
    stored_as: Mapped[str]
    scan: Mapped[ScanState] = mapped_column(Code(ScanState))

    case: Mapped[AdviceCase] = relationship(lazy="raise")
    added_by: Mapped[User] = relationship(lazy="raise")
