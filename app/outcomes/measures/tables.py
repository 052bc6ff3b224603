"""Reading TOML tables with care: each value is taken once by name and type, and none is left over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.outcomes.measures.definition import WrongDefinition

_NONE: Any = object()


class Table:
    """A mapping whose values are fetched by the type they must have; `done` refuses what nobody fetched."""

    def __init__(self, data: Any, where: str) -> None:
        self.where = where
        if not isinstance(data, Mapping):
            raise WrongDefinition(f"{where} must be a table")
        self._data: dict[str, Any] = dict(data)

    def wrong(self, key: str, why: str) -> WrongDefinition:
        """The error to raise about one value."""
        return WrongDefinition(f"{self.where}: {key} {why}")

    def done(self) -> None:
        """Refuse what is left: a misspelt key must not pass for an absent one."""
        if self._data:
            raise WrongDefinition(f"{self.where}: nobody knows {', '.join(sorted(self._data))}")

    def text(self, key: str, default: str = _NONE) -> str:
        """A text."""
        return self._take(key, str, default)  # type: ignore[no-any-return]

    def flag(self, key: str, *, default: bool) -> bool:
        """A yes or no."""
        return self._take(key, bool, default)  # type: ignore[no-any-return]

    def integer(self, key: str, default: int | None = _NONE) -> int:
        """A whole number."""
        return self._take(key, int, default)  # type: ignore[no-any-return]

    def number(self, key: str, default: Decimal | None = _NONE) -> Decimal:
        """A number, exactly as written (the reader of the file must read floats as decimals)."""
        value = self._take(key, (int, Decimal), default)
        return Decimal(value) if isinstance(value, int) else value

    def day(self, key: str) -> date | None:
        """A date, or nothing."""
        return self._take(key, date, None)  # type: ignore[no-any-return]

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; absent, an empty one."""
        return self._list(key, str)

    def integers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers; absent, an empty one."""
        return self._list(key, int)

    def has(self, key: str) -> bool:
        """Whether the value is there and not fetched yet."""
        return key in self._data

    def table(self, key: str, *, optional: bool = False) -> Table:
        """A table within."""
        value = self._data.pop(key, {} if optional else _NONE)
        if value is _NONE:
            raise self.wrong(key, "is missing")
        return Table(value, f"{self.where}, {key}")

    def tables(self, key: str) -> list[Table]:
        """A list of tables; absent, an empty one."""
        values = self._data.pop(key, [])
        if not isinstance(values, list):
            raise self.wrong(key, "must be a list of tables")
        return [Table(value, f"{self.where}, {key} {number}") for number, value in enumerate(values, 1)]

    def as_texts(self) -> dict[str, str]:
        """All that is left, which must be texts."""
        return {key: self.text(key) for key in tuple(self._data)}

    def as_numbers(self) -> dict[str, Decimal]:
        """All that is left, which must be numbers."""
        return {key: self.number(key) for key in tuple(self._data)}

    def _take(self, key: str, kind: type | tuple[type, ...], default: Any) -> Any:
        value = self._data.pop(key, default)
        if value is _NONE:
            raise self.wrong(key, "is missing")
        if value is not default and not _is(value, kind):
            raise self.wrong(key, f"cannot be {value!r}")
        return value

    def _list(self, key: str, kind: type) -> tuple[Any, ...]:
        values = self._take(key, list, [])
        if not all(_is(value, kind) for value in values):
            raise self.wrong(key, f"holds something else than {kind.__name__}")
        return tuple(values)


def content_hash(data: Mapping[str, Any]) -> str:
    """SHA-256 of the content alone: neither order nor layout nor comments change it."""
    canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _is(value: Any, kind: type | tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, kind)
