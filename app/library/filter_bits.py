"""What every filter lets through, as bits over one generation of the index: to count a whole page is one sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from app.library.request import TAG_FILTERS
from search_index import Snapshot

Mask = NDArray[np.bool_]
Bits = NDArray[np.uint64]

# Ages that a value stands for, in whole years.
AGE_BANDS: Mapping[str, tuple[int, int]] = {
    "under-18": (0, 17),
    "18-25": (18, 25),
    "26-64": (26, 64),
    "65-over": (65, 130),
}
OPEN_NOW, OPEN_TODAY = "now", "today"
OPEN_VALUES = (OPEN_NOW, OPEN_TODAY, "evenings", "weekends")
_WORD = 64


@dataclass(frozen=True, slots=True)
class Openings:
    """The regular hours of all documents, a row an opening."""

    document: NDArray[np.int32]
    weekday: NDArray[np.int8]
    ordinal: NDArray[np.int8]
    opens: NDArray[np.int16]
    closes: NDArray[np.int16]


class FilterBits:
    """One column of bits for each value of each filter, a bit a document. Safe for threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.size = snapshot.size
        # Its arrays and not the snapshot itself, so that an old generation can go.
        self._ages = (snapshot.minimum_age, snapshot.maximum_age)
        self._openings = Openings(
            snapshot.opening_document,
            snapshot.opening_weekday,
            snapshot.opening_ordinal,
            snapshot.opening_opens,
            snapshot.opening_closes,
        )
        tags = {name: snapshot.tags(f"{TAG_FILTERS.get(name, name)}:") for name in (*TAG_FILTERS, "open")}
        self.values: Mapping[str, Sequence[str]] = {
            name: tuple(tag.partition(":")[2] for tag in found) for name, found in tags.items()
        }
        masks = [self._among(snapshot.tagged(tag)) for found in tags.values() for tag in found]
        masks += [self._of_ages(*ages) for ages in AGE_BANDS.values()]
        keys = [(name, value) for name, values in self.values.items() for value in values]
        keys += [("age", band) for band in AGE_BANDS]
        self._column = {key: column for column, key in enumerate(keys)}
        firsts = accumulate((len(values) for values in self.values.values()), initial=0)
        # The columns of all values of a filter stand together, in the order of `values`.
        self.columns = {
            name: slice(first, first + len(values))
            for first, (name, values) in zip(firsts, self.values.items(), strict=False)
        }
        # Side by side, so that all are counted word by word: twice as quick as one after the other.
        self._bits = np.ascontiguousarray(np.stack([packed(mask) for mask in masks]).T)
        self._open: tuple[datetime | None, dict[str, Mask]] = (None, {})

    @property
    def memory(self) -> int:
        """Bytes held."""
        return self._bits.nbytes

    def counts(self, kept: Bits) -> NDArray[np.int64]:
        """How many documents of `kept` each value lets through, by its column."""
        return np.bitwise_count(self._bits & kept[:, None]).sum(axis=0, dtype=np.int64)

    def column(self, name: str, value: str) -> int | None:
        """The column of a value; None for one that no document has, and for "open now" and "today"."""
        return self._column.get((name, value))

    def mask(self, name: str, value: str, local_now: datetime) -> Mask:
        """The documents that a value lets through."""
        if name == "open" and value in (OPEN_NOW, OPEN_TODAY):
            return self._open_at(local_now)[value]
        column = self.column(name, value)
        if column is not None:
            return np.unpackbits(self._bits[:, column].copy().view(np.uint8), count=self.size).view(np.bool_)
        return self._of_ages(*_exact_age(value)) if name == "age" else np.zeros(self.size, np.bool_)

    def _among(self, documents: NDArray[np.int32]) -> Mask:
        mask = np.zeros(self.size, np.bool_)
        mask[documents] = True
        return mask

    def _of_ages(self, lowest: int, highest: int) -> Mask:
        youngest, oldest = self._ages
        return ((youngest < 0) | (youngest <= highest)) & ((oldest < 0) | (oldest >= lowest))

    def _open_at(self, local_now: datetime) -> dict[str, Mask]:
        """What is open now and today; worked out once a minute."""
        minute = local_now.replace(second=0, microsecond=0, tzinfo=None)
        known = self._open
        if known[0] != minute:
            known = (minute, self._opened(minute))
            self._open = known
        return known[1]

    def _opened(self, minute: datetime) -> dict[str, Mask]:
        openings, today = self._openings, minute.date()
        nth = (today.day - 1) // 7 + 1
        is_last = (today + timedelta(days=7)).month != today.month
        ordinal = openings.ordinal
        opens_today = (openings.weekday == today.weekday()) & (
            (ordinal == 0) | (ordinal == nth) | ((ordinal == -1) & is_last)
        )
        clock = minute.hour * 60 + minute.minute
        opens_now = opens_today & (openings.opens <= clock) & (clock < openings.closes)
        return {
            OPEN_NOW: self._among(openings.document[opens_now]),
            OPEN_TODAY: self._among(openings.document[opens_today]),
        }


def packed(mask: Mask) -> Bits:
    """The mask with a bit a document, in whole words."""
    octets = np.packbits(mask)
    words = np.zeros(-(-len(mask) // _WORD), np.uint64)
    words.view(np.uint8)[: len(octets)] = octets
    return words


def _exact_age(value: str) -> tuple[int, int]:
    age = int(value) if value.isascii() and value.isdigit() and len(value) <= 3 else 999
    return age, age
