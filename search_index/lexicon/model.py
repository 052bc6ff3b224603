"""Which topics a person's own words are about."""

import hashlib
import json
import math
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from search_index.lexicon import service_topics, training
from search_index.lexicon.danger import KINDS
from search_index.lexicon.danger_model import DangerModel
from search_index.lexicon.features import pair_of
from search_index.lexicon.listings import ListingModel, load_listings
from search_index.lexicon.offers import OfferModel, OfTopic, load_offers
from search_index.lexicon.phrases import (
    FOLDER,
    load_asked,
    load_background,
    load_phrases,
    load_situations,
    load_terms,
    load_told,
)
from search_index.lexicon.text import folded_words
from search_index.lexicon.training import Floats, Integers, Rows, Vocabulary
from search_index.lexicon.tuning import Phrases, Tuning, tune

_VERSION = 8  # of the method: a new number retrains every cache
_VERSION_UNSAID = 4  # of files that do not say it
_MADE_FROM = (
    "acronyms.tsv",
    "background.txt",
    "danger.py",
    "danger.tsv",
    "danger_model.py",
    "listings.py",
    "offers.py",
    "situations.tsv",
    "spellings.tsv",
    "synonyms.tsv",
    "terms.tsv",
    "text.py",
    "features.py",
    "training.py",
)  # beside the phrases
_NO_COLUMNS, _NO_HALVES = np.zeros(0, np.int32), np.zeros(0, np.float16)
_ASKED_OF_DANGER = 4  # danger is learned from every fourth question; chosen with how sure of it one has to be
_LEAST = 0.04  # lighter guesses are not worth showing to anybody


class TopicGuess(NamedTuple):
    """A topic and how sure the model is of it: 0 to 1, about the chance that it is right."""

    slug: str
    weight: float


class Beside(NamedTuple):
    """What is learned beside the topics of what people say."""

    clarity: Mapping[str, float]
    """How clearly a word points at certain listings, by its stem."""
    dangers: DangerModel
    offers: OfferModel
    listings: ListingModel


class TopicModel:
    """Maps texts to topics. Immutable; safe to share between threads."""

    def __init__(
        self,
        order: Sequence[str],
        parents: Mapping[str, str | None],
        known: Vocabulary,
        weights: Floats,
        beside: Beside,
    ) -> None:
        self._order = tuple(order)
        self._parents = dict(parents)
        self._known = known
        self._beside = beside
        self._weights = weights[:-1]
        self._biases = weights[-1]
        self._tuning: Tuning | None = None

    @classmethod
    def train(
        cls, phrases: Mapping[str, Sequence[str]], labels: Mapping[str, str], parents: Mapping[str, str | None]
    ) -> "TopicModel":
        """Learns from lay phrases (by slug), the topics' labels and the lexicon's own terms and background."""
        order = sorted(phrases)
        every = list(examples(order, phrases, labels))
        texts = [example.text for example in every]
        known = training.vocabulary(texts)
        truth = training.truths([example.classes for example in every], len(order) + 1)
        rows = training.rows_of(texts, known)
        weights = training.fit(rows, truth, width=len(known.numbers))
        dangers = DangerModel(known, _as_kept(_dangers(order, every, known, rows).weights))
        kinds_of_help = {slug: offers for slug, offers in load_offers().items() if slug in phrases}
        offers = OfferModel.train(known, kinds_of_help, [*load_told(), *load_asked()])
        listings = ListingModel.train(order, load_listings(), kinds_of_help)
        beside = Beside(training.clarity(known, rows, truth), dangers, offers, listings)
        return cls(order, parents, known, _as_kept(weights), beside)

    def taught(self, phrases: Phrases) -> "TopicModel":
        """Give the model with phrases and their topics learnt on top (some milliseconds each); this one stays."""
        tuning = tune(phrases, self._known, self._order, self._weights, self._biases)
        parents = self._parents | {slug: None for slug in tuning.order if slug not in self._parents}
        only_biases = np.vstack([self._weights[:0], self._biases])
        made = TopicModel(tuning.order, parents, tuning.known, only_biases, self._beside)
        made._weights, made._biases, made._tuning = self._weights, tuning.biases(self._biases), tuning
        return made

    def _of(self, columns: Integers) -> Floats:
        found: Floats = (
            self._weights.take(columns, axis=0)
            if self._tuning is None
            else self._tuning.weights(self._weights, columns)
        )
        return found

    def shares(self, text: str) -> Floats:
        """Give the share of each topic, in the order of `slugs`: together 1, or less where off the subject."""
        columns, values, certainty = training.row(text, self._known)
        if not len(columns):
            return np.zeros(len(self._order), np.float32)
        scores = (values @ self._of(columns) + self._biases) * math.sqrt(certainty)
        powers: Floats = np.exp(scores - scores.max())
        shares: Floats = powers[:-1] / powers.sum()
        return shares

    def dangers(self, text: str) -> frozenset[str]:
        """Give the kinds of danger that the words seem to speak of, beside those that `danger` hears for sure."""
        return self._beside.dangers.kinds(text)

    def offers(self, text: str, topics: Mapping[str, float]) -> Mapping[tuple[str, int], float]:
        """Give the kinds of help that the text seems to ask for within its topics, with their chance.

        A kind is named by its topic and its number among those of `load_offers`.
        """
        return self._beside.offers.likely(text, topics)

    @property
    def slugs(self) -> tuple[str, ...]:
        """The topics that the model knows, sorted."""
        return self._order

    @property
    def parents(self) -> Mapping[str, str | None]:
        """Each topic's parent."""
        return self._parents

    @property
    def clarity(self) -> Mapping[str, float]:
        """How clearly a word points at certain listings, 0 to 1, by its stem; one that is not here points clearly."""
        return self._beside.clarity

    @property
    def memory(self) -> int:
        """About how many bytes the model holds."""
        parts = (self._beside.offers.memory, self._beside.listings.memory, self._known.memory)
        return self._weights.nbytes + self._beside.dangers.weights.nbytes + sum(parts) + 100 * len(self._beside.clarity)

    def together(self, left: str, right: str) -> bool:
        """Whether people write two words (folded) side by side."""
        return pair_of(left, right) in self._known.numbers

    def topics(self, text: str, limit: int = 5, least: float = _LEAST) -> list[TopicGuess]:
        """Give the likely topics of what somebody typed, likeliest first; none for what is about something else."""
        shares = self.shares(text)
        best = np.argsort(-shares, kind="stable")[:limit]
        return [TopicGuess(self._order[i], float(shares[i])) for i in best if shares[i] >= least]

    def explain(self, text: str, slug: str, limit: int = 5) -> list[tuple[str, float]]:
        """Give the words and pieces of the text that speak most for the topic, with how much they add."""
        columns, values, _ = training.row(text, self._known)
        if slug not in self._order or not len(columns):
            return []
        added = values * self._of(columns)[:, self._order.index(slug)]
        names = {number: name for name, number in self._known.numbers.items() if number in set(columns.tolist())}
        best = np.argsort(-added, kind="stable")[:limit]
        return [(names[int(columns[i])], float(added[i])) for i in best if added[i] > 0]

    def topics_of_service(self, name: str, description: str, hint: str = "") -> list[TopicGuess]:
        """Give the confident topics (at most three) of a service that states none; often none at all.

        `hint` says where the listing comes from, such as the file's name: "gm_food_banks" alone is enough.
        """
        heard = service_topics.Heard(self.shares, self._beside.listings.shares, self._order)
        return list(map(TopicGuess._make, service_topics.guess(heard, name, description, hint)))

    def listed(self, name: str, description: str) -> Floats:
        """Give the share of each topic for a listing, by the words of organisations; none for topics taught on top."""
        return self._beside.listings.shares(name, description)

    def save(self, path: Path, key: str) -> None:
        """Write the model beside its place, then renames, so that a reader never sees half of it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        about = {"key": key, "version": _VERSION, "order": self._order, "parents": self._parents}
        about |= {"unknown": self._known.unknown, "offered": list(self._beside.offers.topics)}
        about |= {"unknown_in_listings": self._beside.listings.known.unknown}
        kinds_of_help = list(self._beside.offers.topics.values())
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(
                    file,
                    about=np.frombuffer(json.dumps(about).encode(), np.uint8),
                    names=_lines_of(self._known.numbers),
                    telling=self._known.telling,
                    words=_lines_of(self._beside.clarity),
                    clarity=np.array(list(self._beside.clarity.values()), np.float32),
                    weights=np.vstack([self._weights, self._biases]).astype(np.float16),
                    dangers=self._beside.dangers.weights.astype(np.float16),
                    offer_columns=np.concatenate([_NO_COLUMNS, *(one.columns for one in kinds_of_help)]),
                    offer_weights=np.concatenate([_NO_HALVES, *(one.weights.reshape(-1) for one in kinds_of_help)]),
                    listing_names=_lines_of(self._beside.listings.known.numbers),
                    listing_telling=self._beside.listings.known.telling,
                    listing_weights=self._beside.listings.weights,
                    offer_shapes=np.array([one.weights.shape for one in kinds_of_help], np.int32).reshape(-1, 2),
                )
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    @classmethod
    def load(cls, path: Path, key: str) -> "TopicModel | None":
        """Give the model of the file, or None when there is none, it is damaged or was made from something else."""
        kept = cls.load_kept(path)
        return kept.model if kept is not None and kept.key == key else None

    @classmethod
    def load_kept(cls, path: Path) -> "Kept | None":
        """Give the model of the file, made of whatever words, but in the way of today; None as above."""
        try:
            # Opened here: numpy leaves a damaged file open.
            with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                about = json.loads(file["about"].tobytes())
                if about.get("version", _VERSION_UNSAID) != _VERSION:
                    return None
                names = file["names"].tobytes().decode().split("\n")
                telling, weights = file["telling"], file["weights"].astype(np.float32)
                if weights.shape != (len(names) + 1, len(about["order"]) + 1) or len(telling) != len(names):
                    return None
                dangers = file["dangers"].astype(np.float32)
                if dangers.shape != (len(names) + 1, len(KINDS) + 1):
                    return None
                words, clarity = file["words"].tobytes().decode().split("\n"), file["clarity"]
                if len(words) != len(clarity):
                    return None
                known = Vocabulary({name: i for i, name in enumerate(names)}, telling, about["unknown"])
                clear = dict(zip(words, clarity.tolist(), strict=True))
                ear, offers = DangerModel(known, dangers), OfferModel(known, dict(_offered(about["offered"], file)))
                listings = _listed(about["unknown_in_listings"], len(about["order"]), file)
                beside = Beside(clear, ear, offers, listings)
                return Kept(cls(about["order"], about["parents"], known, weights, beside), about["key"])
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, NotImplementedError):
            return None


class Kept(NamedTuple):
    """A model as a file has it, and a digest of what it was made from."""

    model: TopicModel
    key: str


def _offered(slugs: Sequence[str], file: Mapping[str, npt.NDArray[Any]]) -> Iterator[tuple[str, OfTopic]]:
    """What tells kinds of help apart, taken out of the file; raises `ValueError` where its parts do not fit."""
    columns, weights = file["offer_columns"], file["offer_weights"]
    first_column = first_weight = 0
    for slug, (height, width) in zip(slugs, file["offer_shapes"].tolist(), strict=True):
        next_column, next_weight = first_column + height - 1, first_weight + height * width
        yield (
            slug,
            OfTopic(columns[first_column:next_column], weights[first_weight:next_weight].reshape(height, width)),
        )
        first_column, first_weight = next_column, next_weight
    if (first_column, first_weight) != (len(columns), len(weights)):
        raise ValueError("the columns and weights of kinds of help do not fit their shapes")


def _lines_of(names: Iterable[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), np.uint8)


def _listed(unknown: float, topics: int, file: Mapping[str, npt.NDArray[Any]]) -> ListingModel:
    """What knows the words of organisations, taken out of the file; raises `ValueError` where its parts do not fit."""
    names = file["listing_names"].tobytes().decode().split("\n")
    telling, weights = file["listing_telling"], file["listing_weights"]
    if weights.shape != (len(names) + 1, topics + 1) or len(telling) != len(names):
        raise ValueError("the weights for listings do not fit their features")
    return ListingModel(Vocabulary({name: i for i, name in enumerate(names)}, telling, unknown), weights)


def _as_kept(weights: Floats) -> Floats:
    """Give the weights as they come back from the file, which keeps half of their digits."""
    return weights.astype(np.float16).astype(np.float32)


class Example(NamedTuple):
    """A text to learn from, with the numbers of its topics; the number after the last topic stands for none of them."""

    text: str
    classes: tuple[int, ...]
    is_asked: bool = False
    """Whether it is a whole question as somebody would ask it."""


def examples(
    order: Sequence[str], phrases: Mapping[str, Sequence[str]], labels: Mapping[str, str]
) -> Iterator[Example]:
    """Each text to learn from, the questions last. What a phrase and a term of the same topic both say is told once."""
    told = set[tuple[str, Sequence[int]]]()
    for example in _lines(order, phrases, labels):
        said = (" ".join(folded_words(example.text)), example.classes)
        if said not in told:
            told.add(said)
            yield example


def _lines(order: Sequence[str], phrases: Mapping[str, Sequence[str]], labels: Mapping[str, str]) -> Iterator[Example]:
    number = {slug: place for place, slug in enumerate(order)}
    terms = load_terms()
    for slug in order:
        for text in (*phrases[slug], labels.get(slug, ""), *terms.get(slug, ())):
            yield Example(text, (number[slug],))
    none = (len(order),)
    for text, slugs in load_situations():
        yield Example(text, tuple(number[slug] for slug in slugs if slug in number) or none)
    for text in load_background():
        yield Example(text, none)
    for text, slugs, _ in load_asked():
        if slugs[0] in number:
            yield Example(text, tuple(number[slug] for slug in slugs if slug in number), is_asked=True)


def _dangers(order: Sequence[str], every: Sequence[Example], known: Vocabulary, rows: Rows) -> DangerModel:
    """Learn danger from all but most of the questions: they tell of ordinary trouble, beside which it hears too little.

    `rows` are those of `every`.
    """
    asked = [place for place, example in enumerate(every) if example.is_asked]
    left_out = set(asked).difference(asked[::_ASKED_OF_DANGER])
    places = [place for place in range(len(every)) if place not in left_out]
    told = [every[place] for place in places]
    slugs = [[order[place] for place in example.classes if place < len(order)] for example in told]
    return DangerModel.train(known, [example.text for example in told], slugs, rows.of(places))


def load_or_train(cache: Path, labels: Mapping[str, str], parents: Mapping[str, str | None]) -> TopicModel:
    """Give the model of the lexicon as it is now: from the file `cache`, or trained (some seconds) and kept there.

    A damaged or outdated file is replaced; one that cannot be written is done without.
    """
    key = _key(labels, parents)
    found = TopicModel.load(cache, key)
    if found is not None:
        return found
    model = TopicModel.train(load_phrases(), labels, parents)
    try:
        model.save(cache, key)
    except OSError:
        return model
    return model


class AtHand(NamedTuple):
    """A model that was learned some time, and whether it is that of the lexicon as it is now."""

    model: TopicModel
    is_current: bool


def at_hand(cache: Path, labels: Mapping[str, str], parents: Mapping[str, str | None]) -> AtHand | None:
    """Give what the file `cache` holds, also where the lexicon has changed since; None where it is of no use."""
    kept = TopicModel.load_kept(cache)
    return None if kept is None else AtHand(kept.model, kept.key == _key(labels, parents))


def _key(labels: Mapping[str, str], parents: Mapping[str, str | None]) -> str:
    """Give a digest of everything that the model is made from."""
    digest = hashlib.sha256(f"{_VERSION} {sorted(labels.items())} {sorted(parents.items())}".encode())
    kinds = ("topics/*.txt", "dangers/*.txt", "asked/*.tsv", "offers/*.tsv", "listings/*.tsv")
    written = [path for kind in kinds for path in sorted(FOLDER.glob(kind))]
    for path in (*written, *(FOLDER / name for name in _MADE_FROM)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
