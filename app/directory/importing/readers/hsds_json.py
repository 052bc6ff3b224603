"""Services as JSON: a list, a page with its envelope, one service, or one service a line; of HSDS, or flat."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

import ijson

from app.core.errors import InvalidInput
from app.directory.importing.limits import DEEPEST_JSON, LONGEST_FIELD, LONGEST_READ, MOST_ROWS, FeedFile
from app.directory.importing.raw import Raw, RawObject, Where, items
from app.directory.importing.readers.depth import ShallowStream
from app.directory.importing.readers.encodings import encoding_of, opened_as_utf8
from app.directory.importing.readers.flat import feature_told, services_told
from app.directory.importing.readers.legacy import modern_organization, modern_service
from app.directory.importing.staging import REJECTED, Staging

_LISTS = ("contents", "content", "services", "items", "data", "results", "organizations", "value",
          "features")  # fmt: skip
_PEEK = 65_536


def read(files: list[FeedFile], staging: Staging) -> Iterator[RawObject]:
    """Every service and organisation of the files. InvalidInput where one is no JSON."""
    for file in files:
        for number, item in enumerate(_items(file), start=1):
            if number > MOST_ROWS:
                raise InvalidInput(f"{file.name} has more than {MOST_ROWS:,} items.")
            where = Where(file.name, number)
            if fault := _fault(item):
                staging.problem(REJECTED, where, "service", _id(item), fault)
                continue
            yield from _objects(feature_told(item), where)


def _objects(item: Raw, where: Where) -> Iterator[RawObject]:
    if flat := services_told(item):
        yield from (RawObject("service", service, where) for service in flat)
        return
    services = items(item.get("services"))
    if services or ("status" not in item and "organization_identifiers" in item):
        organization = {name: value for name, value in item.items() if name != "services"}
        if not services:
            yield RawObject("organization", modern_organization(organization), where)
        for service in services:
            yield RawObject("service", modern_service({"organization": organization, **service}), where)
        return
    if isinstance(item.get("service"), dict) and isinstance(item.get("location"), dict):
        link = {name: value for name, value in item.items() if name != "service"}
        item = {**item["service"], "service_at_locations": [link]}
    yield RawObject("service", modern_service(item), where)


def _fault(item: Any) -> str:
    """Why an item cannot be used; nothing where it can."""
    if not isinstance(item, dict):
        return "not an object"
    level: list[Any] = [item]
    for _ in range(DEEPEST_JSON):
        level = [child for value in level for child in _children(value)]
        if any(isinstance(value, str) and len(value) > LONGEST_FIELD for value in level):
            return f"a field is longer than {LONGEST_FIELD:,} characters"
        if not level:
            return ""
    return f"nested deeper than {DEEPEST_JSON} levels"


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _id(item: Any) -> str:
    return str(item.get("id") or "") if isinstance(item, dict) else ""


def _items(file: FeedFile) -> Iterator[Any]:
    encoding = encoding_of(file)
    try:
        with opened_as_utf8(file, encoding) as stream:
            is_lines = _is_lines(file, stream)
        yield from _lines(file, encoding) if is_lines else _whole(file, encoding)
    except (ijson.JSONError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInput(f"{file.name} is not readable as JSON: {error}") from error


def _is_lines(file: FeedFile, stream: IO[bytes]) -> bool:
    """Whether each line is an object of its own."""
    if file.name.lower().endswith((".ndjson", ".jsonl")):
        return True
    first = stream.read(_PEEK).lstrip()
    line, newline, rest = first.partition(b"\n")
    if not line.startswith(b"{") or not newline or not rest.lstrip().startswith(b"{"):
        return False
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _lines(file: FeedFile, encoding: str) -> Iterator[Any]:
    with opened_as_utf8(file, encoding) as stream:
        for number, line in enumerate(iter(lambda: stream.readline(LONGEST_READ + 1), b""), start=1):
            if len(line) > LONGEST_READ:
                raise InvalidInput(f"{file.name}, line {number} is longer than {LONGEST_READ:,} bytes.")
            text = line.strip()
            if not text:
                continue
            try:
                yield json.loads(text)
            except (ValueError, RecursionError) as error:
                raise InvalidInput(f"{file.name}, line {number} is not readable as JSON: {error}") from error


def _whole(file: FeedFile, encoding: str) -> Iterator[Any]:
    prefix = _prefix(file, encoding)
    with opened_as_utf8(file, encoding) as stream:
        yield from ijson.items(ShallowStream(stream, file.name), prefix, use_float=True)


def _prefix(file: FeedFile, encoding: str) -> str:
    """Where in the document the items are."""
    with opened_as_utf8(file, encoding) as stream:
        names: set[str] = set()
        for prefix, event, value in ijson.parse(ShallowStream(stream, file.name)):
            if prefix == "" and event == "start_array":
                return "item"
            is_list = prefix in _LISTS and event == "start_array"
            if is_list and (prefix == "features" or not {"name", "status"} & names):
                return f"{prefix}.item"
            if prefix == "" and event == "map_key":
                names.add(value)
            if prefix == "" and event not in {"start_map", "map_key", "end_map"}:
                break
        if "name" in names:
            return ""
    raise InvalidInput(f"{file.name} holds no list of services (looked for {', '.join(_LISTS[:4])}).")
