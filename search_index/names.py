"""Names of services and organisations, found while they are being typed."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from time import sleep
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import words
from search_index.schema import to_bytes

_SCANNED: Final = 300  # places looked at for one question, in each segment
_LONGEST_QUESTION: Final = 60
_LINE: Final = b"\n"
_NOISE: Final = re.compile(r"[^\w\n]+|_")
_AT_ONCE: Final = 2_000  # names folded before other threads are let in
_LONGEST_NAME: Final = 12  # words of a name that is looked for whole
_MOST_BEGUN: Final = 60  # names that begin with the same words
# "Food and Fuel" or "The Food & Fuel": nobody types a name as it is written.
_UNTOLD: Final = frozenset({"a", "an", "and", "for", "of", "the", "to"})

Kind = Literal["service", "organization"]


@dataclass(frozen=True, slots=True)
class NameHit:
    """A name to suggest."""

    text: str
    kind: Kind
    id: str  # of the service; "" for an organisation


class NameLines:
    """The names of one segment in one long text, a line a name, so that looking is one scan."""

    def __init__(self, services: Sequence[str], organizations: Sequence[str]) -> None:
        self._services = len(services)
        codes = {name: code for code, name in enumerate(dict.fromkeys(organizations))}
        self._codes = np.array([codes[name] for name in organizations], np.int32)
        self._names = [*services, *codes]

    @property
    def memory(self) -> int:
        """Bytes, about; the names themselves are the segment's."""
        return 290 * len(self._names)

    def find(self, question: bytes, live: NDArray[np.bool_]) -> Iterator[tuple[bool, str, Kind, int]]:
        """Give names with the words: whether they begin so, name, kind, and a service's number in the segment."""
        first = set(self._lines(_LINE + question))
        for line in first | set(self._lines(b" " + question) or self._with_all(question.split())):
            kind: Kind = "service" if line < self._services else "organization"
            alive = live[line] if kind == "service" else live[self._codes == line - self._services].any()
            if alive and self._names[line]:
                yield line in first, self._names[line], kind, line

    def begins_with(self, word: str) -> bool:
        """Whether any name begins with this word, but for words such as "the"."""
        return word in self._first_words

    def called(self, name: Sequence[str]) -> set[int]:
        """Numbers of the services that are called so, or whose organisation is; or by both names at once.

        `name` is its `name_words`. Deleted services are among the numbers.
        """
        found = self._with_name(" ".join(name))
        for at in range(1, len(name)) if not found else ():
            first, second = " ".join(name[:at]), " ".join(name[at:])
            if first in self._whole and second in self._whole:
                found = found or self._with_name(first) & self._with_name(second)
        return found

    def beginning(self, name: Sequence[str]) -> set[int]:
        """Numbers of the services whose name, or whose organisation's, begins with these words and goes on.

        `name` is its `name_words`. Deleted services are among the numbers. None where very many begin so.
        """
        begun = " ".join(name) + " "
        first = bisect_left(self._sorted, begun)
        names = list(takewhile(lambda told: told.startswith(begun), self._sorted[first : first + _MOST_BEGUN]))
        if begun == " " or len(names) == _MOST_BEGUN:
            return set()
        return {number for told in names for number in self._with_name(told)}

    def _with_name(self, name: str) -> set[int]:
        found: set[int] = set()
        for line in self._whole.get(name, ()):
            if line < self._services:
                found.add(line)
            else:
                found.update(np.flatnonzero(self._codes == line - self._services).tolist())
        return found

    @cached_property
    def _whole(self) -> dict[str, list[int]]:
        """The lines by what they say."""
        found: dict[str, list[int]] = {}
        for line, told in enumerate(self._text.decode().split("\n")[1:-1]):
            if line % _AT_ONCE == 0:
                sleep(0)
            name = " ".join([word for word in told.split() if word not in _UNTOLD])
            found.setdefault(name, []).append(line)
        return found

    @cached_property
    def _first_words(self) -> set[str]:
        return {name.partition(" ")[0] for name in self._whole}

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._whole)

    @cached_property
    def _text(self) -> bytes:
        chunks = [_folded(self._names[at : at + _AT_ONCE]) for at in range(0, len(self._names), _AT_ONCE)]
        return b"".join((*chunks, _LINE))

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        return np.flatnonzero(np.frombuffer(self._text, np.uint8) == _LINE[0])

    def warm(self) -> None:
        """Fold the names now."""
        _ = self._starts, self._sorted, self._first_words

    def _lines(self, wanted: bytes) -> list[int]:
        found: list[int] = []
        at = self._text.find(wanted)
        while at >= 0 and len(found) < _SCANNED:
            found.append(int(np.searchsorted(self._starts, at, side="right")) - 1)
            at = self._text.find(wanted, at + 1)
        return found

    def _with_all(self, question: Sequence[bytes]) -> list[int]:
        lines = self._lines(b" " + max(question, key=len)) + self._lines(_LINE + max(question, key=len))
        return [line for line in lines if all(b" " + word in self._line(line) for word in question)]

    def _line(self, line: int) -> bytes:
        start = int(self._starts[line]) + 1
        return b" " + self._text[start : self._text.find(_LINE, start)]


def name_words(typed: Sequence[str]) -> list[str]:
    """The words that a name is known by; none of what is longer than names are."""
    said = [word for word in typed if word not in _UNTOLD]
    return said if len(said) <= _LONGEST_NAME else []


def question_of(text: str) -> bytes:
    """Fold what was typed as the names are."""
    return to_bytes(" ".join(words(text[:_LONGEST_QUESTION])))


def best(found: Iterable[tuple[bool, NameHit]], limit: int) -> list[NameHit]:
    """Choose names that begin with the words, then those that have them further on, shortest first, each once."""
    ranked = sorted(found, key=lambda pair: (not pair[0], len(pair[1].text), pair[1].text, pair[1].id))
    once = {(hit.kind, hit.text): hit for _, hit in reversed(ranked)}  # branches of a chain have one name
    hits = dict.fromkeys(once[hit.kind, hit.text] for _, hit in ranked)
    return list(hits)[: max(0, limit)]


def _folded(names: Sequence[str]) -> bytes:
    # In bulk where the names are plain, one by one where they hold accents. Each line begins with a line feed.
    sleep(0)
    lines = [name if name.isascii() else " ".join(words(name)) for name in names]
    text = "\n".join(line.replace("\n", " ") for line in ("", *lines))
    return to_bytes(_NOISE.sub(" ", text.lower().replace("'", "")).replace("\n ", "\n"))
