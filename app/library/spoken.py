"""The languages that a query asks for: "someone who speaks Urdu", "Polish advice", "BSL".

A language is a wish beside what the query is about: who asks for a counsellor in Bengali asks for a counsellor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

# A language's code and the words for it, of which the first ones are also what listings say of who speaks it.
_LANGUAGES = """
am amharic|ar arabic arab|bg bulgarian|bn bengali bangla sylheti bangladeshi|cs czech|cy welsh|de german|el greek
es spanish|fa farsi persian dari iranian|fil filipino tagalog|fr french|ga irish|gu gujarati gujerati|ha hausa
he hebrew|hi hindi|hu hungarian|ig igbo|it italian|ja japanese|ko korean|ku kurdish sorani kurmanji|ln lingala
lt lithuanian|lv latvian|ml malayalam|ne nepali nepalese|om oromo|pa punjabi panjabi|pl polish|ps pashto pashtu
pt portuguese|ro romanian|ru russian|si sinhala sinhalese|sk slovak|sn shona|so somali|sq albanian|sw swahili
ta tamil|te telugu|th thai|ti tigrinya tigrigna|tr turkish|tw twi|uk ukrainian|ur urdu|vi vietnamese|yi yiddish
yo yoruba|zh chinese mandarin|yue cantonese chinese
"""
SIGN_LANGUAGE = "bfi"
_SIGNING = r"(?:british )?sign(?:ed)? language|bsl"
_SIGNS = r"\b(?:deaf|who|that|only)\b.{0,30}?\b(?:signs?|signing|signer)\b(?! (?:of|up|on|off|in|post))"
# Said of a word that is no language here.
_OTHERWISE = re.compile(r"\b(?:nails?|shoe|furniture) polish\b|\bpolish(?:es|ed|ing)?\s+(?:up|my|his|her|off|the)\b")
_BEFORE = (
    r"(?:(?:who|that|which)\s+)?(?:(?:only|can|also|dont|does)\s+)*"
    r"(?:speaks?|spoken|speaking|talks?|talking|understands?)\s+(?:(?:only|good|any|in)\s+)*"
)
_AFTER = r"[\s-]*(?:speak(?:er|ers|ing|s)?|spoken|language)?"


@dataclass(frozen=True, slots=True)
class Language:
    """One language asked for: its code and the words by which a listing's text tells of it."""

    code: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a query says of languages. `plainly`: with a word of speaking, not only "Polish".

    `named` is the query with nothing but the names left of all that, `rest` the query without them.
    """

    languages: tuple[Language, ...]
    plainly: bool
    named: str
    rest: str


def spoken(plain: str) -> Spoken | None:
    """Read the languages out of a folded query; None where it names none."""
    found: dict[str, Language] = {}
    plainly = False

    def taken(match: re.Match[str]) -> str:
        nonlocal plainly
        said = match["name"] or "bsl"
        if _OTHERWISE.search(plain) and said == "polish":
            return match[0]
        plainly = plainly or match[0].strip() != said or said == "bsl"
        language = _language(said)
        found[language.code] = language
        return f" \0{language.words[0] if said == 'bsl' else said}\0 "

    marked = _pattern().sub(taken, plain)
    if not found:
        return None
    rest = re.sub(r"\0[^\0]*\0", " ", marked)
    return Spoken(tuple(found.values()), plainly, _tidy(marked.replace("\0", "")), _tidy(rest))


def is_language(word: str) -> bool:
    """Whether the folded word names a language, and so is no misspelling."""
    return word in _codes() or word == "bsl"


def _language(said: str) -> Language:
    if (code := _codes().get(said)) is None:
        return Language(SIGN_LANGUAGE, ("bsl", "deaf"))
    return Language(code, _rows()[code])


def _tidy(text: str) -> str:
    return " ".join(text.split())


@cache
def _rows() -> Mapping[str, tuple[str, ...]]:
    rows = (row.split() for line in _LANGUAGES.split("\n") for row in line.split("|") if row)
    return {code: tuple(words) for code, *words in rows}


@cache
def _codes() -> Mapping[str, str]:
    codes: dict[str, str] = {}
    for code, words in _rows().items():
        for word in words:
            codes.setdefault(word, code)
    return codes


@cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(sorted(_codes(), key=len, reverse=True))
    return re.compile(rf"(?:{_BEFORE}|\bin\s+)?\b(?:(?P<name>{names})|{_SIGNING})\b{_AFTER}|{_SIGNS}")
