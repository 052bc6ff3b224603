"""Fits the topic model: a softmax regression on sparse rows, text by text, in numpy alone. Deterministic."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search_index.analysis import stem
from search_index.lexicon.features import WEIGHTS, features, features_of_words, mended_words, pieces_of

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]

ROUNDS = 4  # over all texts
AVERAGED = 2  # of the last rounds, whose mean depends less on the order in which the texts came
_LENGTH = 0.5  # of the steps
_PENALTY = 1e-4  # on the squares of the weights that a step moves
_FIRST_SLOPE = 1e-3  # squared, as if seen before: keeps the first steps from being wild
_SHARPENED = 2  # the power of a word's clarity; found on half of the judged queries and kept on the other half
_LEAST_CLEAR = 0.1  # nothing typed counts for nothing: it may be all that was typed
_WORDS_KEPT = 8192  # words whose pieces are looked up once
# A time says when and not what: "Morning Watch" is nothing for who cannot get up in the morning.
_OF_A_TIME = 0.5
_TIMES = frozenset(
    map(
        stem,
        (
            "morning afternoon evening night tonight today tomorrow monday tuesday wednesday thursday friday saturday"
            " sunday weekend day week month year last"
        ).split(),
    )
)
_SEEN = 3  # texts that a feature must occur in to be kept; single words are kept always

_DAMPED = (1 + np.log(np.maximum(np.arange(512), 1))).astype(np.float32)  # what a feature counts that occurs so often
_NO_COLUMNS = np.zeros(0, np.int32)
_NO_VALUES = np.zeros(0, np.float32)


class Vocabulary:
    """The features that the model knows, and how much each tells."""

    def __init__(self, numbers: Mapping[str, int], telling: Floats, unknown: float) -> None:
        """`telling` is the inverse document frequency of each, `unknown` how much a feature counts that is not here."""
        self.numbers = numbers
        self.telling = telling
        self.unknown = unknown
        # By word, the numbers of its pieces; a piece that is not known stands for itself.
        self.pieces_of = lru_cache(maxsize=_WORDS_KEPT)(self._pieces_of)

    @property
    def memory(self) -> int:
        """About how many bytes it holds."""
        return self.telling.nbytes + sum(len(name) + 149 for name in self.numbers)

    def _pieces_of(self, word: str) -> tuple[int | str, ...]:
        return tuple(self.numbers.get(piece, piece) for piece in pieces_of(word))


class Rows(NamedTuple):
    """Sparse rows: `columns` and `values` of row r stand from `ends[r]` to `ends[r + 1]`."""

    columns: Integers
    values: Floats
    ends: npt.NDArray[np.int64]

    def of(self, places: Sequence[int]) -> "Rows":
        """Some of them, in this order."""
        spans = [slice(self.ends[place], self.ends[place + 1]) for place in places]
        columns = np.concatenate([_NO_COLUMNS, *(self.columns[span] for span in spans)])
        values = np.concatenate([_NO_VALUES, *(self.values[span] for span in spans)])
        return Rows(columns, values, np.cumsum([0, *(span.stop - span.start for span in spans)]))

    def only(self, kept: npt.NDArray[np.bool_]) -> "Rows":
        """The same rows without the columns that are not `kept`; it has a value for each column there is."""
        inside = kept[self.columns]
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(inside)])[self.ends]
        return Rows(self.columns[inside], self.values[inside], ends)

    def each(self, bias: int) -> Iterator[tuple[Integers, Floats]]:
        """Columns and values of each row, with the column of the bias."""
        one, number = np.ones(1, np.float32), np.array([bias], np.int32)
        for start, end in zip(self.ends[:-1].tolist(), self.ends[1:].tolist(), strict=True):
            yield np.append(self.columns[start:end], number), np.append(self.values[start:end], one)


def vocabulary(texts: Sequence[str]) -> Vocabulary:
    """Give the features of the texts that are worth keeping."""
    counted = _counted(texts, features)
    return _told_by(counted, [name for name, times in counted.items() if times >= _SEEN or name[0] == "w"], len(texts))


def vocabulary_of_words(texts: Sequence[str], seen: int) -> Vocabulary:
    """Give the words and pairs of words that occur in so many of the texts; none of their pieces."""
    counted = _counted(texts, lambda text: features_of_words(mended_words(text)))
    return _told_by(counted, [name for name, times in counted.items() if times >= seen], len(texts))


def _counted(texts: Iterable[str], kinds: Callable[[str], Iterable[Mapping[str, int]]]) -> Counter[str]:
    """In how many texts each feature occurs."""
    counted: Counter[str] = Counter()
    for text in texts:
        for kind in kinds(text):
            counted.update(kind.keys())
    return counted


def _told_by(counted: Mapping[str, int], kept: Iterable[str], texts: int) -> Vocabulary:
    names = sorted(kept)
    times = np.array([counted[name] for name in names], np.float32)
    telling = np.log((1 + texts) / (1 + times)) + 1
    rarest = float(np.log((1 + texts) / 2) + 1)
    return Vocabulary({name: i for i, name in enumerate(names)}, telling.astype(np.float32), rarest)


def row(text: str, known: Vocabulary) -> tuple[Integers, Floats, float]:
    """Give the columns and values of one text, and which share of it the vocabulary knows (0 to 1).

    Each kind of feature weighs the same however many there are; what is unknown takes its share, so that a text
    of strange words ends near nothing.
    """
    numbers, ends, outside, often = _known_features(text, known)
    columns = np.array(numbers, np.int32)
    values = known.telling.take(columns)
    if max(often, default=1) > 1:
        values[ends[-2] :] *= _DAMPED.take(often)
    strength = total = 0.0
    for weight, (start, end), unknown in zip(WEIGHTS, pairwise(ends), outside, strict=True):
        total += weight**2 if end - start + unknown else 0
        if start == end:
            continue
        of_kind = values[start:end]
        length = float(of_kind @ of_kind)
        strength += weight**2 * length / (length + unknown * known.unknown**2)
        of_kind *= weight / math.sqrt(length)
    if not strength:
        return _NO_COLUMNS, _NO_VALUES, 0.0
    values /= math.sqrt(float(values @ values))
    return columns, values, strength / total


def _known_features(text: str, known: Vocabulary) -> tuple[list[int], list[int], list[int], list[int]]:
    """Give the numbers of the known features, kind after kind, and where each kind ends.

    Also how many features of each kind are not known, and how often each of the pieces (the last kind) comes.
    """
    # Counted as Python's own numbers: a text has some seventy features, where each call of numpy takes longer.
    words = mended_words(text)
    numbers, ends, outside = list[int](), [0], list[int]()
    for kind in features_of_words(words):
        numbers += [number for number in map(known.numbers.get, kind) if number is not None]
        outside.append(len(kind) - (len(numbers) - ends[-1]))
        ends.append(len(numbers))
    pieces = Counter(chain.from_iterable(map(known.pieces_of, words)))
    often = {piece: times for piece, times in pieces.items() if not isinstance(piece, str)}
    return [*numbers, *often], [*ends, ends[-1] + len(often)], [*outside, len(pieces) - len(often)], [*often.values()]


def rows_of(texts: Sequence[str], known: Vocabulary) -> Rows:
    """All texts as sparse rows."""
    found = [row(text, known) for text in texts]
    ends = np.cumsum([0, *(len(columns) for columns, _, _ in found)])
    return Rows(np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found]), ends)


def joined(one: Rows, other: Rows) -> Rows:
    """The rows of both, one after the other."""
    ends = np.concatenate([one.ends, one.ends[-1] + other.ends[1:]])
    return Rows(np.concatenate([one.columns, other.columns]), np.concatenate([one.values, other.values]), ends)


def clarity(known: Vocabulary, rows: Rows, truth: Floats) -> dict[str, float]:
    """How clearly each word points at something, 0 to 1 by its stem: little if people say it often and of everything.

    "Veteran" is of one subject wherever it stands; "lost" is said of a wife, a job and a home, so that a listing which
    happens to have it ("lost gardens") is not meant. Of a word that is not here nothing is known: it counts in full.
    """
    stems = {number: name[1:] for name, number in known.numbers.items() if name[0] == "w"}
    said, times = _said_of(rows, np.array(sorted(stems), np.int32), truth / truth.sum(axis=0).clip(1))
    shares = said / said.sum(axis=1, keepdims=True).clip(1e-9)
    spread = -(shares * np.log(shares.clip(1e-12))).sum(axis=1) / np.log(truth.shape[1])
    vague = spread * np.log(times.clip(1)) / np.log(max(2, times.max(initial=2)))
    clear = np.maximum(1 - vague, _LEAST_CLEAR) ** _SHARPENED
    found = dict(zip((stems[n] for n in sorted(stems)), clear.tolist(), strict=True))
    return {term: value * _OF_A_TIME if term in _TIMES else value for term, value in found.items()}


def _said_of(rows: Rows, wanted: Integers, truth: Floats) -> tuple[Floats, Floats]:
    """How much each of the wanted features is said of each class, and in how many texts."""
    place = np.full(int(max(wanted.max(initial=0), rows.columns.max(initial=0))) + 1, -1, np.int32)
    place[wanted] = np.arange(len(wanted), dtype=np.int32)
    said = np.zeros((len(wanted), truth.shape[1]), np.float32)
    times = np.zeros(len(wanted), np.float32)
    for here, (start, end) in zip(truth, pairwise(rows.ends.tolist()), strict=True):
        found = place[rows.columns[start:end]]
        found = found[found >= 0]
        said[found] += here
        times[found] += 1
    return said, times


def truths(classes: Sequence[Sequence[int]], count: int, fading: float = 1.0) -> Floats:
    """Give each text's shares of the classes, together 1; each further one of a text has `fading` of the one before."""
    truth = np.zeros((len(classes), count), np.float32)
    for row_of_text, numbers in zip(truth, classes, strict=True):
        parts = fading ** np.arange(len(numbers))
        row_of_text[list(numbers)] = parts / max(1.0, float(parts.sum()))
    return truth


def fit(rows: Rows, truth: Floats, *, width: int, rounds: int = ROUNDS, averaged: int = AVERAGED) -> Floats:
    """Weights of shape (width + 1, classes), the last row the biases; `truth` as `truths` gives it.

    They are the mean after the last `averaged` of the `rounds`. From a text of no class at all nothing is learned.
    """
    weights = np.zeros((width + 1, truth.shape[1]), np.float32)
    seen = np.full_like(weights, _FIRST_SLOPE)
    every, told = list(rows.each(bias=width)), np.flatnonzero(truth.any(axis=1))
    chance = np.random.RandomState(0)
    mean = np.zeros_like(weights)
    for done in range(1, rounds + 1):
        for number in chance.permutation(told).tolist():
            columns, values = every[number]
            _step(weights, seen, columns, values, truth[number])
        if done > rounds - averaged:
            mean += weights / np.float32(averaged)
    return mean


def _step(weights: Floats, seen: Floats, columns: Integers, values: Floats, truth: Floats) -> None:
    """Move the weights of one text towards its truth, the less the more slope each has seen (AdaGrad)."""
    current, summed = weights[columns], seen[columns]
    scores = values @ current
    powers = np.exp(scores - scores.max())
    slope = values[:, None] * (powers / powers.sum() - truth) + _PENALTY * current
    summed += slope * slope
    seen[columns] = summed
    weights[columns] = current - _LENGTH * slope / np.sqrt(summed)
