"""The small tables of districts, sectors and place names, kept in the process and looked at anew every minute."""

from __future__ import annotations

import re
import threading
import time
import unicodedata
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from app.directory.codes import Precision
from app.directory.models import Place, PostcodeDistrict, PostcodeSector, PostcodeUnit

FRESH_SECONDS = 60.0
Version = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place on the map: how exactly it is known, what to call it, and its local authority ("" where not known)."""

    latitude: float
    longitude: float
    precision: Precision
    label: str
    lad_code: str = ""


@dataclass(slots=True)
class Gazetteer:
    """What one database says of districts, sectors and names, as of `loaded`."""

    districts: dict[str, Point] = field(default_factory=dict)
    sectors: dict[str, Point] = field(default_factory=dict)
    places: dict[str, Point] = field(default_factory=dict)
    squeezed: dict[str, str] = field(default_factory=dict)
    first_words: frozenset[str] = frozenset()
    longest: int = 1
    has_units: bool = True
    postcodes_version: Version = ()
    places_version: Version = ()
    looked_at: float = 0.0


_known: WeakKeyDictionary[Engine | Connection, Gazetteer] = WeakKeyDictionary()
_lock = threading.Lock()


def place_key(name: str) -> str:
    """The name as it is compared: no case, accents or punctuation; "&" is "and", "Saint" is "St"."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("&", " and ")).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’`]", "", plain))
    return " ".join("st" if word == "saint" else word for word in words)


def gazetteer(session: Session) -> Gazetteer:
    """The tables of the session's database, at most a minute old."""
    bind = session.get_bind()
    found = _known.get(bind)
    if found and time.monotonic() - found.looked_at < FRESH_SECONDS:
        return found
    with _lock:
        found = _refreshed(session, found or Gazetteer())
        _known[bind] = found
    return found


def forget() -> None:
    """Look at the tables anew at the next question."""
    with _lock:
        _known.clear()


def named_places(session: Session) -> list[Place]:
    """Every known place name."""
    return list(session.scalars(select(Place).order_by(Place.key, Place.id)))


def unit_point(session: Session, code: str) -> Point | None:
    """Where a whole postcode lies, if the table of units has it."""
    statement = select(PostcodeUnit.latitude, PostcodeUnit.longitude, PostcodeUnit.lad_code)
    row = session.execute(statement.where(PostcodeUnit.code == code).order_by(PostcodeUnit.id)).first()
    if row is None:
        return None
    return Point(latitude=row[0], longitude=row[1], precision=Precision.UNIT, label=code, lad_code=row[2])


def _refreshed(session: Session, old: Gazetteer) -> Gazetteer:
    postcodes, places = _postcodes_version(session), _places_version(session)
    fresh = Gazetteer(postcodes_version=postcodes, places_version=places, looked_at=time.monotonic())
    fresh.has_units = session.execute(select(PostcodeUnit.id).order_by(PostcodeUnit.id).limit(1)).first() is not None
    if postcodes == old.postcodes_version:
        fresh.districts, fresh.sectors = old.districts, old.sectors
    else:
        fresh.districts = _codes(session, PostcodeDistrict, Precision.DISTRICT)
        fresh.sectors = _codes(session, PostcodeSector, Precision.SECTOR)
    if places == old.places_version:
        fresh.places, fresh.squeezed, fresh.longest = old.places, old.squeezed, old.longest
        fresh.first_words = old.first_words
    else:
        _load_places(session, fresh)
    return fresh


def _codes(session: Session, model: type[PostcodeDistrict | PostcodeSector], precision: Precision) -> dict[str, Point]:
    rows = session.execute(select(model.code, model.latitude, model.longitude, model.lad_code).order_by(model.code))
    return {
        code: Point(latitude=latitude, longitude=longitude, precision=precision, label=code, lad_code=lad)
        for code, latitude, longitude, lad in rows
    }


def _load_places(session: Session, fresh: Gazetteer) -> None:
    # Where two places bear one name the one with more addresses is meant.
    rows = session.execute(
        select(Place.key, Place.name, Place.latitude, Place.longitude, Place.precision).order_by(
            Place.addresses, Place.id.desc()
        )
    )
    for key, name, latitude, longitude, precision in rows:
        fresh.places[key] = Point(latitude=latitude, longitude=longitude, precision=precision, label=name)
        fresh.squeezed[key.replace(" ", "")] = key
    fresh.first_words = frozenset(key.split(" ", 1)[0] for key in fresh.places)
    fresh.longest = max((len(key.split()) for key in fresh.places), default=1)


def _postcodes_version(session: Session) -> Version:
    found: list[object] = []
    for model in (PostcodeDistrict, PostcodeSector):
        found += session.execute(select(func.count(), func.max(model.created_at))).one()
    return tuple(found)


def _places_version(session: Session) -> Version:
    statement = select(func.count(), func.max(Place.created_at), func.sum(Place.addresses), func.sum(Place.latitude))
    return tuple(session.execute(statement).one())
