"""What the worker does for people: copies go when their time is over, and erased words leave the disk."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.notifications.worker import sweep
from app.people.models import RecordEnd
from app.people.operations.requests import forget_copies
from app.web.database import db

EVERY_HOUR = timedelta(hours=1)


@sweep("copies of records", every=EVERY_HOUR)
def forget_old_copies() -> int:
    """Wipe the copies of records that were made ready a month ago."""
    with Session(db.engines[None]) as session:
        done = forget_copies(session)
        session.commit()
        return done


@sweep("erased words", every=EVERY_HOUR)
def leave_no_trace() -> int:
    """After a record was erased, empty SQLite's log of writes: what was deleted stands in it until then."""
    engine = db.engines[None]
    with Session(engine) as session:
        lately = select(RecordEnd.id).where(RecordEnd.created_at > clock.now() - 2 * EVERY_HOUR).limit(1)
        is_due = engine.dialect.name == "sqlite" and session.scalar(lately) is not None
    if is_due:
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return 0
