"""Filters and their counts over the documents of one search.

Within a filter any chosen value will do, between filters all must hold. The count beside a value says how many results
there are when it alone is chosen in its filter and the others stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
from flask_babel import get_locale
from numpy.typing import NDArray

from app.library.labels import FACET_LABELS, value_label
from app.library.request import TAG_FILTERS, FilterAddresses, SearchRequest
from app.library.topics import TopicTree
from search_index import Snapshot

Mask = NDArray[np.bool_]

# Ages that a value stands for, in whole years.
AGE_BANDS: Mapping[str, tuple[int, int]] = {
    "under-18": (0, 17),
    "18-25": (18, 25),
    "26-64": (26, 64),
    "65-over": (65, 130),
}
MOST_VALUES = 12
MANY_VALUED = frozenset({"topic", "lang"})
OPEN_NOW, OPEN_TODAY = "now", "today"
OPEN_VALUES = (OPEN_NOW, OPEN_TODAY, "evenings", "weekends")


@dataclass(frozen=True, slots=True)
class Count:
    """How many results a value of a filter has."""

    value: str
    count: int


class Filtering:
    """The chosen filters as masks over one snapshot, at one local time."""

    def __init__(self, snapshot: Snapshot, chosen: Mapping[str, tuple[str, ...]], local_now: datetime) -> None:
        self._snapshot = snapshot
        self._now = local_now
        self._masks = {name: self._any_of(name, values) for name, values in chosen.items()}

    def apply(self, mask: Mask) -> Mask:
        """Those of `mask` that pass every filter."""
        return self._but(mask, None)

    def counts(self, name: str, values: Sequence[str], mask: Mask) -> list[Count]:
        """Counts of `values` of one filter among those of `mask` that pass the other filters."""
        kept = self._but(mask, name)
        return [Count(value, int(np.count_nonzero(kept[self._documents(name, value)]))) for value in values]

    def _but(self, mask: Mask, left_out: str | None) -> Mask:
        for name, passes in self._masks.items():
            if name != left_out:
                mask = mask & passes
        return mask

    def _any_of(self, name: str, values: Sequence[str]) -> Mask:
        passes = np.zeros(self._snapshot.size, np.bool_)
        for value in values:
            passes[self._documents(name, value)] = True
        return passes

    def _documents(self, name: str, value: str) -> NDArray[np.int32] | Mask:
        if name == "age":
            return self._of_age(value)
        if name == "open" and value in (OPEN_NOW, OPEN_TODAY):
            return self._open(now=value == OPEN_NOW)
        return self._snapshot.tagged(f"{TAG_FILTERS.get(name, name)}:{value}")

    def _of_age(self, value: str) -> Mask:
        lowest, highest = AGE_BANDS.get(value) or _exact_age(value)
        youngest, oldest = self._snapshot.minimum_age, self._snapshot.maximum_age
        return ((youngest < 0) | (youngest <= highest)) & ((oldest < 0) | (oldest >= lowest))

    def _open(self, *, now: bool) -> NDArray[np.int32]:
        snapshot, today = self._snapshot, self._now.date()
        nth = (today.day - 1) // 7 + 1
        is_last = (today + timedelta(days=7)).month != today.month
        open_today = (snapshot.opening_weekday == today.weekday()) & (
            (snapshot.opening_ordinal == 0)
            | (snapshot.opening_ordinal == nth)
            | ((snapshot.opening_ordinal == -1) & is_last)
        )
        if now:
            minute = self._now.hour * 60 + self._now.minute
            open_today &= (snapshot.opening_opens <= minute) & (minute < snapshot.opening_closes)
        return snapshot.opening_document[open_today]


def _exact_age(value: str) -> tuple[int, int]:
    age = int(value) if value.isascii() and value.isdigit() and len(value) <= 3 else 999
    return age, age


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that can be chosen, and the address of the search with it chosen (or no longer chosen)."""

    value: str
    label: str
    count: int
    selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with its values."""

    name: str
    label: str
    values: Sequence[FacetValue]

    @property
    def chosen(self) -> int:
        """How many of its values are chosen."""
        return sum(value.selected for value in self.values)


def facets_of(
    filtering: Filtering, fitting: Mask, request: SearchRequest, tree: TopicTree, snapshot: Snapshot
) -> list[Facet]:
    """Every filter that could change these results, with the values that still have some."""
    facets = []
    addresses, language = request.filter_addresses(), str(get_locale())
    for name in FACET_LABELS:
        counts = _worth_showing(name, filtering.counts(name, _values(name, snapshot, request), fitting), request)
        if len(counts) > 1 or any(count.value in request[name] for count in counts):
            values = [_value(name, count, request, tree, addresses, language) for count in counts]
            facets.append(Facet(name, _kept_name(language, name), values))
    return facets


def _worth_showing(name: str, counts: Sequence[Count], request: SearchRequest) -> list[Count]:
    shown = [count for count in counts if count.count or count.value in request[name]]
    if name in MANY_VALUED:
        shown.sort(key=lambda count: (count.value not in request[name], -count.count))
    return shown[:MOST_VALUES]


def _values(name: str, snapshot: Snapshot, request: SearchRequest) -> Sequence[str]:
    if name == "open":
        return OPEN_VALUES
    if name == "age":
        return (*AGE_BANDS, *(value for value in request[name] if value not in AGE_BANDS))
    if name == "accepting":
        return ("new-people",)
    prefix = f"{TAG_FILTERS[name]}:"
    present = [tag.removeprefix(prefix) for tag in snapshot.tags(prefix)]
    return present + [value for value in request[name] if value not in present]


def _value(
    name: str, count: Count, request: SearchRequest, tree: TopicTree, addresses: FilterAddresses, language: str
) -> FacetValue:
    chosen = request[name]
    selected = count.value in chosen
    others = tuple(value for value in chosen if value != count.value) if selected else (*chosen, count.value)
    # What was typed into the address bar is not kept; the other values are those of the index and our own.
    label = value_label(name, count.value, tree) if selected else _kept_label(language, name, count.value, tree)
    return FacetValue(count.value, label, count.count, selected, addresses.with_filter(name, others))


@lru_cache(maxsize=100)
def _kept_name(_language: str, name: str) -> str:
    return str(FACET_LABELS[name])


@lru_cache(maxsize=2_000)
def _kept_label(_language: str, name: str, value: str, tree: TopicTree) -> str:
    return value_label(name, value, tree)
