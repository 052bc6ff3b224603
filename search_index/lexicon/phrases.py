"""The written data of the lexicon: lay phrases, terms, spellings, and the words in them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from search_index.lexicon.expansion import rows
from search_index.lexicon.spelling import Corrector
from search_index.lexicon.text import folded_words

FOLDER = Path(__file__).parent
_LONG_LINE = 1_000


def load_phrases() -> dict[str, tuple[str, ...]]:
    """Every topic's lay phrases, by slug."""
    files = sorted((FOLDER / "topics").glob("*.txt"))
    return {path.stem: tuple(filter(None, map(str.strip, path.read_text("utf-8").splitlines()))) for path in files}


def load_terms() -> dict[str, tuple[str, ...]]:
    """Every topic's own words, as services and the people who need them say them; most telling first."""
    return {slug: tuple(terms.split(", ")) for slug, terms in rows("terms.tsv")}


def load_situations() -> list[tuple[str, tuple[str, ...]]]:
    """Situations that several topics belong to, with the slugs of those, most fitting first."""
    return [(situation, tuple(slugs.split(","))) for situation, slugs in rows("situations.tsv")]


def load_asked() -> list[tuple[str, tuple[str, ...]]]:
    """Whole questions, of people who say what is wrong and not what it is called; with slugs, most fitting first."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for path in sorted((FOLDER / "asked").glob("*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            text, _, others = line.partition("\t")
            found.append((text, (path.stem, *filter(None, others.split(",")))))
    return found


def load_background() -> tuple[str, ...]:
    """Give what people type that is about none of the topics."""
    lines = (FOLDER / "background.txt").read_text("utf-8").splitlines()
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
    return {word: times for word, times in kept.items() if times > 1 or not _slip_of_common(word, often, kept)}


def _chained(lists: Mapping[str, Iterable[str]]) -> Iterable[str]:
    return (text for texts in lists.values() for text in texts)


def _slip_of_common(word: str, often: Corrector, counted: Mapping[str, int]) -> bool:
    """Whether a word written once is one slip from a common one: phrases and terms have mistakes on purpose."""
    mended = often.correct([word])
    return mended is not None and counted.get(mended.text, 0) >= 4
