"""What an import would do, found out without writing anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory.curation.document import Document, differences, document_of
from app.directory.importing.applying import by_id, compare_parts, difference_of, parts_of, wanted_parts
from app.directory.importing.bundles import PARTS, Bundle, in_chunks
from app.directory.importing.keeping import Kept, keep_staff_fields, keep_staff_places, told_by, whole
from app.directory.importing.raw import Where
from app.directory.importing.run import CHUNK, keep_chosen_topics
from app.directory.importing.staging import Staging
from app.directory.models import Service

# What a service is told by its place and its organisation.
AT = "service_at_location"


@dataclass(frozen=True, slots=True)
class Difference:
    """A service that the import would add (`is_new`) or change in these `fields`: columns, or tables of its parts."""

    id: UUID
    name: str
    where: Where
    is_new: bool
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class Comparison:
    """What would become of the services, and how many stay as they are."""

    differences: list[Difference] = field(default_factory=list)
    unchanged: int = 0
    kept: list[Kept] = field(default_factory=list)
    # Of each service that would change what its document says now, and what it would say; places are not told.
    words: dict[UUID, tuple[Document, Document]] = field(default_factory=dict)


def compare(session: Session, staging: Staging) -> Comparison:
    """Compare what is staged with the database, service by service."""
    found = Comparison()
    places = {id_ for id_, fields in _changed(session, staging, "location") if fields}
    organizations = {id_ for id_, fields in _changed(session, staging, "organization") if fields}
    for bundles in in_chunks(staging.bundles("service"), CHUNK):
        keep_chosen_topics(session, bundles)
        found.kept += keep_staff_fields(session, bundles)
        known = by_id(session, "service", [bundle.id for bundle in bundles])
        told = _fields(session, "service", bundles)
        services = whole(session, told)
        for bundle in bundles:
            fields = told.get(bundle.id, set())
            if any(row["location_id"] in places for row in bundle.rows(AT)):
                fields.add(AT)
            if bundle.main.get("organization_id") in organizations:
                fields.add("organization_id")
            _note(found, staging, bundle, is_new=bundle.id not in known, fields=fields)
            if service := services.get(bundle.id):
                found.words[bundle.id] = differences(document_of(service), told_by(session, bundle, service))
    return found


def _note(found: Comparison, staging: Staging, bundle: Bundle, *, is_new: bool, fields: set[str]) -> None:
    if not (is_new or fields):
        found.unchanged += 1
        return
    where = staging.where("service", bundle.id)
    told = () if is_new else tuple(sorted(fields))
    found.differences.append(Difference(bundle.id, str(bundle.main.get("name", "")), where, is_new, told))


def no_longer_told(session: Session, staging: Staging, source: str) -> list[tuple[UUID, str]]:
    """Services of the source that the feed no longer names."""
    if not staging.counts["service"]:
        return []
    statement = select(Service.id, Service.name).where(Service.source == source, Service.missing_since.is_(None))
    rows = session.execute(statement.order_by(Service.name, Service.id))
    return [(row.id, row.name) for row in rows if not staging.in_feed(row.id)]


def _changed(session: Session, staging: Staging, kind: str) -> Iterator[tuple[UUID, set[str]]]:
    for bundles in in_chunks(staging.bundles(kind), CHUNK):
        wanted = keep_staff_places(session, bundles) if kind == "location" else bundles
        yield from _fields(session, kind, wanted).items()


def _fields(session: Session, kind: str, bundles: Sequence[Bundle]) -> dict[UUID, set[str]]:
    """What would be written of each object that is there, by its id."""
    known = by_id(session, kind, [bundle.id for bundle in bundles])
    bundles = [bundle for bundle in bundles if bundle.id in known and not bundle.stands_in]
    found: dict[UUID, set[str]] = defaultdict(set)
    for bundle in bundles:
        found[bundle.id] |= difference_of(bundle.main, known[bundle.id]).keys()
    for table, column in PARTS[kind]:
        told = [bundle.id for bundle in bundles if table in bundle.parts]
        if told:
            existing = parts_of(session, table, column, told)
            for owner in compare_parts(table, wanted_parts(table, bundles), existing)[1]:
                found[owner].add(table)
    return {id_: fields for id_, fields in found.items() if fields}
