"""Which services come first: words, topics, distance, reach, freshness and places weighed together.

Pure arithmetic over the arrays of one index snapshot; no database, no Flask. Document numbers run from 0 to size - 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.library.conditions import Conditions
from app.library.places import Places
from app.library.refusals import REFUSED
from search_index import Snapshot
from search_index.analysis import stem

Scores = NDArray[np.float32]
Numbers = NDArray[np.int32]

# A service that by its own words does not take people of this age is of little use; one made for the age is better.
WRONG_AGE = np.float32(0.35)
RIGHT_AGE = np.float32(1.25)
WRONG_SEX = np.float32(0.35)
# What helps those around somebody in a state that this is not about.
ABOUT_ANOTHER_STATE = np.float32(0.35)
# What a listing counts that does not name the place asked for: with a place of its own, and without one.
NAMED_ELSEWHERE, NAMES_NO_PLACE = np.float32(0.4), np.float32(0.62)
# From this age a lowest age says that a service is made for older people.
OLDER = 50
# The tag of a national website that states no topic, and the share of a directory's places that says where it is.
PORTAL = "state:portal"
MOST = 0.8
# Topics of services for those around a person, whose own age they do not ask for.
FOR_RELATIVES = ("carers-support", "carers", "parenting", "family", "suicide-bereavement")
# Scores looked at together when the best are sought.
_BLOCK = 32


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
    # What a national service counts where another nation's places are.
    elsewhere: float = 0.5


def candidates(relevance: Scores, best: float, live: NDArray[np.bool_], weights: Weights) -> Numbers:
    """The documents that fit well enough beside the `best` to be results.

    `relevance` is of each document, 0 where it does not fit.
    """
    fitting = relevance >= np.float32(weights.floor * best) if best > 0.0 else relevance > 0.0
    fitting &= live
    return np.flatnonzero(fitting).astype(np.int32)


def quality(snapshot: Snapshot, today: date) -> Scores:
    """How far a listing can be counted on: lately checked, taking people, still in its feed."""
    age = (today.toordinal() - snapshot.checked_on).astype(np.float32)
    factor = np.interp(age, [90, 365, 900], [1.0, 0.88, 0.75]).astype(np.float32)
    factor[snapshot.checked_on == 0] = 0.9
    for tag, share in (
        ("accepting:no", 0.75),
        ("accepting:waiting-list", 0.96),
        ("state:missing", 0.8),
        ("state:stale", 0.8),
        ("state:closed", 0.5),
        ("state:over", 0.3),
    ):
        factor[snapshot.tagged(tag)] *= np.float32(share)
    return factor


class Standing:
    """What of a document's place in the ranking no query changes: how reliable it is, where it is, how far it reaches.

    Made once for a snapshot and a day.
    """

    def __init__(self, snapshot: Snapshot, today: date, weights: Weights) -> None:
        self.quality = quality(snapshot, today)
        self.places = Places(snapshot)
        self._reach_km = np.full(snapshot.size, weights.local_km, np.float32)
        self._reach_km[snapshot.tagged("coverage:regional")] = weights.regional_km
        # Help that distance does not concern is as near from everywhere.
        self._least = np.full(snapshot.size, weights.anywhere, np.float32)
        self._least[snapshot.point_document] = weights.farthest
        self._least[snapshot.tagged("coverage:national")] = weights.anywhere
        self.quality *= _of_its_nation(snapshot, weights)
        self._nowhere = self._least == np.float32(weights.anywhere)

    @property
    def memory(self) -> int:
        """Bytes."""
        return self.quality.nbytes + self.places.memory + self._reach_km.nbytes + self._least.nbytes

    def nearness_by_name(self, named: NDArray[np.bool_], numbers: Numbers) -> Scores:
        """What each document counts where it is only known which of them name the place."""
        others = np.where(self._nowhere[numbers], NAMES_NO_PLACE, NAMED_ELSEWHERE)
        return np.where(named[numbers], np.float32(1.0), others)

    def nearness(self, numbers: Numbers, kilometres: Scores) -> Scores:
        """1 at the door, falling with distance as far as the service's reach lets it matter."""
        factor = -kilometres / self._reach_km[numbers]
        np.exp(factor, out=factor)
        return np.maximum(factor, self._least[numbers], out=factor)


def _of_its_nation(snapshot: Snapshot, weights: Weights) -> Scores:
    """Lower for what serves another nation than the one that this directory's places are in."""
    factor = np.ones(snapshot.size, np.float32)
    national = snapshot.has_tag("coverage:national")
    latitude, longitude = snapshot.latitude, snapshot.longitude
    if len(latitude) and float(np.mean(within_britain(latitude, longitude))) < MOST:
        factor[national] *= np.float32(weights.elsewhere)
    elif len(latitude) and float(np.mean(outside_england(latitude, longitude))) > MOST:
        factor[national & snapshot.has_tag("area:england")] *= np.float32(weights.elsewhere)
    return factor


def within_britain(latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether points lie where the United Kingdom does, roughly."""
    inside: NDArray[np.bool_] = (latitude > 49) & (latitude < 61.5) & (longitude > -9) & (longitude < 2.5)
    return inside


def outside_england(latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether points of the United Kingdom lie in Scotland, Wales or Northern Ireland, roughly: for most of many."""
    border = 54.98 + np.clip(longitude + 3.05, -0.5, 1.03) * 0.81
    scotland = latitude > border
    wales = (longitude < -2.95) & (latitude > 51.36) & (latitude < 53.36)
    northern_ireland = (longitude < -5.4) & (latitude > 54)
    outside: NDArray[np.bool_] = scotland | wales | northern_ireland
    return outside


def suitability(snapshot: Snapshot, conditions: Conditions, numbers: Numbers) -> Scores:
    """How well each service suits what the query said of the person: a wanted thing lifts, the wrong age sinks."""
    factor = np.ones(len(numbers), np.float32)
    for tag, lift in conditions.tags:
        factor[snapshot.has_tag(tag)[numbers]] *= np.float32(lift)
    if conditions.not_for:
        factor[snapshot.has_tag(conditions.not_for)[numbers]] *= WRONG_SEX
    if conditions.refused:
        told = snapshot.text_totals([(stem(word), 1.0) for word in conditions.refused])
        factor[told[numbers] > 0] *= np.float32(REFUSED)
    if conditions.states:
        other = _tagged_with_any(snapshot, conditions.other_states) & ~_tagged_with_any(snapshot, conditions.states)
        factor[other[numbers]] *= ABOUT_ANOTHER_STATE
    if conditions.ages:
        wrong, made_for = _by_age(snapshot, *conditions.ages, numbers)
        if conditions.by_relative:
            wrong &= ~_for_relatives(snapshot, numbers)
        factor[wrong] *= WRONG_AGE
        factor[made_for] *= RIGHT_AGE
    return factor


def _tagged_with_any(snapshot: Snapshot, topics: Sequence[str]) -> NDArray[np.bool_]:
    found = np.zeros(snapshot.size, np.bool_)
    for topic in topics:
        found[snapshot.tagged(f"topic:{topic}")] = True
    return found


def _by_age(
    snapshot: Snapshot, youngest: int, oldest: int, numbers: Numbers
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which services do not take people of this age, and which are made for it."""
    lowest, highest = snapshot.minimum_age[numbers], snapshot.maximum_age[numbers]
    wrong = (lowest > oldest) | ((highest >= 0) & (highest < youngest))
    made_for = ~wrong & ((highest >= oldest) | ((lowest >= OLDER) & (youngest >= lowest)))
    return wrong, made_for


def _for_relatives(snapshot: Snapshot, numbers: Numbers) -> NDArray[np.bool_]:
    tags = (f"{weight}:{slug}" for slug in FOR_RELATIVES for weight in ("main", "also", "rule"))
    return np.any([snapshot.has_tag(tag)[numbers] for tag in tags], axis=0)


def best(scores: Scores, wanted: int) -> NDArray[np.intp]:
    """Where the `wanted` highest scores stand, best first, of equals the earlier first; all that tie with the last."""
    if wanted < len(scores):
        places = np.flatnonzero(scores >= _bound(scores, wanted))
        if wanted < len(places):
            found = scores[places]
            places = places[found >= np.partition(found, len(found) - wanted)[len(found) - wanted]]
    else:
        places = np.arange(len(scores))
    return places[np.lexsort((places, -scores[places]))]


def _bound(scores: Scores, wanted: int) -> np.float32:
    """A score that at least `wanted` of them reach, not far below the last of the best: found among tops of blocks."""
    blocks = len(scores) // _BLOCK
    if blocks < 2 * wanted:
        return np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
    # Scores that stand `blocks` apart are one block: so numpy takes the maximum of whole rows.
    tops = scores[: blocks * _BLOCK].reshape(_BLOCK, blocks).max(axis=0)
    return np.partition(tops, blocks - wanted)[blocks - wanted]


def without_branches(chain: Numbers, numbers: Numbers) -> Numbers:
    """Documents in their order, of each chain only the first."""
    codes = chain[numbers].tolist()
    # In Python's own numbers: there are a page or two of them, where a call of numpy takes longer than all of this.
    first: dict[int, int] = {}
    stays = [place for place, code in enumerate(codes) if code < 0 or first.setdefault(code, place) == place]
    return numbers[stays] if len(stays) < len(codes) else numbers


def branch_counts(chain: Numbers, numbers: Numbers) -> NDArray[np.intp]:
    """How many of the documents each chain has; empty where none of them is of a chain."""
    codes = chain.take(numbers)
    return np.bincount(codes[codes >= 0])
