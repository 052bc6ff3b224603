"""A backup as one zip file: the database, the files of the instance folder, and a manifest with their checksums.

- `manifest.json`: format, time, kind of database, its revision, SHA-256 of every other member
- `database/`: one SQLite file, or one text file for each table of PostgreSQL
- `files/`: what else lies in the instance folder
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from app.core.errors import InvalidInput, Refused
from app.core.zips import UNREADABLE_ZIP

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20


@dataclass(slots=True)
class Manifest:
    """What a backup says of itself.

    Of PostgreSQL `tables` gives the columns of each table, in the order written, and `counters` the next number of
    each column that is numbered.
    """

    made_at: str
    database: str
    revision: str
    format: int = FORMAT
    tables: dict[str, list[str]] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)


class _Hashed:
    """A stream into the archive that sums up what passes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.sum = hashlib.sha256()

    def write(self, data: bytes | memoryview) -> None:
        self.sum.update(data)
        self._stream.write(data)


class ArchiveWriter:
    """Writes members one after the other."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    @contextmanager
    def member(self, name: str) -> Iterator[_Hashed]:
        """A stream for one member."""
        with self._archive.open(name, "w", force_zip64=True) as stream:
            hashed = _Hashed(stream)
            yield hashed
        self.manifest.members[name] = hashed.sum.hexdigest()

    def add(self, name: str, path: Path) -> None:
        """Take in a file."""
        with path.open("rb") as file, self.member(name) as member:
            while chunk := file.read(CHUNK):
                member.write(chunk)


@contextmanager
def writing(path: Path, manifest: Manifest) -> Iterator[ArchiveWriter]:
    """A new archive at `path`, readable by its owner alone; there is either a whole one at the end or none."""
    if path.exists():
        raise Refused(f"{path} is there already. Name a file that is not.")
    partial = path.with_name(f".{path.name}.partial")
    try:
        with (
            os.fdopen(os.open(partial, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o600), "w+b") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
        ):
            yield ArchiveWriter(archive, manifest)
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
            archive.close()
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    except OSError as error:
        raise Refused(f"The backup could not be written: {error.strerror or error}.") from error
    finally:
        partial.unlink(missing_ok=True)


class ArchiveReader:
    """A backup whose members are all there and whole."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.manifest = _manifest(archive)
        if {*archive.namelist()} != {MANIFEST, *self.manifest.members}:
            raise InvalidInput("The backup does not hold what it says it holds.")

    def verify(self) -> None:
        """Read every member and compare its checksum."""
        for name, told in self.manifest.members.items():
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise InvalidInput("The backup names a file outside its folder.")
            summed = hashlib.sha256()
            try:
                for chunk in self.chunks(name):
                    summed.update(chunk)
            except UNREADABLE_ZIP as error:
                raise InvalidInput(f"The backup is damaged: {name} cannot be read.") from error
            if summed.hexdigest() != told:
                raise InvalidInput(f"The backup is damaged: {name} is not what was written.")

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of one member."""
        with self._archive.open(name) as stream:
            while chunk := stream.read(CHUNK):
                yield chunk

    def extract(self, name: str, path: Path) -> None:
        """Write one member to `path`, readable by its owner alone; what was there is replaced when all of it is."""
        partial = path.with_name(f".{path.name}.partial")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
                for chunk in self.chunks(name):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            partial.rename(path)
        finally:
            partial.unlink(missing_ok=True)

    def under(self, folder: str) -> dict[str, str]:
        """The members of a folder by their path in it."""
        return {
            name.removeprefix(f"{folder}/"): name for name in self.manifest.members if name.startswith(f"{folder}/")
        }


@contextmanager
def reading(path: Path) -> Iterator[ArchiveReader]:
    """The archive at `path`, verified."""
    try:
        archive = zipfile.ZipFile(path)
    except UNREADABLE_ZIP as error:
        raise InvalidInput(f"{path.name} is not a backup of Waymark, or is damaged.") from error
    with archive:
        reader = ArchiveReader(archive)
        reader.verify()
        yield reader


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        told: dict[str, Any] = json.loads(archive.read(MANIFEST))
        manifest = Manifest(**told)
    except (KeyError, ValueError, TypeError, *UNREADABLE_ZIP) as error:
        raise InvalidInput("This file is not a backup of Waymark, or is damaged.") from error
    if manifest.format != FORMAT:
        raise InvalidInput("This backup was made by a newer Waymark. Restore it with that one.")
    return manifest
