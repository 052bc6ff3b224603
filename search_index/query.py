"""What was typed, as stems to score. No query language: nothing a person types is an operator."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise
from typing import Final

from search_index.analysis import fold, stem, tokens
from search_index.words import LOW_VALUE

MAXIMUM_CHARACTERS: Final = 500
MAXIMUM_WORDS: Final = 12  # that are worth scoring: of a long story its own words count, not "i am not sure if"
_MOST_TYPED: Final = 120
_EXPANSIONS: Final = 50
_EXPANSION_BOOST: Final = 0.5
_PART_BOOST: Final = 0.8  # "babybank" that nobody wrote, for "baby" and "bank"
_SHORTEST_PREFIX: Final = 3
_CANDIDATES: Final = 5_000
_SHORTEST_PART: Final = 3
_FREQUENT_SHARE: Final = 1_000


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """A query, taken apart."""

    words: tuple[str, ...]  # as typed, folded
    terms: tuple[tuple[str, float], ...]  # stem and boost
    unknown: tuple[str, ...] = ()  # words that no listing has
    unfinished: str = ""  # the last word, if it was taken for the beginning of others

    @property
    def stems(self) -> tuple[str, ...]:
        """The stems of what was typed, without those guessed."""
        return tuple(term for term, boost in self.terms if boost == 1.0)


class Vocabulary:
    """The words of the listings, as written; `stem_frequency` says in how many documents a stem is."""

    def __init__(self, counts: Mapping[str, int], documents: int, stem_frequency: Callable[[str], int]) -> None:
        self.counts = counts
        self._stem_frequency = stem_frequency
        self._sorted: Sequence[str] = sorted(counts)
        self._frequent = max(1, documents // _FREQUENT_SHARE)

    def frequent(self, word: str) -> bool:
        """Whether the word is likely to be meant as it stands."""
        return self.counts.get(word, 0) >= self._frequent or self._stem_frequency(stem(word)) >= self._frequent

    def known(self, word: str) -> bool:
        """Whether any listing has the word, in any of its forms."""
        return word in self.counts or self._stem_frequency(stem(word)) > 0

    def beginning_with(self, prefix: str, limit: int) -> list[str]:
        """List the commonest words that begin so."""
        first = bisect_left(self._sorted, prefix)
        found = []
        for word in self._sorted[first : first + _CANDIDATES]:
            if not word.startswith(prefix):
                break
            found.append(word)
        return nlargest(limit, found, key=lambda word: (self.counts[word], word))

    def split(self, word: str) -> tuple[str, str] | None:
        """Find the two known words that the word is made of, the commonest pair if there are several."""
        counts = self.counts
        pairs = [
            (word[:at], word[at:])
            for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
            if word[:at] in counts and word[at:] in counts
        ]
        return max(pairs, key=lambda pair: min(counts[pair[0]], counts[pair[1]]), default=None)


def analyse(text: str, vocabulary: Vocabulary) -> QueryTerms:
    """Take a text apart; quick and harmless whatever the text."""
    # Cut twice: one character may fold to eighteen.
    text = fold(text[:MAXIMUM_CHARACTERS])[:MAXIMUM_CHARACTERS]
    typed, joined = _words(text)
    boosts = _boosts(typed, joined, vocabulary)
    unknown = tuple(w for w in typed if w.isalpha() and w not in LOW_VALUE and not vocabulary.known(w))
    prefix = _unfinished(text, typed, vocabulary)
    if prefix:
        for word in vocabulary.beginning_with(prefix, _EXPANSIONS):
            boosts.setdefault(stem(word), _EXPANSION_BOOST)
    return QueryTerms(tuple(typed), tuple(boosts.items()), unknown, prefix)


def _words(text: str) -> tuple[list[str], list[str]]:
    typed: list[str] = []
    joined: list[str] = []
    valuable = 0
    for word, made in tokens(text):
        if made:
            joined.append(word)
        elif len(typed) == _MOST_TYPED:
            break
        elif word in LOW_VALUE:
            typed.append(word)
        elif valuable == MAXIMUM_WORDS:
            break
        else:
            typed.append(word)
            valuable += 1
    return typed, joined


def _boosts(typed: Sequence[str], joined: Sequence[str], vocabulary: Vocabulary) -> dict[str, float]:
    # Low-value words count only when nothing else was typed.
    valuable = [word for word in typed if word not in LOW_VALUE] or list(typed)
    boosts = {stem(word): 1.0 for word in (*valuable, *joined)}
    counts = vocabulary.counts
    for first, second in pairwise(typed):
        if len(first) >= _SHORTEST_PART <= len(second) and first + second in counts:
            boosts.setdefault(stem(first + second), 1.0)
    for word in valuable:
        if len(word) >= 2 * _SHORTEST_PART and not vocabulary.known(word):
            for part in vocabulary.split(word) or ():
                boosts.setdefault(stem(part), _PART_BOOST)
    return boosts


def _unfinished(text: str, typed: Sequence[str], vocabulary: Vocabulary) -> str:
    if not typed or not text[-1].isalnum():
        return ""
    last = typed[-1]
    if len(last) < _SHORTEST_PREFIX or last in LOW_VALUE or vocabulary.frequent(last):
        return ""
    return last if text.endswith(last) else ""
