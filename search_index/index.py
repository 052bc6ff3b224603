"""The index of one folder, shared by the threads of one process."""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock, Thread
from time import monotonic, sleep
from typing import Final

from search_index.cache import ByteCache
from search_index.errors import IndexUnavailable
from search_index.pointer import Commit, pointer_stamp, read_pointer
from search_index.scoring import RawCache
from search_index.segment import Segment
from search_index.snapshot import Snapshot

CACHE_BYTES: Final = 256 << 20
_CHECK_EVERY: Final = 0.25
_RETRY_AFTER: Final = 2.0  # a commit that could not be read is not tried again at once
_TRIES: Final = 3
_FIRST_WARMING: Final = 0.3  # seconds the first caller waits for common words; the rest is warmed beside it
_WARMING: Final = 0.5  # the same for a newer generation: a change must be found soon
_FURTHER_WARMING: Final = 20.0  # once it answers; ended by a still newer one
_log = logging.getLogger(__name__)


class Index:
    """Gives the newest snapshot there is without waiting for a newer one to load."""

    def __init__(
        self,
        folder: Path,
        cache_bytes: int = CACHE_BYTES,
        prepare: Callable[[Snapshot], None] | None = None,
        warm: Callable[[Snapshot, Callable[[], bool]], None] | None = None,
    ) -> None:
        """`prepare` makes what callers derive of a snapshot; nobody is given one before that is done.

        `warm` makes what they would else make at first need, beside the first of them; it stops when what it is given
        says that a still newer one is there.
        """
        self._folder = folder
        self._prepare = prepare
        self._warm = warm
        self._cache_bytes = cache_bytes * 3 // 4  # for weights; the rest for posting lists, which outlive a generation
        self._raw: RawCache = ByteCache(cache_bytes - self._cache_bytes)
        self._snapshot: Snapshot | None = None
        self._stamp: tuple[int, int, int] | None = None
        self._failed: tuple[tuple[int, int, int] | None, float] | None = None
        self._check_at = 0.0
        self._first = Lock()
        # One token: who takes it loads, and the thread it starts puts it back.
        self._token = deque([True])

    def snapshot(self) -> Snapshot:
        """Give the newest loaded generation. The first call loads; a newer one on disk is loaded in a thread."""
        current = self._snapshot
        if current is None:
            with self._first:
                return self._snapshot or self._load_first()
        now = monotonic()
        if now >= self._check_at:
            self._check_at = now + _CHECK_EVERY
            if self._should_load(pointer_stamp(self._folder)):
                self._in_thread(self._load_beside)
        return current

    def refresh(self) -> Snapshot:
        """Give the newest generation on disk, loaded now if it is not the one in memory."""
        stamp = pointer_stamp(self._folder)
        current = self._snapshot
        if current is None or stamp is None or stamp != self._stamp:
            current = self._ready((), _FIRST_WARMING)
            self._swap(current, stamp)
        return current

    @property
    def memory(self) -> int:
        """Bytes held in this process for this index."""
        return self._raw.memory + (self._snapshot.memory if self._snapshot else 0)

    def _should_load(self, stamp: tuple[int, int, int] | None) -> bool:
        if stamp is None or stamp == self._stamp:
            return False
        return not self._recently_failed(stamp)

    def _recently_failed(self, stamp: tuple[int, int, int] | None) -> bool:
        return self._failed is not None and self._failed[0] == stamp and monotonic() < self._failed[1]

    def _load_first(self) -> Snapshot:
        stamp = pointer_stamp(self._folder)
        if self._recently_failed(stamp):
            raise IndexUnavailable("the index could not be read a moment ago")
        try:
            snapshot = self._ready((), _FIRST_WARMING)
        except IndexUnavailable:
            self._failed = (stamp, monotonic() + (_RETRY_AFTER if stamp else _CHECK_EVERY))
            raise
        self._swap(snapshot, stamp)
        self._in_thread(lambda: self._warm_further(snapshot, ()))
        return snapshot

    def _load_beside(self) -> None:
        stamp = pointer_stamp(self._folder)
        old = self._snapshot
        try:
            asked_before = old.scorer.cache.by_age() if old else ()
            snapshot = self._ready(asked_before, _WARMING)
        except IndexUnavailable:
            # The old generation goes on answering.
            self._failed = (stamp, monotonic() + _RETRY_AFTER)
            _log.warning("search index: a new generation cannot be read")
            return
        self._swap(snapshot, stamp)
        self._warm_further(snapshot, asked_before)

    def _ready(self, asked_before: Sequence[str], seconds: float) -> Snapshot:
        snapshot = self._load()
        if self._prepare is not None:
            self._prepare(snapshot)
        snapshot.warm(asked_before, seconds)
        return snapshot

    def _warm_further(self, snapshot: Snapshot, asked_before: Sequence[str]) -> None:
        stamp = self._stamp

        def until() -> bool:
            return pointer_stamp(self._folder) != stamp

        snapshot.warm(asked_before, _FURTHER_WARMING, until=until)
        if self._warm is not None:
            self._warm(snapshot, until)

    def _swap(self, snapshot: Snapshot, stamp: tuple[int, int, int] | None) -> None:
        kept = {segment.key for segment in snapshot.segments}
        self._raw.keep({key for key in self._raw.by_age() if key[0] in kept})
        self._snapshot, self._stamp = snapshot, stamp

    def _in_thread(self, work: Callable[[], None]) -> None:
        try:
            self._token.pop()
        except IndexError:
            return  # somebody is at it

        def run() -> None:
            try:
                work()
            except Exception:  # noqa: BLE001 - a thread nobody waits for must not die unheard
                _log.exception("search index: loading failed")
            finally:
                self._token.append(True)

        Thread(target=run, name="search-index-load", daemon=True).start()

    def _load(self) -> Snapshot:
        problem: Exception | None = None
        for attempt in range(_TRIES):
            if attempt:
                sleep(0.02 * attempt)  # a writer may just have replaced what the pointer named
            try:
                return self._load_once(read_pointer(self._folder))
            except Exception as error:  # noqa: BLE001 - damaged files make Whoosh and pickle raise anything
                problem = error
        raise IndexUnavailable("the index cannot be read") from problem

    def _load_once(self, commit: Commit) -> Snapshot:
        known = {segment.key: segment for segment in self._snapshot.segments} if self._snapshot else {}
        folder = self._folder / commit.folder
        segments = [known.get((commit.folder, state.key)) or Segment(folder, state) for state in commit.segments]
        return Snapshot(commit, segments, self._raw, self._cache_bytes)
