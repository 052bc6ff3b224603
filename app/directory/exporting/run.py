"""Writing the directory to a file, a folder or an archive."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from app.core.errors import InvalidInput
from app.directory import queries
from app.directory.exporting import nested, tables

# A fixed date, so that the same directory gives the same bytes.
_ARCHIVE_DATE = (1980, 1, 1, 0, 0, 0)
_LINES = (".ndjson", ".jsonl")


class Format(StrEnum):
    """What an export may be."""

    HSDS_CSV = "hsds-csv"
    HSDS_JSON = "hsds-json"


def format_for(path: Path) -> Format:
    """By the name: JSON for .json, .ndjson and .jsonl, else tables as CSV (.zip or a folder)."""
    return Format.HSDS_JSON if path.suffix.lower() in {".json", *_LINES} else Format.HSDS_CSV


def export(session: Session, path: Path, export_format: Format | None = None) -> int:
    """Write every service with everything told of it; returns how many. Only the export itself is ever replaced."""
    chosen = export_format or format_for(path)
    try:
        if chosen is Format.HSDS_JSON:
            _write(path, _json(session, as_lines=path.suffix.lower() in _LINES))
        elif path.suffix.lower() == ".zip":
            _write_archive(session, path)
        else:
            _write_folder(session, path)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror or error}") from error
    return len(queries.every_service_id(session))


def _json(session: Session, *, as_lines: bool) -> Iterator[str]:
    parents = nested.Parents(session)
    yield "" if as_lines else "["
    separator = "" if as_lines else "\n"
    for service in queries.whole_services(session):
        yield separator + json.dumps(nested.service(service, parents), ensure_ascii=False)
        separator = "\n" if as_lines else ",\n"
    yield "\n" if as_lines else "\n]\n"


def _write_folder(session: Session, path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True)
    for file in tables.FILES:
        _write(path / file.name, tables.lines(session, file))


def _write_archive(session: Session, path: Path) -> None:
    part = path.with_name(path.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in tables.FILES:
            about = zipfile.ZipInfo(file.name, _ARCHIVE_DATE)
            about.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(about, "w") as entry:
                for line in tables.lines(session, file):
                    entry.write(line.encode())
    part.replace(path)


def _write(path: Path, lines: Iterable[str]) -> None:
    """Beside its place first, then renamed: an export that fails leaves the last one whole."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
