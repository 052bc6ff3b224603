"""Whether a calendar part may go by mail: its METHOD is what the mail says, and it is for its recipient alone.

RFC 5546 (section 3.2) and RFC 6047 (section 2.4): mail programs drop or keep wrongly what disagrees with itself.
"""

from __future__ import annotations

import re

from app.core.errors import InvalidInput

METHODS = frozenset({"REQUEST", "CANCEL", "PUBLISH"})
_FOLD = re.compile(r"\r?\n[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]+")


def method_of(text: str) -> str:
    """The METHOD of a calendar part, upper case."""
    method = text.strip().upper()
    if method not in METHODS:
        raise InvalidInput(f"A calendar part is one of {', '.join(sorted(METHODS))}.")
    return method


def checked(method: str, text: str, *, recipient: str) -> str:
    """The part as it is stored, with the line ends of RFC 5545; InvalidInput when it may not go to `recipient`."""
    method, lines = method_of(method), _lines(text)
    if [value for name, value in lines if name == "METHOD"] != [method]:
        raise InvalidInput("The METHOD of a calendar part is the one that its mail says, in capital letters.")
    if method != "PUBLISH":
        _check_message(lines, recipient)
    elif _values(lines, "ATTENDEE"):
        raise InvalidInput("A published calendar part invites nobody.")
    return re.sub(r"\r?\n", "\r\n", text)


def _check_message(lines: list[tuple[str, str]], recipient: str) -> None:
    if len(set(_values(lines, "UID"))) != 1:
        raise InvalidInput("One mail announces or cancels one thing.")
    if not _values(lines, "ORGANIZER"):
        raise InvalidInput("A calendar part says who sends it.")
    if [value.lower() for value in _values(lines, "ATTENDEE")] != [f"mailto:{recipient}".lower()]:
        raise InvalidInput("A calendar part invites the one person it is sent to.")


def _values(lines: list[tuple[str, str]], wanted: str) -> list[str]:
    return [value for name, value in lines if name == wanted]


def _lines(text: str) -> list[tuple[str, str]]:
    """Name and value of each content line, unfolded; parameters, quoted or not, are passed over."""
    found = []
    for line in re.split(r"\r?\n", _FOLD.sub("", text)):
        if name := _NAME.match(line):
            rest = re.sub(r'"[^"]*"', "", line[name.end() :])
            found.append((name.group().upper(), rest.partition(":")[2]))
    return found
