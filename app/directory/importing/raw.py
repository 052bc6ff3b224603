"""What readers hand on: one object of a feed in the nested shape of HSDS 3.0, its values still as they came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Where:
    """Where in the feed something stood: the file and its line (CSV) or item (JSON), from 1."""

    file: str
    row: int


@dataclass(frozen=True, slots=True)
class RawObject:
    """A "service" (with its organisation and places inside); or an "organization", "taxonomy_term" or "taxonomy"."""

    kind: str
    value: Raw
    where: Where


def items(value: Any) -> list[Raw]:
    """The objects of a list, whatever else stands in it; a lone object is a list of one."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def first_of(raw: Raw, *names: str) -> Any:
    """The first value that is there and not blank."""
    for name in names:
        value = raw.get(name)
        if value not in (None, "", [], {}):
            return value
    return None
