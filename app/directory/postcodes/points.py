"""Writing the points of postcodes in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.directory.importing.bundles import table_of
from app.directory.importing.identity import minted

CODES_A_STATEMENT = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class PostcodePoint:
    """Where a unit, sector or district lies. `postcodes` is how many units stand behind it (0 for a unit)."""

    code: str
    latitude: float
    longitude: float
    lad_code: str = ""
    postcodes: int = 0


@dataclass(slots=True)
class Written:
    """How many rows were new, changed or as they were."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0

    def add(self, other: Written) -> None:
        """Count the other's in."""
        self.new += other.new
        self.updated += other.updated
        self.unchanged += other.unchanged


def write_points(session: Session, table_name: str, points: Iterable[PostcodePoint]) -> Written:
    """Insert or update the rows of one postcode table; flat in memory for any number of points."""
    written = Written()
    table = table_of(table_name)
    for chunk in _chunks(points):
        written.add(_write_chunk(session, table, chunk))
    return written


def districts_of(sectors: Iterable[PostcodePoint]) -> list[PostcodePoint]:
    """The centre of each district's sectors, weighted by their postcodes, and the authority most of them lie in."""
    by_district: dict[str, list[PostcodePoint]] = defaultdict(list)
    for sector in sectors:
        by_district[sector.code.split(" ")[0]].append(sector)
    return [_centre(code, members) for code, members in sorted(by_district.items())]


def _centre(code: str, sectors: Sequence[PostcodePoint]) -> PostcodePoint:
    weights = [max(sector.postcodes, 1) for sector in sectors]
    total = sum(weights)
    authorities: dict[str, int] = defaultdict(int)
    for sector, weight in zip(sectors, weights, strict=True):
        authorities[sector.lad_code] += weight
    return PostcodePoint(
        code=code,
        latitude=round(sum(s.latitude * w for s, w in zip(sectors, weights, strict=True)) / total, 5),
        longitude=round(sum(s.longitude * w for s, w in zip(sectors, weights, strict=True)) / total, 5),
        lad_code=max(sorted(authorities), key=lambda lad: authorities[lad]),
        postcodes=sum(sector.postcodes for sector in sectors),
    )


def _write_chunk(session: Session, table: Table, points: Sequence[PostcodePoint]) -> Written:
    rows = {point.code: _row(table, point) for point in points}
    existing = {
        row.code: row._mapping
        for row in session.execute(select(table).where(table.c.code.in_(rows)).order_by(table.c.code))
    }
    new = [row for code, row in rows.items() if code not in existing]
    changed = [row for code, row in rows.items() if code in existing and _differs(row, existing[code])]
    if new:
        ids = [{**row, "id": minted("waymark", table.name, row["code"])} for row in new]
        session.connection().execute(insert(table), ids)
    if changed:
        _update(session, table, changed)
    return Written(len(new), len(changed), len(rows) - len(new) - len(changed))


def _update(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    names = [name for name in rows[0] if name != "code"]
    statement = (
        update(table)
        .where(table.c.code == bindparam("of_code"))
        .values({name: bindparam(f"to_{name}") for name in names})
    )
    session.connection().execute(
        statement, [{"of_code": row["code"], **{f"to_{name}": row[name] for name in names}} for row in rows]
    )


def _row(table: Table, point: PostcodePoint) -> dict[str, Any]:
    row = {
        "code": point.code,
        "latitude": point.latitude,
        "longitude": point.longitude,
        "lad_code": point.lad_code,
    }
    return {**row, "postcodes": point.postcodes} if "postcodes" in table.c else row


def _differs(row: dict[str, Any], existing: Any) -> bool:
    return any(existing[name] != value for name, value in row.items())


def _chunks(points: Iterable[PostcodePoint]) -> Iterable[list[PostcodePoint]]:
    chunk: list[PostcodePoint] = []
    for point in points:
        chunk.append(point)
        if len(chunk) == CODES_A_STATEMENT:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
