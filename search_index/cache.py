"""A cache bounded by bytes."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class ByteCache(Generic[K, V]):
    """Keeps what was used last. Safe to share between threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = Lock()
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self.memory = 0

    def get(self, key: K) -> V | None:
        """Give the value, which thereby becomes the last to go."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Keep the value; what was not used for longest makes room. One that is too large is not kept."""
        if size > self._limit:
            return
        with self._lock:
            old = self._entries.pop(key, None)
            if old is not None:
                self.memory -= old[1]
            self._entries[key] = (value, size)
            self.memory += size
            while self.memory > self._limit:
                _, (_, freed) = self._entries.popitem(last=False)
                self.memory -= freed

    def by_age(self) -> list[K]:
        """List the keys from the longest unused to the last used."""
        with self._lock:
            return list(self._entries)

    def keep(self, wanted: set[K]) -> None:
        """Drop all but these."""
        with self._lock:
            for key in [key for key in self._entries if key not in wanted]:
                self.memory -= self._entries.pop(key)[1]

    @property
    def has_room(self) -> bool:
        """Whether a quarter is still free."""
        return self.memory < self._limit * 0.75
