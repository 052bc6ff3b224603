"""The fields of a letter: named in double brackets, as in ((name)), and filled from the case it is written in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

OPENING, CLOSING = "((", "))"
_FIELD = re.compile(r"\(\(([^()]*)\)\)")


class LetterField(StrEnum):
    """What a template may leave to the case. `FILL_IN` is nowhere in the case: whoever writes the letter says it."""

    NAME = "name"
    FULL_NAME = "full name"
    ADDRESS = "address"
    REFERENCE = "reference"
    ADVISER = "adviser"
    ORGANISATION = "organisation"
    TODAY = "today"
    NEXT_APPOINTMENT = "next appointment"
    NEXT_DEADLINE = "next deadline"
    FILL_IN = "fill in"


Values = Mapping[LetterField, str]


def in_brackets(field: str) -> str:
    """How a field is written in a letter."""
    return f"{OPENING}{field}{CLOSING}"


def unknown_fields(text: str) -> list[str]:
    """The names in double brackets that are no fields, each once."""
    names = (_plain(found) for found in _FIELD.findall(text))
    return list(dict.fromkeys(name for name in names if name not in set(LetterField)))


def is_left_open(text: str) -> bool:
    """Whether a field begins somewhere and does not end."""
    return OPENING in _FIELD.sub("", text)


def filled(text: str, values: Values) -> str:
    """The text with what is known; a field of which nothing is known stays as it is, to be filled in by hand."""

    def known(found: re.Match[str]) -> str:
        name = _plain(found[1])
        return (values.get(LetterField(name)) if name in set(LetterField) else None) or found[0]

    return _FIELD.sub(known, text)


def gaps(text: str) -> list[str]:
    """What still stands in double brackets, each once, as it is written."""
    return list(dict.fromkeys(in_brackets(_plain(found)) for found in _FIELD.findall(text)))


def _plain(name: str) -> str:
    return " ".join(name.split()).lower()
