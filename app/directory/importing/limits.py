"""How much of an untrusted feed is read before it is refused."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from app.core.errors import InvalidInput
from app.core.text import clean
from app.core.zips import UNREADABLE_ZIP

MEGABYTE = 1024 * 1024
LARGEST_FILE = 200 * MEGABYTE
LARGEST_TOTAL = 1000 * MEGABYTE
MOST_ENTRIES = 1000
# Text packs to about a tenth; a small entry may do better by chance.
HIGHEST_RATIO = 100
RATIO_COUNTS_FROM = MEGABYTE
MOST_ROWS = 1_000_000
LONGEST_FIELD = 131_072
# A quote that is never closed swallows the rest of a file: past this length the file is refused as a whole.
LONGEST_READ = 10 * MEGABYTE
DEEPEST_JSON = 64


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One file of a feed: on the disk, or an entry of an archive."""

    name: str
    path: Path
    entry: str | None = None

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its bytes. InvalidInput where it cannot be read."""
        try:
            if self.entry is None:
                with self.path.open("rb") as file:
                    yield file
            else:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.entry) as file:
                    yield file
        except UNREADABLE_ZIP as error:
            raise InvalidInput(f"{self.name} cannot be read: {error}") from error


def feed_files(path: Path) -> list[FeedFile]:
    """The files of a folder, an archive, or the one file; InvalidInput where there is none or too much."""
    if path.is_dir():
        return _of_folder(path)
    if not path.is_file():
        raise InvalidInput(f"There is no file or folder {path}.")
    return _of_archive(path) if zipfile.is_zipfile(path) else [_checked(path)]


def _of_folder(path: Path) -> list[FeedFile]:
    files = [item for item in sorted(path.rglob("*")) if item.is_file() and not item.is_symlink()]
    if len(files) > MOST_ENTRIES:
        raise InvalidInput(f"{path.name} holds more than {MOST_ENTRIES} files.")
    _check_total(path.name, sum(file.stat().st_size for file in files))
    return [_checked(file) for file in files]


def _checked(path: Path) -> FeedFile:
    if not stat.S_ISREG(path.stat().st_mode):
        raise InvalidInput(f"{path.name} is not a file.")
    _check_size(path.name, path.stat().st_size)
    return FeedFile(clean(path.name), path)


def _of_archive(path: Path) -> list[FeedFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except UNREADABLE_ZIP as error:
        raise InvalidInput(f"{path.name} cannot be read as a zip file: {error}") from error
    if len(entries) > MOST_ENTRIES:
        raise InvalidInput(f"{path.name} holds more than {MOST_ENTRIES} files.")
    for entry in entries:
        _check_entry(path.name, entry)
    _check_total(path.name, sum(entry.file_size for entry in entries))
    return [FeedFile(clean(PurePosixPath(entry.filename).name), path, entry.filename) for entry in entries]


def _check_entry(name: str, entry: zipfile.ZipInfo) -> None:
    _check_size(f"{name}/{entry.filename}", entry.file_size)
    if entry.file_size > RATIO_COUNTS_FROM and entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1):
        raise InvalidInput(f"{name}/{entry.filename} unpacks to more than {HIGHEST_RATIO} times its size.")
    if entry.flag_bits & 1:
        raise InvalidInput(f"{name}/{entry.filename} is locked with a password.")


def _check_size(name: str, size: int) -> None:
    if size > LARGEST_FILE:
        raise InvalidInput(f"{name} is larger than {LARGEST_FILE // MEGABYTE} MB.")


def _check_total(name: str, size: int) -> None:
    if size > LARGEST_TOTAL:
        raise InvalidInput(f"{name} holds more than {LARGEST_TOTAL // MEGABYTE} MB.")
