"""CSV as it is met: any of the common encodings and delimiters, long and uneven rows told apart from good ones."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import cast

from app.core.errors import InvalidInput
from app.directory.importing.limits import LONGEST_FIELD, LONGEST_READ, MOST_ROWS, FeedFile
from app.directory.importing.raw import Where
from app.directory.importing.readers.encodings import encoding_of
from app.directory.importing.staging import NOTE, REJECTED, Staging

_DELIMITERS = ",;\t|"
# Headings stand within the first rows, and so many characters, of a file.
_MOST_ABOVE = 10
_START = 4096
# Where a word begins inside a heading that is written as one: "PhoneNumber", "LGAName".
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row by its headings (lower case, words joined by underscores)."""

    where: Where
    value: dict[str, str]


def heading(text: str) -> str:
    """A heading as it is compared: "Contact (phone or e-mail)" is "contact_phone_or_e_mail", "PostCode" "post_code"."""
    words = _INNER_CAPITAL.sub("_", text.strip().lstrip("\ufeff").replace("(s)", "s"))
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def headings(file: FeedFile) -> list[str]:
    """The headings of a file, as compared."""
    with _table(file) as reader:
        return [heading(cell) for cell in next(reader, [])]


def rows(file: FeedFile, staging: Staging) -> Iterator[TableRow]:
    """The rows that are not empty. A row with a field that is too long is listed as rejected."""
    csv.field_size_limit(LONGEST_READ)
    with _table(file) as reader:
        names = [heading(cell) for cell in next(reader, [])]
        if not any(names):
            raise InvalidInput(f"{file.name} has no headings.")
        try:
            for number, cells in enumerate(reader, start=1):
                if number > MOST_ROWS:
                    raise InvalidInput(f"{file.name} has more than {MOST_ROWS:,} rows.")
                where = Where(file.name, reader.line_num)
                if any(cell.strip() for cell in cells) and _usable(cells, names, where, staging):
                    yield TableRow(where, _by_name(names, cells))
        except csv.Error as error:
            raise InvalidInput(f"{file.name}, line {reader.line_num} is not readable as CSV: {error}") from error


def _usable(cells: list[str], names: list[str], where: Where, staging: Staging) -> bool:
    if any(len(cell) > LONGEST_FIELD for cell in cells):
        reason = f"a field is longer than {LONGEST_FIELD:,} characters"
        staging.problem(REJECTED, where, "row", cells[0][:60] if cells else "", reason)
        return False
    if any(cell.strip() for cell in cells[len(names) :]):
        staging.problem(NOTE, where, "row", cells[0][:60], "the row has more cells than there are headings")
    return True


def _by_name(names: list[str], cells: list[str]) -> dict[str, str]:
    """The row by heading; of two columns with one heading the first that says anything."""
    found: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        if name and not found.get(name):
            found[name] = cell.strip()
    return found


@contextmanager
def _table(file: FeedFile) -> Iterator[csv._reader]:  # type: ignore[name-defined]
    """The file's rows of cells, its headings first."""
    encoding = encoding_of(file)
    with (
        file.open() as stream,
        io.TextIOWrapper(cast("io.BufferedReader", stream), encoding=encoding, errors="replace", newline="") as text,
    ):
        start = text.read(_START).splitlines()
        text.seek(0)
        told = [line for line in start if line.strip()] or [""]
        # A title may stand above the headings: it is not divided, or once, by a comma of its own.
        first = next((line for line in told if max(map(line.count, _DELIMITERS)) > 1), told[0])
        delimiter = max(_DELIMITERS, key=first.count)
        # Cells are stripped anyway; a quote that follows a blank ('a, "b, c"') still opens a quoted cell.
        reader = csv.reader(text, delimiter=delimiter, skipinitialspace=True)
        for _ in range(_rows_above(csv.reader(start, delimiter=delimiter, skipinitialspace=True))):
            next(reader)
        yield reader


def _rows_above(reader: csv._reader) -> int:  # type: ignore[name-defined]
    """How many rows stand above the headings: empty ones, a title in one cell, or one apart from a fuller row."""
    filled = list[int]()
    with suppress(csv.Error):
        filled += (sum(1 for cell in cells if cell.strip()) for cells in islice(reader, _MOST_ABOVE))
    apart = [row for row in range(1, len(filled)) if not filled[row - 1] and filled[row] > max(filled[:row])]
    if apart:
        return apart[-1]
    several = (row for row, cells in enumerate(filled) if cells > 1)
    return next(several, next((row for row, cells in enumerate(filled) if cells), 0))
