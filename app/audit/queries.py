"""Reading the trail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.chain import GENESIS, entry_hash
from app.audit.codes import Action, Outcome
from app.audit.models import AuditEntry

BATCH = 1000


def of_person(session: Session, person_id: UUID, *, limit: int = 100) -> list[AuditEntry]:
    """What was done about a person or seen of them, latest first; refusals are left out."""
    return list(
        session.scalars(
            select(AuditEntry)
            .where(AuditEntry.person_id == person_id, AuditEntry.outcome == Outcome.DONE)
            .order_by(AuditEntry.sequence.desc())
            .limit(limit)
        )
    )


def was_opened(session: Session, object_id: UUID, *, by: UUID, since: datetime) -> bool:
    """Whether anybody of an organisation has read something since then."""
    wanted = select(AuditEntry.id).where(
        AuditEntry.object_id == object_id,
        AuditEntry.organization_id == by,
        AuditEntry.action == Action.READ,
        AuditEntry.outcome == Outcome.DONE,
        AuditEntry.at >= since,
    )
    return session.scalars(wanted.order_by(AuditEntry.sequence).limit(1)).one_or_none() is not None


def broken_links(session: Session) -> Iterator[str]:
    """Where the chain does not hold, in words; nothing where all is well. Reads the whole trail in batches."""
    previous, expected, after = GENESIS, 1, 0
    while entries := list(
        session.scalars(
            select(AuditEntry).where(AuditEntry.sequence > after).order_by(AuditEntry.sequence).limit(BATCH)
        )
    ):
        for entry in entries:
            if entry.sequence != expected:
                yield f"audit: entry {expected} is missing"
            if entry.hash != entry_hash(entry, previous):
                yield f"audit: entry {entry.sequence} was changed"
            previous, expected, after = entry.hash, entry.sequence + 1, entry.sequence
        session.expunge_all()
