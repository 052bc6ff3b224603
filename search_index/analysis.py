"""Text to words and stems, the same for listings and queries."""

import re
import unicodedata
from collections.abc import Iterator

from whoosh.lang.snowball.english import EnglishStemmer

from search_index.words import FOLLOWING, GRAMMAR, one_spelling

MAXIMUM_TEXT = 20_000  # characters of one field that are read
MAXIMUM_WORD = 40

_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc\u02b9\u0060\u00b4\uff07\u2032"), "'")
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\ufe63\uff0d"), "-")
# U+00AD, U+200B..U+200F and U+2060 are invisible: they would cut a word in two.
_INVISIBLE = dict.fromkeys((0x00AD, 0xFEFF, 0x2060, *range(0x200B, 0x2010), *range(0x202A, 0x202F)), "")
_BEFORE = _APOSTROPHES | _HYPHENS | _INVISIBLE
# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"})

_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_SINGLE_LETTERS = re.compile(r"\b([a-z])\s?&\s?([a-z])\b")  # A&E, R & B
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}")  # N.H.S.

_stemmer = EnglishStemmer()
_stems: dict[str, str] = {}
_STEMS_KEPT = 200_000


def fold(text: str) -> str:
    """Lower case, compatibility forms and accents folded, one kind of apostrophe and hyphen."""
    text = text[:MAXIMUM_TEXT]
    if text.isascii():
        return text.lower().replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", text.translate(_BEFORE))[:MAXIMUM_TEXT]
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare.casefold().translate(_LETTERS))


def _joined_letters(text: str) -> str:
    if "&" in text:
        text = _SINGLE_LETTERS.sub(r"\1\2", text)
    if "." in text:
        text = _DOTTED.sub(lambda found: found.group().replace(".", "") + " ", text)
    return text


def tokens(text: str) -> Iterator[tuple[str, bool]]:
    """Each word in order, and whether it is one that was made by joining its two neighbours.

    Apostrophes vanish (women's, womens), hyphened words come apart and joined (drop-in: drop, in, dropin), and
    so do words known to be written apart or together (food bank: food, bank, foodbank).
    """
    previous = ""
    for found in _TOKEN.finditer(_joined_letters(fold(text))):
        token = found.group()
        if "'" in token:
            token = token.replace("'", "")
        if "-" not in token:
            token = token[:MAXIMUM_WORD]
            yield token, False
            if token in FOLLOWING.get(previous, ()):
                yield previous + token, True
            previous = token
            continue
        parts = [part[:MAXIMUM_WORD] for part in token.split("-") if part]
        for part in parts:
            yield part, False
        if 1 < len(parts) <= 3 and not any(part.isdigit() for part in parts):
            yield "".join(parts)[:MAXIMUM_WORD], True
        previous = parts[-1]


def words(text: str) -> list[str]:
    """The words as written (folded), without the joined ones."""
    return [word for word, joined in tokens(text) if not joined]


def stem(word: str) -> str:
    """The form under which a folded word is indexed."""
    known = _stems.get(word)
    if known is None:
        if len(_stems) >= _STEMS_KEPT:  # hostile or endless vocabularies must not fill the memory
            _stems.clear()
        known = _stems[word] = _stem(word)
    return known


def _stem(word: str) -> str:
    if not word.isascii() or not word.isalpha() or len(word) < 3:
        return word
    return str(_stemmer.stem(one_spelling(word))) or word


def count_terms(text: str, *, with_grammar: bool, seen: set[str]) -> dict[str, int]:
    """How often each stem occurs; words such as "the" only where the text is as short as a name.

    `seen` gathers the words as written, for spelling and for completing what is being typed.
    """
    counted: dict[str, int] = {}
    known = _stems.get
    for word, joined in tokens(text):
        if not with_grammar and word in GRAMMAR:
            continue
        term = known(word) or stem(word)
        counted[term] = counted.get(term, 0) + 1
        if not joined:
            seen.add(word)
    return counted
