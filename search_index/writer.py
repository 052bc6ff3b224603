"""Keeps the index of one machine up to date."""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic, time
from types import TracebackType
from typing import Self

from search_index.documents import Document
from search_index.errors import IndexUnavailable, IndexWriteFailed, WriterBusy
from search_index.merging import merge
from search_index.pointer import Commit, SegmentState, read_pointer, write_pointer
from search_index.segment import read_texts
from search_index.segment_writer import NewSegment, toc_name

LOCK = "writer.lock"
# A rebuild writes segments of this many documents, so that its memory does not grow with the directory.
REBUILD_SEGMENT = 25_000
# Seconds for which files stay that the last commit no longer names: a reader may be about to open them.
_GRACE = 10.0
_FOLDER = re.compile(r"generation-([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class WriterStatus:
    """What the last commit holds."""

    sequence: int
    size: int
    segments: int
    generation: int


class Writer:
    """The only writer of a folder on this machine. Closing it, or the end of its process, lets the next one in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers: dict[str, dict[str, int]] = {}  # of live documents, by segment
        self._unneeded: dict[str, float] = {}  # file: since when
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            self._lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise IndexWriteFailed(f"{folder} cannot be written to") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            self._lock = -1
            raise WriterBusy("another process writes to this index") from error

    def rebuild(
        self, documents: Iterable[Document], *, sequence: int, progress: Callable[[int], None] | None = None
    ) -> None:
        """Write the whole index anew beside the old one, then switch. Of documents with one id the last stays."""
        with self._failing():
            last = self._last_commit()
            self._clean(last)
            target = self._new_folder()
            states, toc = self._write_all(target, documents, progress)
            # By the clock where nothing is known of the one before: callers keep what they derive by this number.
            generation = int(time() * 1000) if last is None else last.generation + 1
            commit = Commit(target.name, generation, toc, sequence, tuple(states))
            write_pointer(self._folder, commit)
            self._clean(commit)

    def apply(self, *, upserts: Iterable[Document], deletes: Iterable[str], sequence: int) -> None:
        """Add, replace and remove documents in one commit. What is in both stays in."""
        with self._failing():
            last = read_pointer(self._folder)
            self._clean(last)
            folder = self._folder / last.folder
            with _new_segment(folder, (), last.toc) as new:
                ids = set(deletes) | self._add_all(new, upserts)
                states = self._without(folder, last.segments, ids)
                states = merge(new, folder, states)
                if new.docnum or states != list(last.segments):
                    states = new.finish(states)
                toc = new.generation if new.is_closed else last.toc
            commit = replace(last, generation=last.generation + 1, toc=toc, sequence=sequence, segments=tuple(states))
            write_pointer(self._folder, commit)

    def status(self) -> WriterStatus:
        """Of the last commit; IndexUnavailable when there is none."""
        commit = read_pointer(self._folder)
        size = sum(state.documents - len(state.deleted) for state in commit.segments)
        return WriterStatus(commit.sequence, size, len(commit.segments), commit.generation)

    def close(self) -> None:
        """Let the next writer in."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Writing

    def _write_all(
        self, target: Path, documents: Iterable[Document], progress: Callable[[int], None] | None
    ) -> tuple[list[SegmentState], int]:
        states: list[SegmentState] = []
        where: dict[str, int] = {}  # number over all segments, for an id that comes twice
        again: set[int] = set()
        source = enumerate(documents, 1)
        base = toc = 0
        done = False
        while not done:
            with _new_segment(target, states, toc) as new:
                done = True
                for count, document in source:
                    number = base + new.add(document)
                    if document.id in where:
                        again.add(where[document.id])
                    where[document.id] = number
                    if progress is not None:
                        progress(count)
                    if new.docnum >= REBUILD_SEGMENT:
                        done = False
                        break
                base += new.docnum
                states = new.finish(states)
                toc = new.generation
        return _drop_numbers(states, again), toc

    def _add_all(self, new: NewSegment, upserts: Iterable[Document]) -> set[str]:
        added: dict[str, int] = {}
        for document in upserts:
            number = new.add(document)
            if document.id in added:
                new.drop(added[document.id])
            added[document.id] = number
        return set(added)

    def _without(self, folder: Path, states: Iterable[SegmentState], ids: set[str]) -> list[SegmentState]:
        found = []
        for state in states:
            numbers = self._numbers_of(folder, state)
            gone = {numbers[identifier] for identifier in ids if identifier in numbers} | set(state.deleted)
            if len(gone) < state.documents:
                same = len(gone) == len(state.deleted)
                found.append(state if same else replace(state, deleted=tuple(sorted(gone))))
        self._numbers = {state.key: self._numbers[state.key] for state in found}
        return found

    def _numbers_of(self, folder: Path, state: SegmentState) -> dict[str, int]:
        known = self._numbers.get(state.key)
        if known is None:
            ids = read_texts(folder, state, "id")
            gone = set(state.deleted)
            known = {identifier: n for n, identifier in enumerate(ids) if n not in gone}
            self._numbers[state.key] = known
        return known

    # Files

    def _last_commit(self) -> Commit | None:
        try:
            return read_pointer(self._folder)
        except IndexUnavailable:
            return None

    def _new_folder(self) -> Path:
        numbers = [int(found[1]) for entry in self._folder.iterdir() if (found := _FOLDER.fullmatch(entry.name))]
        target = self._folder / f"generation-{max(numbers, default=0) + 1}"
        target.mkdir(mode=0o700)
        return target

    def _clean(self, commit: Commit | None, *, at_once: bool = False) -> None:
        """Remove what no commit names: of killed writers, and of commits before. Readers keep what they hold."""
        for entry in self._folder.iterdir():
            if _FOLDER.fullmatch(entry.name) and (commit is None or entry.name != commit.folder):
                shutil.rmtree(entry, ignore_errors=True)
        if commit is not None and (self._folder / commit.folder).is_dir():
            self._clean_folder(commit, at_once=at_once)

    def _clean_folder(self, commit: Commit, *, at_once: bool) -> None:
        kept = {name for state in commit.segments for name in state.files} | {toc_name(commit.toc)}
        now = monotonic()
        unneeded = {}
        for entry in (self._folder / commit.folder).iterdir():
            if entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)
            elif entry.name not in kept:
                since = self._unneeded.get(entry.name, now)
                # No reader opens Whoosh's table of contents; one left by a killed writer would bar the next.
                if at_once or ".toc" in entry.name or now - since > _GRACE:
                    entry.unlink(missing_ok=True)
                else:
                    unneeded[entry.name] = since
        self._unneeded = unneeded

    @contextmanager
    def _failing(self) -> Iterator[None]:
        if self._lock < 0:
            raise IndexWriteFailed("this writer is closed")
        try:
            yield
        except BaseException as error:
            # Room for the next attempt; what is left over here is removed then.
            with suppress(OSError):
                self._clean(self._last_commit(), at_once=True)
            if isinstance(error, OSError):
                raise IndexWriteFailed(f"the index could not be written: {error.strerror or error}") from error
            raise


@contextmanager
def _new_segment(folder: Path, states: Iterable[SegmentState], toc: int) -> Iterator[NewSegment]:
    new = NewSegment(folder, states, toc)
    try:
        yield new
    finally:
        if not new.is_closed:
            new.abandon()


def _drop_numbers(states: Sequence[SegmentState], numbers: set[int]) -> list[SegmentState]:
    found, base = [], 0
    for state in states:
        here = sorted(n - base for n in numbers if base <= n < base + state.documents)
        found.append(replace(state, deleted=tuple(here)) if here else state)
        base += state.documents
    return found
