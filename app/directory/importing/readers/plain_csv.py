"""A spreadsheet of services, one a row, with whatever headings people give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from app.core.errors import InvalidInput
from app.directory.geography import place_key
from app.directory.importing.cleaning import values
from app.directory.importing.cleaning.addresses import tidy_postcode
from app.directory.importing.cleaning.texts import is_nothing
from app.directory.importing.identity import digest
from app.directory.importing.limits import FeedFile
from app.directory.importing.raw import Raw, RawObject
from app.directory.importing.readers.tables import TableRow, headings, rows
from app.directory.importing.staging import NOTE, REJECTED, Staging

# Field: headings that mean it, best first.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "identifier", "service_id", "uuid", "reference", "ref", "registered_charity_number", "charity_number",
           "featurenum", "external_id", "record_id"),
    "name": ("name", "service_name", "charity_name", "title", "service", "organisation_name", "organization_name",
             "project", "group_name", "provider_name", "organisation", "organization"),
    "alternate_name": ("alternate_name", "also_known_as", "known_as"),
    "organization": ("organisation", "organization", "provider", "organisation_name", "organization_name",
                     "provider_name", "run_by"),
    "description": ("description", "service_description", "charity_activities", "activities", "details", "about",
                    "summary", "what_we_do", "notes"),
    "address": ("address", "full_address", "charity_contact_address", "contact_address", "location", "venue_address"),
    "address_1": ("address_1", "address1", "address_line_1", "addressline1", "street", "street_address"),
    "address_2": ("address_2", "address2", "address_line_2", "addressline2"),
    "place": ("venue", "venue_name", "building", "location_name", "site"),
    "city": ("city", "town", "town_city", "post_town", "locality"),
    "region": ("region",),
    "state_province": ("state_province", "county", "area_name", "borough", "local_authority", "council", "district"),
    "postal_code": ("postcode", "postal_code", "post_code", "charity_contact_postcode", "zip", "zip_code"),
    "latitude": ("latitude", "lat", "y_lat"),
    "longitude": ("longitude", "lon", "lng", "long", "x_lon"),
    "phone": ("telephone", "phone", "phone_number", "telephone_number", "tel", "charity_contact_phone", "contact_phone",
              "contact_number", "contact_telephone", "mobile"),
    "email": ("email", "e_mail", "email_address", "charity_contact_email", "contact_email"),
    "contact": ("contact", "contact_phone_or_e_mail", "contact_phone_or_email", "contact_details", "how_to_contact"),
    "url": ("website", "url", "web", "web_address", "web_site", "charity_contact_web", "link", "webpage"),
    "hours": ("opening_times", "opening_hours", "hours", "times", "when", "schedule", "opening", "day_and_time"),
    "application_process": ("referral_method", "how_to_access", "how_to_refer", "access", "referral",
                            "application_process", "referral_route", "how_to_get_help"),
    "eligibility_description": ("eligibility", "eligibility_description", "who_for", "who_is_it_for", "criteria",
                                "who_can_use_it"),
    "minimum_age": ("minimum_age", "min_age", "age_from"),
    "maximum_age": ("maximum_age", "max_age", "age_to"),
    "fees_description": ("cost", "costs", "fees", "price", "charge", "fees_description"),
    "status": ("status",),
    "languages": ("languages", "language"),
    "accessibility": ("accessibility", "access_for_disabled_people", "disabled_access"),
    "areas": ("service_area", "service_areas", "area_served", "areas_served", "area_covered", "coverage"),
    "categories": ("category", "categories", "topic", "topics", "type", "service_type", "tags"),
    "charity_number": ("registered_charity_number", "charity_number"),
    "company_number": ("charity_company_registration_number", "company_number", "company_registration_number"),
    "assured_date": ("last_checked", "checked", "assured_date", "date_checked", "last_verified"),
}  # fmt: skip
# Fields that a service of HSDS has under the same name.
_COPIED = ("alternate_name", "description", "application_process", "eligibility_description", "minimum_age",
           "maximum_age", "fees_description", "status", "assured_date")  # fmt: skip
_ADDRESS = ("address", "address_1", "address_2", "city", "region", "state_province", "postal_code")


def looks_plain(file: FeedFile) -> bool:
    """Whether a CSV file has a column that can be a service's name."""
    return "name" in columns_of(headings(file), {})


def columns_of(names: list[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Which heading stands for which field: the operator's `mapping` first, then the usual headings."""
    found = {field: heading for field, heading in mapping.items() if heading in names}
    for field, usual in HEADINGS.items():
        if field not in found:
            choice = next((heading for heading in usual if heading in names), None)
            if choice:
                found[field] = choice
    if found.get("organization") == found.get("name"):
        found.pop("organization", None)
    return found


def read(files: list[FeedFile], staging: Staging, mapping: Mapping[str, str]) -> Iterator[RawObject]:
    """Every row as a service with its organisation and place."""
    for file in files:
        names = headings(file)
        if unknown := [heading for heading in mapping.values() if heading not in names]:
            raise InvalidInput(f"{file.name} has no column {unknown[0]!r}, which the mapping names.")
        columns = columns_of(names, mapping)
        if "name" not in columns:
            raise InvalidInput(f"{file.name} has no column for the name (such as {', '.join(HEADINGS['name'][:4])}).")
        yield from _file(file, staging, columns)


def _file(file: FeedFile, staging: Staging, columns: dict[str, str]) -> Iterator[RawObject]:
    """The rows; a first reading counts the keys, so that no key depends on the order of the rows."""
    with Staging() as tally:
        _count(file, columns, tally)
        for row in rows(file, staging):
            fields = _fields(row, columns)
            if not fields.get("name"):
                staging.problem(REJECTED, row.where, "service", fields.get("id", ""), "the row has no name")
                continue
            key = _key(fields, tally)
            if tally.tally(f"told {_whole(fields)}") > 1:
                staging.problem(NOTE, row.where, "service", key, "the same row is in the file before: merged with it")
                continue
            yield RawObject("service", _service(fields, key), row.where)


def _count(file: FeedFile, columns: dict[str, str], tally: Staging) -> None:
    """Count how many different rows have each key."""
    for row in rows(file, tally):
        fields = _fields(row, columns)
        if tally.tally(_whole(fields)) == 1:
            for key in {_by_id(fields), _by_place(fields), _by_address(fields)} - {""}:
                tally.tally(key)


def _key(fields: dict[str, str], tally: Staging) -> str:
    """What the row is called: its id if that is its alone, else name and postcode and, where needed, more."""
    for key in (_by_id(fields), _by_place(fields), _by_address(fields)):
        if key and tally.tallied(key) == 1:
            return key
    return f"{_by_address(fields)} {_whole(fields)}"


def _by_id(fields: dict[str, str]) -> str:
    return fields.get("id", "")


def _by_place(fields: dict[str, str]) -> str:
    return f"{place_key(fields.get('name', ''))} {tidy_postcode(fields.get('postal_code', ''))}".strip()


def _by_address(fields: dict[str, str]) -> str:
    return f"{_by_place(fields)} {place_key(fields.get('address', '') or fields.get('address_1', ''))}"


def _whole(fields: dict[str, str]) -> str:
    return digest(*(f"{name}={value}" for name, value in sorted(fields.items()) if name != "id"), fields.get("id", ""))


def _fields(row: TableRow, columns: dict[str, str]) -> dict[str, str]:
    told = {field: row.value.get(heading, "") for field, heading in columns.items()}
    return {field: value for field, value in told.items() if not is_nothing(value)}


def _service(fields: dict[str, str], key: str) -> Raw:
    raw: Raw = {name: fields[name] for name in _COPIED if name in fields}
    email, phones = _contact(fields)
    raw.update(id=key, name=fields["name"], url=fields.get("url"), email=email)
    raw["phones"] = [{"number": number} for number in phones]
    raw["organization"] = _organization(fields)
    raw["service_at_locations"] = _places(fields)
    raw["schedules"] = [{"description": fields["hours"]}] if "hours" in fields else []
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


def _organization(fields: dict[str, str]) -> Raw:
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


def _places(fields: dict[str, str]) -> list[Raw]:
    address = {name: fields[name] for name in _ADDRESS if name in fields}
    if not (address.keys() - {"state_province", "region"}) and not ("latitude" in fields or "place" in fields):
        return []
    location: Raw = {"name": fields.get("place"), "addresses": [address] if address else []}
    location.update({name: fields[name] for name in ("latitude", "longitude") if name in fields})
    location["accessibility"] = [{"description": fields["accessibility"]}] if "accessibility" in fields else []
    return [{"location": location}]


def _listed(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,|]", text) if part.strip()][:50]
