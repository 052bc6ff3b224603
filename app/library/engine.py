"""The handles of one process: its reader of the index, and what understands lay words."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from pathlib import Path

from flask import Flask

from search_index import Index, IndexUnavailable, Snapshot, Writer
from search_index.lexicon import Corrector, TopicModel, load_or_train

EXTENSION = "waymark_library"
MODEL_FOLDER = "lexicon"


class Engine:
    """What a search needs and every request of a process shares; each part is made at first need."""

    def __init__(self, folder: Path) -> None:
        self.index = Index(folder)
        self._folder = folder
        self._corrector: tuple[int, Corrector] | None = None

    @cached_property
    def model(self) -> TopicModel:
        """What knows topics by lay words; trained once and kept beside the index."""
        return load_or_train(self._folder / MODEL_FOLDER)

    def warm(self) -> None:
        """Make everything now, so that the first person does not wait. Without an index there is nothing to warm."""
        _ = self.model
        with suppress(IndexUnavailable):
            self.corrector(self.index.snapshot())

    def corrector(self, snapshot: Snapshot) -> Corrector:
        """What mends spelling by the words of this generation of the index."""
        made = self._corrector
        if made is None or made[0] != snapshot.generation:
            # Two threads may both make it; they make the same, and the last one stays.
            made = (snapshot.generation, Corrector(snapshot.vocabulary()))
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
