"""The audit trail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.codes import Action, Outcome
from app.core.actor import ActorKind
from app.core.orm import Base, Code


class AuditEntry(Base):
    """One thing done or seen. It holds ids and the names of fields, never a value, a name or a word of health.

    `sequence` counts without gaps; `hash` covers the entry and the hash before it. There are no foreign keys: the
    trail outlives what it speaks of, and triggers of the database refuse to change or delete an entry.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_person_id_sequence", "person_id", "sequence"),
        Index("ix_audit_entry_organization_id_sequence", "organization_id", "sequence"),
        Index("ix_audit_entry_object_id_sequence", "object_id", "sequence"),
    )

    sequence: Mapped[int] = mapped_column(BigInteger, unique=True)
    at: Mapped[datetime]
    actor_kind: Mapped[ActorKind] = mapped_column(Code(ActorKind))
    user_id: Mapped[UUID | None]
    organization_id: Mapped[UUID | None]
    roles: Mapped[str] = mapped_column(default="")
    action: Mapped[Action] = mapped_column(Code(Action))
    object_type: Mapped[str]
    object_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    fields: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    outcome: Mapped[Outcome] = mapped_column(Code(Outcome), default=Outcome.DONE)
    request_id: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    hash: Mapped[str] = mapped_column(unique=True)
