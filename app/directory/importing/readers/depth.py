"""Watching how deep a JSON document nests while it streams by, before a parser builds anything of it."""

from __future__ import annotations

import re
from typing import IO

from app.core.errors import InvalidInput

DEEPEST_DOCUMENT = 500
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_OPEN_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(\\)?\Z', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


class ShallowStream:
    """Reads through to `stream`; InvalidInput as soon as the document nests deeper than `DEEPEST_DOCUMENT`."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self._depth = 0
        self._begun = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        chunk = self._stream.read(size)
        self._watch(self._begun + chunk)
        return chunk

    def _watch(self, text: bytes) -> None:
        """Count the brackets outside of strings; a string that goes on in the next chunk is remembered."""
        text = _STRING.sub(b"", text)
        unfinished = _OPEN_STRING.search(text)
        self._begun = b""
        if unfinished:
            self._begun = b'"\\' if unfinished[1] else b'"'
            text = text[: unfinished.start()]
        for bracket in text.translate(None, _NOT_BRACKETS):
            self._depth += _STEPS[bracket]
            if self._depth > DEEPEST_DOCUMENT:
                raise InvalidInput(f"{self._name} nests deeper than {DEEPEST_DOCUMENT} levels.")
