"""Where the files of cases lie: in the instance folder, away from everything that is served, under names of our own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

FOLDER = "documents"
NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class DocumentStore:
    """The files under one instance folder. A name is 32 hexadecimal digits; nothing else ever becomes a path."""

    instance: Path

    def put(self, data: bytes) -> str:
        """Keep a file, whole or not at all; gives its name."""
        name = uuid4().hex
        path = self.path(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        descriptor = os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
        return name

    def path(self, name: str) -> Path:
        """Where a file lies. ValueError for what is no name."""
        if not NAME.fullmatch(name):
            raise ValueError("no name of a document")
        return self.instance / FOLDER / name[:2] / name

    def remove(self, name: str) -> None:
        """Delete a file; nothing where there is none."""
        self.path(name).unlink(missing_ok=True)

    def older_than(self, moment: float) -> Iterator[Path]:
        """Files, whole and half, that were last written before a moment (seconds since 1970)."""
        for path in sorted((self.instance / FOLDER).glob("*/*")):
            if path.is_file() and path.stat().st_mtime < moment:
                yield path
