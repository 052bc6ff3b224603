"""Searches that are a name: of a listing, of who runs it, or of both.

Who types "Lintel Housing Advice" asks for that organisation and not for housing advice of anybody, however well the
topics fit. A name is known by being typed whole, by a word that only the names of one organisation have, or by most of
its words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from search_index import Snapshot
from search_index.analysis import stems, words
from search_index.words import LOW_VALUE

# What is asked of somebody whose name is known.
_ASKED_OF = LOW_VALUE | frozenset(
    "address call contact details email hours number opening phone ring site telephone times website".split()
)
# So many organisations share the name of a thing ("Food bank", "Advice line"), not a name of their own.
MOST_WITH_ONE_NAME = 4
# A word of more listings' names than this tells of none, nor one that is in texts much more often than in names.
MOST_WITH_A_WORD = 60
BESIDE_NAMES = 2
_SHORTEST_WORD = 3
# So many words of a name, and so much of it, are no chance: "mental health crisis space".
FEWEST_WORDS = 3
LEAST_OF_A_NAME = 0.6


@dataclass(frozen=True, slots=True)
class Named:
    """The documents that are called so, each with how much of what was typed is their name: 0 to 1.

    `whole` says that it is their whole name, and `with_place` that a place in what was typed is a part of it.
    """

    shares: Mapping[int, float]
    whole: bool
    with_place: bool = False

    @property
    def called(self) -> Collection[int]:
        """Those whose whole name was typed."""
        return self.shares.keys() if self.whole else ()


NOBODY = Named({}, whole=False)


def named(snapshot: Snapshot, typed: str, without_place: str, mended: str, clarity: Mapping[str, float]) -> Named:
    """Whom a search names: as it was typed, without its place, or with its spelling mended (where it was).

    `clarity` has the stems of everyday words.
    """
    readings = list(dict.fromkeys(tuple(words(text)) for text in (typed, without_place, mended) if text))
    for reading in readings:
        for said in (reading, _without_asking(reading)):
            called = snapshot.called(said)
            if called and len({snapshot.organizations[number] for number in called}) <= MOST_WITH_ONE_NAME:
                has_place = reading is readings[0] and reading != tuple(words(without_place))
                return Named(dict.fromkeys(called, 1.0), whole=True, with_place=has_place)
    told = stems(word for reading in readings[-1:] for word in reading if word not in _ASKED_OF)
    return _by_words(snapshot, told, clarity)


def _without_asking(typed: Sequence[str]) -> tuple[str, ...]:
    """The words without those before and behind that only ask: "phone number for the Candlewick please"."""
    first, last = 0, len(typed)
    while first < last and typed[first] in _ASKED_OF:
        first += 1
    while first < last and typed[last - 1] in _ASKED_OF:
        last -= 1
    return tuple(typed[first:last])


def _by_words(snapshot: Snapshot, told: Collection[str], clarity: Mapping[str, float]) -> Named:
    """Those whose name it is in part: by a word of their own, or by so many words that they are no chance."""
    for word in told:
        if word not in clarity and len(word) >= _SHORTEST_WORD and (found := _only_in_names(snapshot, word)):
            return Named({number: _typed_of_it(snapshot, number, told) for number in found}, whole=False)
    if len(told) >= FEWEST_WORDS and (found := _with_all_in_name(snapshot, told)):
        return Named({number: share for number in found if (share := _told_of_it(snapshot, number, told))}, whole=False)
    return NOBODY


def _only_in_names(snapshot: Snapshot, word: str) -> Sequence[int]:
    """The listings of the one organisation that has the word in its names, if texts hardly have it."""
    if not 0 < snapshot.name_frequency(word) <= MOST_WITH_A_WORD:
        return ()
    found = snapshot.named(word)
    if len({snapshot.organizations[number] for number in found}) != 1:
        return ()
    return found if snapshot.documents_with(word) <= BESIDE_NAMES * len(found) + BESIDE_NAMES else ()


def _with_all_in_name(snapshot: Snapshot, told: Iterable[str]) -> Sequence[int]:
    """The listings that may have all of the words in their names: those that have the rarest."""
    rarest, fewest = "", MOST_WITH_A_WORD
    for word in told:
        count = snapshot.name_frequency(word)
        if count == 0:
            return ()
        if count < fewest:
            rarest, fewest = word, count
    return snapshot.named(rarest) if rarest else ()


def _typed_of_it(snapshot: Snapshot, number: int, told: Collection[str]) -> float:
    """How much of what was typed is the listing's name or its organisation's."""
    name = stems(words(f"{snapshot.names[number]} {snapshot.organizations[number]}"))
    return sum(word in name for word in told) / len(told)


def _told_of_it(snapshot: Snapshot, number: int, told: Collection[str]) -> float:
    """How much of the listing's name was typed; nothing where anything else was typed, or too little of it."""
    name = stems(word for word in words(snapshot.names[number]) if word not in _ASKED_OF)
    share = len(told) / len(name) if name and all(word in name for word in told) else 0.0
    return share if share >= LEAST_OF_A_NAME else 0.0
