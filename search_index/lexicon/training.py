"""Fits the topic model: a softmax regression on sparse rows, by L-BFGS, in numpy alone. Deterministic."""

import math
from collections import Counter, deque
from collections.abc import Callable, Sequence
from itertools import accumulate, chain, repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search_index.lexicon.features import WEIGHTS, features

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]

PENALTY = 1e-5  # on the squares of the weights
ROUNDS = 45
_MEMORY = 8  # steps that L-BFGS remembers
_SEEN = 2  # texts that a feature must occur in to be kept; single words are kept always
_ENOUGH = 1e-4  # share of the expected gain that makes a step good enough
_SMALLEST_STEP = 1e-3


_DAMPED = (1 + np.log(np.maximum(np.arange(512), 1))).astype(np.float32)  # what a feature counts that occurs so often
_NO_COLUMNS = np.zeros(0, np.int32)
_NO_VALUES = np.zeros(0, np.float32)


class Vocabulary(NamedTuple):
    """The features that the model knows, and how much each tells."""

    numbers: dict[str, int]
    telling: Floats  # inverse document frequency
    unknown: float  # how much a feature counts that is not in it


class Rows(NamedTuple):
    """Sparse rows: `columns` and `values` of row r stand from `ends[r]` to `ends[r + 1]`."""

    columns: Integers
    values: Floats
    ends: npt.NDArray[np.int64]

    def times(self, dense: Floats) -> Floats:
        """Give the rows multiplied with a dense matrix."""
        product = np.zeros((len(self.ends) - 1, dense.shape[1]), np.float32)
        for row, (start, end) in enumerate(zip(self.ends[:-1].tolist(), self.ends[1:].tolist(), strict=True)):
            if end > start:
                np.dot(self.values[start:end], dense[self.columns[start:end]], out=product[row])
        return product

    def turned(self, width: int) -> "Rows":
        """Columns as rows."""
        row_of = np.repeat(np.arange(len(self.ends) - 1, dtype=np.int32), np.diff(self.ends))
        order = np.argsort(self.columns, kind="stable")
        return Rows(row_of[order], self.values[order], np.searchsorted(self.columns[order], np.arange(width + 1)))


def vocabulary(texts: Sequence[str]) -> Vocabulary:
    """Give the features of the texts that are worth keeping."""
    counted: Counter[str] = Counter()
    for text in texts:
        for kind in features(text):
            counted.update(kind.keys())
    kept = [name for name, times in sorted(counted.items()) if times >= _SEEN or name[0] == "w"]
    times = np.array([counted[name] for name in kept], np.float32)
    telling = np.log((1 + len(texts)) / (1 + times)) + 1
    rarest = float(np.log((1 + len(texts)) / 2) + 1)
    return Vocabulary({name: i for i, name in enumerate(kept)}, telling.astype(np.float32), rarest)


def row(text: str, known: Vocabulary) -> tuple[Integers, Floats, float]:
    """Give the columns and values of one text, and which share of it the vocabulary knows (0 to 1).

    Each kind of feature weighs the same however many there are; what is unknown takes its share, so that a text
    of strange words ends near nothing.
    """
    kinds = features(text)
    ends = list(accumulate(map(len, kinds)))
    count = ends[-1]
    numbers = np.fromiter(map(known.numbers.get, chain.from_iterable(kinds), repeat(-1)), np.int32, count)
    times = np.fromiter(chain.from_iterable(kind.values() for kind in kinds), np.int32, count)
    inside = numbers >= 0
    values = known.telling[numbers] * _DAMPED[times] * inside
    strength = total = 0.0
    for weight, start, end in zip(WEIGHTS, (0, *ends), ends, strict=False):
        if start == end:
            continue
        total += weight**2
        of_kind = values[start:end]
        length = float(of_kind @ of_kind)
        if length:
            outside = end - start - int(np.count_nonzero(inside[start:end]))
            strength += weight**2 * length / (length + outside * known.unknown**2)
            of_kind *= np.float32(weight / math.sqrt(length))
    if not strength:
        return _NO_COLUMNS, _NO_VALUES, 0.0
    places = np.flatnonzero(inside)
    values = values[places]
    values /= np.float32(math.sqrt(float(values @ values)))
    return numbers[places], values, strength / total


def rows_of(texts: Sequence[str], known: Vocabulary) -> Rows:
    """All texts as sparse rows."""
    found = [row(text, known) for text in texts]
    ends = np.cumsum([0, *(len(columns) for columns, _, _ in found)])
    return Rows(np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found]), ends)


def truths(classes: Sequence[Sequence[int]], count: int) -> Floats:
    """Give each text's shares of the classes: a text of several is shared out evenly among them."""
    truth = np.zeros((len(classes), count), np.float32)
    for row_of_text, numbers in zip(truth, classes, strict=True):
        row_of_text[list(numbers)] = 1 / len(numbers)
    return truth


def fit(rows: Rows, truth: Floats, *, width: int) -> Floats:
    """Weights of shape (width + 1, classes), the last row the biases; `truth` as `truths` gives it."""
    turned = rows.turned(width)
    count = truth.shape[1]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(width + 1, count)
        scores = rows.times(weights[:width]) + weights[width]
        scores -= scores.max(axis=1, keepdims=True)
        powers = np.exp(scores)
        sums = powers.sum(axis=1, keepdims=True)
        wrong = (powers / sums - truth) / len(truth)
        slope = np.empty_like(weights)
        slope[:width] = turned.times(wrong)
        slope[width] = wrong.sum(axis=0)
        slope += PENALTY * weights
        fitting = float((truth * (np.log(sums) - scores)).sum()) / len(truth)
        return fitting + 0.5 * PENALTY * float(flat @ flat), slope.ravel()

    return _least(loss, np.zeros((width + 1) * count, np.float32)).reshape(width + 1, count)


def _least(loss: Callable[[Floats], tuple[float, Floats]], point: Floats) -> Floats:
    """Where the loss is about least, by L-BFGS."""
    steps: deque[tuple[Floats, Floats]] = deque(maxlen=_MEMORY)
    value, slope = loss(point)
    for _ in range(ROUNDS):
        way = -_bent(slope, steps)
        gain = float(slope @ way)
        length = 1.0
        while True:
            further = point + length * way
            new_value, new_slope = loss(further)
            if new_value <= value + _ENOUGH * length * gain or length < _SMALLEST_STEP:
                break
            length /= 2
        step, change = further - point, new_slope - slope
        if float(step @ change) > 0:
            steps.append((step, change))
        point, value, slope = further, new_value, new_slope
    return point


def _bent(slope: Floats, steps: Sequence[tuple[Floats, Floats]] | deque[tuple[Floats, Floats]]) -> Floats:
    """Give the slope seen through the curvature that the last steps showed."""
    way, shares = slope.copy(), list[float]()
    for step, change in reversed(steps):
        shares.append(float(step @ way) / float(step @ change))
        way -= np.float32(shares[-1]) * change
    if not steps:
        return way / np.linalg.norm(way)
    step, change = steps[-1]
    way *= (step @ change) / (change @ change)
    for (step, change), share in zip(steps, reversed(shares), strict=True):
        way += step * np.float32(share - float(change @ way) / float(step @ change))
    return way
