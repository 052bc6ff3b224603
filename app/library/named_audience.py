"""Whom a service is for by its own name, where nobody stated it: feeds seldom do, and a name seldom lies."""

from __future__ import annotations

import re

from app.directory.codes import Gender
from search_index.analysis import fold

_MEN = re.compile(r"\b(?:men'?s?|man club|blokes?|dads|fathers)\b")
_WOMEN = re.compile(r"\b(?:wom[ae]n'?s?|ladies|mums|mothers|girls)\b")


def named_audience(name: str) -> Gender | None:
    """Men or women where the name speaks of one of them only: "The Men's Room", but not "Mums and Dads"."""
    plain = fold(name)
    men, women = _MEN.search(plain), _WOMEN.search(plain)
    if bool(men) == bool(women):
        return None
    return Gender.MEN if men else Gender.WOMEN
