"""Typing mistakes: words that nothing knows become the likeliest word that something does."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search_index.words import FILLER, GRAMMAR

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONGEST = 24  # letters of a word that is looked at
_WORDS = 120
_UNKNOWN = 4  # unknown words of one text that are looked up
_KEPT = 4_096  # answers remembered
_SHORT = 4  # letters: only a swap is mended in so short a word
_TWICE = 8  # letters from which two mistakes are mended
_SEEN = 2  # times that a word must occur to be what somebody meant
_CONTRACTED = ("ve", "ll", "re", "nt", "d", "s", "m")  # whove, theyd, werent: apostrophes are folded away
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "ers", "y", "less", "ness", "ful")
_COMPARED = 24  # words with nearly the same letters that are compared letter by letter
_MOST = 2  # slips
_FAR = 100
_SMALL_WORDS = frozenset(["a", "i"])
# Short words of any story, which no listing needs to have.
_ORDINARY = frozenset(
    "ate ran sat led fed met lit hid dug rang sang wore tore drew flew knew blew grew threw woke shook paid laid rid"
    " pub van ute tv telly toe ear eye jaw hip wee poo nit pat jar jam lamb soup coat sock shoe vest".split()
)
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

    def near(self, word: str) -> list[str]:
        """Give the words that are made of nearly the same letters, nearest first."""
        apart = np.abs(self.counts - _letters_of(word)).sum(axis=1, dtype=np.int8)
        apart[np.abs(self.lengths - len(word)) > _MOST] = _FAR
        found = np.flatnonzero(apart <= _MOST + 1)
        return [self.words[i] for i in found[np.argsort(apart[found], kind="stable")[:_COMPARED]]]


class Corrector:
    """Mends words that no vocabulary knows.

    `vocabulary` gives folded words and how often they occur; `extra` the known mistakes, written to meant;
    `also_known` what is never to be touched (place names); `together` says whether people write two words side by side
    ("mental health"). Everything is folded as `text.folded_words` does.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        extra: Mapping[str, str],
        also_known: Collection[str] = frozenset(),
        together: Callable[[str, str], bool] = lambda _left, _right: False,
    ) -> None:
        self._vocabulary = vocabulary
        self._together = together
        self._mistakes = {written: meant for written, meant in extra.items() if written != meant}
        self._also_known = frozenset(part for name in also_known for part in name.lower().split())
        self._buckets = _bucketed(word for word in vocabulary if word not in self._mistakes)
        self._total = math.log(max(sum(vocabulary.values()), 2))
        self._answers: dict[str, tuple[Mapping[str, int], str]] = {}

    def correct(self, words: Sequence[str], leave: Callable[[str], bool] | None = None) -> Correction | None:
        """Give the words mended, or None when nothing is to mend. Reads 120 words, looks up at most 4 of them.

        A word that `leave` says yes to is right as it stands.
        """
        meant: list[str] = []
        changes: list[Changed] = []
        pending = list(words[:_WORDS])
        left = _UNKNOWN
        while pending:
            word = pending.pop(0)
            unknown = left > 0 and not self.known(word) and not (leave and leave(word))
            left -= unknown
            if unknown and meant and self._is_end_of(meant[-1], word):
                begun = meant.pop()
                changes.append(Changed(f"{begun} {word}", begun + word))
                meant.append(begun + word)
                continue
            better = self._mended(word, pending, meant[-1] if meant else "") if unknown else ""
            if better and better != word:
                changes.append(Changed(word, better))
            meant += better.split() if better else [word]
        return Correction(tuple(meant), tuple(changes)) if changes else None

    def known(self, word: str) -> bool:
        """Whether the word is to be left alone."""
        if len(word) < _SHORT - 1 or len(word) > _LONGEST or not (word.isascii() and word.isalpha()):
            return True
        if word in self._also_known or word in GRAMMAR or word in FILLER or word in _ORDINARY:
            return True
        return word not in self._mistakes and (word in self._vocabulary or self._form_of_known(word))

    def _form_of_known(self, word: str) -> bool:
        if any(word + ending in self._vocabulary for ending in _ENDINGS[:5]):
            return True
        if any(word.endswith(ending) and word.removesuffix(ending) in GRAMMAR for ending in _CONTRACTED):
            return True
        stems = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
        if any(word.endswith(ending) and self._is_short_word(word.removesuffix(ending)) for ending in ("s", "es")):
            return True
        return any(
            len(stem) >= _SHORT and (stem in self._vocabulary or stem + "e" in self._vocabulary) for stem in stems
        )

    def _is_short_word(self, word: str) -> bool:
        """Whether more than one of it may be meant: taxes, jobs."""
        return len(word) == _SHORT - 1 and self._frequency(word) >= _SEEN

    def _is_end_of(self, begun: str, word: str) -> bool:
        """Whether a word was written in two: "bi polar"."""
        if begun in GRAMMAR or begun in FILLER or (len(begun) >= _SHORT and self._frequency(begun) >= _SEEN):
            return False
        return self._frequency(begun + word) >= _SEEN

    def _mended(self, word: str, following: list[str], before: str) -> str:
        if word in self._mistakes:
            return self._mistakes[word]
        if following and word + following[0] in self._vocabulary and not self.known(following[0]):
            return word + following.pop(0)
        if word not in self._answers:
            if len(self._answers) >= _KEPT:
                self._answers.clear()
            near = self._near(word)
            self._answers[word] = near, self._slipped(word, near) or self._apart(word)
        near, alone = self._answers[word]
        return self._beside(near, before, following[0] if following else "") or alone

    def _beside(self, near: Mapping[str, int], before: str, after: str) -> str:
        """Give the likeliest word that people write beside its neighbours: "mentle health" is no gentle health."""
        for slips in range(1, _MOST + 1):
            fitting = (
                other
                for other, count in near.items()
                if count == slips
                and ((after and self._together(other, after)) or (before and self._together(before, other)))
            )
            if found := self._likeliest(fitting):
                return found
        return ""

    def _near(self, word: str) -> Mapping[str, int]:
        """Words that begin alike and that people write, with the slips between; one slip in a short word only."""
        if len(word) <= _SHORT:
            return dict.fromkeys((other for other in _one_letter_away(word) if self._frequency(other) >= _SEEN), 1)
        bucket = self._buckets.get(word[0])
        return {other: _distance(word, other) for other in bucket.near(word)} if bucket else {}

    def _frequency(self, word: str) -> int:
        return self._vocabulary.get(word, 0) if word not in self._mistakes else 0

    def _slipped(self, word: str, near: Mapping[str, int]) -> str:
        """Give the likeliest word one slip away, or two where the word is long enough."""
        if len(word) <= _SHORT:
            return self._likeliest(_swaps(word))
        one = [other for other, count in near.items() if count == 1]
        if found := self._likeliest([*one, *_first_letter_slips(word)]):
            return found
        return self._likeliest(other for other, count in near.items() if len(word) >= _TWICE and count == 2)

    def _likeliest(self, words: Iterable[str]) -> str:
        known = [word for word in words if self._frequency(word) >= _SEEN]
        return max(known, key=lambda word: (self._frequency(word), word), default="")

    def _apart(self, word: str) -> str:
        """Give the likeliest way to read the word as several known ones, or nothing."""
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
        parts = [self._mistakes.get(part, part) for part in parts]
        return " ".join(parts) if max(map(len, parts)) >= _SHORT and len(parts) <= len(word) // 3 else ""

    def _weight(self, part: str) -> float:
        """Give the logarithm of how likely the part is as a word of its own."""
        if part in self._mistakes:
            return -9.0
        if part in _SMALL_WORDS or (len(part) > 1 and (part in GRAMMAR or part in FILLER)):
            return -4.0 if len(part) > 2 else -6.0
        frequency = self._frequency(part) if len(part) >= 3 else 0
        return math.log(frequency) - self._total if frequency else -math.inf


def _swaps(word: str) -> set[str]:
    return {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}


def _one_letter_away(word: str) -> set[str]:
    """What begins alike and has one letter more, less, another or two swapped."""
    after = range(1, len(word) + 1)
    added = {word[:i] + letter + word[i:] for i in after for letter in _LETTERS}
    changed = {word[:i] + letter + word[i + 1 :] for i in after[:-1] for letter in _LETTERS}
    return (added | changed | {word[:i] + word[i + 1 :] for i in after[:-1]} | _swaps(word)) - {word}


def _first_letter_slips(word: str) -> set[str]:
    """Words whose first letter was lost, added, changed or swapped: those of another bucket."""
    found = {letter + word[1:] for letter in _LETTERS} | {letter + word for letter in _LETTERS}
    return found | {word[1:], word[1] + word[0] + word[2:]}


def _bucketed(words: Iterable[str]) -> dict[str, _Bucket]:
    by_letter: dict[str, list[str]] = {}
    for word in words:
        if _SHORT < len(word) <= _LONGEST and word.isascii() and word.isalpha():
            by_letter.setdefault(word[0], []).append(word)
    return {letter: _bucket(sorted(same)) for letter, same in by_letter.items()}


def _bucket(words: list[str]) -> _Bucket:
    return _Bucket(words, np.array([len(word) for word in words], np.int8), _letter_counts(words))


def _letters_of(word: str) -> npt.NDArray[np.int8]:
    return np.bincount(np.frombuffer(word.encode(), np.uint8) - ord("a"), minlength=len(_LETTERS)).astype(np.int8)


def _letter_counts(words: list[str]) -> npt.NDArray[np.int8]:
    padded = np.array(words, dtype=f"S{_LONGEST}").view(np.uint8).reshape(len(words), _LONGEST)
    counts = np.zeros((len(words), len(_LETTERS)), np.int8)
    for column in padded.T:
        rows = np.flatnonzero(column)
        counts[rows, np.clip(column[rows].astype(np.intp) - ord("a"), 0, 25)] += 1
    return counts


def _distance(left: str, right: str) -> int:
    """Letters lost, added, changed or swapped between two words; what they share at both ends is skipped."""
    first, last = 0, 0
    shorter = min(len(left), len(right))
    while first < shorter and left[first] == right[first]:
        first += 1
    while last < shorter - first and left[-1 - last] == right[-1 - last]:
        last += 1
    left, right = left[first : len(left) - last], right[first : len(right) - last]
    if not left or not right:
        return len(left) + len(right)
    if len(left) == len(right) == 1:
        return 1
    return _slips_between(left, right)


def _slips_between(left: str, right: str) -> int:
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
