"""The handles of one process: its reader of the index, and what understands lay words."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import date
from functools import cached_property
from pathlib import Path

from flask import Flask

from app.directory.topic_model import topic_model
from app.library.card_store import CardStore
from app.library.matching import WEIGHTS
from app.library.ranking import Standing
from app.library.topic_vectors import TopicVectors
from search_index import Index, IndexUnavailable, Snapshot, Writer
from search_index.lexicon import Corrector, TopicModel, known_mistakes, lexicon_words

EXTENSION = "waymark_library"


class Engine:
    """What a search needs and every request of a process shares; each part is made at first need."""

    def __init__(self, folder: Path) -> None:
        self.index = Index(folder)
        self.cards = CardStore()
        self._corrector: tuple[int, Corrector] | None = None
        self._vectors: tuple[int, TopicVectors] | None = None
        self._standing: tuple[tuple[int, date], Standing] | None = None

    @cached_property
    def model(self) -> TopicModel:
        """What knows topics by lay words; trained at set-up, or here if it was not."""
        return topic_model()

    def vectors(self, snapshot: Snapshot) -> TopicVectors:
        """What each service of this generation is about."""
        made = self._vectors
        if made is None or made[0] != snapshot.generation:
            made = (snapshot.generation, TopicVectors(snapshot, self.model.parents))
            self._vectors = made
        return made[1]

    def standing(self, snapshot: Snapshot, today: date) -> Standing:
        """What no query changes of this generation's ranking, on this day."""
        made = self._standing
        if made is None or made[0] != (snapshot.generation, today):
            made = ((snapshot.generation, today), Standing(snapshot, today, WEIGHTS))
            self._standing = made
        return made[1]

    def warm(self) -> None:
        """Make everything now, so that the first person does not wait. Without an index there is nothing to warm."""
        _ = self.model
        with suppress(IndexUnavailable):
            snapshot = self.index.snapshot()
            self.corrector(snapshot)
            self.vectors(snapshot)

    def corrector(self, snapshot: Snapshot) -> Corrector:
        """What mends spelling by the words of this generation of the index."""
        made = self._corrector
        if made is None or made[0] != snapshot.generation:
            # Two threads may both make it; they make the same, and the last one stays.
            vocabulary = Counter(lexicon_words()) + Counter(snapshot.vocabulary())
            made = (snapshot.generation, Corrector(vocabulary, known_mistakes()))
            self._corrector = made
        return made[1]


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
