"""Opened in an emergency, joined to an account, asked for, ended: what is kept about records themselves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from app.core.orm import Base, Code
from app.people.codes import (
    EmergencyReason,
    EmergencyVerdict,
    EndOfRecord,
    LinkKind,
    RequestKind,
    RequestState,
    RetentionClass,
)
from app.people.models.person import STILL_OPEN


class Emergency(Base):
    """A record opened by somebody whose organisation has no access to it: read only, one record, for a while."""

    __tablename__ = "person_emergency"
    __table_args__ = (
        CheckConstraint("length(words) >= 20", name="says_why"),
        Index("ix_person_emergency_user_id_expires_at", "user_id", "expires_at"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    reason: Mapped[EmergencyReason] = mapped_column(Code(EmergencyReason))
    words: Mapped[str]
    expires_at: Mapped[datetime]
    review_by: Mapped[date]
    reviewed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    reviewed_at: Mapped[datetime | None]
    verdict: Mapped[EmergencyVerdict | None] = mapped_column(Code(EmergencyVerdict))
    finding: Mapped[str] = mapped_column(default="")


class PersonAccount(Base):
    """A record that the user of an account may see as their own, and how the two were joined."""

    __tablename__ = "person_account"
    __table_args__ = (
        Index(
            "uq_person_account_open",
            "person_id",
            "user_id",
            unique=True,
            sqlite_where=STILL_OPEN,
            postgresql_where=STILL_OPEN,
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    kind: Mapped[LinkKind] = mapped_column(Code(LinkKind))
    ended_at: Mapped[datetime | None]


class PersonRequest(Base):
    """A person asked for a copy of what is kept about them, that something be put right, or that all be erased.

    `wish` is what is to be put right, in their words, or what else they wrote if it may speak of danger.
    `prepared` holds the copy as it was reviewed, until `gone_on`; it is wiped then.
    """

    __tablename__ = "person_request"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[RequestKind] = mapped_column(Code(RequestKind))
    state: Mapped[RequestState] = mapped_column(Code(RequestState), default=RequestState.OPEN, index=True)
    wish: Mapped[str] = mapped_column(default="", server_default="")
    speaks_of_danger: Mapped[bool] = mapped_column(default=False, server_default=false())
    due_on: Mapped[date]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    prepared: Mapped[list[Any] | None] = mapped_column(JSON)
    withheld: Mapped[int] = mapped_column(default=0)
    gone_on: Mapped[date | None] = mapped_column(index=True)


class RecordEnd(Base):
    """The stub of a record that was erased or destroyed: when, by whom, why, of which class; no word about the person.

    `wiped` counts the rows that each feature wiped.
    """

    __tablename__ = "person_record_end"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("member_organization.id"))
    how: Mapped[EndOfRecord] = mapped_column(Code(EndOfRecord))
    retention_class: Mapped[RetentionClass] = mapped_column(Code(RetentionClass))
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str]
    wiped: Mapped[dict[str, int]] = mapped_column(JSON)
