"""What rows of every kind have in common."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

Row = dict[str, Any]


def without_nothing(told: Mapping[str, Any]) -> Row:
    """The row without what is not told."""
    return {name: value for name, value in told.items() if value not in (None, "", [], False)}


def plain(value: Any) -> Any:
    """A value of a column as JSON has it."""
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value.quantize(Decimal("0.01")))
    return value.value if isinstance(value, StrEnum) else value


def key_of(row: Row) -> str:
    """A short word for exactly this row, by which a form that was sent finds it again."""
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:16]
