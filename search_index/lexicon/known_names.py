"""Organisations and kinds of service that are known by name all over the country, and what they are for.

"Citizens Advice Stockport" says nothing of debt, and "Salvation Army" is no army: for such names a written list knows
better than a model of lay words.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from search_index.lexicon.expansion import rows
from search_index.lexicon.text import folded_words

# "Mind" alone is a word like any other; the branches of the charity bear their places, with capitals.
_NO_PLACE = r"(?!Peace|Open|Body|Young|Healthy|Calm|Beautiful|Creative|Clear)"
_PLACE = rf"{_NO_PLACE}[A-Z][\w'’.-]*(?:[ ,&]+(?:and |in )?[A-Z][\w'’.-]*){{0,4}}"
_LOCAL_MIND = re.compile(rf"({_PLACE}) (?:Mind|MIND)|(?:Mind|MIND) (?:in|IN) ({_PLACE})")


class Known(NamedTuple):
    """What a name says: the topics of all known names in it, and its other words."""

    topics: tuple[str, ...]
    rest: str


def known_name(name: str) -> Known:
    """Read the known names out of a service's name; without any, `rest` is the name as it was given."""
    # Most names and all that people type have no such word, and the pattern tries every place for it.
    has_mind = "Mind" in name or "MIND" in name
    if has_mind and (place_of_mind := _LOCAL_MIND.fullmatch(name.strip())):
        return Known(("mental-health",), (place_of_mind[1] or place_of_mind[2]).lower())
    words = folded_words(name)
    topics: dict[str, None] = {}
    rest: list[str] = []
    place = 0
    while place < len(words):
        for known, slugs in _book().get(words[place], ()):
            if tuple(words[place : place + len(known)]) == known:
                topics.update(dict.fromkeys(slugs))
                place += len(known)
                break
        else:
            rest.append(words[place])
            place += 1
    return Known(tuple(topics), " ".join(rest) if topics else name)


@cache
def _book() -> Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]:
    """Give the names by their first word, longest first, each with its topics."""
    book: defaultdict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
    for name, slugs in rows("known_names.tsv"):
        words = tuple(folded_words(name))
        book[words[0]].append((words, tuple(slugs.split(","))))
    return {first: tuple(sorted(entries, key=lambda entry: -len(entry[0]))) for first, entries in book.items()}
