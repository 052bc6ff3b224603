"""What each service is about, as a vector over the topics, and how near that is to a query.

The nearness is the cosine of the two vectors, softened by a constant: a service of one topic only must not beat a
service of that topic and another that was meant as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from search_index import Snapshot

# What a tag says of how much a service is about the topic: its first topic, a further one, one given by rule.
SHARES: Mapping[str, float] = {"rule": 0.6, "also": 0.8, "main": 1.0}
# A service of the broad topic when a narrow one is meant, and the other way round.
OF_PARENT = np.float32(0.45)
OF_CHILD = np.float32(0.7)
SOFTENING = np.float32(0.6)
# Below 1 the second and third likeliest topics count for more beside the first.
LEVELLING = 0.6

Scores = NDArray[np.float32]
Numbers = NDArray[np.int32]


class TopicVectors:
    """The vectors of all documents of one snapshot, kept by topic."""

    def __init__(self, snapshot: Snapshot, parents: Mapping[str, str | None]) -> None:
        said = {slug: _said(snapshot, slug) for slug in parents}
        self._size = snapshot.size
        self._columns: dict[str, tuple[Numbers, Scores]] = {}
        squares = np.zeros(snapshot.size, np.float32)
        for slug, share in _with_relatives(said, parents):
            documents = np.flatnonzero(share).astype(np.int32)
            self._columns[slug] = documents, share[documents]
            squares += share * share
        self._length = np.sqrt(squares) + SOFTENING

    @property
    def memory(self) -> int:
        """Bytes."""
        columns = sum(documents.nbytes + shares.nbytes for documents, shares in self._columns.values())
        return columns + self._length.nbytes

    def scores(self, meant: Mapping[str, float]) -> Scores:
        """How near each document is to the topics meant, 0 to 1."""
        total = np.zeros(self._size, np.float32)
        levelled = {slug: weight**LEVELLING for slug, weight in meant.items()}
        length = float(np.sqrt(sum(weight * weight for weight in levelled.values())))
        if length <= 0.0:
            return total
        for slug, weight in levelled.items():
            if slug in self._columns:
                documents, shares = self._columns[slug]
                # Some three times quicker than `total[documents] += ...`; no document comes twice.
                np.add.at(total, documents, shares * np.float32(weight / length))
        total /= self._length
        return total


def _said(snapshot: Snapshot, slug: str) -> Scores:
    share = np.zeros(snapshot.size, np.float32)
    for prefix, value in SHARES.items():
        share[snapshot.tagged(f"{prefix}:{slug}")] = value
    return share


def _with_relatives(said: Mapping[str, Scores], parents: Mapping[str, str | None]) -> Iterator[tuple[str, Scores]]:
    for slug, share in said.items():
        parent = parents.get(slug)
        relatives = [said[parent] * OF_PARENT] if parent is not None and parent in said else []
        relatives += [said[child] * OF_CHILD for child, its in parents.items() if its == slug]
        yield slug, np.maximum.reduce([share, *relatives])
