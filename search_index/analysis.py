"""Text to words and stems, the same for listings and queries."""

import re
import unicodedata
from collections.abc import Iterable

from search_index.whoosh_parts import EnglishStemmer
from search_index.words import FOLLOWING, GRAMMAR, STEMS_APART, one_spelling

MAXIMUM_TEXT = 20_000  # characters of one field that are read
MAXIMUM_WORD = 40
_PIECE = 256

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
_terms: dict[str, bytes] = {}  # the same in UTF-8
_STEMS_KEPT = 200_000
_LONGEST_JOINED = 3


def fold(text: str) -> str:
    """Lower case, compatibility forms and accents folded, one kind of apostrophe and hyphen."""
    text = text[:MAXIMUM_TEXT]
    if text.isascii():
        return text.lower().replace("`", "'")
    text = text.translate(_BEFORE)
    # Piece by piece, as long runs of accents take Unicode's ordering quadratic time; the accents go anyhow.
    pieces = (unicodedata.normalize("NFKD", text[at : at + _PIECE]) for at in range(0, len(text), _PIECE))
    decomposed = "".join(pieces)[:MAXIMUM_TEXT]
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare.casefold().translate(_LETTERS))


def _joined_letters(text: str) -> str:
    if "&" in text:
        text = _SINGLE_LETTERS.sub(r"\1\2", text)
    if "." in text:
        text = _DOTTED.sub(lambda found: found.group().replace(".", "") + " ", text)
    return text


def tokens(text: str) -> list[tuple[str, bool]]:
    """List each word in order, and whether it is one that was made by joining its neighbours.

    Apostrophes vanish (women's, womens), hyphened words come apart and joined (drop-in: drop, in, dropin), and
    so do words known to be written apart or together (food bank: food, bank, foodbank).
    """
    found: list[tuple[str, bool]] = []
    previous = ""
    for token in _TOKEN.findall(_joined_letters(fold(text))):
        if not token.isalnum():
            previous = _take_apart(token.replace("'", ""), found)
            continue
        word = token[:MAXIMUM_WORD]
        found.append((word, False))
        if previous in FOLLOWING and word in FOLLOWING[previous]:
            found.append((previous + word, True))
        previous = word
    return found


def _take_apart(token: str, found: list[tuple[str, bool]]) -> str:
    parts = [part[:MAXIMUM_WORD] for part in token.split("-")]
    found.extend((part, False) for part in parts)
    if 1 < len(parts) <= _LONGEST_JOINED and not any(part.isdigit() for part in parts):
        found.append(("".join(parts)[:MAXIMUM_WORD], True))
    return parts[-1]


def words(text: str) -> list[str]:
    """List the words as written (folded), without the joined ones."""
    text = _joined_letters(fold(text))
    found: list[str] = _TOKEN.findall(text)
    if "'" in text or "-" in text:
        found = [part for token in found for part in token.replace("'", "").split("-")]
    return [word[:MAXIMUM_WORD] for word in found]


def stem(word: str) -> str:
    """Give the form under which a folded word is indexed."""
    known = _stems.get(word)
    if known is None:
        if len(_stems) >= _STEMS_KEPT:  # hostile or endless vocabularies must not fill the memory
            _stems.clear()
        known = _stems[word] = _stem(word)
    return known


def stems(written: Iterable[str]) -> dict[str, None]:
    """Give the stems of folded words, each once and in the order of the words."""
    known = _stems.get
    return dict.fromkeys([known(word) or stem(word) for word in written])


def _stem(word: str) -> str:
    if not word.isascii() or not word.isalpha() or len(word) < 3:
        return word
    return STEMS_APART.get(word) or str(_stemmer.stem(one_spelling(word))) or word


def count_terms(text: str, *, with_grammar: bool, seen: set[str]) -> dict[bytes, int]:
    """Count how often each stem occurs, in UTF-8; words such as "the" only where the text is as short as a name.

    `seen` gathers the words as written, for spelling and for completing what is being typed.
    """
    counted: dict[bytes, int] = {}
    for word, joined in tokens(text):
        if not with_grammar and word in GRAMMAR:
            continue
        term = _terms.get(word) or _term(word)
        counted[term] = counted.get(term, 0) + 1
        if not joined:
            seen.add(word)
    return counted


def _term(word: str) -> bytes:
    if len(_terms) >= _STEMS_KEPT:
        _terms.clear()
    term = _terms[word] = stem(word).encode("utf-8", "replace")
    return term
