"""Which services come first: words, topics, distance, reach, freshness and places weighed together.

Pure arithmetic over the arrays of one index snapshot; no database, no Flask. Document numbers run from 0 to size - 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.library.conditions import Conditions
from search_index import Snapshot

Scores = NDArray[np.float32]
Numbers = NDArray[np.int32]

EARTH_KM = 6371.0
# A service that by its own words does not take people of this age is of little use; one made for the age is better.
WRONG_AGE = np.float32(0.35)
RIGHT_AGE = np.float32(1.15)
NOWHERE = np.float32(np.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What counts how much. Figures chosen by measurement on half of the judged queries and kept on the other half."""

    words: float = 0.3
    topics: float = 0.7
    # A result must reach this share of the best one to be shown at all.
    floor: float = 0.12
    # Kilometres over which a service's nearness falls to a third, by how far it reaches.
    local_km: float = 12.0
    regional_km: float = 45.0
    # Nearness of a service that distance does not concern: national, by telephone or online.
    anywhere: float = 0.62
    # Nothing that fits is lost for being far.
    farthest: float = 0.06


@dataclass(frozen=True, slots=True)
class Point:
    """Where the person is, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Relevance:
    """How well each document fits the words alone; 0 where it does not."""

    words: Scores
    topics: Scores
    total: Scores


def candidates(total: Scores, live: NDArray[np.bool_], weights: Weights) -> Numbers:
    """The documents that fit well enough to be results."""
    best = float(total.max(initial=0.0))
    if best <= 0.0:
        return np.empty(0, np.int32)
    return np.flatnonzero((total >= weights.floor * best) & (total > 0.0) & live).astype(np.int32)


def distances(snapshot: Snapshot, point: Point) -> Scores:
    """Kilometres from `point` to the nearest place of each document; infinite where it has none.

    On a plane tangent at the point: within 300 km of it the error is below 1%, and beyond that only "far" matters.
    """
    found = np.full(snapshot.size, NOWHERE, np.float32)
    if len(snapshot.point_document):
        north = np.radians(snapshot.latitude - point.latitude)
        east = np.radians(snapshot.longitude - point.longitude) * np.cos(
            np.radians((snapshot.latitude + point.latitude) / 2)
        )
        kilometres = (EARTH_KM * np.hypot(north, east)).astype(np.float32)
        np.minimum.at(found, snapshot.point_document, kilometres)
    return found


def quality(snapshot: Snapshot, today: date) -> Scores:
    """How far a listing can be counted on: lately checked, taking people, still in its feed."""
    age = (today.toordinal() - snapshot.checked_on).astype(np.float32)
    factor = np.interp(age, [90, 365, 900], [1.0, 0.88, 0.75]).astype(np.float32)
    factor[snapshot.checked_on == 0] = 0.9
    for tag, share in (
        ("accepting:no", 0.75),
        ("accepting:waiting-list", 0.96),
        ("state:missing", 0.8),
        ("state:closed", 0.5),
    ):
        factor[snapshot.tagged(tag)] *= np.float32(share)
    return factor


class Standing:
    """What of a document's place in the ranking no query changes: how far it can be counted on, how far it reaches.

    Made once for a snapshot and a day.
    """

    def __init__(self, snapshot: Snapshot, today: date, weights: Weights) -> None:
        self.quality = quality(snapshot, today)
        self._reach_km = np.full(snapshot.size, weights.local_km, np.float32)
        self._reach_km[snapshot.tagged("coverage:regional")] = weights.regional_km
        self._national = snapshot.tagged("coverage:national")
        self._weights = weights

    def nearness(self, kilometres: Scores) -> Scores:
        """1 at the door, falling with distance as far as the service's reach lets it matter."""
        factor = np.exp(-kilometres / self._reach_km)
        np.maximum(factor, np.float32(self._weights.farthest), out=factor)
        factor[~np.isfinite(kilometres)] = self._weights.anywhere
        factor[self._national] = np.maximum(factor[self._national], np.float32(self._weights.anywhere))
        return factor


def suitability(snapshot: Snapshot, conditions: Conditions) -> Scores:
    """How well each service suits what the query said of the person: a wanted thing lifts, the wrong age sinks."""
    factor = np.ones(snapshot.size, np.float32)
    for tag, lift in conditions.tags:
        factor[snapshot.tagged(tag)] *= np.float32(lift)
    if conditions.ages:
        youngest, oldest = conditions.ages
        too_young = (snapshot.minimum_age >= 0) & (snapshot.minimum_age > oldest)
        too_old = (snapshot.maximum_age >= 0) & (snapshot.maximum_age < youngest)
        factor[too_young | too_old] *= WRONG_AGE
        made_for = (snapshot.maximum_age >= oldest) & ~too_young
        factor[made_for] *= RIGHT_AGE
    return factor


def best_of_chains(chain: Numbers, numbers: Numbers, scores: Scores) -> tuple[Numbers, Mapping[int, int]]:
    """Fold branches: of each chain the best document stays. Also how many others each kept one stands for.

    `scores` goes with `numbers`; the documents that stay keep their order.
    """
    in_chain = np.flatnonzero(chain[numbers] >= 0)
    best_first = in_chain[np.argsort(-scores[in_chain], kind="stable")]
    codes, first, counts = np.unique(chain[numbers[best_first]], return_index=True, return_counts=True)
    if len(codes) == len(in_chain):
        return numbers, {}
    stays = np.ones(len(numbers), np.bool_)
    stays[in_chain] = False
    stays[best_first[first]] = True
    kept = numbers[best_first[first]].tolist()
    others = {number: count - 1 for number, count in zip(kept, counts.tolist(), strict=True) if count > 1}
    return numbers[stays], others
