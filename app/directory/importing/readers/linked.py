"""Spreadsheets of organisations and of places, to which a spreadsheet of services points by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.directory.geography import place_key
from app.directory.importing.limits import FeedFile
from app.directory.importing.raw import RawObject
from app.directory.importing.readers.columns import columns_of, fields_of
from app.directory.importing.readers.hsds_csv import table_of_file
from app.directory.importing.readers.tables import headings, rows
from app.directory.importing.staging import NOTE, REJECTED, Staging

# Table: by which headings its rows are called.
_CALLED = {
    "organization": ("organisation_name", "organization_name", "organisation", "organization", "name"),
    "location": ("location_name", "venue_name", "venue", "location", "place", "name"),
}

Fields = dict[str, str]


def apart(files: list[FeedFile]) -> tuple[list[FeedFile], dict[str, list[FeedFile]]]:
    """The spreadsheets of services, and those of organisations and places beside one that is named for services."""
    tables = [(file, table_of_file(file.name) or "") for file in files]
    services = [file for file, table in tables if table == "service"]
    if not services:
        return files, {}
    beside = {name: [file for file, table in tables if table == name] for name in _CALLED}
    return [file for file, table in tables if table not in _CALLED], beside


class NamedRows:
    """The rows of those spreadsheets, found by name."""

    def __init__(self, staging: Staging, tables: dict[str, list[FeedFile]]) -> None:
        self._staging = staging
        for table, files in tables.items():
            for file in files:
                self._stage(table, file)

    def _stage(self, table: str, file: FeedFile) -> None:
        names = headings(file)
        called = next((heading for heading in _CALLED[table] if heading in names), None)
        columns = columns_of(names, {"name": called} if called else {})
        for row in rows(file, self._staging):
            fields = fields_of(row.value, columns)
            if fields.get("name"):
                self._staging.put_raw(table, place_key(fields["name"]), "", row.where, fields)
            else:
                self._staging.problem(REJECTED, row.where, table, fields.get("id", ""), "the row has no name")

    def every(self, table: str, told: str) -> list[Fields]:
        """The rows that the cell names, alone or as a list: "Town hall; Library"."""
        parts = [told, *re.split(r"[;|\n]", told), *re.split(r"[;|,\n]", told)]
        found: dict[str, Fields] = {}
        for key in filter(None, map(place_key, parts)):
            if key not in found and (row := self._staging.raw_with_id(table, key)):
                found[key] = row.value
        return list(found.values())

    def first(self, table: str, told: str) -> Fields | None:
        """The first row that the cell names."""
        return next(iter(self.every(table, told)), None)

    def unused(self) -> Iterator[RawObject]:
        """Organisations that no service names, which are imported too; such places are listed."""
        for table, row, _ in self._staging.unused():
            if table == "organization":
                told = {"name": row.value["name"], "description": row.value.get("description")}
                yield RawObject("organization", {**told, "website": row.value.get("url")}, row.where)
            else:
                self._staging.problem(NOTE, row.where, table, row.value["name"], "no service is at this location")
