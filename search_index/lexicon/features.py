"""What the topic model sees of a text: its words, pairs of words, pieces of words, and what they are short for."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain

from search_index.analysis import stem
from search_index.lexicon.expansion import rows
from search_index.lexicon.phrases import known_mistakes
from search_index.lexicon.text import folded_words

WEIGHTS = (1.0, 0.5, 1.0)  # of the three kinds beside each other
_MAXIMUM_WORDS = 120
_LONGEST_WORD = 24
_SHORTEST, _LONGEST = 3, 5  # letters of a piece
_TRIPLE = 3


def features(text: str) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Give the features of the three kinds (words and pairs, expansions, pieces), each with how often it counts."""
    words = mended_words(text)
    return *features_of_words(words), Counter(chain.from_iterable(map(pieces_of, words)))


def pair_of(left: str, right: str) -> str:
    """The feature of two words side by side."""
    return f"p{stem(left)} {stem(right)}"


def features_of_words(words: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Give the features of the first two kinds of what `mended_words` gave."""
    stems = [stem(word[:_LONGEST_WORD]) for word in words]
    pairs = zip(["^", *stems], [*stems, "$"], strict=True)
    known = dict.fromkeys([f"w{one}" for one in stems], 1)
    known.update(dict.fromkeys([f"p{left} {right}" for left, right in pairs], 1))
    also = dict.fromkeys(_expanded(words), 1)
    known.update(dict.fromkeys([f"w{name[1:]}" for name in also], 1))  # "skint" is also the word "debt"
    return known, also


def mended_words(text: str) -> list[str]:
    """Give the words that are read of a text, known mistakes put right."""
    mistakes = known_mistakes()
    words = folded_words(text)[:_MAXIMUM_WORDS]
    return [part for word in words for part in (mistakes[word].split() if word in mistakes else (word,))]


@lru_cache(maxsize=8192)
def pieces_of(word: str) -> tuple[str, ...]:
    """Give the pieces of one word, in the order of their length and place."""
    padded = f"_{word[:_LONGEST_WORD]}_"
    lengths = range(_SHORTEST, _LONGEST + 1)
    return tuple(padded[start : start + length] for length in lengths for start in range(len(padded) - length + 1))


def _expanded(words: Sequence[str]) -> Iterator[str]:
    meanings = _meanings()
    for start, word in enumerate(words):
        for key, also in meanings.get(word, ()):
            if len(key) == 1 or tuple(words[start : start + len(key)]) == key:
                yield from also


@cache
def _meanings() -> Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]:
    """By first word: the words that have a meaning, and the features of it."""
    found: defaultdict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
    for name in ("acronyms.tsv", "synonyms.tsv"):
        for short, long in rows(name):
            key = tuple(folded_words(short.replace("&", "")))
            if len(key) <= _TRIPLE:
                found[key[0]].append((key, tuple(f"x{stem(word)}" for word in folded_words(long))))
    return {first: tuple(entries) for first, entries in found.items()}
