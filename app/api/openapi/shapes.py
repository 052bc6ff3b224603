"""Short ways to write JSON Schema."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from app.api.openapi.operations import ref

Json = dict[str, Any]


def text(description: str = "") -> Json:
    """Words; never blank."""
    return _with({"type": "string", "minLength": 1}, description)


def any_text(description: str = "") -> Json:
    """Words that may be blank."""
    return _with({"type": "string"}, description)


def uuid(description: str = "") -> Json:
    """A UUID."""
    return _with({"type": "string", "format": "uuid"}, description)


def uri(description: str = "") -> Json:
    """A web address with its scheme."""
    return _with({"type": "string", "format": "uri"}, description)


def email(description: str = "") -> Json:
    """An e-mail address."""
    return _with({"type": "string", "format": "email"}, description)


def day(description: str = "") -> Json:
    """YYYY-MM-DD."""
    return _with({"type": "string", "format": "date"}, description)


def instant(description: str = "") -> Json:
    """A date and time with its offset."""
    return _with({"type": "string", "format": "date-time"}, description)


def clock_time(description: str = "") -> Json:
    """HH:MM with Z or the offset."""
    return _with({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9](Z|[+-][0-9]{2}:[0-9]{2})$"}, description)


def whole(description: str = "", *, least: int | None = 0) -> Json:
    """A whole number."""
    return _with({"type": "integer"} | ({} if least is None else {"minimum": least}), description)


def number(description: str = "", *, low: float | None = None, high: float | None = None) -> Json:
    """A number."""
    bounds = {name: bound for name, bound in (("minimum", low), ("maximum", high)) if bound is not None}
    return _with({"type": "number"} | bounds, description)


def truth(description: str = "") -> Json:
    """True or false."""
    return _with({"type": "boolean"}, description)


def always(value: Any, description: str = "") -> Json:
    """One value and no other."""
    return _with({"const": value}, description)


def one_of(codes: type[StrEnum] | Iterable[str], description: str = "") -> Json:
    """One of some codes."""
    return _with({"type": "string", "enum": [str(code) for code in codes]}, description)


def some_of(codes: type[StrEnum], description: str = "") -> Json:
    """A list of some codes, never empty."""
    return _with({"type": "array", "minItems": 1, "items": one_of(codes)}, description)


def many(name: str, description: str = "") -> Json:
    """A list of objects, never empty: it is left out instead."""
    return _with({"type": "array", "minItems": 1, "items": ref(name)}, description)


def anything(name: str) -> Json:
    """A list of objects, which may be empty."""
    return {"type": "array", "items": ref(name)}


def maybe(schema: Json) -> Json:
    """That, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def whole_object(description: str, /, *required: str, **properties: Json) -> Json:
    """An object with these properties and no others."""
    shape: Json = {"type": "object", "description": description}
    return shape | {"required": list(required), "properties": properties, "additionalProperties": False}


def _with(schema: Json, description: str) -> Json:
    return schema | ({"description": description} if description else {})
