"""Lay phrases that a place taught its own search, on top of what the lexicon ships."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search_index.analysis import stem
from search_index.lexicon.text import folded_words
from search_index.lexicon.tuning import FADING
from search_index.words import LOW_VALUE

LEAST_COVERAGE = 0.5  # a taught phrase counts at least so much beside the rest of a text


@dataclass(frozen=True, slots=True)
class Heard:
    """What was taught about a text: its topics (together 1, or none), how much of it that is, and the other words."""

    topics: Mapping[str, float]
    coverage: float
    rest: str

    def beside(self, shares: Mapping[str, float]) -> dict[str, float]:
        """Give the topics of the text, when `shares` are those of the other words."""
        taught = max(LEAST_COVERAGE, self.coverage)
        found = {slug: share * (1 - taught) for slug, share in shares.items()}
        for slug, share in self.topics.items():
            found[slug] = found.get(slug, 0.0) + taught * share
        return found


class TaughtPhrases:
    """Phrases with their topics, most fitting first; one without topics says nothing of any."""

    def __init__(self, phrases: Iterable[tuple[str, Sequence[str]]] = ()) -> None:
        self._by_first: defaultdict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
        self._words: set[str] = set()
        for phrase, slugs in phrases:
            words = folded_words(phrase)
            if words:
                key = tuple(map(_stemmed, words))
                self._words.update(words)
                self._by_first[key[0]].append((key, tuple(slugs)))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def __bool__(self) -> bool:
        return bool(self._by_first)

    def knows(self, word: str) -> bool:
        """Whether the folded word is part of a phrase, so that it is no typing mistake."""
        return word in self._words

    def hear(self, text: str) -> Heard | None:
        """Give what was taught about the text; of phrases that overlap the longest, of equals the first."""
        if not self._by_first:
            return None
        words = folded_words(text)
        stems = list(map(_stemmed, words))
        found: list[tuple[str, ...]] = []
        rest: list[str] = []
        place = 0
        while place < len(words):
            entry = self._at(stems, place)
            if entry is None:
                rest.append(words[place])
                place += 1
            else:
                found.append(entry[1])
                place += len(entry[0])
        if not found:
            return None
        beside = sum(word not in LOW_VALUE for word in rest)
        taught = len(words) - len(rest)
        return Heard(_topics(found), taught / (taught + beside), " ".join(rest))

    def _at(self, stems: Sequence[str], place: int) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        for entry in self._by_first.get(stems[place], ()):
            if tuple(stems[place : place + len(entry[0])]) == entry[0]:
                return entry
        return None


def _topics(found: Iterable[Sequence[str]]) -> dict[str, float]:
    weights: defaultdict[str, float] = defaultdict(float)
    for slugs in found:
        for place, slug in enumerate(slugs):
            weights[slug] += FADING**place
    total = sum(weights.values())
    return {slug: weight / total for slug, weight in weights.items()}


@lru_cache(maxsize=4096)
def _stemmed(word: str) -> str:
    return stem(word)
