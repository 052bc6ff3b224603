"""Typing mistakes: words that nothing knows become the likeliest word that something does."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search_index.words import FILLER, GRAMMAR

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONGEST = 24  # letters of a word that is looked at
_WORDS = 40
_UNKNOWN = 5  # unknown words of one text that are looked up
_KEPT = 4_096  # answers remembered
_SHORT = 4  # letters: only a swap is mended in so short a word
_TWICE = 7  # letters from which two mistakes are mended
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "ers", "y")
_SMALL_WORDS = frozenset("a i".split())
_SPLIT_COST = 3.0  # of each further word, in natural logarithms of frequency


class Changed(NamedTuple):
    """What was written and what seems meant (several words when it was run together)."""

    written: str
    meant: str


@dataclass(frozen=True, slots=True)
class Correction:
    """The whole text with its mistakes mended."""

    words: tuple[str, ...]
    changes: tuple[Changed, ...]

    @property
    def text(self) -> str:
        """The words in one line, to show and to search."""
        return " ".join(self.words)


class _Bucket(NamedTuple):
    """The words with one first letter, for looking through them all at once."""

    words: list[str]
    lengths: npt.NDArray[np.int8]
    counts: npt.NDArray[np.int8]  # of each letter in each word


class Corrector:
    """Mends words that no vocabulary knows.

    `vocabulary` gives folded words and how often they occur; `extra` the known mistakes, written to meant;
    `also_known` what is never to be touched (place names). Everything is folded as `text.folded_words` does.
    """

    def __init__(
        self, vocabulary: Mapping[str, int], extra: Mapping[str, str], also_known: Collection[str] = frozenset()
    ) -> None:
        self._vocabulary = vocabulary
        self._mistakes = {written: meant for written, meant in extra.items() if written != meant}
        self._also_known = frozenset(part for name in also_known for part in name.lower().split())
        self._buckets = _bucketed(word for word in vocabulary if word not in self._mistakes)
        self._total = math.log(max(sum(vocabulary.values()), 2))
        self._answers: dict[str, str] = {}

    def correct(self, words: Sequence[str]) -> Correction | None:
        """The words mended, or None when nothing is to mend. Reads 40 words, mends at most 5 of them."""
        meant: list[str] = []
        changes: list[Changed] = []
        pending = list(words[:_WORDS])
        while pending:
            word = pending.pop(0)
            better = "" if len(changes) >= _UNKNOWN or self.known(word) else self._mended(word, pending)
            if better and better != word:
                changes.append(Changed(word, better))
            meant += better.split() if better else [word]
        return Correction(tuple(meant), tuple(changes)) if changes else None

    def known(self, word: str) -> bool:
        """Whether the word is to be left alone."""
        if len(word) < _SHORT - 1 or len(word) > _LONGEST or not (word.isascii() and word.isalpha()):
            return True
        if word in self._also_known or word in GRAMMAR or word in FILLER:
            return True
        return word not in self._mistakes and (word in self._vocabulary or self._form_of_known(word))

    def _form_of_known(self, word: str) -> bool:
        if any(word + ending in self._vocabulary for ending in _ENDINGS[:5]):
            return True
        stems = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
        return any(len(stem) >= _SHORT and (stem in self._vocabulary or stem + "e" in self._vocabulary) for stem in stems)

    def _mended(self, word: str, following: list[str]) -> str:
        if word in self._mistakes:
            return self._mistakes[word]
        if following and word + following[0] in self._vocabulary and not self.known(following[0]):
            return word + following.pop(0)
        answer = self._answers.get(word)
        if answer is None:
            if len(self._answers) >= _KEPT:
                self._answers.clear()
            answer = self._answers[word] = self._one_slip(word) or self._apart(word) or self._two_slips(word)
        return answer

    def _frequency(self, word: str) -> int:
        return self._vocabulary.get(word, 0) if word not in self._mistakes else 0

    def _one_slip(self, word: str) -> str:
        slips = _swaps(word) if len(word) <= _SHORT else _slips(word)
        best = max(slips, key=lambda slip: (self._frequency(slip), slip), default="")
        return best if self._frequency(best) else ""

    def _two_slips(self, word: str) -> str:
        bucket = self._buckets.get(word[0])
        if bucket is None or len(word) < _TWICE:
            return ""
        counts = _letter_counts([word])[0]
        apart = np.abs(bucket.counts - counts).sum(axis=1, dtype=np.int32)
        near = np.flatnonzero((np.abs(bucket.lengths - len(word)) <= 2) & (apart <= 4))
        close = [other for other in (bucket.words[i] for i in near[:400]) if _distance(word, other) <= 2]
        return max(close, key=lambda other: (self._frequency(other), other), default="")

    def _apart(self, word: str) -> str:
        """The likeliest way to read the word as several known ones, or nothing."""
        best: list[tuple[float, int]] = [(0.0, 0)] + [(-math.inf, 0)] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 16), end):
                score = best[start][0] + self._weight(word[start:end]) - _SPLIT_COST
                if score > best[end][0]:
                    best[end] = (score, start)
        if best[-1][0] == -math.inf or best[-1][1] == 0:
            return ""
        parts, end = list[str](), len(word)
        while end:
            parts.insert(0, word[best[end][1] : end])
            end = best[end][1]
        return " ".join(parts) if max(map(len, parts)) >= _SHORT and len(parts) <= len(word) // 3 else ""

    def _weight(self, part: str) -> float:
        """The logarithm of how likely the part is as a word of its own."""
        if part in _SMALL_WORDS or (len(part) > 1 and (part in GRAMMAR or part in FILLER)):
            return -4.0 if len(part) > 2 else -6.0
        frequency = self._frequency(part) if len(part) >= 3 else 0
        return math.log(frequency) - self._total if frequency else -math.inf


def _swaps(word: str) -> set[str]:
    return {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}


def _slips(word: str) -> set[str]:
    """Every word one slip away: a letter lost, added, changed or swapped with the next."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    found = _swaps(word)
    found.update(left + right[1:] for left, right in cuts if right)
    found.update(left + letter + right[1:] for left, right in cuts if right for letter in _LETTERS)
    found.update(left + letter + right for left, right in cuts for letter in _LETTERS)
    found.discard(word)
    return found


def _bucketed(words: Iterable[str]) -> dict[str, _Bucket]:
    by_letter: dict[str, list[str]] = {}
    for word in words:
        if _SHORT < len(word) <= _LONGEST and word.isascii() and word.isalpha():
            by_letter.setdefault(word[0], []).append(word)
    return {letter: _bucket(sorted(same)) for letter, same in by_letter.items()}


def _bucket(words: list[str]) -> _Bucket:
    return _Bucket(words, np.array([len(word) for word in words], np.int8), _letter_counts(words))


def _letter_counts(words: list[str]) -> npt.NDArray[np.int8]:
    padded = np.array(words, dtype=f"S{_LONGEST}").view(np.uint8).reshape(len(words), _LONGEST)
    counts = np.zeros((len(words), len(_LETTERS)), np.int8)
    for column in padded.T:
        rows = np.flatnonzero(column)
        counts[rows, np.clip(column[rows].astype(np.intp) - ord("a"), 0, 25)] += 1
    return counts


def _distance(left: str, right: str) -> int:
    """Letters lost, added, changed or swapped between two words."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
