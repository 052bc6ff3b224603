"""The handles of one process: its reader of the index, and what understands lay words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import cached_property
from pathlib import Path
from weakref import WeakKeyDictionary

from flask import Flask

from app.core import clock
from app.directory.topic_model import topic_model
from app.library.card_store import CardStore
from app.library.conditions import conditions
from app.library.filter_bits import FilterBits
from app.library.matching import WEIGHTS
from app.library.offer_scores import OfferScores
from app.library.ranking import Standing
from app.library.topic_vectors import TopicVectors
from search_index import Index, IndexUnavailable, Snapshot, Writer
from search_index.lexicon import Corrector, Phrases, TopicModel, danger, expand, known_mistakes, lexicon_words

EXTENSION = "waymark_library"


class Derived:
    """What a search needs of one generation of the index beside the index itself, and no query changes."""

    def __init__(self, snapshot: Snapshot, parents: Mapping[str, str | None]) -> None:
        self.vectors = parents, TopicVectors(snapshot, parents)
        words = Counter(lexicon_words()) + Counter(snapshot.vocabulary())
        self.corrector = Corrector(words, known_mistakes(), together=topic_model().together)
        self.filter_bits = FilterBits(snapshot)
        self.offers = OfferScores(snapshot)
        self.standing: tuple[date, Standing] | None = None


class Engine:
    """What a search needs and every request of a process shares; each part is made at first need."""

    def __init__(self, folder: Path) -> None:
        # What is derived of a newer generation is made beside the old one too, before anybody is given it.
        self.index = Index(folder, prepare=self._prepare, warm=self._warm_beside)
        self.cards = CardStore()
        self._derived: WeakKeyDictionary[Snapshot, Derived] = WeakKeyDictionary()
        self._taught: tuple[tuple[Phrases, TopicModel], ...] = ()
        self._seen: Mapping[str, str | None] | None = None
        self._parents: Mapping[str, str | None] | None = None

    @cached_property
    def model(self) -> TopicModel:
        """What knows topics by lay words; trained at set-up, or here if it was not."""
        return topic_model()

    def model_with(self, phrases: Phrases) -> TopicModel:
        """The model with what staff taught it; kept for the wording that is published and for one that is tried."""
        if not phrases:
            return self.model
        for known, model in self._taught:
            if known is phrases or known == phrases:
                return model
        made = self.model.taught(phrases)
        self._taught = ((phrases, made), *self._taught)[:2]
        return made

    def vectors(self, snapshot: Snapshot, tree: Mapping[str, str | None] | None = None) -> TopicVectors:
        """What each service of this generation is about; `tree` are the topics as they are now, with their parents."""
        if tree is not None and tree is not self._seen:
            # Topics that the model was never taught are topics all the same.
            self._seen, self._parents = tree, {**self.model.parents, **tree}
        derived = self._of(snapshot)
        parents, vectors = derived.vectors
        if self._parents is not None and parents != self._parents:
            vectors = TopicVectors(snapshot, self._parents)
            derived.vectors = self._parents, vectors
        return vectors

    def corrector(self, snapshot: Snapshot) -> Corrector:
        """What mends spelling by the words of this generation of the index."""
        return self._of(snapshot).corrector

    def filter_bits(self, snapshot: Snapshot) -> FilterBits:
        """What the filters let through of this generation."""
        return self._of(snapshot).filter_bits

    def offers(self, snapshot: Snapshot) -> OfferScores:
        """How well the services of this generation fit kinds of help."""
        return self._of(snapshot).offers

    def standing(self, snapshot: Snapshot, today: date) -> Standing:
        """What no query changes of this generation's ranking, on this day."""
        derived = self._of(snapshot)
        made = derived.standing
        if made is None or made[0] != today:
            made = derived.standing = today, Standing(snapshot, today, WEIGHTS)
        return made[1]

    def warm(self) -> None:
        """Make everything now, so that the first person does not wait. Without an index there is nothing to warm."""
        _ = self.model
        danger("warm")
        expand("warm")
        conditions("warm")
        with suppress(IndexUnavailable):
            self.index.snapshot()

    def _prepare(self, snapshot: Snapshot) -> None:
        self._of(snapshot)
        self.standing(snapshot, clock.today())

    def _warm_beside(self, snapshot: Snapshot, until: Callable[[], bool]) -> None:
        self.offers(snapshot).warm(until)

    def _of(self, snapshot: Snapshot) -> Derived:
        made = self._derived.get(snapshot)
        if made is None:
            # Two threads may both make it; they make the same, and the last one stays.
            made = self._derived[snapshot] = Derived(snapshot, self._parents or self.model.parents)
        return made


def install(app: Flask) -> None:
    """Give the application its handles."""
    app.extensions[EXTENSION] = Engine(_folder(app))


def engine_of(app: Flask) -> Engine:
    """The handles of this process."""
    found: Engine = app.extensions[EXTENSION]
    return found


def index_writer(app: Flask) -> Writer:
    """The writer of this machine's index, to be closed soon; raises `WriterBusy` while another has it."""
    return Writer(_folder(app))


def _folder(app: Flask) -> Path:
    index_dir: Path = app.extensions["waymark_settings"].index_dir
    return index_dir
