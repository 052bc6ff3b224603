"""How far each service is from a point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index import Snapshot

Scores = NDArray[np.float32]
Numbers = NDArray[np.int32]

EARTH_KM = 6371.0
NOWHERE = np.float32(np.inf)


@dataclass(frozen=True, slots=True)
class Point:
    """Where the person is, in degrees."""

    latitude: float
    longitude: float


class _Sites:
    """Places in degrees, with what of the arithmetic does not depend on the question."""

    def __init__(self, latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> None:
        self.latitude, self.longitude = latitude, longitude
        half = np.radians(latitude / 2)
        self.cosine = np.cos(half).astype(np.float32)
        self.sine = np.sin(half).astype(np.float32)

    @property
    def memory(self) -> int:
        """Bytes."""
        return self.latitude.nbytes + self.longitude.nbytes + self.cosine.nbytes + self.sine.nbytes

    def kilometres(self, point: Point, chosen: NDArray[np.integer] | slice) -> Scores:
        """On a plane tangent at the point: within 300 km the error is below 1%; beyond that only "far" matters."""
        half = np.radians(point.latitude / 2)
        degree = np.radians(EARTH_KM)
        north = ((self.latitude[chosen] - point.latitude) * degree).astype(np.float32)
        east = ((self.longitude[chosen] - point.longitude) * degree).astype(np.float32)
        # The cosine of the latitude midway, by the halves of both.
        east *= self.cosine[chosen] * np.float32(np.cos(half)) - self.sine[chosen] * np.float32(np.sin(half))
        north *= north
        east *= east
        north += east
        return np.sqrt(north, out=north)


class Places:
    """Where the services of one snapshot are; made once for it."""

    def __init__(self, snapshot: Snapshot) -> None:
        document = snapshot.point_document
        once, first, counts = np.unique(document, return_index=True, return_counts=True)
        latitude, longitude = np.zeros(snapshot.size), np.zeros(snapshot.size)
        latitude[once], longitude[once] = snapshot.latitude[first], snapshot.longitude[first]
        self._first = _Sites(latitude, longitude)
        nowhere = np.ones(snapshot.size, np.bool_)
        nowhere[once] = False
        latitude[nowhere] = np.inf
        many = np.zeros(snapshot.size, np.bool_)
        many[once[counts > 1]] = True
        further = many[document]
        further[first] = False
        self._document = document[further]
        self._further = _Sites(snapshot.latitude[further], snapshot.longitude[further])

    @property
    def memory(self) -> int:
        """Bytes."""
        return self._first.memory + self._further.memory + self._document.nbytes

    def kilometres(self, point: Point, numbers: Numbers) -> Scores:
        """From `point` to the nearest place of each of the documents (ascending); infinite where it has none."""
        found = self._first.kilometres(point, numbers)
        if len(self._document) and len(numbers):
            at = np.minimum(np.searchsorted(numbers, self._document), len(numbers) - 1)
            wanted = np.flatnonzero(numbers[at] == self._document)
            np.minimum.at(found, at[wanted], self._further.kilometres(point, wanted))
        return found
