"""What an import did: totals, and a row for each thing that needs to be known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Totals:
    """Services by what became of them, and how many rows the report lists."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    missing: int = 0
    kept: int = 0
    rejected: int = 0
    mended: int = 0
    noted: int = 0
    organizations: int = 0
    locations: int = 0

    @property
    def imported(self) -> int:
        """How many services the feed holds that can be used."""
        return self.new + self.updated + self.unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which import it was."""

    source: str
    path: str
    format: str
    dry_run: bool
    error: str = ""


def write_report(path: Path, about: About, totals: Totals, rows: Iterable[dict[str, Any]]) -> None:
    """Write the report as JSON, row by row: it may list a million."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(_lines(about, totals, rows))


def _lines(about: About, totals: Totals, rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    head = {name: value for name, value in asdict(about).items() if value != "" or name != "error"}
    told = json.dumps({**head, "totals": {"imported": totals.imported, **asdict(totals)}}, indent=1)
    yield told.removesuffix("\n}") + ',\n "rows": ['
    separator = "\n"
    for row in rows:
        yield f"{separator}  {json.dumps(row, ensure_ascii=False)}"
        separator = ",\n"
    yield "\n ]\n}\n"
