"""Whether two records are likely of one person, found by keys that give nothing away.

A key is a keyed hash: organisations can compare what they hold without either seeing the other's. All that is
ever said is that a match exists and that the hub can be asked.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_NOT_A_LETTER = re.compile(r"[\W\d_]+")
_WITHIN_A_NAME = re.compile(r"['\u2018\u2019`\u00b4]")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "dame"})
_UNMARKED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


class Match(StrEnum):
    """How likely two records are of one person. None of them is certain: somebody looks before they are joined."""

    SAME_NHS_NUMBER = "same-nhs-number"
    SAME_NAME_AND_BIRTH = "same-name-and-birth"
    ONE_NAME_AND_BIRTH = "one-name-and-birth"


@dataclass(frozen=True, slots=True)
class MatchKeys:
    """What a record is compared by. A part that was not given has no key and matches nothing."""

    nhs_number: str | None = None
    name_and_birth: str | None = None
    each_name_and_birth: frozenset[str] = frozenset()


def match_keys(secret: bytes, *, name: str, born: date | None, nhs_number: str | None) -> MatchKeys:
    """The keys of a record; `secret` is the installation's own."""
    names = name_parts(name) if born else frozenset()
    return MatchKeys(
        nhs_number=_key(secret, "nhs", nhs_number) if nhs_number else None,
        name_and_birth=_key(secret, "all", " ".join(sorted(names)), str(born)) if len(names) > 1 else None,
        each_name_and_birth=frozenset(_key(secret, "one", each, str(born)) for each in names if len(each) > 1),
    )


def likely_match(one: MatchKeys, other: MatchKeys) -> Match | None:
    """Whether the two are likely of one person; two different NHS numbers make the same name a weak sign."""
    if one.nhs_number and one.nhs_number == other.nhs_number:
        return Match.SAME_NHS_NUMBER
    numbers_differ = bool(one.nhs_number and other.nhs_number)
    if one.name_and_birth and one.name_and_birth == other.name_and_birth:
        return Match.ONE_NAME_AND_BIRTH if numbers_differ else Match.SAME_NAME_AND_BIRTH
    if one.each_name_and_birth & other.each_name_and_birth:
        return None if numbers_differ else Match.ONE_NAME_AND_BIRTH
    return None


def name_parts(name: str) -> frozenset[str]:
    """The words of a name without case, accents, apostrophes, titles or order."""
    plain = unicodedata.normalize("NFKD", _WITHIN_A_NAME.sub("", name))
    folded = unicodedata.normalize("NFKD", plain.casefold())
    bare = "".join(each for each in folded if not unicodedata.combining(each)).translate(_UNMARKED)
    return frozenset(word for word in _NOT_A_LETTER.split(bare) if word and word not in _TITLES)


def _key(secret: bytes, *parts: str) -> str:
    return hmac.new(secret, "\x1f".join(parts).encode(), "sha256").hexdigest()
