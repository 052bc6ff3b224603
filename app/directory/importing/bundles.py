"""A bundle is one organisation, place or service with its parts, as the rows that the database is to hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Numeric, Table, Time, Uuid

from app.core.orm import Base, Code, CodeSet, UtcDateTime

Row = dict[str, Any]

# The tables of an object's parts and the column by which each names its owner.
PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "taxonomy": (),
    "taxonomy_term": (),
    "organization": (
        ("organization_identifier", "organization_id"),
        ("phone", "organization_id"),
        ("contact", "organization_id"),
        ("attribute", "organization_id"),
    ),
    "location": (
        ("address", "location_id"),
        ("accessibility", "location_id"),
        ("phone", "location_id"),
        ("attribute", "location_id"),
    ),
    "service": (
        ("service_at_location", "service_id"),
        ("schedule", "service_id"),
        ("phone", "service_id"),
        ("contact", "service_id"),
        ("cost_option", "service_id"),
        ("language", "service_id"),
        ("service_area", "service_id"),
        ("funding", "service_id"),
        ("attribute", "service_id"),
    ),
}
# Written in this order, so that what is pointed at is there first.
KINDS = tuple(PARTS)


@dataclass(slots=True)
class Bundle:
    """The main row of one object and, by table, the rows of its parts; `flags` are for an editor to look at.

    `at_first` are columns written only when the object is new: what was worked out, and an editor may know better.
    One that `stands_in` is only written where there is none: the source named it and told nothing of it.
    """

    kind: str
    main: Row
    parts: dict[str, list[Row]] = field(default_factory=dict)
    flags: list[Row] = field(default_factory=list)
    at_first: Row = field(default_factory=dict)
    stands_in: bool = False

    @property
    def id(self) -> UUID:
        """The object's id."""
        found: UUID = self.main["id"]
        return found

    def add(self, table: str, row: Row) -> None:
        """Put a row among the parts; a second row with the same id is left out."""
        rows = self.parts.setdefault(table, [])
        if all(row["id"] != known["id"] for known in rows):
            rows.append(row)

    def rows(self, table: str) -> list[Row]:
        """The rows of one table of parts."""
        return self.parts.get(table, [])

    def fill_from(self, other: Bundle) -> bool:
        """Take over what `other`, the same object told elsewhere in the feed, knows and this one does not."""
        changed = False
        for name, value in other.main.items():
            if value not in (None, "") and self.main.get(name) in (None, ""):
                self.main[name] = value
                changed = True
        for table, rows in other.parts.items():
            if rows and not self.parts.get(table):
                self.parts[table] = rows
                changed = True
        return changed


def table_of(name: str) -> Table:
    """The table with that name."""
    return Base.metadata.tables[name]


def dumps(bundle: Bundle) -> str:
    """The bundle as JSON text."""
    told = {name: getattr(bundle, name) for name in Bundle.__slots__}
    return json.dumps(told, default=_plain, sort_keys=True)


def loads(text: str) -> Bundle:
    """The bundle that `dumps` wrote, with every value of its column's type again."""
    told = json.loads(text)
    return Bundle(
        told["kind"],
        typed(told["kind"], told["main"]),
        {table: [typed(table, row) for row in rows] for table, rows in told["parts"].items()},
        [typed("flag", row) for row in told["flags"]],
        typed(told["kind"], told["at_first"]),
        told["stands_in"],
    )


def typed(table: str, row: Row) -> Row:
    """The row with each value as the type of its column."""
    readers = _readers(table)
    return {name: readers[name](value) if value is not None else None for name, value in row.items()}


def in_chunks(bundles: Iterator[Bundle], size: int) -> Iterator[list[Bundle]]:
    """The bundles in lists of at most `size`."""
    chunk: list[Bundle] = []
    for bundle in bundles:
        chunk.append(bundle)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


@cache
def _readers(table: str) -> dict[str, Callable[[Any], Any]]:
    return {column.name: _reader(column.type) for column in table_of(table).columns}


def _reader(kind: object) -> Callable[[Any], Any]:
    if isinstance(kind, CodeSet):
        return _code_set(kind.codes)
    if isinstance(kind, Code):
        return kind.codes
    for column_type, reader in _BY_TYPE:
        if isinstance(kind, column_type):
            return reader
    return _same


def _code_set(codes: type[StrEnum]) -> Callable[[list[str]], frozenset[StrEnum]]:
    return lambda words: frozenset(codes(word) for word in words)


def _same(value: Any) -> Any:
    return value


_BY_TYPE: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Uuid, UUID),
    (UtcDateTime, datetime.fromisoformat),
    (Date, date.fromisoformat),
    (Time, time.fromisoformat),
    (Numeric, lambda text: Decimal(text) if isinstance(text, str) else text),
)
