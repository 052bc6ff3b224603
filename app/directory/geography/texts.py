"""Finding the one postcode or place that a text names, and the text without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.core import postcode
from app.core.postcode import FoundPostcode, Postcode
from app.directory.geography.gazetteer import Gazetteer, Point, gazetteer, place_key
from app.directory.geography.resolving import mended, resolve_postcode
from app.directory.geography.words import (
    AMBIGUOUS_DISTRICTS,
    BEFORE_THINGS,
    COMMON_WORDS,
    LAW_WORDS,
    NEVER_PLACES,
    TOWNS_AT_THE_END,
)
from search_index.words import GRAMMAR

LONGEST_INPUT = 2000
_WORD = re.compile(r"[^\W_]+(?:['’`&-][^\W_]+)*")
_NEAR = r"(?:near(?:by)?(?:\s+to)?|nr|close\s+to|next\s+to|around|round|within|in|at|by|from|for|outside|across)"
_BEFORE = re.compile(
    rf"(?:^|[\s,;(])(?P<near>{_NEAR})(?:\s+(?:the\s+)?(?:area|postcode|town|village)(?:\s+of)?)?(?:\s+the)?[\s:]*$",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"(?:^|[\s,;(])(?:near(?:by)?(?:\s+to)?|nr|close\s+to|next\s+to|around|round|within|in|outside)\s+$", re.IGNORECASE
)
_AFTER = re.compile(r"^\s*(?:area|postcode|way)\b", re.IGNORECASE)
_DIGIT = re.compile(r"[0-9]")  # every district has one
_ORDINAL = re.compile(r"^(?:1ST|2ND|3RD|[04-9]TH)$")


class FoundPlace(NamedTuple):
    """The place that a text named, and what is left of the text."""

    point: Point
    rest: str


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int


def find_in_text(session: Session, text: str) -> FoundPlace | None:
    """The place in "food bank near B14" or "in Saltersgate"; None where no known place is named.

    A bare district counts only if it exists, and one that is also an everyday word ("m8") or a term of the law
    ("s21") only after a word such as "near".
    """
    text = text[:LONGEST_INPUT]
    known = gazetteer(session)
    found = _by_postcode(session, known, text) if _DIGIT.search(text) else None
    return found or (_by_name(known, text) if known.places else None)


def _by_postcode(session: Session, known: Gazetteer, text: str) -> FoundPlace | None:
    for found in postcode.find(text):
        meant = _meant(known, text, found)
        if meant is None:
            continue
        code, span = meant
        if point := resolve_postcode(session, code):
            return _found(text, span, point)
    return None


def _meant(known: Gazetteer, text: str, found: FoundPostcode) -> tuple[Postcode, _Span] | None:
    """The postcode that the words really are, or None where they are something else."""
    code, start, end = mended(known, found.postcode), found.start, found.end
    if code.district not in known.districts:
        return None
    if code.unit and _unit_meant(code, text[start:end]):
        return code, _Span(start, end)
    if code.sector and (code.unit or code.sector not in known.sectors or text[end:].strip(" .,;)!?")):
        end = start + len(text[start:end].split(maxsplit=1)[0])
        code = Postcode(code.district)
    if code.sector is None and not _district_meant(code.district, text, start, end):
        return None
    return code, _Span(start, end)


def _unit_meant(code: Postcode, words: str) -> bool:
    """Not "s21 2nd" nor "m16 off": an everyday word after a district."""
    if _ORDINAL.match(f"{code.sector_digit}{code.unit_letters}"):
        return False
    return words[-3].isdigit() or words[-3:].isupper()


def _district_meant(district: str, text: str, start: int, end: int) -> bool:
    if not text[:start].strip() and not text[end:].strip():
        return True
    following = _WORD.search(text, end)
    if district.startswith("S") and following and following[0].casefold() in LAW_WORDS:
        return False
    return district not in AMBIGUOUS_DISTRICTS or _BEFORE.search(text, max(0, start - 60), start) is not None


def _by_name(known: Gazetteer, text: str) -> FoundPlace | None:
    best: tuple[tuple[bool, int, int], _Span, str] | None = None
    for span, key in _names(known, text):
        said = _WHERE.search(text, max(0, span.start - 60), span.start) is not None
        if not _name_meant(key, text, span, said=said):
            continue
        rank = (said, span.end - span.start, span.start)
        if best is None or rank > best[0]:
            best = rank, span, key
    return _found(text, best[1], known.places[best[2]]) if best else None


def _name_meant(key: str, text: str, span: _Span, *, said: bool) -> bool:
    if key in NEVER_PLACES:
        return False
    alone = not (text[: span.start] + text[span.end :]).strip()
    return said or alone or key not in COMMON_WORDS or (key in TOWNS_AT_THE_END and _ends_in_it(text, span))


def _ends_in_it(text: str, span: _Span) -> bool:
    """Whether the name is the last word, after others that it makes no sense with."""
    before = [word[0].casefold() for word in _WORD.finditer(text[: span.start])]
    is_last = _WORD.search(text, span.end) is None
    return is_last and bool(before) and before[-1] not in BEFORE_THINGS | GRAMMAR


def _names(known: Gazetteer, text: str) -> Iterator[tuple[_Span, str]]:
    """Every run of words that is the name of a known place."""
    words = list(_WORD.finditer(text))
    keys = [_key(word[0]) for word in words]
    for first, key in enumerate(keys):
        # Most words begin no name; with the next one they may be one that was written apart.
        begins = key.split(" ", 1)[0] in known.first_words
        for last in range(first, min(first + (known.longest if begins else min(known.longest, 2)), len(words))):
            joined = " ".join(keys[first : last + 1])
            if joined in known.places:
                yield _Span(words[first].start(), words[last].end()), joined
            elif last == first + 1 and (whole := known.squeezed.get(joined.replace(" ", ""))):
                yield _Span(words[first].start(), words[last].end()), whole


def _key(word: str) -> str:
    plain = word.casefold()
    return plain if plain.isascii() and plain.isalnum() and plain != "saint" else place_key(word)


def _found(text: str, span: _Span, point: Point) -> FoundPlace:
    before, after = text[: span.start], text[span.end :]
    if match := _BEFORE.search(text, max(0, span.start - 60), span.start):
        before = before[: match.start("near")]
    after = _AFTER.sub("", after)
    rest = f"{before.rstrip(' ,;:-(')} {after.lstrip(' ,;:.-)')}"
    return FoundPlace(point, " ".join(rest.split()))
