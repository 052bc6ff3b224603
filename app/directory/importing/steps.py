"""Writing an import in many short transactions: on SQLite one long one would keep everybody else from writing.

Everything that can be wrong with a feed is found before the first step. From then on an import is always finished: what
is still to be written lies in a file of the instance folder, `feed_import` says so, and the worker goes on with what a
killed process left behind. Each service is written whole with its parts, after its organisation and its places.
"""

from __future__ import annotations

import fcntl
import json
import logging
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.engines import ASKS_EVERY
from app.core.errors import Refused
from app.directory.importing.report import Totals
from app.directory.importing.run import Options, Progress, applying, no_progress
from app.directory.importing.staging import Staging
from app.directory.models import FeedImport

log = logging.getLogger(__name__)
# So many services are written in one transaction: all or nothing, and over before anybody has waited for long.
AT_ONCE = 1_000
# How long a step keeps others from writing, and how long they are then let in: SQLite tells nobody that the lock is
# free, so whoever waits must have had time to ask.
STEP_SECONDS = 0.4
PAUSE = 10 * ASKS_EVERY
FOLDER = "imports"


def folder_of(instance: Path) -> Path:
    """Where imports lie that are not finished."""
    folder = instance / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def staged_file(folder: Path, import_id: UUID) -> Path:
    """Its name begins with a dot: a backup leaves it out."""
    return folder / f".{import_id}.staged"


def write(
    session: Session, staging: Staging, options: Options, progress: Progress, found: FeedImport, path: Path
) -> Totals:
    """Write a staged feed, and forget its file. Where another process is at the same list: Refused."""
    with _held(path) as is_ours:
        if not is_ours:
            raise Refused("This list is being imported at the moment.")
        staging.note("options", json.dumps([options.source, options.licence, str(options.path)]))
        staging.settle()
        earlier = _unfinished(session, options.source_slug)
        if any(not _is_free(staged_file(path.parent, one.id)) for one in earlier):
            raise Refused("This list is being imported at the moment.")
        for one in earlier:
            # All that it was to write is told anew, or is not in the list any more.
            one.finished_at = clock.now()
        session.add(found)
        session.commit()
        for one in earlier:
            staged_file(path.parent, one.id).unlink(missing_ok=True)
        totals = Totals()
        try:
            _all(session, staging, options, progress, totals)
        except OperationalError as error:
            raise Refused(
                f"The database did not take all of it yet: {error.orig}. The worker goes on with it by itself."
            ) from error
        _finish(session, found.id, path)
        return totals


def rehearse(session: Session, staging: Staging, options: Options, progress: Progress) -> Totals:
    """Do everything and keep nothing, in short transactions that are rolled back."""
    totals = Totals()
    started = _begun(session, keeps=False)
    for _ in applying(session, staging, options, progress, totals):
        if time.monotonic() - started > STEP_SECONDS:
            session.rollback()
            time.sleep(PAUSE)
            started = _begun(session, keeps=False)
    session.rollback()
    return totals


def go_on(session: Session, folder: Path, *, seconds: float) -> bool:
    """Go on for a while with an import that a process left behind. False where there is none."""
    for found in _unfinished(session):
        path = staged_file(folder, found.id)
        import_id = found.id
        session.rollback()
        if not path.exists():
            continue
        with _held(path) as is_ours:
            if is_ours:
                _go_on(session, path, import_id, seconds)
                return True
    return False


def _go_on(session: Session, path: Path, import_id: UUID, seconds: float) -> None:
    with Staging(path) as staging:
        source, licence, feed = json.loads(staging.noted("options"))
        options = Options(path=Path(feed), source=source, licence=licence)
        if _all(session, staging, options, no_progress, Totals(), until=time.monotonic() + seconds):
            _finish(session, import_id, path)
            log.info("an import that was left behind is finished")


def _all(
    session: Session,
    staging: Staging,
    options: Options,
    progress: Progress,
    totals: Totals,
    until: float = float("inf"),
) -> bool:
    """Write, commit, let others in, and again. False where the time was over first."""
    written: defaultdict[str, list[UUID]] = defaultdict(list)
    with closing(applying(session, staging, options, progress, totals)) as parts:
        started = _begun(session)
        for kind, ids in parts:
            written[kind] += ids
            if time.monotonic() - started > STEP_SECONDS:
                got_on = any(written)
                _commit(session, staging, written)
                # Not before something is done that need not be done again.
                if got_on and time.monotonic() > until:
                    return False
                time.sleep(PAUSE)
                started = _begun(session)
        _commit(session, staging, written)
    return True


def _begun(session: Session, *, keeps: bool = True) -> float:
    """Begin; the clock runs from when this transaction has the database."""
    session.connection()
    if not keeps and session.connection().dialect.name == "sqlite":
        # What an earlier step would have written is not there for the keys of this one to lead to.
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
    return time.monotonic()


def _commit(session: Session, staging: Staging, written: dict[str, list[UUID]]) -> None:
    session.commit()
    for kind, ids in written.items():
        if kind:
            staging.mark_written(kind, ids)
    written.clear()


def _finish(session: Session, import_id: UUID, path: Path) -> None:
    session.get_one(FeedImport, import_id).finished_at = clock.now()
    session.commit()
    path.unlink(missing_ok=True)


def _unfinished(session: Session, source: str = "") -> list[FeedImport]:
    statement = select(FeedImport).where(FeedImport.finished_at.is_(None))
    if source:
        statement = statement.where(FeedImport.source == source)
    return list(session.scalars(statement.order_by(FeedImport.created_at, FeedImport.id)))


@contextmanager
def _held(path: Path) -> Iterator[bool]:
    """Whether nobody else is at this file; the system lets go of it when a process ends, however it ends."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _is_free(path: Path) -> bool:
    if not path.exists():
        return True
    with _held(path) as is_ours:
        return is_ours
