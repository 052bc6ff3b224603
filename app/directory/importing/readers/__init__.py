"""Reading feeds: which format it is, and the objects in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from app.core.errors import InvalidInput
from app.directory.importing.limits import FeedFile
from app.directory.importing.raw import RawObject
from app.directory.importing.readers import hsds_csv, hsds_json, plain_csv
from app.directory.importing.staging import Staging


class Format(StrEnum):
    """What a feed may be."""

    HSDS_CSV = "hsds-csv"
    HSDS_JSON = "hsds-json"
    CSV = "csv"


_JSON_ENDINGS = (".json", ".ndjson", ".jsonl", ".geojson")
_CSV_ENDINGS = (".csv", ".tsv", ".txt")


def detect(files: list[FeedFile]) -> Format:
    """The format of the files. InvalidInput where it is none that is known."""
    tables = [file for file in files if file.name.lower().endswith(_CSV_ENDINGS)]
    if hsds_csv.looks_tabular(tables):
        return Format.HSDS_CSV
    if any(file.name.lower().endswith(_JSON_ENDINGS) for file in files) or _begins_like_json(files):
        return Format.HSDS_JSON
    if any(plain_csv.looks_plain(file) for file in tables):
        return Format.CSV
    names = ", ".join(file.name for file in files[:5]) or "nothing"
    raise InvalidInput(
        f"This is no feed that Waymark knows ({names}). It reads HSDS tables as CSV with a services.csv, HSDS JSON, "
        "and a CSV file with a column for the name. Say which with --format."
    )


def read(
    files: list[FeedFile], feed_format: Format, staging: Staging, mapping: Mapping[str, str]
) -> Iterator[RawObject]:
    """The objects of the feed, in the nested shape of HSDS 3.0."""
    if feed_format is Format.HSDS_CSV:
        return hsds_csv.read(files, staging)
    if feed_format is Format.HSDS_JSON:
        chosen = [file for file in files if file.name.lower().endswith(_JSON_ENDINGS)] or files
        return hsds_json.read(chosen, staging)
    chosen = [file for file in files if file.name.lower().endswith(_CSV_ENDINGS)] or files
    return plain_csv.read(chosen, staging, mapping)


def _begins_like_json(files: list[FeedFile]) -> bool:
    if len(files) != 1:
        return False
    with files[0].open() as stream:
        return stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
