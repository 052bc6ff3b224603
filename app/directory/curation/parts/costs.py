"""Costs: a row for each price."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from app.directory.curation.parts.rows import Row, key_of, plain, without_nothing
from app.directory.models import CostOption, Service

COLUMNS = ("option", "amount", "amount_description", "valid_from", "valid_to")


def rows_of(service: Service) -> list[Row]:
    """The prices of a listing."""
    return [row_of(option) for option in service.cost_options]


def option_of(row: Row) -> CostOption:
    """A new price that says what the row does, of nobody yet."""
    values: dict[str, Any] = {name: row.get(name) for name in COLUMNS}
    values |= {name: date.fromisoformat(row[name]) for name in ("valid_from", "valid_to") if row.get(name)}
    values["amount"] = Decimal(row["amount"]) if row.get("amount") else None
    return CostOption(id=uuid4(), **values)


def put(service: Service, rows: Iterable[Row]) -> None:
    """Bring the prices of a listing to the rows; those that stay keep their records."""
    known: dict[str, list[CostOption]] = defaultdict(list)
    for option in service.cost_options:
        known[key_of(row_of(option))].append(option)
    wanted = []
    for position, row in enumerate(rows):
        same = known[key_of(row)]
        option = same.pop(0) if same else option_of(row)
        option.position = position
        wanted.append(option)
    service.cost_options = wanted


def row_of(option: CostOption) -> Row:
    """The row of a price."""
    return without_nothing({name: plain(getattr(option, name)) for name in COLUMNS})
