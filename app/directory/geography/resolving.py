"""From what is typed into "near" to a point."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from app.core import postcode
from app.core.postcode import Postcode
from app.core.text import single_line
from app.directory.geography.gazetteer import Gazetteer, Point, gazetteer, place_key, unit_point

LONGEST_INPUT = 100
# A shorter name is one letter away from too many other words.
MISSPELT_FROM = 6
_DIGITS = str.maketrans("OIL", "011")


def resolve(session: Session, text: str) -> Point | None:
    """The point of a postcode (whole, sector or district) or place name; None where it is neither.

    A whole postcode that is in no table is answered by its sector, and a sector by its district: `precision` says so.
    """
    text = single_line(text[:LONGEST_INPUT])
    if not text:
        return None
    known = gazetteer(session)
    found = postcode.parse(text)
    point = resolve_postcode(session, mended(known, found)) if found else None
    return point or resolve_name(known, text) or _postcode_within(session, text)


def mended(known: Gazetteer, found: Postcode) -> Postcode:
    """The postcode, its district with digits for letters where only so it exists: "MI6" is M16."""
    if found.district in known.districts:
        return found
    district = found.district[0] + found.district[1:].translate(_DIGITS)
    return replace(found, district=district) if district in known.districts else found


def resolve_postcode(session: Session, found: Postcode) -> Point | None:
    """The point of a postcode as exactly as the tables know it."""
    known = gazetteer(session)
    point = None
    if found.unit and known.has_units and found.district in known.districts:
        point = unit_point(session, found.unit)
    if point is None and found.sector:
        point = known.sectors.get(found.sector)
    return point or known.districts.get(found.district)


def resolve_name(known: Gazetteer, text: str) -> Point | None:
    """The point of a place name, forgiving spaces and, in longer names, one wrong letter."""
    key = place_key(text)
    if key in known.places:
        return known.places[key]
    squeezed = key.replace(" ", "")
    if squeezed in known.squeezed:
        return known.places[known.squeezed[squeezed]]
    return _misspelt(known, squeezed)


def _postcode_within(session: Session, text: str) -> Point | None:
    """A whole postcode inside an address ("14 Beacon Road, Wexmoor WX2 1LB"), else a name at its end."""
    for found in postcode.find(text):
        if found.postcode.unit and (point := resolve_postcode(session, found.postcode)):
            return point
    known = gazetteer(session)
    last = text.rsplit(",", 1)[-1]
    if "," in text and (point := resolve_name(known, last)):
        return point
    return known.districts.get(text.split(maxsplit=1)[0].upper())


def _misspelt(known: Gazetteer, squeezed: str) -> Point | None:
    if len(squeezed) < MISSPELT_FROM:
        return None
    near = [key for key in known.squeezed if abs(len(key) - len(squeezed)) <= 1 and _one_apart(key, squeezed)]
    return known.places[known.squeezed[near[0]]] if len(near) == 1 else None


def _one_apart(first: str, second: str) -> bool:
    """Whether one letter added, left out, changed or swapped with its neighbour makes the one of the other."""
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    rest, other = first[start:], second[start:]
    return (
        rest[1:] == other
        or rest == other[1:]
        or rest[1:] == other[1:]
        or (rest[:2] == other[:2][::-1] and rest[2:] == other[2:])
    )
