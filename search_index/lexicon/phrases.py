"""The written data of the lexicon: lay phrases, terms, spellings, and the words in them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from search_index.lexicon.expansion import rows
from search_index.lexicon.spelling import Corrector
from search_index.lexicon.text import folded_words

FOLDER = Path(__file__).parent
_LONG_LINE = 1_000


def load_phrases() -> dict[str, tuple[str, ...]]:
    """Every topic's lay phrases, by slug."""
    found: dict[str, list[str]] = {}
    for phrase in load_told():
        found.setdefault(phrase.slugs[0], []).append(phrase.text)
    return {slug: tuple(phrases) for slug, phrases in found.items()}


def load_terms() -> dict[str, tuple[str, ...]]:
    """Every topic's own words, as services and the people who need them say them; most telling first."""
    return {slug: tuple(terms.split(", ")) for slug, terms in rows("terms.tsv")}


def load_situations() -> list[tuple[str, tuple[str, ...]]]:
    """Situations that several topics belong to, with the slugs of those, most fitting first."""
    return [(situation, tuple(slugs.split(","))) for situation, slugs in rows("situations.tsv")]


class Told(NamedTuple):
    """What somebody may say who needs help."""

    text: str
    slugs: tuple[str, ...]
    """Its topics, most fitting first."""
    offers: tuple[int, ...]
    """Which kinds of help of the first topic are meant, by their number, most fitting first; none if that is open."""


def load_told() -> list[Told]:
    """The lay phrases again, with the kinds of help that they ask for."""
    return [_told(slug, text, "", *offers) for slug, text, *offers in _lines("topics", "*.txt")]


def load_asked() -> list[Told]:
    """Whole questions, by people who say what is wrong and not what it is called."""
    return [_told(*columns) for columns in _lines("asked", "*.tsv")]


def _lines(folder: str, pattern: str) -> Iterator[list[str]]:
    """The columns of each line of the topics' files, the slug before them."""
    for path in sorted((FOLDER / folder).glob(pattern)):
        yield from ([path.stem, *line.split("\t")] for line in path.read_text("utf-8").splitlines() if line)


def _told(slug: str, text: str, others: str = "", offers: str = "") -> Told:
    return Told(text, (slug, *filter(None, others.split(","))), tuple(map(int, filter(None, offers.split(",")))))


def load_background() -> tuple[str, ...]:
    """Give what people type that is about none of the topics."""
    return _written_lines("background.txt")


def _written_lines(name: str) -> tuple[str, ...]:
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def known_mistakes() -> Mapping[str, str]:
    """Mistakes of one word, folded, and what was meant. Missing apostrophes are no mistakes: folding drops them."""
    pairs = ((written, " ".join(folded_words(meant))) for written, meant in rows("spellings.tsv"))
    joined = (("".join(folded_words(written)), meant) for written, meant in pairs if " " not in written)
    return {written: meant for written, meant in joined if written != meant}


@cache
def lexicon_words() -> Mapping[str, int]:
    """Give the words of the lexicon with their frequency, without what looks like a typing mistake."""
    texts = (*_chained(load_phrases()), *_chained(load_terms()), *load_background())
    counted: Counter[str] = Counter()
    for text in texts:
        counted.update(folded_words(text, limit=_LONG_LINE))
    for name in ("acronyms.tsv", "synonyms.tsv", "spellings.tsv"):
        for left, right in rows(name):
            counted.update(folded_words(right if name == "spellings.tsv" else f"{left} {right}") * 2)
    mistakes = known_mistakes()
    kept = {word: times for word, times in counted.items() if word not in mistakes}
    often = Corrector({word: times for word, times in kept.items() if times > 1}, {})
    known = {word: times for word, times in kept.items() if times > 1 or not _slip_of_common(word, often, kept)}
    return dict.fromkeys(_written_lines("words.txt"), 1) | known


def _chained(lists: Mapping[str, Iterable[str]]) -> Iterable[str]:
    return (text for texts in lists.values() for text in texts)


def _slip_of_common(word: str, often: Corrector, counted: Mapping[str, int]) -> bool:
    """Whether a word written once is one slip from a common one: phrases and terms have mistakes on purpose."""
    mended = often.correct([word])
    return mended is not None and counted.get(mended.text, 0) >= 4
