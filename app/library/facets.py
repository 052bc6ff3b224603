"""Filters and their counts over the documents of one search.

Within a filter any chosen value will do, between filters all must hold. The count beside a value says how many results
there are when it alone is chosen in its filter and the others stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import itemgetter

import numpy as np

from app.library.filter_bits import AGE_BANDS, OPEN_VALUES, Bits, FilterBits, Mask, packed
from app.library.labels import FACET_LABELS, value_label
from app.library.request import AddressAround, FilterAddresses, SearchRequest, written
from app.library.topics import TopicTree
from app.web.page_words import page_words

MOST_VALUES = 12
MANY_VALUED = frozenset({"topic", "lang"})


# Values of a filter, each with how many results it has.
Counts = list[tuple[str, int]]


class Filtering:
    """The chosen filters as masks over one generation, at one local time."""

    def __init__(self, bits: FilterBits, chosen: Mapping[str, tuple[str, ...]], local_now: datetime) -> None:
        self.bits = bits
        self._now = local_now
        self.masks = {name: self._any_of(name, values) for name, values in chosen.items()}

    def apply(self, mask: Mask, left_out: str | None = None) -> Mask:
        """Those of `mask` that pass every filter, but for the one left out."""
        for name, passes in self.masks.items():
            if name != left_out:
                mask = mask & passes
        return mask

    def counting(self, mask: Mask) -> Counting:
        """Counts among those of `mask`."""
        return Counting(self, mask)

    def mask(self, name: str, value: str) -> Mask:
        """The documents that a value lets through."""
        return self.bits.mask(name, value, self._now)

    def _any_of(self, name: str, values: Sequence[str]) -> Mask:
        passes = np.zeros(self.bits.size, np.bool_)
        for value in values:
            passes |= self.mask(name, value)
        return passes


class Counting:
    """How many of some documents each value lets through, when the other filters stay as they are."""

    def __init__(self, filtering: Filtering, among: Mask) -> None:
        self._filtering = filtering
        self._among = among
        # By the filter left out; every filter that nothing is chosen in shares what is kept under None.
        self._kept: dict[str | None, tuple[Bits, list[int]]] = {}

    def of(self, name: str, values: Sequence[str]) -> Counts:
        """Counts of `values` of one filter."""
        kept, totals = self._counted(name if name in self._filtering.masks else None)
        bits = self._filtering.bits
        if values is bits.values.get(name):
            return list(zip(values, totals[bits.columns[name]], strict=True))
        column = bits.column
        return [
            (value, self._count(name, value, kept) if (at := column(name, value)) is None else totals[at])
            for value in values
        ]

    def _counted(self, left_out: str | None) -> tuple[Bits, list[int]]:
        known = self._kept.get(left_out)
        if known is None:
            kept = packed(self._filtering.apply(self._among, left_out))
            known = self._kept[left_out] = (kept, self._filtering.bits.counts(kept).tolist())
        return known

    def _count(self, name: str, value: str, kept: Bits) -> int:
        return int(np.bitwise_count(kept & packed(self._filtering.mask(name, value))).sum())


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that is chosen, and the address of the search without it."""

    value: str
    label: str
    count: int
    selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with its values and their counts; `chosen` are those chosen in it, shown or not."""

    name: str
    label: str
    counts: Counts
    chosen: Sequence[str]
    around: AddressAround
    tree: TopicTree

    @property
    def selected(self) -> list[FacetValue]:
        """Those of its values that are chosen."""
        return [self.chosen_value(value, count) for value, count in self.counts if value in self.chosen]

    def chosen_value(self, value: str, count: int) -> FacetValue:
        """One of the chosen values, with the address of the search without it."""
        others = tuple(other for other in self.chosen if other != value)
        address = self.around.with_values(written(self.name, others))
        # What was typed into the address bar is not kept; the words for other values are.
        return FacetValue(value, value_label(self.name, value, self.tree), count, selected=True, url=address)


def facets_of(
    filtering: Filtering, fitting: Mask, request: SearchRequest, tree: TopicTree, addresses: FilterAddresses
) -> list[Facet]:
    """Every filter that could change these results, with the values that still have some."""
    facets = []
    language = page_words().language
    counting = filtering.counting(fitting)
    for name in FACET_LABELS:
        counts = _worth_showing(name, counting.of(name, _offered(name, filtering.bits, request, tree)), request)
        chosen = request[name]
        if len(counts) > 1 or any(value in chosen for value, _ in counts):
            facets.append(Facet(name, _kept_name(language, name), counts, chosen, addresses.around(name), tree))
    return facets


def _offered(name: str, bits: FilterBits, request: SearchRequest, tree: TopicTree) -> Sequence[str]:
    values = _values(name, bits, request)
    if name != "topic":
        return values
    # A topic out of use is found under the one that stands for it.
    chosen, retired = request[name], tree.retired
    return [value for value in values if value not in retired or value in chosen] if retired else values


def _worth_showing(name: str, counts: Counts, request: SearchRequest) -> Counts:
    chosen = request[name]
    shown = [pair for pair in counts if pair[1] or pair[0] in chosen]
    if name in MANY_VALUED:
        shown.sort(key=itemgetter(1), reverse=True)
        if chosen:
            shown.sort(key=lambda pair: pair[0] not in chosen)
    return shown[:MOST_VALUES]


def _values(name: str, bits: FilterBits, request: SearchRequest) -> Sequence[str]:
    if name == "open":
        return OPEN_VALUES
    if name == "age":
        return (*AGE_BANDS, *(value for value in request[name] if value not in AGE_BANDS))
    if name == "accepting":
        return ("new-people",)
    present = bits.values[name]
    asked = [value for value in request[name] if value not in present]
    return [*present, *asked] if asked else present


@lru_cache(maxsize=100)
def _kept_name(_language: str, name: str) -> str:
    return str(FACET_LABELS[name])


@lru_cache(maxsize=2_000)
def kept_label(_language: str, name: str, value: str, tree: TopicTree) -> str:
    """The words for a value of the index or of ours."""
    return value_label(name, value, tree)
