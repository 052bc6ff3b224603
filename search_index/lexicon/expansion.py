"""Other words for the words typed: acronyms written out (and the other way round) and everyday words."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from search_index.lexicon.text import MAXIMUM_TEXT, folded_words

_FOLDER = Path(__file__).parent
_WORDS = 120
_LONGEST = 6  # words of the longest entry
MAXIMUM = 12  # expansions of one text

Kind = Literal["acronym", "synonym"]

_RAW_WORD = re.compile(r"[^\W_]+(?:['’&][^\W_]+)*")

# Capitals say that letters are meant; in small letters these are words, names or too many other things.
# They count there only when the query is already about one of these topics.
_RISKY: dict[str, frozenset[str]] = {
    letters: frozenset(topics.split())
    for letters, topics in {
        "aa": "alcohol substance-use disability-benefits older-people",
        "adp": "disability-benefits benefits",
        "apa": "universal-credit rent-arrears",
        "asc": "autism-adhd social-care disability",
        "ast": "eviction housing finding-a-home",
        "atw": "keeping-work employment",
        "bsp": "grief bereavement benefits",
        "ca": "carers carers-support drugs",
        "chc": "social-care long-term-conditions older-people",
        "ctr": "housing-benefit benefits",
        "cva": "long-term-conditions disability",
        "cvi": "sensory-loss disability",
        "da": "domestic-abuse crisis",
        "dash": "domestic-abuse",
        "dna": "",
        "ep": "",
        "grt": "cultural-groups",
        "hb": "housing-benefit benefits",
        "ips": "finding-work employment",
        "lac": "young-people family",
        "ld": "learning-disability disability",
        "mr": "benefit-appeals benefits disability-benefits",
        "ms": "long-term-conditions disability",
        "na": "drugs substance-use",
        "ni": "benefits",
        "ot": "social-care disability home-repairs",
        "pa": "social-care disability",
        "pd": "personality-disorder mental-health",
        "poc": "social-care",
        "prs": "housing finding-a-home",
        "psr": "energy-bills",
        "s8": "eviction housing",
        "sh": "self-harm mental-health",
        "sw": "social-care family",
        "tia": "long-term-conditions",
        "wrap": "recovery-courses recovery-college",
    }.items()
}

# Where letters stand for two things, the topic of the query says which.
_MEANINGS: dict[str, frozenset[str]] = {
    "alcoholics anonymous": frozenset({"alcohol", "substance-use"}),
    "attendance allowance": frozenset({"disability-benefits", "benefits", "older-people", "social-care"}),
    "carer's allowance": frozenset({"carers", "carers-support", "benefits"}),
    "cocaine anonymous": frozenset({"drugs", "substance-use"}),
    "citizens advice": frozenset({"debt-advice", "money", "benefits", "legal-advice", "rights"}),
    "adult social care": frozenset({"social-care", "older-people"}),
    "autism": frozenset({"autism-adhd", "disability"}),
    "severe mental illness": frozenset({"mental-health", "psychosis", "bipolar"}),
    "support for mortgage interest": frozenset({"rent-arrears", "housing", "benefits"}),
}


class Expansion(NamedTuple):
    """`also` is searched beside `word`, which is as typed but folded ("uc")."""

    word: str
    also: str
    kind: Kind


class _Entry(NamedTuple):
    words: tuple[str, ...]
    also: str
    kind: Kind


def expand(text: str, topics: Collection[str] = ()) -> list[Expansion]:
    """Other words for whole words of the text, in its order; at most `MAXIMUM`.

    `topics` are the likely topics of the text: they settle letters that mean several things.
    """
    written = [found.group() for found in _RAW_WORD.finditer(text[:MAXIMUM_TEXT])][:_WORDS]
    shouted = sum(word.isupper() for word in written) > max(2, len(written) // 2)
    folded = list(map(_folded, written))
    found: dict[tuple[str, str], Expansion] = {}
    for start, entry in _entries(folded):
        capitals = not shouted and written[start].isupper()
        if len(found) < MAXIMUM and _meant(entry, topics, capitals=capitals) and not _said(entry, folded):
            expansion = Expansion(" ".join(entry.words), entry.also, entry.kind)
            found.setdefault(expansion[:2], expansion)
    return list(found.values())


def _folded(word: str) -> str:
    if word.isascii():  # most are, and there is nothing else to fold in them
        return word.lower().replace("'", "").replace("&", "")
    return "".join(folded_words(word.replace("&", "")))


def _entries(words: list[str]) -> Iterator[tuple[int, _Entry]]:
    book = _book()
    for start, word in enumerate(words):
        for entry in book.get(word, ()):
            if tuple(words[start : start + len(entry.words)]) == entry.words:
                yield start, entry


def _meant(entry: _Entry, topics: Collection[str], *, capitals: bool) -> bool:
    if entry.kind != "acronym":
        return True
    meaning = _MEANINGS.get(entry.also)
    if meaning and topics and not meaning.isdisjoint(topics):
        return True
    if meaning and topics and any(not _MEANINGS[other].isdisjoint(topics) for other in _others(entry)):
        return False
    risky = _RISKY.get(entry.words[0])
    return risky is None or capitals or not risky.isdisjoint(topics)


def _others(entry: _Entry) -> list[str]:
    """Give the other meanings of the same letters."""
    same = (other.also for other in _book()[entry.words[0]] if other.words == entry.words)
    return [also for also in same if also != entry.also and also in _MEANINGS]


def _said(entry: _Entry, words: list[str]) -> bool:
    return set(folded_words(entry.also)) <= set(words)


@cache
def _book() -> dict[str, tuple[_Entry, ...]]:
    """All entries by their first word, longest first."""
    book: defaultdict[str, list[_Entry]] = defaultdict(list)
    for letters, meaning in rows("acronyms.tsv"):
        short, long = "".join(folded_words(letters)), tuple(folded_words(meaning))
        book[short].append(_Entry((short,), meaning, "acronym"))
        if 1 < len(long) <= _LONGEST and short not in _RISKY:
            book[long[0]].append(_Entry(long, short, "synonym"))
    for word, also in rows("synonyms.tsv"):
        words = tuple(folded_words(word))
        book[words[0]].append(_Entry(words, also, "synonym"))
    return {first: tuple(sorted(entries, key=lambda e: -len(e.words))) for first, entries in book.items()}


def rows(name: str) -> list[tuple[str, str]]:
    """Give the two columns of one of the lexicon's tables, without its heading."""
    lines = (_FOLDER / name).read_text("utf-8").splitlines()[1:]
    return [(left, right) for left, _, right in (line.partition("\t") for line in lines) if right]
