"""Teaches a trained topic model a few more phrases, in some milliseconds each: those that a place taught its search.

The phrases of the lexicon are learnt from all together, in most of a minute. These are learnt on top, starting from
what the model knows: only the weights of their own features are moved, and what is added is kept apart, so that the
model itself stays as it is. A text that shares no feature with them is understood as before; one that shares some is
pulled their way, as a phrase of the lexicon would pull it.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from search_index.lexicon import training
from search_index.lexicon.features import features
from search_index.lexicon.training import Floats, Integers, Vocabulary

# Found by leaving the phrases of ten topics out of the lexicon and teaching a third of them: of the other two thirds
# 0.82 are understood (0.75 where the model is trained with that third from the start, 0.66 untaught), and of queries
# about other topics as many as before.
_ROUNDS = 12  # over all phrases, at most
_LENGTH = 0.5  # of the steps
_SEEN = 0.5  # slopes squared, as if seen before: the model has learnt, so its steps are small
_ENOUGH = 0.5  # a phrase that is understood so surely moves nothing any more
FADING = 0.6  # what each further topic of a phrase counts beside the one before

Phrases = Sequence[tuple[str, Sequence[str]]]


class Tuning:
    """What some phrases add to the weights of a model, and the features and topics that it did not know."""

    def __init__(self, known: Vocabulary, order: Sequence[str], rows: Integers, added: Floats) -> None:
        self.known = known
        self.order = tuple(order)
        self._rows = rows  # by feature, its row in `_added`; the first row is zero
        self._added = added

    def weights(self, weights: Floats, columns: Integers) -> Floats:
        """The weights of these features: the model's with what is added."""
        found: Floats = _widened(weights, columns, self._added.shape[1]) + self._added[self._rows[columns]]
        return found

    def biases(self, biases: Floats) -> Floats:
        """The model's, with the least of them for topics that it does not know."""
        new = self._added.shape[1] - len(biases)
        return np.concatenate([biases[:-1], np.full(new, biases[:-1].min(), np.float32), biases[-1:]])


def tune(phrases: Phrases, known: Vocabulary, order: Sequence[str], weights: Floats, biases: Floats) -> Tuning:
    """Learn the phrases on top of a model's weights; one without topics is about none of them."""
    order = [*order, *dict.fromkeys(slug for _, slugs in phrases for slug in slugs if slug not in order)]
    known = _with_features(known, (text for text, _ in phrases))
    rows = [training.row(text, known) for text, _ in phrases]
    touched = np.unique(np.concatenate([columns for columns, _, _ in rows] or [np.zeros(0, np.int32)]))
    places = np.zeros(len(known.numbers), np.int32)
    places[touched] = np.arange(1, len(touched) + 1, dtype=np.int32)
    tuning = Tuning(known, order, places, np.zeros((len(touched) + 1, len(order) + 1), np.float32))
    _learn(tuning, rows, _truths(phrases, order), weights, biases)
    return tuning


def _learn(
    tuning: Tuning, rows: Sequence[tuple[Integers, Floats, float]], truth: Floats, weights: Floats, biases: Floats
) -> None:
    added, places = tuning._added, tuning._rows
    seen, biases = np.full_like(added, _SEEN), tuning.biases(biases)
    for _ in range(_ROUNDS):
        for (columns, values, certainty), wanted in zip(rows, truth, strict=True):
            scores = (values @ tuning.weights(weights, columns) + biases) * math.sqrt(certainty)
            powers = np.exp(scores - scores.max())
            shares = powers / powers.sum()
            if float(shares[wanted > 0].sum()) >= _ENOUGH:
                continue
            at, slope = places[columns], values[:, None] * (shares - wanted)
            seen[at] += slope * slope
            added[at] -= _LENGTH * slope / np.sqrt(seen[at])


def _truths(phrases: Phrases, order: Sequence[str]) -> Floats:
    number = {slug: place for place, slug in enumerate(order)}
    none = (len(order),)
    classes = [tuple(number[slug] for slug in slugs) or none for _, slugs in phrases]
    return training.truths(classes, len(order) + 1, FADING)


def _with_features(known: Vocabulary, texts: Iterable[str]) -> Vocabulary:
    """The vocabulary with every feature of the texts in it."""
    numbers: dict[str, int] = dict(known.numbers)
    for text in texts:
        for kind in features(text):
            _number(kind, numbers)
    new = np.full(len(numbers) - len(known.numbers), known.unknown, np.float32)
    return Vocabulary(numbers, np.concatenate([known.telling, new]), known.unknown)


def _number(names: Mapping[str, int], numbers: dict[str, int]) -> None:
    for name in names:
        numbers.setdefault(name, len(numbers))


def _widened(weights: Floats, columns: Integers, width: int) -> Floats:
    """The weights of features, zero where the model knows neither the feature nor the topic."""
    if width == weights.shape[1] and (not len(columns) or int(columns.max()) < len(weights)):
        found: Floats = weights[columns]
        return found
    wide = np.zeros((len(columns), width), np.float32)
    inside = columns < len(weights)
    wide[inside, : weights.shape[1] - 1] = weights[columns[inside], :-1]
    wide[inside, -1] = weights[columns[inside], -1]
    return wide
