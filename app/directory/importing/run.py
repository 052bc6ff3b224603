"""One import from end to end: read and clean everything first, then write it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import InvalidInput
from app.core.text import single_line, slugify
from app.directory import changes, geography
from app.directory.codes import FlagCode
from app.directory.importing.applying import Applied, apply_bundles, write_flags
from app.directory.importing.building import Feed, build
from app.directory.importing.building.feed import ProposeTopics
from app.directory.importing.bundles import Bundle, in_chunks, table_of
from app.directory.importing.identity import minted, part_of
from app.directory.importing.keeping import keep_staff_fields, keep_staff_places, propose_theirs
from app.directory.importing.limits import feed_files
from app.directory.importing.readers import Format, detect, read
from app.directory.importing.report import Totals
from app.directory.importing.staging import MENDED, NOTE, REJECTED, THEIRS, Staging
from app.directory.importing.terms import apply_terms
from app.directory.models import Flag, Metadata, Organization, Service, Source

CHUNK = 100
Item = TypeVar("Item")


class Progress(Protocol):
    """Wraps a loop to show how far it is."""

    def __call__(self, things: Iterator[Item], what: str, total: int | None, /) -> Iterator[Item]:
        """The same things; `total` is None where nobody knows how many there are."""
        ...


def no_progress(things: Iterator[Item], _what: str, _total: int | None) -> Iterator[Item]:
    """Show nothing."""
    return things


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the operator says of a feed. `mapping` is field: heading, for a plain CSV file."""

    path: Path
    format: Format | None = None
    source: str = ""
    licence: str = ""
    topic: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)

    @property
    def source_slug(self) -> str:
        """What the source is called in the database: as told, else after the file."""
        return slugify(self.source or self.path.name.split(".")[0]) or "feed"

    @property
    def source_name(self) -> str:
        """What the source is called on the page."""
        return single_line(self.source or self.path.name)


def prepare(
    session: Session, staging: Staging, options: Options, propose_topics: ProposeTopics, progress: Progress
) -> Format:
    """Read and clean the whole feed into `staging`; nothing is written to the database.

    InvalidInput where it cannot be read or holds nothing that can be used.
    """
    files = feed_files(options.path)
    feed_format = options.format or detect(files)
    feed = Feed.open(
        session,
        staging,
        source=options.source_slug,
        hint=single_line(f"{options.path.name} {options.source}"),
        topic=options.topic,
        propose_topics=propose_topics,
    )
    _check_topic(feed, options.topic)
    for told in progress(read(files, feed_format, staging, options.mapping), "read", None):
        build(feed, told)
    if not any(staging.counts[what] for what in ("service", "organization", THEIRS)):
        raise InvalidInput(f"Nothing in {options.path.name} could be imported; nothing was changed.")
    return feed_format


def _check_topic(feed: Feed, topic: str) -> None:
    if topic and ("need", topic) not in feed.own.by_code:
        raise InvalidInput(f"There is no topic {topic!r}.")


def apply(session: Session, staging: Staging, options: Options, progress: Progress) -> Totals:
    """Bring the database to what is staged, in the transaction of `session`; flushed, not committed."""
    totals = Totals()
    for _ in applying(session, staging, options, progress, totals):
        pass
    return totals


def applying(
    session: Session, staging: Staging, options: Options, progress: Progress, totals: Totals
) -> Generator[tuple[str, list[UUID]]]:
    """The same bit by bit: what was written so far may be committed wherever this stops to say what it was."""
    apply_terms(session, staging)
    yield "", []
    yield from _apply_organizations(session, staging, progress, totals)
    for chunk in in_chunks(_shown(staging, "location", progress), CHUNK):
        _written(session, staging, chunk, lambda some: apply_bundles(session, keep_staff_places(session, some)))
        yield "location", [bundle.id for bundle in chunk]
    totals.locations = staging.counts["location"]
    for chunk in in_chunks(_shown(staging, "service", progress), CHUNK):
        _written(session, staging, chunk, lambda some: _apply_services(session, staging, some, options, totals))
        yield "service", [bundle.id for bundle in chunk]
    if staging.counts["service"]:
        for _ in _mark_missing(session, staging, options.source_slug, totals):
            yield "", []
    yield "", []
    _note_source(session, options)
    geography.learn_places(session)
    totals.rejected, totals.mended = staging.counts[REJECTED], staging.counts[MENDED]
    totals.noted = staging.counts[NOTE]


def _written(
    session: Session, staging: Staging, bundles: list[Bundle], write: Callable[[list[Bundle]], object]
) -> None:
    """Write these together; where the database refuses them one by one, and the report lists what it refuses alone."""
    touched, told = set(session.info.get(changes.TOUCHED, ())), [(bundle.kind, bundle.id) for bundle in bundles]
    try:
        with session.begin_nested():
            write(bundles)
    except (IntegrityError, DataError):
        # The savepoint took the notes for the index with it, of what stands before it too.
        session.info[changes.TOUCHED] = touched
        if len(told) > 1:
            for kind, id_ in told:
                _written(session, staging, [staging.bundle(kind, id_)], write)
        else:
            where = staging.where(*told[0])
            staging.problem(REJECTED, where, told[0][0], str(told[0][1]), "the database refused it")


def _shown(staging: Staging, kind: str, progress: Progress) -> Iterator[Bundle]:
    return progress(staging.bundles(kind), f"{kind}s", staging.counts[kind])


def _apply_organizations(
    session: Session, staging: Staging, progress: Progress, totals: Totals
) -> Iterator[tuple[str, list[UUID]]]:
    """Organisations first without their parents, which may come later in the feed."""
    parents: dict[UUID, UUID] = {}
    for chunk in in_chunks(_shown(staging, "organization", progress), CHUNK):
        for bundle in chunk:
            parent = bundle.main.pop("parent_organization_id", None)
            if parent and parent != bundle.id:
                parents[bundle.id] = parent
        apply_bundles(session, chunk)
        # Not told as written before their parents are known: who goes on with it goes through all of them again.
        yield "", []
    totals.organizations = staging.counts["organization"]
    _set_parents(session, parents)
    yield "", []


def _set_parents(session: Session, parents: dict[UUID, UUID]) -> None:
    known = set(session.scalars(select(Organization.id).order_by(Organization.id))) if parents else set()
    bundles = (
        Bundle("organization", {"id": child, "parent_organization_id": parent})
        for child, parent in parents.items()
        if parent in known and child in known
    )
    for chunk in in_chunks(bundles, CHUNK):
        apply_bundles(session, chunk)


def _apply_services(
    session: Session, staging: Staging, bundles: list[Bundle], options: Options, totals: Totals
) -> None:
    keep_chosen_topics(session, bundles)
    kept = keep_staff_fields(session, bundles)
    propose_theirs(session, kept, options.source_name)
    for one in kept:
        fields = ", ".join(one.fields)
        staging.problem(NOTE, staging.where("service", one.id), "service", "", f"kept as staff changed it: {fields}")
    totals.kept += len(kept)
    applied = apply_bundles(session, bundles)
    touched = applied.new | applied.updated
    write_flags(session, (bundle for bundle in bundles if bundle.id in touched))
    _tell_history(session, applied, options.source_slug)
    totals.new += len(applied.new)
    totals.updated += len(applied.updated)
    totals.unchanged += len(applied.unchanged)


def keep_chosen_topics(session: Session, bundles: list[Bundle]) -> None:
    """Where a person has chosen topics, those that a rule would propose are left alone."""
    proposed = {bundle.id: bundle for bundle in bundles if any(row["by_rule"] for row in bundle.rows("attribute"))}
    table = table_of("attribute")
    statement = select(table.c.service_id).where(table.c.service_id.in_(proposed), table.c.by_rule.is_(False))
    told = {
        row["taxonomy_term_id"]
        for bundle in proposed.values()
        for row in bundle.rows("attribute")
        if not row["by_rule"]
    }
    chosen = statement.where(table.c.taxonomy_term_id.not_in(told)) if told else statement
    for service_id in set(session.scalars(chosen.order_by(table.c.service_id))):
        proposed[service_id].parts.pop("attribute")


def _tell_history(session: Session, applied: Applied, source: str) -> None:
    rows = [
        {
            "resource_id": service_id,
            "resource_type": "service",
            "last_action_type": action,
            "updated_by": f"import of {source}",
        }
        for action, ids in (("create", applied.new), ("update", applied.updated))
        for service_id in sorted(ids)
    ]
    if rows:
        session.connection().execute(insert(table_of(Metadata.__tablename__)), rows)


def _mark_missing(session: Session, staging: Staging, source: str, totals: Totals) -> Iterator[None]:
    """Mark the source's services that the feed no longer names, some at a time; none is deleted."""
    statement = select(Service.id, Service.missing_since).where(Service.source == source).order_by(Service.id)
    missing = [row for row in session.execute(statement) if not staging.in_feed(row.id)]
    totals.missing = len(missing)
    newly = [row.id for row in missing if row.missing_since is None]
    for start in range(0, len(newly), CHUNK):
        chunk = newly[start : start + CHUNK]
        session.execute(
            update(table_of("service")).where(table_of("service").c.id.in_(chunk)).values(missing_since=clock.now())
        )
        flags = [
            {
                "id": part_of(id_, "flag", "missing"),
                "service_id": id_,
                "code": FlagCode.MISSING_FROM_FEED,
                "note": source,
            }
            for id_ in chunk
        ]
        session.connection().execute(insert(table_of(Flag.__tablename__)), flags)
        changes.note(session, chunk)
        yield


def _note_source(session: Session, options: Options) -> None:
    source = session.scalars(select(Source).where(Source.slug == options.source_slug).order_by(Source.id)).one_or_none()
    if source is None:
        source = Source(
            id=minted("waymark", "source", options.source_slug), slug=options.source_slug, name=options.source_name
        )
        session.add(source)
    if options.licence:
        source.licence = options.licence
    source.last_imported_at = clock.now()
    session.flush()
