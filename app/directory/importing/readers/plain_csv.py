"""A spreadsheet of services, one a row, with whatever headings people give.

Beside it there may be spreadsheets of the organisations and of the places, to which it points by their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from app.core.errors import InvalidInput
from app.directory.geography import place_key
from app.directory.importing.cleaning import values
from app.directory.importing.cleaning.addresses import tidy_postcode
from app.directory.importing.identity import digest
from app.directory.importing.limits import FeedFile
from app.directory.importing.raw import Raw, RawObject, Where
from app.directory.importing.readers.columns import HEADINGS, WEEK, columns_of, end_of, fields_of, name_column, unused
from app.directory.importing.readers.linked import NamedRows, apart
from app.directory.importing.readers.tables import headings, rows
from app.directory.importing.staging import NOTE, REJECTED, Staging
from app.directory.postcodes.grid import to_wgs84

# Fields that a service of HSDS has under the same name.
_COPIED = ("alternate_name", "description", "application_process", "eligibility_description", "minimum_age",
           "maximum_age", "fees_description", "status", "assured_date")  # fmt: skip
# "55.95341, -3.14375" in one cell.
_PAIR = re.compile(r"^\s*[(\[]?\s*(-?\d{1,2}\.\d+)\s*[,;\s]\s*(-?\d{1,3}\.\d+)\s*[)\]]?\s*$")
_ADDRESS = ("address", "address_1", "address_2", "city", "region", "state_province", "postal_code")


def looks_plain(file: FeedFile) -> bool:
    """Whether a CSV file has a column that can be a service's name."""
    names = headings(file)
    return "name" in columns_of(names, {}) or name_column(names) is not None


def read(files: list[FeedFile], staging: Staging, mapping: Mapping[str, str]) -> Iterator[RawObject]:
    """Every row as a service with its organisation and places."""
    services, beside = apart(files)
    named = NamedRows(staging, beside)
    for file in services:
        names = headings(file)
        if unknown := [heading for heading in mapping.values() if heading not in names]:
            raise InvalidInput(f"{file.name} has no column {unknown[0]!r}, which the mapping names.")
        columns = columns_of(names, mapping)
        if "name" not in columns and (likely := name_column(names)):
            columns["name"] = likely
            reason = f"no column is headed as a name: {likely!r} was taken for it"
            staging.problem(NOTE, Where(file.name, 1), "columns", "", reason)
        if "name" not in columns:
            raise InvalidInput(f"{file.name} has no column for the name (such as {', '.join(HEADINGS['name'][:4])}).")
        if left := unused(names, columns):
            reason = f"columns that were not used (a mapping can name them): {', '.join(left)}"
            staging.problem(NOTE, Where(file.name, 1), "columns", "", reason)
        # What the heading calls the things is what they are: "Toilet", "Library name".
        kind = "" if columns["name"] in {*HEADINGS["name"], *mapping.values()} else columns["name"]
        kind = kind.removeprefix("name_of_").removesuffix("_name").replace("_", " ").capitalize()
        yield from _file(file, staging, columns, named, kind)
    yield from named.unused()


def _file(
    file: FeedFile, staging: Staging, columns: dict[str, str], named: NamedRows, kind: str
) -> Iterator[RawObject]:
    """The rows; a first reading counts the keys, so that no key depends on the order of the rows."""
    with Staging() as tally:
        _count(file, columns, tally)
        for row in rows(file, staging):
            fields = fields_of(row.value, columns)
            if not fields.get("name"):
                staging.problem(REJECTED, row.where, "service", fields.get("id", ""), "the row has no name")
                continue
            key = _key(fields, tally)
            if tally.tally(f"told {_whole(fields)}") > 1:
                staging.problem(NOTE, row.where, "service", key, "the same row is in the file before: merged with it")
                continue
            told = {"categories": kind, **fields} if kind else fields
            yield RawObject("service", service_of(told, key, named), row.where)


def _count(file: FeedFile, columns: dict[str, str], tally: Staging) -> None:
    """Count how many different rows have each key."""
    for row in rows(file, tally):
        fields = fields_of(row.value, columns)
        if tally.tally(_whole(fields)) == 1:
            for key in {_by_id(fields), _by_place(fields), _by_address(fields)} - {""}:
                tally.tally(key)


def _key(fields: dict[str, str], tally: Staging) -> str:
    """What the row is called: its id if that is its alone, else name and postcode and, where needed, more."""
    for key in (_by_id(fields), _by_place(fields), _by_address(fields)):
        if key and tally.tallied(key) == 1:
            return key
    return f"{_by_address(fields)} {_whole(fields)}"


def key_of(fields: dict[str, str]) -> str:
    """What a service is called whose fellows are not known."""
    return _by_id(fields) or f"{place_key(fields.get('organization', ''))} {_by_address(fields)}".strip()


def _by_id(fields: dict[str, str]) -> str:
    return fields.get("id", "")


def _by_place(fields: dict[str, str]) -> str:
    return f"{place_key(fields.get('name', ''))} {tidy_postcode(fields.get('postal_code', ''))}".strip()


def _by_address(fields: dict[str, str]) -> str:
    return f"{_by_place(fields)} {place_key(fields.get('address', '') or fields.get('address_1', ''))}"


def _whole(fields: dict[str, str]) -> str:
    return digest(*(f"{name}={value}" for name, value in sorted(fields.items()) if name != "id"), fields.get("id", ""))


def service_of(fields: dict[str, str], key: str, named: NamedRows | None = None) -> Raw:
    """The service that a row tells, in the nested shape of HSDS."""
    raw: Raw = {name: fields[name] for name in _COPIED if name in fields}
    email, phones = _contact(fields)
    raw.update(id=key, name=fields["name"], url=fields.get("url"), email=email)
    raw["phones"] = [{"number": number} for number in phones]
    raw["fees_description"] = fields.get("fees_description") or _free(fields)
    raw["organization"] = _organization(fields, named)
    raw["service_at_locations"] = _places(fields, named)
    hours = _hours(fields)
    raw["schedules"] = [{"description": hours}] if hours else []
    raw["languages"] = [{"name": word} for word in _listed(fields.get("languages", ""))]
    raw["service_areas"] = [{"name": word} for word in _listed(fields.get("areas", ""))]
    raw["attributes"] = [{"taxonomy_term": {"name": word}} for word in _listed(fields.get("categories", ""))]
    return raw


def _contact(fields: dict[str, str]) -> tuple[str | None, list[str]]:
    """The e-mail address and telephone numbers of the columns for them, and of one that mixes both."""
    mixed = fields.get("contact", "")
    email = fields.get("email") or values.email_address(mixed)
    if "phone" in fields:
        return email, values.phone_numbers(fields["phone"]) or [fields["phone"]]
    return email, values.phone_numbers(mixed)


def _hours(fields: dict[str, str]) -> str:
    """Opening times in words: of one column, of days and times in two, or of a column for each day."""
    hours, days = fields.get("hours", ""), fields.get("days", "")
    # "Opening hours: TRUE" says that others tell them.
    hours = "" if values.truth(hours) else hours
    if hours or days:
        return f"{days} {hours}".strip() if days and days not in hours else hours
    told = [(day.capitalize(), _from_to(fields[day], fields.get(end_of(day), ""))) for day in WEEK if day in fields]
    if not any(ch.isdigit() for _, cell in told for ch in cell):
        return ", ".join(day for day, cell in told if values.truth(cell))
    return "; ".join(f"{day} {cell}" for day, cell in told)


def _from_to(starts: str, ends: str) -> str:
    """The hours of a day, which may be told in two columns."""
    return " - ".join(_on_the_clock(cell) for cell in (starts, ends) if cell)


def _on_the_clock(cell: str) -> str:
    """A time as it is read: a spreadsheet may hold it as its share of the day, as 0.375."""
    share = values.real_number(cell) if re.fullmatch(r"0\.\d+", cell) else None
    if share is None:
        return cell
    minutes = round(share * 24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _free(fields: dict[str, str]) -> str | None:
    """What a column that is headed "Free" says: yes, or its own words."""
    told = fields.get("free", "")
    if values.truth(told):
        return "Free"
    return None if told.casefold() in {"", "no", "n", "false", "f", "0"} else told


def _organization(fields: dict[str, str], named: NamedRows | None) -> Raw:
    if named and (told := named.first("organization", fields.get("organization", ""))):
        return {**_organization({**told, "name": told["name"]}, None), **_about(told)}
    name = fields.get("organization") or fields["name"]
    numbers = [("charity_number", "GB-CHC", "Charity number"), ("company_number", "GB-COH", "Company number")]
    identifiers = [
        {"identifier_scheme": scheme, "identifier_type": kind, "identifier": fields[field]}
        for field, scheme, kind in numbers
        if field in fields
    ]
    # Two charities may bear one name; their numbers tell them apart.
    own = fields.get("charity_number") if "organization" not in fields else None
    return {"id": f"charity {own}" if own else "", "name": name, "organization_identifiers": identifiers}


def _about(told: dict[str, str]) -> Raw:
    """What a spreadsheet of organisations says of one beside its name."""
    email, phones = _contact(told)
    about = {"description": told.get("description"), "website": told.get("url"), "email": email}
    return {**about, "phones": [{"number": number} for number in phones]}


def _places(fields: dict[str, str], named: NamedRows | None) -> list[Raw]:
    if named and (found := named.every("location", fields.get("place") or fields.get("address", ""))):
        return [place for told in found for place in _places({**told, "place": told["name"]}, None)]
    point = _point(fields)
    address = {name: fields[name] for name in _ADDRESS if name in fields and not _PAIR.match(fields[name])}
    if not (address.keys() - {"state_province", "region"}) and not (point or "place" in fields):
        return []
    location: Raw = {"name": fields.get("place"), "addresses": [address] if address else []}
    location.update(point)
    location["accessibility"] = _access(fields.get("accessibility", ""))
    return [{"location": location}]


def _access(told: str) -> list[Raw]:
    """What the column of access says: by itself "Yes" would say nothing on a page, and "No" the opposite."""
    if not told:
        return []
    is_answer = re.match(r"(?:yes|no|y|n|true|false|partial|limited)\b", told, re.IGNORECASE) is not None
    words = "Disabled access" if values.truth(told) else f"Disabled access: {told}" if is_answer else told
    return [{"description": words}]


def _point(fields: dict[str, str]) -> Raw:
    """Where it is: in degrees in two columns or in one, or on the National Grid."""
    if "latitude" in fields:
        return {name: fields[name] for name in ("latitude", "longitude") if name in fields}
    for name in ("point", "address", "place"):
        if pair := _PAIR.match(fields.get(name, "")):
            return {"latitude": pair[1], "longitude": pair[2]}
    east, north = (values.real_number(fields.get(name, "").replace(",", "")) for name in ("easting", "northing"))
    if not east or not north:
        return {}
    if abs(east) < 180 and abs(north) <= 90:
        return {"latitude": north, "longitude": east}
    # Beyond these there is no National Grid, and no way back from it.
    if not (0 < east < 700_000 and 0 < north < 1_300_000):
        return {}
    latitude, longitude = to_wgs84(east, north)
    return {"latitude": round(latitude, 6), "longitude": round(longitude, 6)}


def _listed(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,|]", text) if part.strip()][:50]
