"""HSDS as tables: one CSV file each, of versions 1 to 3, joined into the nested shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from app.core.errors import InvalidInput
from app.directory.importing.cleaning.texts import is_nothing
from app.directory.importing.limits import FeedFile
from app.directory.importing.raw import Raw, RawObject
from app.directory.importing.readers.legacy import modern_organization, modern_service
from app.directory.importing.readers.tables import headings, rows
from app.directory.importing.staging import REJECTED, RawRow, Staging

# Table: the file names it has had over the versions, singular and without separators.
TABLES: dict[str, tuple[str, ...]] = {
    "organization": ("organization", "organisation"),
    "organization_identifier": ("organizationidentifier", "organisationidentifier"),
    "program": ("program", "programme"),
    "service": ("service",),
    "service_at_location": ("serviceatlocation", "servicesatlocation"),
    "location": ("location",),
    "address": ("address", "addresse"),
    "physical_address": ("physicaladdress", "physicaladdresse"),
    "postal_address": ("postaladdress", "postaladdresse"),
    "phone": ("phone", "telephone"),
    "contact": ("contact",),
    "schedule": ("schedule", "regularschedule"),
    "holiday_schedule": ("holidayschedule",),
    "cost_option": ("costoption", "cost"),
    "funding": ("funding",),
    "language": ("language",),
    "service_area": ("servicearea",),
    "eligibility": ("eligibility", "eligibilitie", "eligibility"),
    "accessibility": ("accessibility", "accessibilityfordisability", "accessibilityfordisabilitie", "accessibilitie"),
    "taxonomy": ("taxonomy", "taxonomie"),
    "taxonomy_term": ("taxonomyterm",),
    "attribute": ("attribute", "servicetaxonomy", "servicestaxonomy", "servicetaxonomie", "linktaxonomy"),
}  # fmt: skip
# Files of HSDS that Waymark has no use for: not read, and nobody's loss.
IGNORED = frozenset(
    "datapackage metadata metatabledescription paymentaccepted paymentsaccepted requireddocument review url unit "
    "servicecapacity locationlanguage".split()
)
# Columns of Waymark's own exports that say something by being there.
_BLANK_COUNTS = frozenset({"filled_in", "kind", "coverage", "reach", "access_routes"})
_ARMED = re.compile(r"'+[=+\-@\t\r]")
# By which column a row names its owner: the first that is filled counts.
_OWNERS = ("service_at_location_id", "service_id", "location_id", "contact_id", "organization_id")
_LINKS = ("link_entity", "link_type", "linktype")


def table_of_file(name: str) -> str | None:
    """The table that a file holds by its name: "services.csv", "hsds_physical-addresses.csv"."""
    stem = re.sub(r"[^a-z]+", "", PurePath(name).stem.lower())
    for candidate in (stem, stem.removesuffix("s"), stem.removeprefix("hsds").removesuffix("s")):
        for table, names in TABLES.items():
            if candidate in names:
                return table
    return None


def looks_tabular(files: list[FeedFile]) -> bool:
    """Whether the files are tables of HSDS: services, and the ids by which the tables are joined."""
    services = [file for file in files if file.name.lower().endswith(".csv") and table_of_file(file.name) == "service"]
    needed = {"id", "name"} if len(files) > 1 else {"id", "organization_id", "name"}
    return bool(services) and needed <= set(headings(services[0]))


def read(files: list[FeedFile], staging: Staging) -> Iterator[RawObject]:
    """Every service, and every organisation without one; then rows that lead to nothing go into the report."""
    _stage(files, staging)
    _refuse_second_ids(staging)
    joined = _Joined(staging)
    for row in staging.raw_rows("service"):
        staging.use([row])
        yield RawObject("service", modern_service(joined.service(row)), row.where)
    for row in staging.raw_rows("organization"):
        if staging.tallied(f"organization {row.id}") == 0:
            staging.use([row])
            yield RawObject("organization", modern_organization(joined.organization(row)), row.where)
    yield from _terms(staging, joined)
    _list_orphans(staging)


def _terms(staging: Staging, joined: _Joined) -> Iterator[RawObject]:
    """Taxonomies and terms, also those that no service bears. In version 1 a taxonomy is a term: only those borne."""
    for row in staging.raw_rows("taxonomy_term"):
        staging.use([row])
        yield RawObject("taxonomy_term", {"taxonomy_term": joined.term(row)}, row.where)
    if staging.raw_exists("taxonomy_term"):
        for row in staging.raw_rows("taxonomy"):
            yield RawObject("taxonomy", dict(row.value), row.where)


def _stage(files: list[FeedFile], staging: Staging) -> None:
    found = False
    for file in files:
        table = table_of_file(file.name) if file.name.lower().endswith(".csv") else None
        if table is None:
            continue
        found = found or table == "service"
        for row in rows(file, staging):
            value = {
                name: _unarmed(cell)
                for name, cell in row.value.items()
                if name in _BLANK_COUNTS or not is_nothing(cell)
            }
            own = value.get("id") or (value.get("taxonomy_id", "") if table == "taxonomy" else "")
            staging.put_raw(table, own, _owner(table, value), row.where, value)
    if not found:
        raise InvalidInput("There is no services.csv among the files.")


def _unarmed(cell: str) -> str:
    """Without the apostrophe that exports put before what a spreadsheet would run."""
    return cell[1:] if _ARMED.match(cell) else cell


def _owner(table: str, value: dict[str, str]) -> str:
    """What a row belongs to, as "table:id"."""
    if table in {"service", "organization", "location", "taxonomy", "program"}:
        return ""
    if table == "taxonomy_term":
        return f"taxonomy:{value.get('taxonomy_id', '')}"
    if table == "service_at_location":
        return f"service:{value.get('service_id', '')}"
    link = next((value[name] for name in _LINKS if name in value), "")
    if link and "link_id" in value:
        return f"{link.lower()}:{value['link_id']}"
    column = next((name for name in _OWNERS if value.get(name)), "")
    return f"{column.removesuffix('_id')}:{value.get(column, '')}"


def _refuse_second_ids(staging: Staging) -> None:
    for table in ("service", "organization", "location"):
        for row in staging.same_id(table):
            staging.use([row])
            reason = "the id is used twice: only the first row with it counts"
            staging.problem(REJECTED, row.where, table, row.id, reason)


class _Joined:
    """Joins the staged rows."""

    def __init__(self, staging: Staging) -> None:
        self._staging = staging

    def service(self, row: RawRow) -> Raw:
        """A service with everything that leads to it."""
        raw: Raw = dict(row.value)
        owner = f"service:{row.id}"
        links = [self._at_location(link) for link in self._staging.raw_of("service_at_location", owner)]
        raw["service_at_locations"] = links or self._only_location(raw)
        raw["organization"] = self._organization_of(raw)
        raw["schedules"] = self._values("schedule", owner)
        raw["contacts"] = self._contacts(owner)
        raw["phones"] = self._values("phone", owner)
        raw["cost_options"] = self._values("cost_option", owner)
        raw["funding"] = self._values("funding", owner)
        raw["languages"] = self._values("language", owner) or _words(raw, "languages")
        raw["service_areas"] = self._values("service_area", owner) or _words(raw, "service_areas")
        raw["eligibilities"] = self._values("eligibility", owner)
        raw["attributes"] = self._attributes(owner) or [
            self._attribute_of({"taxonomy_id": told["name"]}) for told in _words(raw, "taxonomy_ids")
        ]
        if program := self._staging.raw_with_id("program", raw.get("program_id", "")):
            raw["program"] = program.value.get("name")
        return raw

    def organization(self, row: RawRow) -> Raw:
        """An organisation with everything that leads to it."""
        raw: Raw = dict(row.value)
        owner = f"organization:{row.id}"
        raw["organization_identifiers"] = self._values("organization_identifier", owner)
        raw["phones"] = self._values("phone", owner)
        raw["contacts"] = self._contacts(owner)
        raw["attributes"] = self._attributes(owner)
        return raw

    def _organization_of(self, raw: Raw) -> Raw | None:
        old_id = raw.get("organization_id", "")
        row = self._staging.raw_with_id("organization", old_id) if old_id else None
        if row is None:
            return {"id": old_id} if old_id else None
        self._staging.tally(f"organization {row.id}")
        return self.organization(row)

    def _only_location(self, raw: Raw) -> list[Raw]:
        """In version 1.0 a service names its one place itself, and may name its organisation only there."""
        row = self._staging.raw_with_id("location", raw["location_id"]) if raw.get("location_id") else None
        if row is None:
            return []
        raw["organization_id"] = raw.get("organization_id") or row.value.get("organization_id", "")
        return [{"location": self._location(row), "contacts": self._contacts(f"location:{row.id}")}]

    def _at_location(self, link: RawRow) -> Raw:
        raw: Raw = dict(link.value)
        old_id = raw.get("location_id", "")
        if old_id and (row := self._staging.raw_with_id("location", old_id)):
            raw["location"] = self._location(row)
        owner = f"service_at_location:{link.id}"
        raw["schedules"] = self._values("schedule", owner)
        raw["phones"] = self._values("phone", owner)
        raw["contacts"] = self._contacts(owner)
        return raw

    def _location(self, row: RawRow) -> Raw:
        raw: Raw = dict(row.value)
        owner = f"location:{row.id}"
        raw["addresses"] = self._values("address", owner)
        raw["physical_addresses"] = self._values("physical_address", owner)
        raw["postal_addresses"] = self._values("postal_address", owner)
        raw["accessibility"] = self._values("accessibility", owner) or [
            {"description": told["name"].replace("_", " ")} for told in _words(raw, "accessibility")
        ]
        raw["phones"] = self._values("phone", owner)
        raw["schedules"] = self._values("schedule", owner)
        raw["attributes"] = self._attributes(owner)
        return raw

    def _contacts(self, owner: str) -> list[Raw]:
        return [
            {**row.value, "phones": self._values("phone", f"contact:{row.id}")}
            for row in self._staging.raw_of("contact", owner)
        ]

    def _attributes(self, owner: str) -> list[Raw]:
        return [self._attribute(row) for row in self._staging.raw_of("attribute", owner)]

    def _attribute(self, row: RawRow) -> Raw:
        return self._attribute_of(dict(row.value))

    def _attribute_of(self, raw: Raw) -> Raw:
        """A tag with its term; in version 1 a taxonomy's row is itself a term."""
        term_id = raw.get("taxonomy_term_id") or raw.get("taxonomy_id") or ""
        term = self._staging.raw_with_id("taxonomy_term", term_id) or self._staging.raw_with_id("taxonomy", term_id)
        if term is None:
            raw["taxonomy_term"] = {"id": term_id, "name": raw.get("taxonomy_detail", "")}
            return raw
        raw["taxonomy_term"] = self.term(term)
        return raw

    def term(self, row: RawRow) -> Raw:
        """A term with its taxonomy."""
        told: Raw = {**row.value, "taxonomy": row.value.get("taxonomy") or row.value.get("vocabulary")}
        if taxonomy := self._staging.raw_with_id("taxonomy", row.value.get("taxonomy_id", "")):
            told["taxonomy_detail"] = taxonomy.value
        return told

    def _values(self, table: str, owner: str) -> list[Raw]:
        return [dict(row.value) for row in self._staging.raw_of(table, owner)]


def _words(raw: Raw, name: str) -> list[dict[str, str]]:
    """What version 1.0 has as words with commas between, and later ones as a table."""
    return [{"name": part.strip()} for part in str(raw.get(name) or "").split(",") if part.strip()][:50]


def _list_orphans(staging: Staging) -> None:
    """Rows that no service leads to: a blank link, or one to nothing. Terms and programmes may stand unused."""
    for table, row, owner in staging.unused():
        if table in {"taxonomy", "taxonomy_term", "program", "holiday_schedule"}:
            continue
        staging.problem(REJECTED, row.where, table, row.id, _why_orphan(table, owner))


def _why_orphan(table: str, owner: str) -> str:
    if table == "location":
        return "no service is at this location"
    kind, _, old_id = owner.partition(":")
    if not old_id:
        return "the row belongs to nothing: its link is blank"
    return f"the row belongs to {kind.replace('_', ' ')} {old_id[:60]!r}, which is not in the feed or is not used"
