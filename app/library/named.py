"""Searches that are a name: of a listing, of who runs it, or of both.

Who types "Lintel Housing Advice" asks for that organisation and not for housing advice of anybody, however well the
topics fit. A name is known by being typed whole, by how it begins, by a word that only the names of one organisation
have, or by most of its words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

from search_index import Snapshot
from search_index.analysis import stems, words
from search_index.names import name_words
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
# So many words tell that a name begins with them, if the rarest is in no more than so many times as many listings.
FEWEST_BEGUN = 2
BESIDE_BEGUN = 3
_SHORTEST_WORD = 3
# So many words of a name, and so much of it, are no chance: "mental health crisis space".
FEWEST_WORDS = 3
LEAST_OF_A_NAME = 0.6


@dataclass(frozen=True, slots=True)
class Named:
    """The documents that are called so, each with how much of what was typed is their name: 0 to 1.

    `whole` says that it is their whole name, and `with_place` that a place in what was typed is a part of the name.
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
    names = [
        (said, reading is readings[0] and reading != tuple(words(without_place)))
        for reading in readings
        for said in _unasked(reading)
        if snapshot.begins_a_name(said[0])
    ]
    for find, whole in ((_called, True), (_begun, False)):
        for said, has_place in names:
            if found := find(snapshot, said):
                return Named(dict.fromkeys(found, 1.0), whole=whole, with_place=has_place)
    told = stems(word for reading in readings[-1:] for word in reading if word not in _ASKED_OF)
    return _by_words(snapshot, told, clarity)


def _called(snapshot: Snapshot, said: Sequence[str]) -> Sequence[int]:
    """Those whose whole name it is."""
    found = snapshot.called(said)
    return found if _is_a_name(snapshot, found) else ()


def _begun(snapshot: Snapshot, said: Sequence[str]) -> Sequence[int]:
    """Those whose name begins so: "Harbour Gate" is said of the Harbour Gate Domestic Abuse Service."""
    if len(said) < FEWEST_BEGUN or all(word in _ASKED_OF for word in said):
        return ()
    found = snapshot.called_at_first(said)
    if not _is_a_name(snapshot, found):
        return ()
    # "Debt advice" begins many a name too, but is said of much else.
    rarest = min(map(snapshot.vocabulary().get, said, repeat(0)))
    return found if rarest <= BESIDE_BEGUN * (len(found) + 1) else ()


def _is_a_name(snapshot: Snapshot, called: Iterable[int]) -> bool:
    return 0 < len({snapshot.organizations[number] for number in called}) <= MOST_WITH_ONE_NAME


def _unasked(typed: Sequence[str]) -> Iterable[Sequence[str]]:
    """What was typed, and it without more and more of the words before and behind that only ask.

    "Phone number for any wheels please" may ask for "Any Wheels" or for "wheels".
    """
    first, last = 0, len(typed)
    while last > 0 and typed[last - 1] in _ASKED_OF:
        last -= 1
    while first < last and typed[first] in _ASKED_OF:
        first += 1
    said = (name_words(typed[start:end]) for start in range(first + 1) for end in {len(typed), last})
    return [name for name in said if name]


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
