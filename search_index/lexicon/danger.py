"""Words of danger in what somebody typed: a written list, so that what it does can be read, tested and argued with."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from search_index.lexicon.text import folded_words

KINDS = ("suicide", "self-harm", "abuse", "child-at-risk", "emergency")
_EXEMPT = "-"
_LIST = Path(__file__).with_name("danger.tsv")
_WORDS = 120  # words of a text that are read
_GAP = r"(?:[^ ]+ ){0,3}"
_VOWELS = "aeiou"
_PREFIX = 3  # letters of "word*" by which a rule is found
# Two words that are one: "he is" and "i am" are read as "hes" and "im".
_JOINED = re.compile(
    r" (?:(i) (m|am)|(he|she) (s|is)|(they|you|we) (re|are)|(i) (d|ve)|(can|won|don|doesn|isn|didn) (t)"
    r"|(do|does|did|is) (not)|(my|him|her|them|your) (self)|(un) (alive))(?= )"
)
_SHORT = {"am": "m", "is": "s", "are": "re", "not": "nt"}


class _Rule(NamedTuple):
    match: re.Pattern[str]
    kind: str


class _Book(NamedTuple):
    """The rules by the first word that they can begin with."""

    exact: dict[str, tuple[_Rule, ...]]
    prefix: dict[str, tuple[_Rule, ...]]

    def beginning_with(self, word: str) -> Iterator[_Rule]:
        yield from self.exact.get(word, ())
        yield from self.prefix.get(word[:_PREFIX], ())


def danger(text: str) -> frozenset[str]:
    """Give the kinds of danger that the words speak of (see `KINDS`); empty for most texts.

    It errs towards showing the crisis panel: "not suicidal" and "suicide bereavement" count as suicide.
    """
    line = _line(text)
    if not line:
        return frozenset()
    exempt, dangers = _books()
    line = _without(line, exempt)
    found: set[str] = set()
    for start, word in _starts(line):
        for rule in dangers.beginning_with(word):
            if rule.kind not in found and rule.match.match(line, start):
                found.add(rule.kind)
    return frozenset(found)


def _line(text: str) -> str:
    words = folded_words(text)[:_WORDS]
    if not words:
        return ""
    return _JOINED.sub(_join, f" {' '.join(words)} ") if len(words) > 1 else f" {words[0]} "


def _join(found: re.Match[str]) -> str:
    first, second = (part for part in found.groups() if part)
    return f" {first}{_SHORT.get(second, second)}"


def _starts(line: str) -> Iterator[tuple[int, str]]:
    """Where each word begins, with the space before it, and the word; last of all nothing, for rules on the end."""
    start = 0
    while (end := line.find(" ", start + 1)) != -1:
        yield start, line[start + 1 : end]
        start = end


def _without(line: str, exempt: _Book) -> str:
    for start, word in list(_starts(line)):
        for rule in exempt.beginning_with(word):
            if found := rule.match.match(line, start):
                line = line[: start + 1] + "." * (found.end() - start - 2) + line[found.end() - 1 :]
    return line


@cache
def _books() -> tuple[_Book, _Book]:
    lists: dict[str, str] = {}
    books = (_Book({}, {}), _Book({}, {}))
    for line in _LIST.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        left, right = line.split("\t")
        if left.startswith("@") and " " not in left and right not in KINDS:
            lists[left] = right
            continue
        _enter(books[right != _EXEMPT], left, right, lists)
    return books


def _enter(book: _Book, pattern: str, kind: str, lists: dict[str, str]) -> None:
    for name in sorted(lists, key=len, reverse=True):
        pattern = pattern.replace(name, lists[name])
    parts = pattern.split()
    begins = parts[0] == "^"
    parts = parts[begins:]
    rule = _Rule(re.compile((r"\A " if begins else " ") + "".join(map(_part, parts))), kind)
    for alternative in parts[0].split("|"):
        if alternative.endswith("*"):
            key, where = alternative[:_PREFIX], book.prefix
            where[key] = (*where.get(key, ()), rule)
            continue
        for word in _spellings(alternative):
            if rule not in book.exact.get(word, ()):
                book.exact[word] = (*book.exact.get(word, ()), rule)


def _part(part: str) -> str:
    if part == "..":
        return _GAP
    if part == "$":
        return r"\Z"
    optional = part.endswith("?")
    part = part.removesuffix("?")
    ends = r"|\Z" if "$" in part.split("|") else ""
    words = [_word(word) for word in part.split("|") if word and word != "$"]
    return f"(?:(?:{'|'.join(words)}) {ends}){'?' if optional else ''}"


def _word(word: str) -> str:
    if word.endswith("*"):
        return re.escape(word[:-1]) + "[^ ]*"
    return "|".join(map(re.escape, _spellings(word)))


@lru_cache(maxsize=256)
def _spellings(word: str) -> tuple[str, ...]:
    """Give the word; of "~word" also what one slip makes of it: a letter lost, doubled or swapped, a wrong vowel."""
    if not word.startswith("~"):
        return (word,)
    word = word[1:]
    slips = {word}
    for place, letter in enumerate(word):
        rest = word[place + 1 :]
        slips.add(word[:place] + rest)
        slips.add(word[:place] + letter + letter + rest)
        if rest:
            slips.add(word[:place] + rest[0] + letter + rest[1:])
        if letter in _VOWELS:
            slips.update(word[:place] + vowel + rest for vowel in _VOWELS)
    return tuple(sorted(slips))
