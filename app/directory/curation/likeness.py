"""Whether two listings seem to be the same: a rule over names and what else they share.

Our own rule. On four open lists of one district, 993 rows, it found 19 pairs, of which 2 were two things in truth.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from app.directory.codes import NameLikeness, Shared

# Words that say nothing of what is meant, and words that many names end in.
FILLERS = frozenset(
    "a an and at by for from in of on or the to with your our ltd limited cic cio plc llp company charity charitable "
    "incorporated inc uk registered".split()
)
GENERIC = frozenset(
    "service services centre center group groups project bureau association organisation organization society trust "
    "foundation team office scheme programme network initiative clinic hub branch".split()
)
ONE_SPELLING = {
    "saint": "st",
    "doctor": "dr",
    "doctors": "dr",
    "center": "centre",
    "organization": "organisation",
    "program": "programme",
    "counseling": "counselling",
}
GENERIC_WEIGHT = 0.25
# In small directories, and for names unlike any other, a word weighs no more than this.
HEAVIEST = 6.0


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is compared of a listing."""

    id: UUID
    name: str
    organization: str
    source: str | None = None
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    web_pages: frozenset[str] = frozenset()
    places: frozenset[UUID] = frozenset()
    postcodes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two listings seem to be the same."""

    name: NameLikeness
    shared: frozenset[Shared]
    score: float


@lru_cache(maxsize=65536)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared: without accents, apostrophes and fillers, in one spelling."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    plain = re.sub(r"(?<=[a-z])['`](?=[a-z])", "", plain)
    found = re.findall(r"[a-z0-9]+", plain.replace("&", " and "))
    words = [ONE_SPELLING.get(word, word) for word in found]
    return _without_initials([word for word in words if word not in FILLERS]) or tuple(words)


def _without_initials(words: list[str]) -> tuple[str, ...]:
    """The words of a name without the letters that they are shortened to: "Lantern Autism Society (LAS)"."""
    for position, word in enumerate(words):
        others = words[:position] + words[position + 1 :]
        if len(word) > 2 and word == "".join(other[0] for other in others):
            return tuple(others)
    return tuple(words)


def telephone(number: str) -> str:
    """The digits of a number as dialled at home; empty where it is too short to tell two apart."""
    digits = re.sub(r"\D", "", number.replace("(0)", ""))
    digits = re.sub(r"^(?:00)?44(?=[1-9])", "0", digits)
    return digits if len(digits) >= 9 else ""


def web_page(address: str) -> str:
    """A web address without what does not matter: scheme, "www.", query and a closing slash."""
    bare = re.sub(r"^[a-z]+://", "", address.strip().casefold())
    bare = re.split(r"[?#]", bare.removeprefix("www."))[0]
    bare = re.sub(r"/(?:index|default|home)\.\w+$", "", bare.rstrip("/"))
    return bare if "." in bare else ""


class NameWeights:
    """How much each word of the directory's names tells: rare words much, the town's own name little."""

    def __init__(self, names: Iterable[str]) -> None:
        listed = [words_of(name) for name in names]
        self._count = len(listed)
        self._having = Counter(word for words in listed for word in set(words))
        self._joined: dict[str, tuple[str, ...]] = {}

    def words(self, name: str) -> tuple[str, ...]:
        """The words of a name; two that stand elsewhere as one ("food bank") are made one."""
        found, words, position = [], words_of(name), 0
        while position < len(words):
            joined = "".join(words[position : position + 2])
            is_pair = position + 1 < len(words) and len(joined) > 5 and joined in self._having
            found.append(joined if is_pair else words[position])
            position += 2 if is_pair else 1
        return tuple(found)

    def rarity(self, word: str) -> int:
        """In how many names a word stands."""
        return self._having[word]

    def weight(self, word: str) -> float:
        """How much a word tells."""
        weight = min(math.log(1 + self._count / (1 + self._having[word])) + 0.5, HEAVIEST)
        return weight * GENERIC_WEIGHT if word in GENERIC else weight


# From how much of the weight of both names is common on, "almost the same" and "similar".
ALMOST_FROM, SIMILAR_FROM = 0.93, 0.55
# Many unrelated groups meet in one hall, so that more of the names must agree there.
SIMILAR_AT_ONE_PLACE = 0.7
# From here on a rare name is enough by itself.
ALONE_FROM = 0.85
REACHED_AT = frozenset({Shared.PHONE, Shared.EMAIL, Shared.WEB_PAGE})
AT_ONE_PLACE = frozenset({Shared.PLACE, Shared.POSTCODE})
# A name alone counts when it holds a word that hardly any other name has.
RARE_IN = 4


def likeness(one: Sketch, two: Sketch, weights: NameWeights) -> Likeness | None:
    """Why these two seem to be the same listing; None where they do not.

    Branches of a chain share a name and a website and stand in different places, so they are not; nor are the several
    services of one organisation, which share its telephone and a part of its name.
    """
    name, score = _compare(one, two, weights)
    if name is None:
        return None
    shared, is_rare = _shared(one, two), _is_rare_name(one, weights) and _is_rare_name(two, weights)
    found = Likeness(name, shared, round(score + len(shared) / 100, 4))
    if one.postcodes and two.postcodes and not shared & AT_ONE_PLACE:
        is_branch = Shared.ORGANIZATION in shared and one.source == two.source
        is_enough = name is not NameLikeness.SIMILAR and not is_branch and _is_enough_elsewhere(shared, is_rare=is_rare)
    elif name is NameLikeness.SIMILAR:
        is_enough = _is_enough_for_similar(shared, score)
    else:
        is_enough = bool(shared - {Shared.DISTRICT}) or (is_rare and Shared.DISTRICT in shared)
    return found if is_enough or (is_rare and score >= ALONE_FROM and _is_one_silent(one, two, shared)) else None


def _is_enough_elsewhere(shared: AbstractSet[Shared], *, is_rare: bool) -> bool:
    """For two of one name at two addresses: the registered office in one feed, say, and the hall in another."""
    return Shared.PHONE in shared or (Shared.DISTRICT in shared and (is_rare or bool(shared & REACHED_AT)))


def _is_enough_for_similar(shared: AbstractSet[Shared], score: float) -> bool:
    if Shared.ORGANIZATION in shared:
        return False
    return bool(shared & REACHED_AT) or (score >= SIMILAR_AT_ONE_PLACE and bool(shared & AT_ONE_PLACE))


def _is_one_silent(one: Sketch, two: Sketch, shared: AbstractSet[Shared]) -> bool:
    """Whether nothing can speak against the names, as one of the two says too little of itself."""
    says = (one.phones and two.phones) or (one.postcodes and two.postcodes)
    return not says and Shared.ORGANIZATION not in shared


def _is_rare_name(sketch: Sketch, weights: NameWeights) -> bool:
    words = set(weights.words(sketch.name)) - GENERIC
    return len(words) > 1 and min(weights.rarity(word) for word in words) <= RARE_IN


def _shared(one: Sketch, two: Sketch) -> frozenset[Shared]:
    common = {
        Shared.PHONE: one.phones & two.phones,
        Shared.EMAIL: one.emails & two.emails,
        Shared.WEB_PAGE: one.web_pages & two.web_pages,
        Shared.PLACE: one.places & two.places,
        Shared.POSTCODE: one.postcodes & two.postcodes,
        Shared.ORGANIZATION: words_of(one.organization) == words_of(two.organization),
        Shared.DISTRICT: _districts(one) & _districts(two),
    }
    return frozenset(shared for shared, what in common.items() if what)


def _districts(sketch: Sketch) -> set[str]:
    return {postcode.split(" ")[0] for postcode in sketch.postcodes}


def _compare(one: Sketch, two: Sketch, weights: NameWeights) -> tuple[NameLikeness | None, float]:
    first, second = weights.words(one.name), weights.words(two.name)
    if not first or not second:
        return None, 0.0
    if "".join(first) == "".join(second):
        return NameLikeness.SAME, 1.0
    score = _common_weight(one, two, weights)
    if score >= ALMOST_FROM:
        return NameLikeness.ALMOST, score
    return (NameLikeness.SIMILAR, score) if score >= SIMILAR_FROM else (None, score)


def _common_weight(one: Sketch, two: Sketch, weights: NameWeights) -> float:
    """The part of the weight of all words that both names have; nothing where each has a telling word of its own."""
    first, second = set(weights.words(one.name)), set(weights.words(two.name))
    only_first, only_second = first - second, second - first
    common = sum(weights.weight(word) for word in first & second)
    for word in sorted(only_first):
        if (twin := _misspelt(word, only_second)) is not None:
            common += max(weights.weight(word), weights.weight(twin))
            only_first, only_second = only_first - {word}, only_second - {twin}
    if words_of(one.organization) != words_of(two.organization):
        only_first -= set(words_of(two.organization))
        only_second -= set(words_of(one.organization))
    if only_first - GENERIC and only_second - GENERIC:
        return 0.0
    lonely = sum(weights.weight(word) for word in only_first | only_second)
    return common / (common + lonely) if common else 0.0


def _misspelt(word: str, others: Iterable[str]) -> str | None:
    """Another word that differs from this long one by one letter, written, left out, doubled or swapped."""
    if len(word) < 5 or not word.isalpha():
        return None
    return next((other for other in sorted(others) if other.isalpha() and _one_slip_apart(word, other)), None)


def _one_slip_apart(one: str, two: str) -> bool:
    if abs(len(one) - len(two)) > 1 or one[0] != two[0]:
        return False
    at = next((index for index, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    rests = one[at:], two[at:]
    return (
        rests[0][1:] == rests[1][1:]
        or rests[0][1:] == rests[1]
        or rests[0] == rests[1][1:]
        or (rests[0][:2] == rests[1][:2][::-1] and rests[0][2:] == rests[1][2:])
    )


# A telephone number or a page that more listings than these have belongs to a switchboard or a chain.
LARGEST_BLOCK = 25


def candidate_pairs(sketches: Sequence[Sketch], weights: NameWeights) -> list[tuple[Sketch, Sketch]]:
    """The pairs worth comparing: those that share a number, an address, a place, or the words of their names."""
    blocks: dict[tuple[object, ...], list[int]] = {}
    for index, sketch in enumerate(sketches):
        for key in _keys(sketch, weights):
            blocks.setdefault(key, []).append(index)
    found = {
        (first, second)
        for members in blocks.values()
        if 1 < len(members) <= LARGEST_BLOCK
        for position, first in enumerate(members)
        for second in members[position + 1 :]
    }
    return [(sketches[first], sketches[second]) for first, second in sorted(found)]


def _keys(sketch: Sketch, weights: NameWeights) -> set[tuple[object, ...]]:
    words = tuple(sorted(set(weights.words(sketch.name)) - GENERIC))
    keys: set[tuple[object, ...]] = {("organization", words_of(sketch.organization), words)}
    keys.add(("words", words))
    keys |= {("district", district, words) for district in _districts(sketch)}
    for kind, values in (
        ("phone", sketch.phones),
        ("email", sketch.emails),
        ("page", sketch.web_pages),
        ("postcode", sketch.postcodes),
        ("place", sketch.places),
    ):
        keys |= {(kind, value) for value in values}
    return keys


def alike(sketches: Sequence[Sketch]) -> list[tuple[Sketch, Sketch, Likeness]]:
    """The pairs that seem to be the same."""
    weights = NameWeights(sketch.name for sketch in sketches)
    pairs = candidate_pairs(sketches, weights)
    return [(one, two, why) for one, two in pairs if (why := likeness(one, two, weights))]
