"""Bringing the database to what bundles say: rows are compared, and only what differs is written.

Core statements rather than objects: a feed of 50,000 services is compared with as many rows again, and the memory of
it must not grow. Each change is told to the search index (`changes.note`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Table, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.directory import changes
from app.directory.importing.bundles import PARTS, Bundle, Row, table_of

# Told by the source, or written by us at each change: never a reason to call a row changed.
NOT_COMPARED = frozenset({"id", "created_at", "last_modified"})
IDS_A_STATEMENT = 400


@dataclass(slots=True)
class Applied:
    """Which objects were new, changed or as they were."""

    new: set[UUID] = field(default_factory=set)
    updated: set[UUID] = field(default_factory=set)
    unchanged: set[UUID] = field(default_factory=set)


@dataclass(slots=True)
class _Writes:
    """What is to be done to one table."""

    inserts: list[Row] = field(default_factory=list)
    updates: list[Row] = field(default_factory=list)
    deletes: list[UUID] = field(default_factory=list)


def apply_bundles(session: Session, bundles: Sequence[Bundle], *, keep_existing: bool = False) -> Applied:
    """Write bundles of one kind. With `keep_existing` an object that is there already is left as it is."""
    applied = Applied()
    if not bundles:
        return applied
    kind = bundles[0].kind
    known = by_id(session, kind, [bundle.id for bundle in bundles])
    applied.unchanged.update(known)
    bundles = [bundle for bundle in bundles if not (bundle.id in known and (keep_existing or bundle.stands_in))]
    changed = _write_main(session, kind, bundles, known, applied)
    changed |= _write_parts(session, kind, bundles)
    applied.updated = changed - applied.new
    applied.unchanged -= applied.updated
    _stamp(session, kind, applied.updated)
    _tell_index(session, kind, applied)
    return applied


def _write_main(
    session: Session, kind: str, bundles: Sequence[Bundle], known: dict[UUID, Row], applied: Applied
) -> set[UUID]:
    writes = _Writes()
    for bundle in bundles:
        existing = known.get(bundle.id)
        if existing is None:
            writes.inserts.append({**bundle.at_first, **bundle.main})
            applied.new.add(bundle.id)
        elif difference := difference_of(bundle.main, existing):
            writes.updates.append({"id": bundle.id, **difference})
    _write(session, table_of(kind), writes)
    return applied.new | {row["id"] for row in writes.updates}


def _write_parts(session: Session, kind: str, bundles: Sequence[Bundle]) -> set[UUID]:
    changed: set[UUID] = set()
    owners = [bundle.id for bundle in bundles]
    for name, column in PARTS[kind]:
        told = {bundle.id for bundle in bundles if name in bundle.parts}
        if not told:
            continue
        wanted = wanted_parts(name, bundles)
        existing = parts_of(session, name, column, [owner for owner in owners if owner in told])
        writes, touched = compare_parts(name, wanted, existing)
        _make_free(session, name, writes)
        _write(session, table_of(name), writes)
        changed |= touched
    return changed


def wanted_parts(table: str, bundles: Iterable[Bundle]) -> dict[UUID, list[Row]]:
    """The rows that the bundles tell of a table of parts, by their owner."""
    return {bundle.id: bundle.rows(table) for bundle in bundles if table in bundle.parts}


def compare_parts(
    table: str, wanted: dict[UUID, list[Row]], existing: dict[UUID, list[Row]]
) -> tuple[_Writes, set[UUID]]:
    """What would be written to a table of parts, and the owners whom that concerns."""
    writes, touched = _Writes(), set()
    for owner, rows in wanted.items():
        before = len(writes.inserts) + len(writes.updates) + len(writes.deletes)
        _compare_owner(table, rows, existing.get(owner, []), writes)
        if len(writes.inserts) + len(writes.updates) + len(writes.deletes) != before:
            touched.add(owner)
    return writes, touched


def _compare_owner(table: str, rows: list[Row], existing: list[Row], writes: _Writes) -> None:
    left = {_identity(table, row): row for row in existing}
    for row in rows:
        known = left.pop(_identity(table, row), None)
        if known is None:
            writes.inserts.append(row)
        elif difference := difference_of(row, known):
            writes.updates.append({"id": known["id"], **difference})
    writes.deletes.extend(row["id"] for row in left.values())


def _identity(table: str, row: Row) -> object:
    """What makes a part the same part: a tag is its term, a service is at a place once, all else goes by id."""
    if table == "attribute":
        return row["taxonomy_term_id"]
    return row["id"]


def difference_of(wanted: Row, existing: Row) -> Row:
    """The columns in which an existing row is not as it is wanted, as they are wanted."""
    return {name: value for name, value in wanted.items() if name not in NOT_COMPARED and existing.get(name) != value}


def _make_free(session: Session, table: str, writes: _Writes) -> None:
    """A new part whose id another owner's row bears already gets an id of its own."""
    taken = by_id(session, table, [row["id"] for row in writes.inserts]).keys() - set(writes.deletes)
    for row in writes.inserts:
        if row["id"] in taken:
            owner = next(value for name, value in row.items() if name.endswith("_id") and value and name in _OWNERS)
            row["id"] = uuid5(owner, f"{table}\x1f{row['id']}")


_OWNERS = frozenset({"service_id", "location_id", "organization_id", "service_at_location_id"})


def _write(session: Session, table: Table, writes: _Writes) -> None:
    for ids in _chunks(writes.deletes):
        session.execute(delete(table).where(table.c.id.in_(ids)))
    for rows in _alike(writes.updates):
        names = [name for name in rows[0] if name != "id"]
        new_values: dict[str, Any] = {name: bindparam(f"to_{name}") for name in names}
        statement = update(table).where(table.c.id == bindparam("row_id")).values(new_values)
        session.connection().execute(
            statement, [{"row_id": row["id"], **{f"to_{name}": row[name] for name in names}} for row in rows]
        )
    for rows in _alike(writes.inserts):
        session.connection().execute(insert(table), rows)


def _alike(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows in groups that name the same columns, as one statement for many needs it."""
    groups: dict[frozenset[str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[frozenset(row)].append(row)
    yield from groups.values()


def by_id(session: Session, table_name: str, ids: Iterable[UUID]) -> dict[UUID, Row]:
    """The rows of a table with these ids."""
    table = table_of(table_name)
    found: dict[UUID, Row] = {}
    for chunk in _chunks(ids):
        for row in session.execute(select(table).where(table.c.id.in_(chunk)).order_by(table.c.id)):
            found[row.id] = dict(row._mapping)
    return found


def parts_of(session: Session, table_name: str, column: str, owners: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """The rows of a table of parts, by their owner."""
    if table_name == "schedule":
        return _schedules_of(session, owners)
    table = table_of(table_name)
    found: dict[UUID, list[Row]] = defaultdict(list)
    for chunk in _chunks(owners):
        for row in session.execute(select(table).where(table.c[column].in_(chunk)).order_by(table.c.id)):
            found[row._mapping[column]].append(dict(row._mapping))
    return found


def _schedules_of(session: Session, services: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """Opening times of the services and of the services at their places, by service."""
    table, at_location = table_of("schedule"), table_of("service_at_location")
    found: dict[UUID, list[Row]] = defaultdict(list)
    for chunk in _chunks(services):
        statement = (
            select(table, at_location.c.service_id.label("by_place"))
            .outerjoin(at_location, table.c.service_at_location_id == at_location.c.id)
            .where(or_(table.c.service_id.in_(chunk), at_location.c.service_id.in_(chunk)))
            .order_by(table.c.id)
        )
        for row in session.execute(statement):
            values = dict(row._mapping)
            owner = values.pop("by_place") or values["service_id"]
            found[owner].append(values)
    return found


def _stamp(session: Session, kind: str, ids: set[UUID]) -> None:
    table = table_of(kind)
    if "last_modified" not in table.c:
        return
    for chunk in _chunks(ids):
        session.execute(update(table).where(table.c.id.in_(chunk)).values(last_modified=clock.now()))


def _tell_index(session: Session, kind: str, applied: Applied) -> None:
    touched = applied.new | applied.updated
    if kind == "service":
        changes.note(session, touched)
        return
    service, at_location = table_of("service"), table_of("service_at_location")
    for chunk in _chunks(applied.updated):
        if kind == "organization":
            changes.note(session, session.scalars(select(service.c.id).where(service.c.organization_id.in_(chunk))))
        elif kind == "location":
            found = select(at_location.c.service_id).where(at_location.c.location_id.in_(chunk))
            changes.note(session, session.scalars(found))


def write_flags(session: Session, bundles: Iterable[Bundle]) -> None:
    """Replace what an editor is asked to look at in these services."""
    table = table_of("flag")
    told = list(bundles)
    for ids in _chunks([bundle.id for bundle in told]):
        session.execute(delete(table).where(table.c.service_id.in_(ids)))
    rows: list[dict[str, Any]] = [
        {"id": uuid4(), "service_id": bundle.id, "field_name": "", "note": "", **flag}
        for bundle in told
        for flag in bundle.flags
    ]
    if rows:
        session.connection().execute(insert(table), rows)


def _chunks(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    ordered = sorted(set(ids))
    return (ordered[start : start + IDS_A_STATEMENT] for start in range(0, len(ordered), IDS_A_STATEMENT))
