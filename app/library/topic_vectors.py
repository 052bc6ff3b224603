"""What each service is about, as a vector over the topics, and how near that is to a query.

The nearness is the cosine of the two vectors, softened by a constant: a service of one topic only must not beat a
service of that topic and another that was meant as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from app.library.company import company
from app.library.told_topics import PREFIX, STRENGTHS
from search_index import Snapshot

# What a tag says of how much a service is about the topic: its first topic, a further one, one given by rule.
SHARES: Mapping[str, float] = {"rule": 0.6, "also": 0.8, "main": 1.0}
# What its words alone say counts this much beside topics that somebody stated, and where nobody stated any.
TOLD_BESIDE_STATED = np.float32(0.3)
TOLD_ALONE = np.float32(1.2)
# A service of the broad topic when a narrow one is meant, and the other way round.
OF_PARENT = np.float32(0.45)
OF_CHILD = np.float32(0.7)
SOFTENING = np.float32(0.6)
# A service for a certain kind of person is for others less than its topics say: these make its vector longer.
AUDIENCES = frozenset(
    (
        "armed-forces bereavement carers carers-support cultural-groups grief immigration learning-disability"
        " leaving-prison lgbt mens-groups older-people parenting perinatal relationships sensory-loss substance-use"
        " suicide-bereavement womens-groups young-carers young-people"
    ).split()
)
OF_AUDIENCE = np.float32(1.4**2)
# Below 1 the second and third likeliest topics count for more beside the first.
LEVELLING = 0.5
# Rarer topics tell more than those that every second service has.
RARITY = 0.3
LEAST_RARITY = 0.5
# What goes with the topics meant by less than this is left out, and of all no more are asked for than so many.
LEAST_COMPANY = 0.04
MOST_TOPICS = 16
# A topic of more than this share of the services is kept as one number a service, which is quicker to add up.
DENSE_SHARE = 6

Scores = NDArray[np.float32]
Numbers = NDArray[np.intp]


class TopicVectors:
    """The vectors of all documents of one snapshot, kept by topic."""

    def __init__(self, snapshot: Snapshot, parents: Mapping[str, str | None]) -> None:
        said = {slug: _said(snapshot, slug) for slug in parents}
        told_share = _told_share(snapshot)
        self._size = snapshot.size
        # The documents of a topic and their shares; of a dense one the shares of all.
        self._columns: dict[str, tuple[Numbers | None, Scores]] = {}
        self._rarity: dict[str, float] = {}
        squares = np.zeros(snapshot.size, np.float32)
        for slug, stated in _with_relatives(said, parents):
            rarity = _rarity(stated, snapshot.size)
            share = (stated + told_share * _told(snapshot, slug)) * np.float32(rarity)
            self._columns[slug] = _column(share)
            self._rarity[slug] = rarity
            squares += share * share * (OF_AUDIENCE if slug in AUDIENCES else np.float32(1.0))
        usual = np.float32(np.mean(list(self._rarity.values()) or [1.0]))
        self._length = np.sqrt(squares) + SOFTENING * usual

    @property
    def memory(self) -> int:
        """Bytes."""
        columns = sum(shares.nbytes + (0 if at is None else at.nbytes) for at, shares in self._columns.values())
        return columns + self._length.nbytes

    def scores(self, meant: Mapping[str, float]) -> Scores:
        """How near each document is to the topics meant, 0 to 1."""
        total = np.zeros(self._size, np.float32)
        wanted = {slug: weight * self._rarity.get(slug, 0.0) for slug, weight in _with_company(meant).items()}
        length = float(np.sqrt(sum(weight * weight for weight in wanted.values())))
        if length <= 0.0:
            return total
        part = np.empty(self._size, np.float32)
        for slug, weight in wanted.items():
            if weight > 0.0:
                documents, shares = self._columns[slug]
                if documents is None:
                    total += np.multiply(shares, np.float32(weight / length), out=part)
                else:
                    # Some three times quicker than `total[documents] += ...`; no document comes twice.
                    np.add.at(total, documents, shares * np.float32(weight / length))
        total /= self._length
        return total


def _column(share: Scores) -> tuple[Numbers | None, Scores]:
    documents = np.flatnonzero(share)
    return (None, share) if len(documents) * DENSE_SHARE > len(share) else (documents, share[documents])


def _with_company(meant: Mapping[str, float]) -> Mapping[str, float]:
    """The topics meant, levelled, and what goes with them."""
    found = {slug: weight**LEVELLING for slug, weight in meant.items()}
    slugs, rows, matrix = _company()
    known = [slug for slug in found if slug in rows]
    at = np.array([rows[slug] for slug in known], np.intp)
    beside = np.array([found[slug] for slug in known]) @ matrix.take(at, axis=0)
    places = np.flatnonzero(beside >= LEAST_COMPANY)
    for place, weight in zip(places.tolist(), beside[places].tolist(), strict=True):
        if weight > found.get(slugs[place], 0.0):
            found[slugs[place]] = weight
    # The weightiest first, of equals by the alphabet: two plain sorts are quicker than one by both.
    by_name = sorted(found.items())
    by_name.sort(key=itemgetter(1), reverse=True)
    return dict(by_name[:MOST_TOPICS])


@cache
def _company() -> tuple[Sequence[str], Mapping[str, int], NDArray[np.float64]]:
    """What goes with each topic: a matrix of topics by the topics that go with any, and the row of each."""
    slugs = tuple(sorted({slug for others in company().values() for slug in others}))
    matrix = np.array([[others.get(slug, 0.0) for slug in slugs] for others in company().values()])
    return slugs, {topic: row for row, topic in enumerate(company())}, matrix


def _rarity(stated: Scores, size: int) -> float:
    having = int(np.count_nonzero(stated > OF_PARENT))
    return max(LEAST_RARITY, float((np.log((size + 2) / (having + 1)) / np.log(size + 2)) ** RARITY))


def _said(snapshot: Snapshot, slug: str) -> Scores:
    share = np.zeros(snapshot.size, np.float32)
    for prefix, value in SHARES.items():
        share[snapshot.tagged(f"{prefix}:{slug}")] = value
    return share


def _told(snapshot: Snapshot, slug: str) -> Scores:
    share = np.zeros(snapshot.size, np.float32)
    for place, strength in enumerate(STRENGTHS):
        share[snapshot.tagged(f"{PREFIX}{place}:{slug}")] = np.sqrt(strength)
    return share


def _told_share(snapshot: Snapshot) -> Scores:
    share = np.full(snapshot.size, TOLD_ALONE, np.float32)
    for tag in snapshot.tags("main:"):
        share[snapshot.tagged(tag)] = TOLD_BESIDE_STATED
    return share


def _with_relatives(said: Mapping[str, Scores], parents: Mapping[str, str | None]) -> Iterator[tuple[str, Scores]]:
    for slug, share in said.items():
        parent = parents.get(slug)
        relatives = [said[parent] * OF_PARENT] if parent is not None and parent in said else []
        relatives += [said[child] * OF_CHILD for child, its in parents.items() if its == slug]
        yield slug, np.maximum.reduce([share, *relatives])
