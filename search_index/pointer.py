"""The small file that says which files are the index now.

Everything a reader needs is named here with its size and checksum, and the file is replaced by one atomic rename. So
a commit is either wholly there or not at all, whenever the writer is killed, and damage is seen before it is read.
"""

import json
import os
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from search_index.errors import IndexUnavailable

POINTER = "current.json"
FORMAT = 7  # raised when new code looks for what an old index has not: it is then rebuilt
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileState:
    """What a file must be."""

    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class SegmentState:
    """One Whoosh segment: as many documents, all but the deleted ones live."""

    segid: str
    key: str  # how the names of its files begin
    documents: int
    deleted: tuple[int, ...]
    lengths: dict[str, int]  # field: sum of its lengths
    files: dict[str, FileState]


@dataclass(frozen=True, slots=True)
class Commit:
    """One state of the index."""

    folder: str  # "generation-3"
    generation: int  # counts commits, over all folders
    toc: int  # Whoosh's own number of the table of contents in that folder
    sequence: int
    segments: tuple[SegmentState, ...] = ()


def file_state(path: Path) -> FileState:
    """Size and checksum of a file."""
    crc = size = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            crc = zlib.crc32(chunk, crc)
            size += len(chunk)
    return FileState(size, crc)


def write_pointer(folder: Path, commit: Commit) -> None:
    """Make `commit` the current one."""
    body = json.dumps(asdict(commit), separators=(",", ":"))
    envelope = json.dumps({"format": FORMAT, "crc": zlib.crc32(body.encode()), "commit": body})
    temporary = folder / f"{POINTER}.new"
    with temporary.open("w", encoding="utf-8") as stream:
        stream.write(envelope)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(folder / POINTER)


def read_pointer(folder: Path) -> Commit:
    """Read the current commit."""
    try:
        envelope = json.loads((folder / POINTER).read_text("utf-8"))
        body = envelope["commit"]
        if envelope["format"] != FORMAT or envelope["crc"] != zlib.crc32(body.encode()):
            raise IndexUnavailable("the index has another format or is damaged")
        return _commit(json.loads(body))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IndexUnavailable(f"no readable index in {folder.name}") from error


def pointer_stamp(folder: Path) -> tuple[int, int, int] | None:
    """Give what changes whenever the pointer is replaced; costs one stat."""
    try:
        state = (folder / POINTER).stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_ino, state.st_size


def _commit(data: dict[str, Any]) -> Commit:
    segments = tuple(
        SegmentState(
            segid=item["segid"],
            key=item["key"],
            documents=item["documents"],
            deleted=tuple(item["deleted"]),
            lengths=item["lengths"],
            files={name: FileState(**state) for name, state in item["files"].items()},
        )
        for item in data.pop("segments")
    )
    return Commit(segments=segments, **data)
