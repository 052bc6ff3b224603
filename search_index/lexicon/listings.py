"""Which topics a listing is about, by how organisations of every sort word what they do.

People ask in everyday words (`model`), and organisations answer in their own: "to relieve persons in necessitous
circumstances", "individuals in recovery". This is learned from listings of which somebody said under which topics an
adviser would file them, many of them under none, and from how kinds of help are worded.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from search_index.lexicon import training
from search_index.lexicon.offers import Halves, Offer
from search_index.lexicon.phrases import FOLDER
from search_index.lexicon.training import Floats, Vocabulary

_ROUNDS = 5  # over all listings
_SEEN = 4  # listings that a word must occur in to be kept: rarer ones are names
_FADING = 0.7  # what each further topic of a listing counts beside the one before
_NONE = "none"  # the file of listings that no topic is for

# How much the words of organisations say beside those of people, and what a topic has at least in them, so that a sure
# answer of the one is not lost because the other never met the word.
_SHARE, _LEAST = 0.6, 1e-3


class Listing(NamedTuple):
    """A listing as a directory has it."""

    name: str
    description: str
    slugs: tuple[str, ...]
    """Its topics, the main one first; none if no topic is for it."""

    @property
    def text(self) -> str:
        """Both, as they are read."""
        return text_of(self.name, self.description)


class ListingModel:
    """Tells the topics of a listing by the words of organisations. Immutable; safe to share between threads."""

    def __init__(self, known: Vocabulary, weights: Halves) -> None:
        """`weights` have a row for each feature, and last the biases; their last column is for no topic at all."""
        self.known = known
        self.weights = weights

    @classmethod
    def train(
        cls, order: Sequence[str], listings: Sequence[Listing], offers: Mapping[str, Sequence[Offer]]
    ) -> "ListingModel":
        """Learn from listings and from how kinds of help are worded; of topics that are not in `order` nothing."""
        place = {slug: number for number, slug in enumerate(order)}
        told = [(one.text, [place[slug] for slug in one.slugs if slug in place]) for one in listings]
        filed = [
            (text, numbers or [len(order)])
            for (text, numbers), one in zip(told, listings, strict=True)
            if numbers or not one.slugs
        ]
        filed += [(one.text, [place[slug]]) for slug in offers if slug in place for one in _worded(offers[slug])]
        texts = [text for text, _ in filed]
        known = training.vocabulary_of_words(texts, _SEEN)
        truth = training.truths([numbers for _, numbers in filed], len(order) + 1, _FADING)
        rows = training.rows_of(texts, known)
        return cls(known, training.fit(rows, truth, width=len(known.numbers), rounds=_ROUNDS).astype(np.float16))

    def shares(self, name: str, description: str) -> Floats:
        """Give the share of each topic: together 1, or less for what no topic is for."""
        columns, values, _ = training.row(text_of(name, description), self.known)
        scores = values @ self.weights.take(columns, axis=0).astype(np.float32) + self.weights[-1].astype(np.float32)
        powers = np.exp(scores - scores.max())
        shares: Floats = powers[:-1] / powers.sum()
        return shares

    @property
    def memory(self) -> int:
        """About how many bytes the model holds."""
        return self.weights.nbytes + self.known.memory


def text_of(name: str, description: str) -> str:
    """Name and description as they are read together."""
    return f"{name}. {description}"


def heard_by_both(people: Floats, organisations: Floats) -> Floats:
    """Weigh what a listing sounds like in the words of people with what it does in those of organisations.

    Topics that only the first know (taught by an operator) stand at the end and stay as they are.
    """
    found = people.copy()
    known = len(organisations)
    found[:known] = people[:known] ** (1 - _SHARE) * (organisations + np.float32(_LEAST)) ** _SHARE
    return found


def load_listings() -> list[Listing]:
    """Every listing that was written to learn from."""
    files = sorted((FOLDER / "listings").glob("*.tsv"))
    return [_listing(path.stem, *line.split("\t")) for path in files for line in path.read_text("utf-8").splitlines()]


def _listing(slug: str, name: str, description: str, others: str = "") -> Listing:
    main = () if slug == _NONE else (slug,)
    return Listing(name, description, (*main, *filter(None, others.split(","))))


def _worded(offers: Sequence[Offer]) -> Iterator[Listing]:
    """Kinds of help as listings: each description under one of the names."""
    for offer in offers:
        names = (offer.title, *offer.names, *("" for _ in offer.descriptions))
        yield from (
            Listing(name, description, ()) for name, description in zip(names, offer.descriptions, strict=False)
        )
