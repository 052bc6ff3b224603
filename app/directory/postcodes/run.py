"""Bringing the postcode tables to what an official file says."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory import geography
from app.directory.models import PostcodeDistrict, PostcodeSector
from app.directory.postcodes.points import PostcodePoint, Written, districts_of, write_points


@dataclass(slots=True)
class _Members:
    """The units of a sector that the tables do not have yet."""

    latitudes: array[float] = field(default_factory=lambda: array("d"))
    longitudes: array[float] = field(default_factory=lambda: array("d"))
    authorities: Counter[str] = field(default_factory=Counter)


def import_points(session: Session, points: Iterable[PostcodePoint]) -> tuple[Written, int]:
    """Write the units, and sectors and districts where there are none (Northern Ireland's, for example).

    Returns what became of the units, and how many sectors are new.
    """
    known = set(session.scalars(select(PostcodeSector.code).order_by(PostcodeSector.code)))
    unknown: dict[str, _Members] = defaultdict(_Members)
    written = write_points(session, "postcode_unit", _watched(points, known, unknown))
    sectors = [_sector(code, members) for code, members in sorted(unknown.items())]
    write_points(session, "postcode_sector", sectors)
    _add_districts(session, sectors)
    session.flush()
    geography.forget()
    return written, len(sectors)


def _watched(points: Iterable[PostcodePoint], known: set[str], unknown: dict[str, _Members]) -> Iterator[PostcodePoint]:
    for point in points:
        sector = point.code[:-2]
        if sector not in known:
            members = unknown[sector]
            members.latitudes.append(point.latitude)
            members.longitudes.append(point.longitude)
            members.authorities[point.lad_code] += 1
        yield point


def _sector(code: str, members: _Members) -> PostcodePoint:
    return PostcodePoint(
        code=code,
        latitude=round(median(members.latitudes), 5),
        longitude=round(median(members.longitudes), 5),
        lad_code=max(sorted(members.authorities), key=lambda lad: members.authorities[lad]),
        postcodes=len(members.latitudes),
    )


def _add_districts(session: Session, sectors: list[PostcodePoint]) -> None:
    known = set(session.scalars(select(PostcodeDistrict.code).order_by(PostcodeDistrict.code)))
    new = [sector for sector in sectors if sector.code.split(" ")[0] not in known]
    write_points(session, "postcode_district", districts_of(new))
