"""What kind of help somebody needs within a topic: with "no money for the meter" a voucher, and not advice on tariffs.

A topic has a dozen kinds of help, each worded as its listing in a directory would be. Which of them a question is about
is learned from questions of which somebody said so, topic by topic.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search_index.lexicon import training
from search_index.lexicon.phrases import FOLDER, Told
from search_index.lexicon.training import Floats, Integers, Vocabulary
from search_index.lexicon.tuning import FADING

_ROUNDS = 6  # over the texts of a topic
_SHARPENED = 1.5  # few texts a kind leave the weights too careful; found on a quarter that was left out
_LEVELLING = 0.5  # below 1 the second and third likeliest topics count for more beside the first
# Topics less likely are not looked into, nor more than so many; kinds of help less likely are not told.
LEAST_TOPIC, MOST_TOPICS, LEAST = 0.05, 5, 0.02

_WHOLE = "wpx"  # how the names of features begin that are words, pairs of them or what they are short for

Halves = npt.NDArray[np.float16]


class Offer(NamedTuple):
    """A kind of help as a listing would word it."""

    title: str
    descriptions: tuple[str, ...]
    """As organisations of different kinds would put it."""
    names: tuple[str, ...]
    """What else it is called."""

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is said of it."""
        return self.title, *self.descriptions, *self.names


class OfTopic(NamedTuple):
    """What tells the kinds of help of one topic apart: a row for each feature of `columns`, and last the biases."""

    columns: Integers
    weights: Halves


class OfferModel:
    """Tells which kinds of help a text asks for. Immutable; safe to share between threads."""

    def __init__(self, known: Vocabulary, topics: Mapping[str, OfTopic]) -> None:
        """`topics` are by slug; the columns of each ascend and are numbers of `known`."""
        self._known = known
        self.topics = dict(topics)

    @classmethod
    def train(cls, known: Vocabulary, offers: Mapping[str, Sequence[Offer]], told: Sequence[Told]) -> "OfferModel":
        """Learn from what people say whose kinds of help are known, and from how the kinds themselves are worded."""
        by_topic: dict[str, list[Told]] = {slug: [] for slug in offers}
        for said in told:
            if said.offers and said.slugs[0] in by_topic:
                by_topic[said.slugs[0]].append(said)
        # Pieces of words add nothing to that (nDCG@10 is the same) and take two thirds of the memory.
        whole = np.array([name[0] in _WHOLE for name in known.numbers])
        return cls(known, {slug: _of_topic(known, whole, offers[slug], by_topic[slug]) for slug in offers})

    def likely(self, text: str, topics: Mapping[str, float]) -> dict[tuple[str, int], float]:
        """The kinds of help that the text seems to ask for, by topic and number, with their chance.

        `topics` are what it is about, with their shares.
        """
        columns, values, _ = training.row(text, self._known)
        found: dict[tuple[str, int], float] = {}
        for slug, share in self._levelled(topics).items():
            for number, chance in enumerate(_chances(self.topics[slug], columns, values).tolist()):
                if share * chance >= LEAST:
                    found[slug, number] = share * chance
        return found

    def _levelled(self, topics: Mapping[str, float]) -> dict[str, float]:
        """The topics worth looking into: of "art group for anxiety" the art counts for more than its share."""
        likely = [(slug, share) for slug, share in topics.items() if share >= LEAST_TOPIC and slug in self.topics]
        likely = sorted(likely, key=lambda topic: -topic[1])[:MOST_TOPICS]
        told = min(1.0, sum(share for _, share in likely))
        level = sum(share**_LEVELLING for _, share in likely)
        return {slug: told * share**_LEVELLING / level for slug, share in likely}

    @property
    def memory(self) -> int:
        """Bytes."""
        return sum(one.columns.nbytes + one.weights.nbytes for one in self.topics.values())


def _chances(of_topic: OfTopic, columns: Integers, values: Floats) -> Floats:
    places = np.searchsorted(of_topic.columns, columns)
    places[places == len(of_topic.columns)] = 0
    inside = of_topic.columns.take(places) == columns
    weights = of_topic.weights.take(places[inside], axis=0).astype(np.float32)
    scores = (values[inside] @ weights + of_topic.weights[-1].astype(np.float32)) * np.float32(_SHARPENED)
    powers: Floats = np.exp(scores - scores.max())
    chances: Floats = powers / powers.sum()
    return chances


def _of_topic(
    known: Vocabulary, whole: npt.NDArray[np.bool_], offers: Sequence[Offer], told: Sequence[Told]
) -> OfTopic:
    examples = [
        *((said.text, said.offers) for said in told),
        *((text, (number,)) for number, offer in enumerate(offers) for text in offer.texts),
    ]
    rows = training.rows_of([text for text, _ in examples], known).only(whole)
    columns, places = np.unique(rows.columns, return_inverse=True)
    truth = training.truths([numbers for _, numbers in examples], len(offers), FADING)
    weights = training.fit(rows._replace(columns=places.astype(np.int32)), truth, width=len(columns), rounds=_ROUNDS)
    return OfTopic(columns, weights.astype(np.float16))


@cache
def load_offers() -> Mapping[str, tuple[Offer, ...]]:
    """Every topic's kinds of help, by slug."""
    files = sorted((FOLDER / "offers").glob("*.tsv"))
    return {path.stem: tuple(map(_offer, path.read_text("utf-8").splitlines())) for path in files}


def _offer(line: str) -> Offer:
    title, *descriptions, names = line.split("\t")
    return Offer(title, tuple(descriptions), tuple(names.split("; ")))
