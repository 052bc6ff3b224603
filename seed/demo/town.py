"""The demo town: its places, postcodes and directory."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.core import postcode
from app.core.errors import InvalidInput
from app.directory import geography
from app.directory.codes import Kind, Precision
from app.directory.importing.applying import apply_bundles
from app.directory.importing.bundles import Bundle, table_of
from app.directory.importing.identity import minted
from app.directory.models import Place
from app.directory.postcodes.points import PostcodePoint, districts_of, write_points
from seed.demo import listings
from seed.demo.format import read_folder
from seed.tables import HERE, read_tsv

FOLDER = HERE / "demo" / "directory"
PLACE_COLUMNS = frozenset({"name", "kind", "sector", "latitude", "longitude", "area", "description"})
LAD_CODE = "WX0000001"


@dataclass(slots=True)
class Town:
    """Everything of the demo town, read and checked."""

    places: list[dict[str, str]] = field(default_factory=list)
    organizations: list[Bundle] = field(default_factory=list)
    locations: list[Bundle] = field(default_factory=list)
    services: list[Bundle] = field(default_factory=list)


def load(session: Session) -> Town:
    """Load the town; what is there already stays as it is."""
    town = read()
    _load_postcodes(session, town)
    _load_places(session, town)
    for bundles in (town.organizations, town.locations, town.services):
        apply_bundles(session, bundles, keep_existing=True)
    geography.learn_places(session)
    return town


def read() -> Town:
    """The town's files as bundles. InvalidInput names what is wrong with them."""
    town = Town(places=read_tsv(HERE / "demo" / "places.tsv", columns=PLACE_COLUMNS))
    for file in read_folder(FOLDER):
        for told in file.organizations:
            town.organizations.append(listings.organization(told))
            town.locations += [listings.location(place) for place in told.get("location", [])]
            town.services += [listings.service(service, told["slug"]) for service in told.get("service", [])]
    _check_sectors(town)
    return town


def manifest(town: Town) -> dict[str, Any]:
    """The ids of the town's main objects, for tests and demonstrations."""
    by_kind = {kind: next((s for s in town.services if s.main["kind"] is kind), None) for kind in Kind}
    return {
        **{str(kind): str(service.id) for kind, service in by_kind.items() if service},
        "organization": str(town.organizations[0].id),
        "location": str(_open(town)[0].id),
        "topics": ["food", "eviction", "depression", "recovery-courses"],
        "postcodes": sorted({_postcode(place) for place in _open(town)})[:5],
        "services": {service.main["source_id"]: str(service.id) for service in town.services},
    }


def _open(town: Town) -> list[Bundle]:
    """The places that may be told: the point of a refuge must not be found through its postcode."""
    return [location for location in town.locations if not location.main["confidential"]]


def _postcode(location: Bundle) -> str:
    return str(location.rows("address")[0]["postal_code"])


def _check_sectors(town: Town) -> None:
    sectors = {place["sector"] for place in town.places}
    for location in town.locations:
        found = postcode.parse(_postcode(location))
        if found is None or found.sector not in sectors:
            raise InvalidInput(
                f"location {location.main['source_id']}: {_postcode(location)} is in no sector of the town"
            )


def _load_postcodes(session: Session, town: Town) -> None:
    points: dict[str, list[Bundle]] = defaultdict(list)
    for location in _open(town):
        points[_postcode(location)].append(location)
    write_points(session, "postcode_unit", [_unit(code, places) for code, places in sorted(points.items())])
    counts = Counter(code.rsplit(" ", 1)[0] + " " + code.split(" ")[1][0] for code in points)
    sectors = [
        PostcodePoint(
            code=place["sector"],
            latitude=float(place["latitude"]),
            longitude=float(place["longitude"]),
            lad_code=LAD_CODE,
            postcodes=max(counts[place["sector"]], 1),
        )
        for place in town.places
    ]
    write_points(session, "postcode_sector", sectors)
    write_points(session, "postcode_district", districts_of(sectors))


def _unit(code: str, places: list[Bundle]) -> PostcodePoint:
    return PostcodePoint(
        code=code,
        latitude=round(fmean(place.main["latitude"] for place in places), 5),
        longitude=round(fmean(place.main["longitude"] for place in places), 5),
        lad_code=LAD_CODE,
    )


def _load_places(session: Session, town: Town) -> None:
    known = {row.key for row in geography.named_places(session)}
    rows = [
        {
            "id": minted("demo", "place", place["name"]),
            "key": geography.place_key(place["name"]),
            "name": place["name"],
            "kind": place["kind"],
            "latitude": float(place["latitude"]),
            "longitude": float(place["longitude"]),
            "precision": Precision.PLACE,
        }
        for place in town.places
        if geography.place_key(place["name"]) not in known
    ]
    if rows:
        session.connection().execute(insert(table_of(Place.__tablename__)), rows)
