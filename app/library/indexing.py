"""Keeping this machine's search index in step with the database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.directory.models import IndexChange
from app.library.documents import all_documents, documents_of, topic_heirs, topic_parents
from search_index import IndexUnavailable, Writer

log = logging.getLogger(__name__)
CHANGES_AT_ONCE = 500
# An index that was away for longer, on a machine switched off, is built anew.
CHANGES_KEPT = timedelta(days=30)


def last_sequence(session: Session) -> int:
    """The number of the latest change that is committed."""
    return session.scalar(select(func.max(IndexChange.sequence))) or 0


def rebuild(session: Session, writer: Writer, progress: Callable[[int], None] | None = None) -> None:
    """Build the index anew from the database. Searches are answered from the old one until it is done."""
    sequence = last_sequence(session)
    writer.rebuild(all_documents(session), sequence=sequence, progress=progress)


def follow(session: Session, writer: Writer) -> int:
    """Bring the index up to date by some of the changes it lacks; return how many it took in.

    An index that is missing, damaged, ahead of the database (a restored one) or behind all that is kept of the changes
    is built anew.
    """
    try:
        indexed = writer.status().sequence
    except IndexUnavailable:
        indexed = -1
    newest = last_sequence(session)
    if indexed < 0 or indexed > newest or (indexed < newest and indexed + 1 < _oldest_kept(session)):
        log.info("building the search index anew")
        rebuild(session, writer)
        return 1
    if indexed == newest:
        return 0
    return _apply(session, writer, indexed)


def forget_old_changes(session: Session) -> int:
    """Delete changes that every index has long taken in, but never the last: its number is the database's state."""
    old = IndexChange.created_at < clock.now() - CHANGES_KEPT
    gone = session.execute(delete(IndexChange).where(old, IndexChange.sequence < last_sequence(session)))
    return cast("CursorResult[Any]", gone).rowcount


def _oldest_kept(session: Session) -> int:
    return session.scalar(select(func.min(IndexChange.sequence))) or 0


def _apply(session: Session, writer: Writer, indexed: int) -> int:
    rows = session.execute(
        select(IndexChange.sequence, IndexChange.service_id)
        .where(IndexChange.sequence > indexed)
        .order_by(IndexChange.sequence)
        .limit(CHANGES_AT_ONCE)
    ).all()
    changed: list[UUID] = sorted({row.service_id for row in rows})
    documents = list(documents_of(session, changed, topic_parents(session), topic_heirs(session)))
    present = {found.id for found in documents}
    gone = [str(service_id) for service_id in changed if str(service_id) not in present]
    writer.apply(upserts=documents, deletes=gone, sequence=rows[-1].sequence)
    return len(rows)
