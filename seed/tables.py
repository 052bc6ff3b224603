"""Reading the seeds' own tab-separated tables."""

from __future__ import annotations

import csv
from pathlib import Path

from app.core.errors import InvalidInput

HERE = Path(__file__).resolve().parent


def read_tsv(path: Path, *, columns: frozenset[str]) -> list[dict[str, str]]:
    """The rows by heading. InvalidInput where the headings are not `columns` or a row has too few or many cells."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if frozenset(reader.fieldnames or ()) != columns:
            raise InvalidInput(f"{path.name}: the headings should be {', '.join(sorted(columns))}")
        rows = list(reader)
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise InvalidInput(f"{path.name}, line {number}: the number of cells is not that of the headings")
    return rows
