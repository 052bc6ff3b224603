"""Who holds a lease, and whether that worker is still alive.

Each worker keeps an own file locked in the instance folder; the kernel lets go of the lock when the process ends,
however it ends. So another worker on the machine knows at once that a lease is void and need not wait until it runs
out. In the file the worker notes what it is doing: a message that the provider took just before the worker was killed
is not sent again.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

FOLDER = "workers"
NOTE_BYTES = 256
# A worker that has just made its file may not have locked it yet.
TIDIED_AFTER_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Accepted:
    """A provider took this message, under this reference."""

    message_id: UUID
    provider: str
    reference: str | None


@dataclass(frozen=True, slots=True)
class Left:
    """A message that may be with a provider, or may not."""

    message_id: UUID


class Holder:
    """One process as it holds leases. `name` goes into the database."""

    def __init__(self, instance: Path) -> None:
        self.folder = instance / FOLDER
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.name = uuid4().hex
        self.path = self.folder / self.name
        self._file = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def accepted(self, accepted: Accepted) -> None:
        """Note that a provider took a message: it stays noted until the next is handed over."""
        self._write(f"{accepted.message_id} {accepted.provider} {accepted.reference or ''}")

    def leaving(self, message_id: UUID) -> None:
        """Note that a message is with a provider from now on, or nearly."""
        self._write(str(message_id))

    def forget(self) -> None:
        """Another message is being handed over: what was noted of the last one is in the database."""
        self._write("")

    def _write(self, note: str) -> None:
        os.pwrite(self._file, note.encode()[:NOTE_BYTES].ljust(NOTE_BYTES), 0)

    def close(self) -> None:
        """Let go."""
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
        os.close(self._file)

    def is_gone(self, name: str) -> bool:
        """Whether the holder `name` was a worker of this machine and has ended."""
        with _unlocked(self.folder / name) as file:
            return file is not None

    def last_note(self, name: str) -> Accepted | Left | None:
        """What this worker, or one of this machine that has ended, noted last of what it was handing over."""
        if name == self.name:
            return _read(self._file)
        with _unlocked(self.folder / name) as file:
            return None if file is None else _read(file)

    def tidy(self, names_in_use: set[str]) -> None:
        """Remove the files of ended workers that hold no lease any more."""
        long_ago = time.time() - TIDIED_AFTER_SECONDS
        for path in self.folder.iterdir():
            is_old = path.name not in names_in_use and path.stat().st_mtime < long_ago
            if is_old and self.is_gone(path.name):
                path.unlink(missing_ok=True)


@contextlib.contextmanager
def _unlocked(path: Path) -> Iterator[int | None]:
    try:
        file = os.open(path, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        yield None
        return
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        yield None
    else:
        yield file
    finally:
        os.close(file)


def _read(file: int) -> Accepted | Left | None:
    match os.pread(file, NOTE_BYTES, 0).decode(errors="replace").split():
        case [message_id]:
            return Left(UUID(message_id))
        case [message_id, provider]:
            return Accepted(UUID(message_id), provider, None)
        case [message_id, provider, reference]:
            return Accepted(UUID(message_id), provider, reference)
        case _:
            return None
