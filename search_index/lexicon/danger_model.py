"""Hears danger by what was learned from phrases, beside the written list: nobody can write down all that is said.

The list (`danger`) is sure and can be read; of what people say in danger it hears a part. This hears more, and is
wrong now and then: a crisis panel out of place costs little, one that is missing may cost a life.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from search_index.lexicon import training
from search_index.lexicon.danger import KINDS, danger
from search_index.lexicon.phrases import FOLDER
from search_index.lexicon.training import Floats, Rows, Vocabulary

# The chance of any danger from which it is told; found on phrases that were left out of what is learned.
ENOUGH = 0.31
# A letter says it in one of its sentences, and as a whole speaks of other things. Who looks at each has to be surer.
SURE = 0.75
# Where there are no full stops, as on a telephone, what is read together begins and ends anywhere.
SURE_OF_WORDS = 0.6
# Of one alone: calm sentences beside it drown nothing of it.
SURE_ALONE = 0.7
_SENTENCE = 5  # words at least
_SENTENCES = 2  # read together
_WORDS = 24  # read together where there are no full stops
# A kind is told that has so much of the likeliest one's chance.
BESIDE = 0.5
HARMLESS = "harmless"
# Twice as many take twice as long and hear no more.
_ROUNDS = 2
# Whose own phrases speak of a danger, and those of which some do.
_OF_TOPIC = {
    "suicide": "suicide",
    "self-harm": "self-harm",
    "domestic-abuse": "abuse",
    "sexual-violence": "abuse",
}
_END = re.compile(r"(?<=[.!?])\s+|\n+")
_NONE = (len(KINDS),)
_UNSURE = frozenset({"crisis", "suicide-bereavement", "trauma"})


class DangerModel:
    """The weights of each kind of danger, and of none. Immutable; safe to share between threads."""

    def __init__(self, known: Vocabulary, weights: Floats) -> None:
        """`weights` has a row for each feature of `known` and one of biases, a column for each of `KINDS` and none."""
        self._known = known
        self.weights = weights

    @classmethod
    def train(
        cls, known: Vocabulary, texts: Sequence[str], slugs: Sequence[Sequence[str]], rows: Rows
    ) -> "DangerModel":
        """Learn from the phrases of dangers, and from `texts` of topics, whose `rows` are known already."""
        told = list(_phrases())
        labels = [*map(_kinds_of, texts, slugs), *(kinds for _, kinds in told)]
        every = training.joined(rows, training.rows_of([text for text, _ in told], known))
        truth = training.truths(labels, len(KINDS) + 1)
        return cls(known, training.fit(every, truth, width=len(known.numbers), rounds=_ROUNDS, averaged=1))

    def kinds(self, text: str) -> frozenset[str]:
        """The kinds of danger that the words seem to speak of; empty for most texts."""
        together = (self._kinds(part, enough) for part, enough in _parts(text))
        alone = (self._kinds(sentence, SURE_ALONE) for sentence in _alone(text))
        return self._kinds(text, ENOUGH).union(*together, *alone)

    def _kinds(self, text: str, enough: float) -> frozenset[str]:
        shares = self.shares(text)
        if 1 - float(shares[-1]) < enough:
            return frozenset()
        best = float(shares[:-1].max())
        return frozenset(kind for kind, share in zip(KINDS, shares.tolist(), strict=False) if share >= BESIDE * best)

    def shares(self, text: str) -> Floats:
        """The chance of each kind in the order of `KINDS`, and last of none: together 1."""
        columns, values, certainty = training.row(text, self._known)
        scores = values @ self.weights.take(columns, axis=0) * np.float32(certainty**0.5) + self.weights[-1]
        powers: Floats = np.exp(scores - scores.max())
        shares: Floats = powers / powers.sum()
        return shares


def _parts(text: str) -> Iterator[tuple[str, float]]:
    """What stands together in a longer text, and how sure one has to be of it.

    Each sentence with the next, or so many words; nothing of a short one.
    """
    sentences = [sentence for sentence in _END.split(text) if sentence]
    if len(sentences) > _SENTENCES:
        yield from ((" ".join(pair), SURE) for pair in pairwise(sentences))
        return
    words, step = text.split(), _WORDS // 2
    if len(words) > _WORDS:
        starts = range(0, len(words) - step, step)
        yield from ((" ".join(words[start : start + _WORDS]), SURE_OF_WORDS) for start in starts)


def _alone(text: str) -> Iterator[str]:
    """Each sentence of a text that has more than one, but for those of a few words."""
    sentences = _END.split(text)
    return (sentence for sentence in sentences if len(sentences) > 1 and len(sentence.split()) >= _SENTENCE)


def _phrases() -> Iterator[tuple[str, tuple[int, ...]]]:
    for text, kinds in load_dangers().items():
        yield text, tuple(KINDS.index(kind) for kind in kinds) or _NONE


def load_dangers() -> Mapping[str, tuple[str, ...]]:
    """The phrases that danger is learned from, with their kinds; none for what only sounds like it."""
    found: dict[str, tuple[str, ...]] = {}
    for kind in (*KINDS, HARMLESS):
        for line in (FOLDER / "dangers" / f"{kind}.txt").read_text("utf-8").splitlines():
            if line:
                found[line] = (*found.get(line, ()), kind) if kind != HARMLESS else ()
    return found


def _kinds_of(text: str, slugs: Sequence[str]) -> tuple[int, ...]:
    """What a phrase of topics speaks of; nothing at all where that is not sure."""
    kinds = danger(text) or {_OF_TOPIC[slug] for slug in slugs if slug in _OF_TOPIC}
    if not kinds and not _UNSURE.isdisjoint(slugs):
        return ()
    return tuple(sorted(KINDS.index(kind) for kind in kinds)) or _NONE
