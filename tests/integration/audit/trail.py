"""What the tests of the audit trail share."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.audit.operations import record
from app.core.actor import SYSTEM


def entries(session: Session) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)))


def record_some(session: Session, number: int = 3) -> None:
    for _ in range(number):
        record(session, SYSTEM, Action.READ, ("person", uuid4()))
    session.commit()


def without_guards(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        return
    for verb in ("update", "delete"):
        session.execute(text(f"DROP TRIGGER audit_entry_no_{verb}"))
