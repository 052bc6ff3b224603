"""How well the services of one generation of the index fit kinds of help, by the words in which listings tell of them.

A topic says what somebody's trouble is about; within it some twenty services help, and one gives out vouchers where
another teaches budgeting. What is asked for is found in everyday words (`search_index.lexicon.offers`), and services
are compared with how the listing of such a kind would be worded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from time import sleep

import numpy as np
from numpy.typing import NDArray

from search_index import Snapshot
from search_index.analysis import stems, words
from search_index.cache import ByteCache
from search_index.lexicon import load_offers
from search_index.words import LOW_VALUE

Scores = NDArray[np.float32]
Numbers = NDArray[np.int32]
Key = tuple[str, int]
# Documents, and how well they fit.
Fits = tuple[Numbers, NDArray[np.float16]]

# What a word counts for each text that tells of the kind of help with it, and at most.
IN_A_TEXT, AT_MOST = 0.5, 2.0
# Words of more than one in so many listings tell no kind of help from another.
TOO_COMMON = 4
# What fits a kind of help by less than this share of the best is no nearer to it than any other.
LEAST_FIT = 0.15
# Of the scale, the part that is a share of the best possible fit rather than of the best found: where nobody offers it,
# what is nearest to it must not look as if it did. Half of what is possible is as good as it gets.
IDEAL_SHARE, GOOD_SHARE = 0.2, 0.5
# Seconds for which the thread that warms lets others in, after each topic.
PAUSE = 0.002
# Of more than so many that fit, the best are known.
MOST = 3_000
# All kinds of help of a directory of 100,000 services take some 28 MB, of 10,000 half of that.
CACHE_BYTES = 32_000_000


class OfferScores:
    """The services of one snapshot by kind of help, worked out when first asked for; safe for threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._kept: ByteCache[Key, Fits] = ByteCache(CACHE_BYTES)

    def fit(self, offers: Mapping[Key, float]) -> Scores:
        """How well each document fits the kinds of help, 0 to 1, when `offers` are their chances."""
        found = np.zeros(self._snapshot.size, np.float32)
        for key, chance in offers.items():
            numbers, fits = self._of(key)
            found[numbers] += np.float32(chance) * fits
        return found

    def warm(self, until: Callable[[], bool]) -> None:
        """Work out every kind of help, so that nobody waits for one; stops when `until` says so."""
        for slug, offers in load_offers().items():
            if until() or not self._kept.has_room:
                return
            for number in range(len(offers)):
                self._of((slug, number))
            sleep(PAUSE)

    @property
    def memory(self) -> int:
        """Bytes, about."""
        return self._kept.memory

    def _of(self, key: Key) -> Fits:
        known = self._kept.get(key)
        if known is None:
            known = self._compared(_stems_of(key))
            self._kept.put(key, known, sum(array.nbytes for array in known) + 300)
        return known

    def _compared(self, weighed: Sequence[tuple[str, float]]) -> Fits:
        snapshot = self._snapshot
        telling = [said for said in weighed if snapshot.documents_with(said[0]) * TOO_COMMON <= snapshot.size]
        scores = snapshot.text_totals(telling)
        weights = [(weight, snapshot.heaviest(stem)) for stem, weight in telling]
        # What a word that no listing has would add is not known: as much as the weightiest of the others.
        unknown = max((heaviest for _, heaviest in weights), default=0.0)
        good = GOOD_SHARE * sum(weight * (heaviest or unknown) for weight, heaviest in weights)
        scale = np.float32((1 - IDEAL_SHARE) * float(scores.max(initial=0.0)) + IDEAL_SHARE * good)
        numbers = np.flatnonzero(scores > LEAST_FIT * scale).astype(np.int32)
        if len(numbers) > MOST:
            numbers = np.sort(numbers[np.argpartition(-scores[numbers], MOST)[:MOST]])
        fits = np.minimum(scores[numbers] / (scale or np.float32(1)), np.float32(1))
        return numbers, fits.astype(np.float16)


@cache
def _stems_of(key: Key) -> tuple[tuple[str, float], ...]:
    """The stems that tell of a kind of help, with what each counts; none of one that only an earlier lexicon had."""
    slug, number = key
    offers = load_offers().get(slug, ())
    if number >= len(offers):
        return ()
    said = Counter(chain.from_iterable(map(_worth_comparing, offers[number].texts)))
    return tuple((stem, min(AT_MOST, IN_A_TEXT * texts)) for stem, texts in said.items())


def _worth_comparing(text: str) -> Iterable[str]:
    return stems([word for word in words(text) if word not in LOW_VALUE])
