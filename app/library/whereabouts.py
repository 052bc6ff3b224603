"""A place that no table knows: where the listings lie that bear its name, or else which listings name it.

A list without coordinates, or of a whole country, still says "Hialeah" or "Glasgow" in its addresses and areas; and a
part of a town that no address ends with has a library and a community council that are called after it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.core.text import single_line
from app.directory.codes import Precision
from app.directory.geography import Point, place_key
from search_index import Snapshot
from search_index.analysis import stem
from search_index.words import GRAMMAR

# What is called after the part of a town that it stands in; but "London Road Nursery" stands in no London.
_CALLED_AFTER = frozenset(
    (
        "allotment allotments church community education guides hall health leisure library medical neighbourhood"
        " nursery parish playgroup primary registrar registrars registry school scout scouts surgery swim village"
    ).split()
)
_STREETS = frozenset("avenue bridge close court crescent drive gate lane place road row square street terrace".split())
# Of those that bear the name, half lie within so many degrees of their middle, or it is a name of many places.
_NEAR_LATITUDE, _NEAR_LONGITUDE = 0.045, 0.075

Mask = NDArray[np.bool_]


def where_so_called(snapshot: Snapshot, near: str) -> Point | None:
    """The middle of the listings that are called after a place ("Craigmillar Library"), if they lie together."""
    key = place_key(near)
    bearers = [number for number in _named_with(snapshot, key) if _is_called_after(snapshot.names[number], key)]
    if not bearers:
        return None
    at = np.isin(snapshot.point_document, bearers)
    latitudes, longitudes = snapshot.latitude[at], snapshot.longitude[at]
    if not len(latitudes):
        return None
    latitude, longitude = float(np.median(latitudes)), float(np.median(longitudes))
    together = (abs(latitudes - latitude) <= _NEAR_LATITUDE) & (abs(longitudes - longitude) <= _NEAR_LONGITUDE)
    if 2 * np.count_nonzero(together) < len(latitudes):
        return None
    return Point(latitude=latitude, longitude=longitude, precision=Precision.PLACE, label=single_line(near))


def naming(snapshot: Snapshot, near: str) -> Mask | None:
    """Which documents have every word of the place in their words, addresses and areas; None where not one has."""
    words = [word for word in place_key(near).split() if word not in GRAMMAR]
    if not words:
        return None
    named = np.ones(snapshot.size, np.bool_)
    for word in words:
        named &= snapshot.text_totals([(stem(word), 1.0)]) > 0
    named &= snapshot.live
    return named if named.any() else None


def _named_with(snapshot: Snapshot, key: str) -> set[int]:
    found: set[int] | None = None
    for word in key.split():
        having = set(snapshot.named(stem(word)))
        found = having if found is None else found & having
    return found or set()


def _is_called_after(name: str, key: str) -> bool:
    words, place = place_key(name).split(), key.split()
    rest = words[len(place) :]
    return words[: len(place)] == place and not _CALLED_AFTER.isdisjoint(rest) and rest[0] not in _STREETS
