"""Writing the trail: entries are gathered while a transaction runs and chained just before it commits.

The end of the chain is one row that all wait for, so it is taken as late as can be: on PostgreSQL a lock orders the
commits, on SQLite there is one writer anyway. Where an entry cannot be written, the commit fails and with it the act.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

from sqlalchemy import event, insert, inspect, select, text
from sqlalchemy.orm import Session, SessionTransaction

from app.audit.chain import GENESIS, entry_hash
from app.audit.codes import Action, Outcome
from app.audit.models import AuditEntry
from app.core import clock
from app.core.actor import Actor
from app.core.orm import table_of

PENDING, MARKS = "audit_pending", "audit_marks"
# Any number will do, as long as nothing else in the database locks on it.
AUDIT_LOCK = 7_220_115
_INSERT = insert(table_of(AuditEntry))
_COLUMNS = [attribute.key for attribute in inspect(AuditEntry).column_attrs]
_LAST = select(AuditEntry.sequence, AuditEntry.hash).order_by(AuditEntry.sequence.desc()).limit(1)


def record(  # noqa: PLR0913 - what an entry says
    session: Session,
    actor: Actor,
    action: Action,
    subject: tuple[str, UUID | None],
    *,
    person_id: UUID | None = None,
    fields: Iterable[str] = (),
    reason: str = "",
    outcome: Outcome = Outcome.DONE,
) -> None:
    """Say in the trail that `actor` did `action` to `subject` (its type and id).

    `person_id` is the person whom it concerns; `fields` are names, never values; `reason` is a code or what a
    member of staff gave as the reason, never a clinical word.
    """
    if not session.in_transaction():
        session.begin()  # so that a rollback takes the entry with it
    session.info.setdefault(PENDING, []).append(
        AuditEntry(
            id=uuid4(),
            created_at=clock.now(),
            at=clock.now(),
            actor_kind=actor.kind,
            user_id=actor.user_id,
            organization_id=actor.organization_id,
            roles=" ".join(sorted(actor.roles)),
            action=action,
            object_type=subject[0],
            object_id=subject[1],
            person_id=person_id,
            fields=" ".join(sorted(fields)),
            reason=reason,
            outcome=outcome,
            request_id=actor.request_id,
            address=actor.address,
        )
    )


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    # Nested transactions commit too; the chain is for the outermost.
    if session.in_nested_transaction():
        return
    entries: list[AuditEntry] = session.info.pop(PENDING, [])
    if not entries:
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": AUDIT_LOCK})
    last = session.execute(_LAST).one_or_none()
    sequence, previous = (last.sequence, last.hash) if last else (0, GENESIS)
    for entry in entries:
        sequence += 1
        entry.sequence = sequence
        entry.hash = previous = entry_hash(entry, previous)
    session.execute(_INSERT, [{name: getattr(entry, name) for name in _COLUMNS} for entry in entries])


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, begun: SessionTransaction) -> None:
    """Note what was said before a savepoint: its rollback takes only what came after."""
    if begun.nested:
        session.info.setdefault(MARKS, WeakKeyDictionary())[begun] = len(session.info.get(PENDING, ()))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous: SessionTransaction) -> None:
    """To the beginning of the savepoint in which it happened (a flush that fails ends it too), or of everything."""
    ended: SessionTransaction | None = previous
    while ended is not None and not ended.nested:
        ended = ended.parent
    before = session.info.get(MARKS, {}).get(ended, 0) if ended is not None else 0
    del session.info.get(PENDING, [])[before:]
