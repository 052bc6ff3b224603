"""Uploading a list of services: seeing what it would do, then having it done or not."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.core.text import slugify
from app.directory.codes import ImportState
from app.directory.curation.operations import keep_first_version, keep_version
from app.directory.importing.comparing import Comparison, Difference, compare, no_longer_told
from app.directory.importing.run import Options, Progress, apply, no_progress, prepare
from app.directory.importing.staging import MENDED, NOTE, REJECTED, Staging
from app.directory.importing.topics import LikelyTopics
from app.directory.models import ListingImport, Service
from app.directory.queries import for_page
from app.directory.wording.queries import wording_now

LARGEST_FILE = 5 * 1024 * 1024
# More than that takes longer than a page may: it is for the command line.
MOST_SERVICES = 1_000
MOST_ROWS = 1_000
ENDINGS = (".json", ".ndjson", ".csv", ".tsv", ".txt", ".zip")
# A file that nobody decided on is thrown away.
KEPT_FOR = timedelta(days=7)
SHOWN = 100
MOST_REASONS = 5
FOR_OPERATORS = " Say which with --format."

Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that has been read: its rows, cleaned, and where they are from."""

    staging: Staging
    options: Options


def look(
    session: Session, *, file_name: str, content: bytes, source: str = "", progress: Progress = no_progress
) -> ListingImport:
    """An uploaded list and what it would do; nothing is written. InvalidInput where it cannot be read or is too large.

    `progress` goes around the rows of the file, which may take long to read.
    """
    if len(content) > LARGEST_FILE:
        raise InvalidInput("The file is too large. Use one of 5 MB or less.")
    name = _safe_name(file_name)
    with _staged(session, content, name, source or Path(file_name).stem, progress) as listed:
        return ListingImport(
            source=listed.options.source_slug,
            source_name=listed.options.source_name,
            file_name=name,
            content=zlib.compress(content),
            report=_report(session, listed),
        )


def keep(session: Session, actor: Actor, found: ListingImport) -> None:
    """Keep a list that was looked at until somebody decides on it."""
    found.made_by_id = actor.user_id
    session.add(found)
    session.flush()
    record(session, actor, Action.CREATED, ("listing_import", found.id))


def read_again(
    session: Session, found: ListingImport, progress: Progress = no_progress
) -> AbstractContextManager[Listed]:
    """A list that was kept, read as when it was looked at. Refused where somebody has decided on it."""
    _still_waits(found)
    return _staged(session, zlib.decompress(found.content or b""), found.file_name, found.source_name, progress)


def confirm(session: Session, actor: Actor, found: ListingImport, listed: Listed) -> bool:
    """Do what the list says. False where that is not what was shown any more: then the report says it anew."""
    _still_waits(found)
    report = _report(session, listed)
    if report != found.report:
        found.report = report
        return False
    _apply(session, actor, listed)
    _decide(session, actor, found, ImportState.APPLIED)
    return True


def drop(session: Session, actor: Actor, found: ListingImport) -> None:
    """Throw the list away; its report stays."""
    _still_waits(found)
    _decide(session, actor, found, ImportState.DROPPED)


def drop_forgotten(session: Session) -> int:
    """Throw away lists that nobody decided on."""
    old = select(ListingImport).where(
        ListingImport.state == ImportState.WAITING, ListingImport.created_at < clock.now() - KEPT_FOR
    )
    forgotten = session.scalars(old.order_by(ListingImport.id)).all()
    for found in forgotten:
        _decide(session, SYSTEM, found, ImportState.DROPPED)
    return len(forgotten)


def uploads(session: Session) -> list[ListingImport]:
    """The latest lists, newest first."""
    newest = select(ListingImport).order_by(ListingImport.created_at.desc(), ListingImport.id)
    return list(session.scalars(newest.limit(SHOWN)))


def one(session: Session, import_id: UUID, *, locked: bool = False) -> ListingImport:
    """One of them; `locked` so that nobody else decides on it meanwhile. NotFound where there is none."""
    found = session.get(ListingImport, import_id, with_for_update=locked, populate_existing=locked)
    if found is None:
        raise NotFound("listing import")
    return found


@contextmanager
def _staged(session: Session, content: bytes, name: str, source: str, progress: Progress) -> Iterator[Listed]:
    """The list, read and cleaned; the database is only read."""
    with tempfile.TemporaryDirectory(prefix="waymark-upload-") as folder, Staging() as staging:
        path = Path(folder) / name
        path.write_bytes(content)
        options = Options(path=path, source=source)
        try:
            prepare(session, staging, options, LikelyTopics(wording_now(session).heirs), progress)
        except InvalidInput as problem:
            reasons = [f"Row {row['row']}: {row['reason']}." for row in _problems(staging)[:MOST_REASONS]]
            raise InvalidInput(" ".join([problem.message.removesuffix(FOR_OPERATORS), *reasons])) from problem
        if staging.counts["service"] > MOST_SERVICES:
            raise InvalidInput("The list holds more than 1,000 services. Send it in parts, or use the command line.")
        yield Listed(staging, options)


def _safe_name(file_name: str) -> str:
    """A name that is safe on a disk and in a report; the ending says what the file is."""
    stem, ending = Path(file_name).stem, Path(file_name).suffix.lower()
    if ending not in ENDINGS:
        raise InvalidInput("Choose a JSON file, a CSV file or a zip file of CSV tables.")
    return (slugify(stem)[:60] or "list") + ending


def _report(session: Session, listed: Listed) -> Report:
    staging = listed.staging
    found, gone = compare(session, staging), no_longer_told(session, staging, listed.options.source_slug)
    new = [difference for difference in found.differences if difference.is_new]
    return {
        "new": len(new),
        "changed": len(found.differences) - len(new),
        "unchanged": found.unchanged,
        "missing": [{"id": str(id_), "name": name} for id_, name in gone[:MOST_ROWS]],
        "services": [
            {
                "id": str(difference.id),
                "name": difference.name,
                "row": difference.where.row,
                "is_new": difference.is_new,
                "fields": list(difference.fields),
                **_words(found, difference),
            }
            for difference in found.differences
        ],
        "kept": [{"id": str(one.id), "name": one.name, "before": one.before, "after": one.after} for one in found.kept],
        "refused": staging.counts[REJECTED],
        "remarks": staging.counts[NOTE] + staging.counts[MENDED],
        "problems": _problems(staging),
    }


def _words(found: Comparison, difference: Difference) -> Report:
    before, after = found.words.get(difference.id, ({}, {}))
    return {} if difference.is_new else {"before": before, "after": after}


def _problems(staging: Staging) -> list[Report]:
    """What is to be said of rows, what was refused first."""
    rows = sorted(staging.problems(), key=lambda row: row["level"] != REJECTED)
    return [{name: row[name] for name in ("level", "file", "row", "id", "reason")} for row in rows[:MOST_ROWS]]


def _apply(session: Session, actor: Actor, listed: Listed) -> None:
    differences = {difference.id: difference for difference in compare(session, listed.staging).differences}
    for service in _services(session, differences):
        keep_first_version(session, service)
    apply(session, listed.staging, listed.options, no_progress)
    # The import writes past the objects that the session has loaded.
    session.expire_all()
    for service in _services(session, differences):
        difference = differences[service.id]
        keep_version(session, actor, service, reason=listed.options.source_name)
        action = Action.CREATED if difference.is_new else Action.CHANGED
        record(session, actor, action, ("service", service.id), fields=difference.fields, reason="import")


def _services(session: Session, ids: Iterable[UUID]) -> list[Service]:
    wanted = sorted(ids)
    found: list[Service] = []
    for start in range(0, len(wanted), 200):
        statement = select(Service).where(Service.id.in_(wanted[start : start + 200])).options(*for_page())
        found += session.scalars(statement.order_by(Service.id)).all()
    return found


def _still_waits(found: ListingImport) -> None:
    if found.state is not ImportState.WAITING:
        raise Refused("Somebody has decided on this already.")


def _decide(session: Session, actor: Actor, found: ListingImport, state: ImportState) -> None:
    found.state, found.content = state, None
    found.decided_by_id, found.decided_at = actor.user_id, clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("listing_import", found.id), fields=("state",), reason=state.value)
