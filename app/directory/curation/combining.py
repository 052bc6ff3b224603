"""What one listing becomes that is made of two: field by field what stays, what comes over, or both.

Pure: documents in, changes out. The listing that goes brings its places by their ids, and its hours with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import uuid4

from app.core.errors import InvalidInput
from app.directory.curation.document import FIELDS, Document
from app.directory.curation.likeness import telephone
from app.directory.curation.parts import Row

MANY = frozenset({"phones", "topics", "codes", "rows"})
# What more of tells no lie: both are offered first. Two sets of hours or prices may contradict each other.
ADDED_UP = frozenset({"phones", "topics", "reach", "access_routes"})


class Side(StrEnum):
    """Whose word counts in one field."""

    STAYS = "stays"
    GOES = "goes"
    BOTH = "both"


EMPTY: tuple[object, ...] = (None, "", [])


def is_asked(goes: Any) -> bool:
    """Whether there is something to choose: what the one that goes does not tell cannot be brought over."""
    return goes not in EMPTY


def sides(name: str, stays: Any) -> tuple[Side, ...]:
    """What can be chosen for a field of which the one that goes tells something."""
    return tuple(Side) if FIELDS[name].kind in MANY and stays not in EMPTY else (Side.STAYS, Side.GOES)


def likeliest(name: str, stays: Any, goes: Any) -> Side:
    """What is chosen unless somebody says otherwise: nothing is lost, and nothing is put in doubt."""
    if goes in EMPTY:
        return Side.STAYS
    if stays in EMPTY:
        return Side.GOES
    return Side.BOTH if name in ADDED_UP else Side.STAYS


def combined(stays: Document, goes: Document, choices: Mapping[str, Side]) -> Document:
    """The fields of the listing that stays which the choices change, as they are to be."""
    goes = _with_places_of(stays, goes)
    told = {name: _chosen(name, stays[name], goes[name], side) for name, side in choices.items()}
    changes = {name: value for name, value in told.items() if value != stays[name]}
    _refuse_nonsense({**stays, **changes})
    return changes


def _chosen(name: str, stays: Any, goes: Any, side: Side) -> Any:
    if side is Side.STAYS:
        return stays
    return goes if side is Side.GOES else _both(name, stays, goes)


def _both(name: str, stays: list[Any], goes: list[Any]) -> list[Any]:
    if name == "phones":
        return _added(stays, goes, _number)
    if name == "places":
        return _added(stays, goes, _bare_place)
    if FIELDS[name].kind == "rows":
        return _added(stays, goes, _bare)
    return sorted({*stays, *goes})


def _added(stays: list[Any], goes: list[Any], bare: Any) -> list[Any]:
    known = [bare(one) for one in stays]
    return stays + [one for one in goes if bare(one) not in known]


def _number(line: str) -> str:
    return telephone(line.partition(",")[0]) or line


def _bare(row: Row) -> Row:
    return row


def _bare_place(row: Row) -> Any:
    """A place by what makes it that one: its address, else all that is said of it."""
    address = row.get("address", {})
    where = tuple(str(address.get(part, "")).casefold() for part in ("address_1", "postal_code"))
    return where if all(where) else {name: value for name, value in row.items() if name not in {"id", "location"}}


def _with_places_of(stays: Document, goes: Document) -> Document:
    """The document of the one that goes, its places under ids that they can have in the one that stays."""
    known = {row["location"]: row["id"] for row in stays["places"]}
    ids = {row["id"]: known.get(row["location"]) or str(uuid4()) for row in goes["places"]}
    return {
        **goes,
        "places": [{**row, "id": ids[row["id"]]} for row in goes["places"]],
        "hours": [{**row, "place": ids[row["place"]]} if "place" in row else row for row in goes["hours"]],
    }


def _refuse_nonsense(told: Document) -> None:
    youngest, oldest = told["minimum_age"], told["maximum_age"]
    if youngest is not None and oldest is not None and oldest < youngest:
        raise InvalidInput("The oldest age would be below the youngest. Take both from the same listing.")
