"""The directory as tables of HSDS 3.0, one CSV file each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from app.core.spreadsheet import harmless
from app.directory.exporting import fields
from app.directory.exporting.fields import plain
from app.directory.languages import language_name
from app.directory.models import (
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    Funding,
    Language,
    Location,
    Organization,
    OrganizationIdentifier,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)

ATTRIBUTE = ("id", "link_id", "link_entity", "taxonomy_term_id", "by_rule")
_SECRET = set(fields.LOCATION) - set(fields.CONFIDENTIAL_LOCATION)
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class TableFile:
    """One file: its name, the model whose rows it holds, its columns, and what its rows are ordered by before ids."""

    name: str
    model: type[Any]
    columns: tuple[str, ...]
    order: tuple[str, ...] = ()


FILES = (
    TableFile("organizations.csv", Organization, fields.ORGANIZATION),
    TableFile("organization_identifiers.csv", OrganizationIdentifier, fields.IDENTIFIER, ("organization_id",)),
    TableFile("services.csv", Service, (*fields.SERVICE, "program")),
    TableFile("locations.csv", Location, fields.LOCATION),
    TableFile("service_at_locations.csv", ServiceAtLocation, fields.SERVICE_AT_LOCATION, ("service_id", "position")),
    TableFile("addresses.csv", Address, fields.ADDRESS, ("location_id", "position")),
    TableFile("schedules.csv", Schedule, fields.SCHEDULE, ("service_id", "service_at_location_id", "position")),
    TableFile("phones.csv", Phone, fields.PHONE, ("service_id", "location_id", "organization_id", "position")),
    TableFile("contacts.csv", Contact, fields.CONTACT, ("service_id", "organization_id")),
    TableFile("cost_options.csv", CostOption, fields.COST_OPTION, ("service_id", "position")),
    TableFile("languages.csv", Language, fields.LANGUAGE, ("service_id",)),
    TableFile("service_areas.csv", ServiceArea, fields.SERVICE_AREA, ("service_id",)),
    TableFile("funding.csv", Funding, fields.FUNDING, ("service_id",)),
    TableFile("accessibility.csv", Accessibility, fields.ACCESSIBILITY, ("location_id", "position")),
    TableFile("attributes.csv", Attribute, ATTRIBUTE, ("service_id", "organization_id", "location_id", "position")),
    TableFile("taxonomies.csv", Taxonomy, fields.TAXONOMY),
    TableFile("taxonomy_terms.csv", TaxonomyTerm, fields.TERM, ("taxonomy_id", "position")),
)


def lines(session: Session, file: TableFile) -> Iterator[str]:
    """The lines of a file with their ends, headings first; flat in memory."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(file.columns)
    for row in session.execute(_statement(file), execution_options={"yield_per": _CHUNK}):
        writer.writerow([_cell(value) for value in _values(file, row._mapping)])
        yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _statement(file: TableFile) -> Select[Any]:
    """The rows; parts of a confidential place stay behind."""
    table = file.model.__table__
    statement = select(table)
    if "location_id" in table.c and file.model is not ServiceAtLocation:
        secret = select(Location.id).where(Location.confidential)
        open_to_all = table.c.location_id.is_(None) | table.c.location_id.not_in(secret)
        statement = statement.where(open_to_all)
    return statement.order_by(*(_first_none(table.c[name]) for name in file.order), table.c.id)


def _first_none(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column.asc().nulls_first()


def _values(file: TableFile, row: Any) -> Iterator[Any]:
    secret = file.model is Location and row["confidential"]
    for name in file.columns:
        if file.model is Attribute and name in {"link_id", "link_entity"}:
            yield _link(row)[name]
        elif file.model is Language and name == "name":
            yield row["name"] or language_name(row["code"] or "")
        elif secret and name in _SECRET:
            yield None
        else:
            yield row[name]


def _link(row: Any) -> dict[str, Any]:
    owner = next(name for name in ("service", "organization", "location") if row[f"{name}_id"])
    return {"link_id": row[f"{owner}_id"], "link_entity": owner}


def _cell(value: Any) -> str:
    told = plain(value)
    if told is None or told is False:
        return ""
    if isinstance(told, list):
        return " ".join(told)
    return "true" if told is True else harmless(str(told))
