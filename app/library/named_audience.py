"""Whom a service is for by its own name, where nobody stated it: feeds seldom do, and a name seldom lies."""

from __future__ import annotations

import re

from app.directory.codes import Gender
from search_index.analysis import fold

# The tag of what is there for those around a person.
RELATIVES = "for:relatives"
CARERS = "carers-support"
_MEN = re.compile(r"\b(?:men'?s?|man club|blokes?|dads|fathers)\b")
_KIN = (
    "wives|husbands|partners|spouses|mothers|fathers|mums|dads|parents|grandparents|brothers|sisters|siblings"
    "|sons|daughters|relatives|famil(?:y|ies)|friends|loved ones?|grown up children"
)
_RELATIVES = re.compile(rf"\b(?:{_KIN})\b")
# So many kinds of relatives are named by who is there for them; in a name two are enough.
_KINDS = 3
# "A programme for parents and partners" says it outright, and jewels that are a gift for family or friends do not.
_SIDE_BY_SIDE = re.compile(
    rf"\b(?:programmes?|courses?|groups?|support|sessions?|evenings?|services?|help|helplines?|advice|counselling) for"
    rf" (?:the |all )?(?:{_KIN})(?:,?(?: and| or)? (?:{_KIN}))+\b"
)
_WOMEN = re.compile(r"\b(?:wom[ae]n'?s?|ladies|mums|mothers|girls)\b")


def for_relatives(name: str, description: str) -> bool:
    """Whether a service is for those around a person: "Wives, husbands, mothers: how to live with it"."""
    named = set(_RELATIVES.findall(fold(name).replace("-", " ")))
    told = set(_RELATIVES.findall(fold(description).replace("-", " ")))
    return len(named) > 1 or len(named | told) >= _KINDS or _SIDE_BY_SIDE.search(fold(description)) is not None


def named_audience(name: str) -> Gender | None:
    """Men or women where the name speaks of one of them only: "The Men's Room", but not "Mums and Dads"."""
    plain = fold(name)
    men, women = _MEN.search(plain), _WOMEN.search(plain)
    if bool(men) == bool(women):
        return None
    return Gender.MEN if men else Gender.WOMEN
