"""Reading the official files: the ONS Postcode Directory (ONSPD) and OS Code-Point Open."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from app.core import postcode
from app.core.errors import InvalidInput
from app.core.zips import UNREADABLE_ZIP
from app.directory.postcodes.grid import to_wgs84
from app.directory.postcodes.points import PostcodePoint

# "No location" in ONSPD is latitude 99.999999, in Code-Point Open positional quality 90.
NOWHERE_FROM = 99.0
NO_QUALITY = 90
DECIMALS = 6
# By pattern: "oslaua" until May 2025, "lad25cd" and so on since.
_HEADINGS = {
    "code": r"pcds",
    "ended": r"doterm",
    "latitude": r"lat",
    "longitude": r"long",
    "lad": r"oslaua|laua|lad\d\dcd",
}
_NEEDED = frozenset({"code", "latitude", "longitude"})


@dataclass(slots=True)
class Skipped:
    """Rows that were read and left out, by reason."""

    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, reason: str) -> None:
        """Count one more."""
        self.reasons[reason] += 1


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    path: Path
    entry: str | None

    @contextmanager
    def rows(self) -> Iterator[Iterator[list[str]]]:
        """The rows of cells."""
        with (
            self._open() as stream,
            io.TextIOWrapper(
                cast("io.BufferedReader", stream), encoding="utf-8-sig", errors="replace", newline=""
            ) as text,
        ):
            yield csv.reader(text)

    @contextmanager
    def _open(self) -> Iterator[IO[bytes]]:
        if self.entry is None:
            with self.path.open("rb") as file:
                yield file
        else:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.entry) as file:
                yield file


Reader = Callable[[Iterator[list[str]], Skipped], Iterator[PostcodePoint]]


def read(path: Path, skipped: Skipped, *, ended_too: bool = False) -> Iterator[PostcodePoint]:
    """The points of every whole postcode in a file, folder or zip file. InvalidInput where it holds none of either.

    Postcodes that are no longer in use are left out unless `ended_too`.
    """
    try:
        chosen = _chosen(_files(path))
        if not chosen:
            raise InvalidInput(f"{path.name} holds neither ONSPD nor Code-Point Open: no CSV file looks like either.")
        for file, columns in chosen:
            with file.rows() as rows:
                yield from (
                    _onspd(rows, skipped, columns, ended_too=ended_too) if columns else _code_point(rows, skipped)
                )
    except (*UNREADABLE_ZIP, csv.Error) as error:
        raise InvalidInput(f"{path.name} cannot be read: {error}") from error


def _files(path: Path) -> list[_File]:
    if path.is_dir():
        return [_File(file.name, file, None) for file in sorted(path.rglob("*.[cC][sS][vV]"))]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return [_File(name, path, name) for name in sorted(archive.namelist()) if name.lower().endswith(".csv")]
    return [_File(path.name, path, None)]


def _chosen(files: Sequence[_File]) -> list[tuple[_File, dict[str, int]]]:
    """The files that are one or the other; ONSPD comes whole and in parts, and the parts are then left out."""
    chosen = []
    for file in files:
        with file.rows() as rows:
            first = next(rows, [])
        columns = _columns(first)
        if columns or _is_code_point(first):
            chosen.append((file, columns))
    whole = [item for item in chosen if item[1] and "multi_csv" not in f"{item[0].path}/{item[0].entry}".lower()]
    return whole or chosen


def _columns(first: list[str]) -> dict[str, int]:
    """Where the columns of ONSPD are; empty where the row is no heading of it."""
    names = [cell.strip().lower() for cell in first]
    found = {
        name: next(number for number, heading in enumerate(names) if re.fullmatch(pattern, heading))
        for name, pattern in _HEADINGS.items()
        if any(re.fullmatch(pattern, heading) for heading in names)
    }
    return found if found.keys() >= _NEEDED else {}


def _is_code_point(first: list[str]) -> bool:
    return len(first) >= 5 and _unit(first[0]) is not None and all(cell.strip().isdigit() for cell in first[1:4])


def _onspd(
    rows: Iterator[list[str]], skipped: Skipped, columns: dict[str, int], *, ended_too: bool
) -> Iterator[PostcodePoint]:
    next(rows, None)
    last = max(columns.values())
    for row in rows:
        if len(row) <= last:
            skipped.add("too short")
            continue
        if not ended_too and "ended" in columns and row[columns["ended"]].strip():
            skipped.add("no longer in use")
            continue
        point = _point(row[columns["code"]], row[columns["latitude"]], row[columns["longitude"]], skipped)
        if point:
            lad = row[columns["lad"]].strip() if "lad" in columns else ""
            yield PostcodePoint(code=point[0], latitude=point[1], longitude=point[2], lad_code=lad)


def _point(code: str, latitude: str, longitude: str, skipped: Skipped) -> tuple[str, float, float] | None:
    unit = _unit(code)
    try:
        point = round(float(latitude), DECIMALS), round(float(longitude), DECIMALS)
    except ValueError:
        skipped.add("without a location")
        return None
    if unit is None:
        skipped.add("not a postcode")
        return None
    if not abs(point[0]) < NOWHERE_FROM or not abs(point[1]) <= 180:
        skipped.add("without a location")
        return None
    return unit, *point


def _code_point(rows: Iterator[list[str]], skipped: Skipped) -> Iterator[PostcodePoint]:
    for row in rows:
        unit = _unit(row[0]) if row else None
        if unit is None or len(row) < 4:
            skipped.add("not a postcode")
            continue
        try:
            quality, easting, northing = int(row[1]), int(row[2]), int(row[3])
        except ValueError:
            skipped.add("without a location")
            continue
        if quality >= NO_QUALITY or not (easting and northing):
            skipped.add("without a location")
            continue
        latitude, longitude = to_wgs84(easting, northing)
        lad = row[8].strip() if len(row) > 8 else ""
        yield PostcodePoint(
            code=unit, latitude=round(latitude, DECIMALS), longitude=round(longitude, DECIMALS), lad_code=lad
        )


def _unit(text: str) -> str | None:
    """The whole postcode as the Royal Mail writes it. No mending here: an official file has no mistyped codes."""
    compact = "".join(text.upper().split())
    match = re.fullmatch(rf"({postcode.OUTWARD})({postcode.INWARD})", compact)
    return f"{match[1]} {match[2]}" if match else None
