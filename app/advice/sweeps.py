"""What the worker does for advice: viruses in documents, loose files, queues that nobody closed, and their words."""

from __future__ import annotations

import logging
import shlex
import subprocess
from datetime import timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.advice.codes import ScanState
from app.advice.document_store import DocumentStore
from app.advice.models import AdviceDocument
from app.advice.operations.queue import end_the_day, wipe_words
from app.advice.queries import documents as queries
from app.core import clock
from app.notifications.worker import sweep
from app.settings import Settings
from app.web.database import db

log = logging.getLogger(__name__)
AT_A_TIME = 20
LONGEST_SCAN = 120.0
# A file is written a moment before its row.
ROW_COMES_WITHIN = timedelta(hours=1)
CLEAN, INFECTED = 0, 1


def _settings() -> Settings:
    found: Settings = current_app.extensions["waymark_settings"]
    return found


@sweep("documents to check for viruses", every=timedelta(seconds=15))
def look_for_viruses() -> int:
    """Run the command on each new file, outside of any transaction; one that cannot be checked is tried again."""
    settings = _settings()
    if not settings.virus_scan:
        return 0
    store, done = DocumentStore(settings.instance), 0
    with Session(db.engines[None]) as session:
        waiting = queries.waiting(session, AT_A_TIME)
    for document_id, name in waiting:
        state = _look(settings.virus_scan, str(store.path(name)))
        if state is not None:
            _keep(document_id, state)
            done += 1
            if state is ScanState.INFECTED:
                store.remove(name)
    return done


def _look(command: str, path: str) -> ScanState | None:
    """What the command says; None where it says nothing of the kind."""
    try:
        ended = subprocess.run(  # noqa: S603 - whoever runs this Waymark says which command
            [*shlex.split(command), path], capture_output=True, timeout=LONGEST_SCAN, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        log.exception("the command that looks for viruses did not run")
        return None
    if ended.returncode not in {CLEAN, INFECTED}:
        log.error("the command that looks for viruses ended with %d", ended.returncode)
        return None
    return ScanState.CLEAN if ended.returncode == CLEAN else ScanState.INFECTED


def _keep(document_id: UUID, state: ScanState) -> None:
    with Session(db.engines[None]) as session:
        session.execute(update(AdviceDocument).where(AdviceDocument.id == document_id).values(scan=state))
        session.commit()


@sweep("files of no document", every=timedelta(hours=1))
def delete_loose_files() -> int:
    """Delete the files of documents that were taken out or erased, of failed uploads, and of infected ones."""
    store = DocumentStore(_settings().instance)
    old = list(store.older_than((clock.now() - ROW_COMES_WITHIN).timestamp()))
    with Session(db.engines[None]) as session:
        kept = {name for start in range(0, len(old), 500)
                for name in queries.names_kept(session, [path.name for path in old[start : start + 500]])}  # fmt: skip
    loose = [path for path in old if path.name not in kept]
    for path in loose:
        path.unlink(missing_ok=True)
    return len(loose)


@sweep("queues of days that are over", every=timedelta(hours=1))
def close_queues() -> int:
    """Close the open sessions that nobody closed on their day."""
    with Session(db.engines[None]) as session:
        done = end_the_day(session, clock.now())
        session.commit()
        return done


@sweep("words of queues", every=timedelta(hours=1))
def forget_who_waited() -> int:
    """Wipe what was said at the desks of sessions that were over a day ago."""
    with Session(db.engines[None]) as session:
        done = wipe_words(session, clock.now())
        session.commit()
        return done
