"""Names of services and organisations, found while they are being typed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from search_index.analysis import words

_SCANNED: Final = 300  # places looked at for one question
_LONGEST_QUESTION: Final = 60
_NOISE: Final = re.compile(r"[^a-z0-9\n]+")

Kind = Literal["service", "organization"]


@dataclass(frozen=True, slots=True)
class NameHit:
    """A name to suggest."""

    text: str
    kind: Kind
    id: str  # of the service; "" for an organisation


class Names:
    """The names of one generation in one long text, a line a name, so that looking is one scan."""

    def __init__(self, services: Iterable[tuple[str, str]], organizations: Iterable[str]) -> None:
        self._hits: list[NameHit] = []
        seen: set[tuple[Kind, str]] = set()
        for kind, pairs in (("service", services), ("organization", ((name, "") for name in organizations))):
            for name, identifier in pairs:
                key: tuple[Kind, str] = (kind, name)  # type: ignore[assignment]  # mypy widens the literal
                if name and key not in seen:  # branches of a chain are suggested once
                    seen.add(key)
                    self._hits.append(NameHit(name, key[0], identifier))
        self._text = _folded([hit.text for hit in self._hits])
        self._starts = np.flatnonzero(np.frombuffer(self._text.encode("utf-32-le"), np.uint32) == ord("\n"))

    @property
    def memory(self) -> int:
        """Bytes, estimated."""
        return len(self._text) + len(self._hits) * 80

    def beginning_with(self, text: str, limit: int) -> list[NameHit]:
        """Names that begin with the words, then names that have them further on, shortest first."""
        question = " ".join(words(text[:_LONGEST_QUESTION]))
        if not question or limit < 1:
            return []
        first = self._lines("\n " + question)
        further = self._lines(" " + question) if len(first) < limit else []
        if not first and not further:
            further = self._with_all(question.split())
        order = {line: (rank, len(self._hits[line].text), line) for rank, lines in ((1, further), (0, first)) for line in lines}
        return [self._hits[line] for line in sorted(order, key=order.__getitem__)[:limit]]

    def _lines(self, wanted: str) -> list[int]:
        found: list[int] = []
        at = self._text.find(wanted)
        while at >= 0 and len(found) < _SCANNED:
            line = int(np.searchsorted(self._starts, at, side="right")) - 1
            found.append(line)
            at = self._text.find(wanted, at + 1)
        return found

    def _with_all(self, question: list[str]) -> list[int]:
        longest = max(question, key=len)
        lines = self._lines(" " + longest)
        return [line for line in lines if all(f" {word}" in self._line(line) for word in question)]

    def _line(self, line: int) -> str:
        end = self._text.find("\n", int(self._starts[line]) + 1)
        return self._text[int(self._starts[line]) : end]


def _folded(names: list[str]) -> str:
    # In bulk where the names are plain; one by one where they hold accents.
    plain = [
        name.replace("\n", " ").replace("'", "") if name.isascii() else " ".join(words(name)).replace("\n", " ")
        for name in names
    ]
    text = "\n".join(["", *plain, ""]).lower()
    if text.isascii():
        return _NOISE.sub(" ", text).replace("\n", "\n ")
    return "\n".join(_NOISE.sub(" ", line) if line.isascii() else line for line in text.split("\n")).replace(
        "\n", "\n "
    )
