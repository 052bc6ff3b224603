"""Service areas: does one hold a postcode? What cannot be told from its words keeps nobody out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from app.core import postcode
from app.core.postcode import Postcode
from app.directory.geography import Point
from app.directory.models import Service, ServiceArea

_AUTHORITY = re.compile(r"\b[EWSN]\d{8}\b")
_SEPARATOR = "\x1f"
MAX_EXTENT = 200_000
Ring = Sequence[Sequence[float]]


def not_kept_out(session: Session, point: Point) -> list[ColumnElement[bool]]:
    """Leaves out services all of whose areas are known and none of which holds the point."""
    told = select(ServiceArea.extent, ServiceArea.uri).distinct().order_by(ServiceArea.extent, ServiceArea.uri)
    rows = session.execute(told).all()
    outside = [_key_of(row) for row in rows if holds(point, extent=row.extent, uri=row.uri) is False]
    own = ServiceArea.service_id == Service.id
    # Where there is no such area there is nothing to look for in every service.
    return [or_(~exists().where(own), exists().where(own, _key().not_in(outside)))] if outside else []


def holds(point: Point, *, extent: str | None, uri: str | None) -> bool | None:
    """Whether an area holds the point; None where its extent and address do not say.

    Understood are GeoJSON polygons, lists of postcodes, districts or areas, and the codes of local authorities.
    """
    told = (extent or "").strip()
    if told.startswith("{"):
        return _in_shape(point, told)
    authorities = _AUTHORITY.findall(f"{told} {uri or ''}")
    if authorities and point.lad_code:
        return point.lad_code in authorities
    return _in_postcodes(point, told)


def _in_postcodes(point: Point, told: str) -> bool | None:
    parts = [part.strip() for part in re.split(r"[,;\n]", told) if part.strip()]
    codes = [postcode.parse(part) for part in parts]
    here = postcode.parse(point.label)
    if here is None or not codes or None in codes:
        return None
    return any(_lies_in(here, code) for code in codes if code)


def _lies_in(here: Postcode, area: Postcode) -> bool:
    """Whether a postcode is the other or within it, as far as both are stated."""
    return here.district == area.district and str(here).startswith(str(area)[: len(str(here))])


def _in_shape(point: Point, told: str) -> bool | None:
    try:
        rings = list(_polygons(json.loads(told[:MAX_EXTENT])))
        inside = [_in_polygon(point, polygon) for polygon in rings]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return None
    return any(inside) if inside else None


def _polygons(shape: dict[str, Any]) -> Iterator[Sequence[Ring]]:
    match shape.get("type"):
        case "Polygon":
            yield shape["coordinates"]
        case "MultiPolygon":
            yield from shape["coordinates"]
        case "Feature":
            yield from _polygons(shape["geometry"])
        case "FeatureCollection":
            for feature in shape["features"]:
                yield from _polygons(feature)


def _in_polygon(point: Point, rings: Sequence[Ring]) -> bool:
    # The first ring is the outline, the others are holes.
    outline, *holes = rings
    return _in_ring(point, outline) and not any(_in_ring(point, hole) for hole in holes)


def _in_ring(point: Point, ring: Ring) -> bool:
    x, y = point.longitude, point.latitude
    inside = False
    for (x1, y1, *_up), (x2, y2, *_up2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _key() -> ColumnElement[str]:
    extent, uri = func.coalesce(ServiceArea.extent, ""), func.coalesce(ServiceArea.uri, "")
    return extent + literal(_SEPARATOR) + uri


def _key_of(row: Any) -> str:
    return f"{row.extent or ''}{_SEPARATOR}{row.uri or ''}"
