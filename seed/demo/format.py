"""The format of the demo directory's files, checked strictly: an unknown key or code is an error that says where."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.core import postcode
from app.core.errors import InvalidInput
from app.directory import codes

Table = dict[str, Any]
Check = Callable[[Any], bool]

MONTH_DAYS = frozenset(
    f"{number}{day}" for number in ("1", "2", "3", "4", "5", "-1") for day in "MO TU WE TH FR SA SU".split()
)
WEEK_DAYS = frozenset("MO TU WE TH FR SA SU".split())


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(_text(item) for item in value)


def _tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _one_of(values: type[StrEnum]) -> Check:
    return lambda value: value in [code.value for code in values]


def _some_of(values: type[StrEnum]) -> Check:
    return lambda value: _texts(value) and set(value) <= {code.value for code in values}


def _web(value: Any) -> bool:
    return _text(value) and value.startswith("https://")


def _email(value: Any) -> bool:
    return _text(value) and value.count("@") == 1 and " " not in value


def _whole_postcode(value: Any) -> bool:
    found = postcode.parse(value) if _text(value) else None
    return found is not None and found.unit == value


def _clock(value: Any) -> bool:
    try:
        time.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def _days(value: Any) -> bool:
    return _text(value) and set(value.split(",")) <= WEEK_DAYS | MONTH_DAYS


ORGANIZATION: Mapping[str, Check] = {
    "slug": _text, "name": _text, "description": _text, "website": _web, "email": _email, "phone": _text,
    "location": _tables, "service": _tables,
}  # fmt: skip
LOCATION: Mapping[str, Check] = {
    "slug": _text, "name": _text, "address_1": _text, "address_2": _text, "city": _text,
    "postal_code": _whole_postcode, "latitude": _number, "longitude": _number,
    "accessibility": _some_of(codes.AccessFeature), "transport": _text, "confidential": _flag,
}  # fmt: skip
SERVICE: Mapping[str, Check] = {
    "slug": _text, "name": _text, "alternate_name": _text, "kind": _one_of(codes.Kind), "description": _text,
    "topics": _texts, "locations": _texts, "reach": _some_of(codes.Reach), "coverage": _one_of(codes.Coverage),
    "areas": _texts, "phone": _text, "email": _email, "url": _web, "schedules": _tables, "costs": _tables,
    "minimum_age": _count, "maximum_age": _count, "gender": _one_of(codes.Gender), "eligibility": _text,
    "not_for": _text, "access_routes": _some_of(codes.AccessRoute), "application_process": _text,
    "what_to_say": _text, "what_to_bring": _text, "what_happens_next": _text, "languages": _texts,
    "interpreter": _text, "accepting": _one_of(codes.Accepting), "wait_weeks": _count, "stated_days_ago": _count,
    "checked_days_ago": _count,
}  # fmt: skip
SCHEDULE: Mapping[str, Check] = {
    "freq": _one_of(codes.Frequency), "byday": _days, "opens_at": _clock, "closes_at": _clock, "description": _text,
    "term_time": _flag, "by_appointment": _flag, "interval": _count,
}  # fmt: skip
COST: Mapping[str, Check] = {"option": _text, "amount": _number, "amount_description": _text}
NEEDED = {
    "organization": ("slug", "name", "description"),
    "location": ("slug", "name", "address_1", "city", "postal_code", "latitude", "longitude"),
    "service": ("slug", "name", "description", "topics", "locations", "reach", "coverage", "checked_days_ago"),
    "schedules": (),
    "costs": (),
}


@dataclass(frozen=True, slots=True)
class DemoFile:
    """The organisations of one checked file."""

    path: Path
    organizations: list[Table]


def read_folder(folder: Path) -> list[DemoFile]:
    """Every file of the folder, checked, in the order of their names. InvalidInput names the first fault."""
    files = [read_file(path) for path in sorted(folder.glob("*.toml"))]
    _check_unique(files)
    return files


def read_file(path: Path) -> DemoFile:
    """One file, checked by itself."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path.name}: not readable as TOML: {error}") from error
    if set(told) - {"organization"}:
        raise InvalidInput(f"{path.name}: the unknown table {sorted(set(told) - {'organization'})[0]}")
    organizations = told.get("organization", [])
    locations = {place.get("slug") for org in organizations for place in org.get("location", [])}
    for organization in organizations:
        _check_organization(path, organization, locations)
    return DemoFile(path, organizations)


def _check_organization(path: Path, organization: Table, locations: set[Any]) -> None:
    where = f"{path.name}: organization {organization.get('slug', '?')}"
    _check(where, organization, ORGANIZATION, "organization")
    for place in organization.get("location", []):
        _check(f"{path.name}: location {place.get('slug', '?')}", place, LOCATION, "location")
    for service in organization.get("service", []):
        _check_service(f"{path.name}: service {service.get('slug', '?')}", service, locations)


def _check_service(where: str, service: Table, locations: set[Any]) -> None:
    _check(where, service, SERVICE, "service")
    for name, checks in (("schedules", SCHEDULE), ("costs", COST)):
        for part in service.get(name, []):
            _check(f"{where}, {name}", part, checks, name)
    for place in service["locations"]:
        if place not in locations:
            raise InvalidInput(f"{where}: there is no location {place} in this file")
    if "accepting" in service and "stated_days_ago" not in service:
        raise InvalidInput(f"{where}: accepting needs stated_days_ago")
    if service.get("maximum_age", 999) < service.get("minimum_age", 0):
        raise InvalidInput(f"{where}: maximum_age is below minimum_age")
    if not 1 <= len(service["topics"]) <= 4:
        raise InvalidInput(f"{where}: a service has one to four topics")


def _check(where: str, table: Table, checks: Mapping[str, Check], kind: str) -> None:
    for name in NEEDED[kind]:
        if name not in table:
            raise InvalidInput(f"{where}: {name} is missing")
    for name, value in table.items():
        if name not in checks:
            raise InvalidInput(f"{where}: the key {name} is unknown")
        if not checks[name](value):
            raise InvalidInput(f"{where}: {name} cannot be {value!r}")


def _check_unique(files: list[DemoFile]) -> None:
    seen: set[tuple[str, str]] = set()
    for file in files:
        for kind, slug in _slugs(file):
            if (kind, slug) in seen:
                raise InvalidInput(f"{file.path.name}: the {kind} slug {slug} is used twice")
            seen.add((kind, slug))


def _slugs(file: DemoFile) -> list[tuple[str, str]]:
    found = []
    for organization in file.organizations:
        found.append(("organization", organization["slug"]))
        found += [(kind, part["slug"]) for kind in ("location", "service") for part in organization.get(kind, [])]
    return found
