"""The postcode sectors of Great Britain, and the districts computed from them."""

from __future__ import annotations

import csv

from sqlalchemy.orm import Session

from app.directory.postcodes.points import PostcodePoint, districts_of, write_points
from seed.tables import HERE


def load(session: Session) -> int:
    """Write sectors and districts; returns how many sectors there are."""
    sectors = read()
    write_points(session, "postcode_sector", sectors)
    write_points(session, "postcode_district", districts_of(sectors))
    return len(sectors)


def read() -> list[PostcodePoint]:
    """The sector table as points."""
    with (HERE / "reference" / "gb_sectors.csv").open(encoding="utf-8", newline="") as file:
        return [
            PostcodePoint(
                code=row["code"],
                latitude=float(row["lat"]),
                longitude=float(row["lon"]),
                lad_code=row["main_lad25cd"],
                postcodes=int(row["postcodes"]),
            )
            for row in csv.DictReader(file)
        ]
