"""Learning place names from the directory's own addresses."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.directory.codes import Precision
from app.directory.geography.gazetteer import forget, place_key
from app.directory.geography.words import NEVER_PLACES
from app.directory.importing.identity import minted
from app.directory.models import Address, Location, Place

LEARNT = "learnt"
COUNTIES = re.compile(
    r"^(?:\w+shire|greater \w+|(?:west|east|north|south) (?:\w+shire|midlands|sussex)|kent|surrey|essex|sussex|cumbria|"
    r"merseyside|cornwall|devon|dorset|somerset|norfolk|suffolk|co\.? durham|county durham|tyne (?:and|&) wear|"
    r"northumberland|cleveland|isle of wight|middlesex)$",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\b(road|rd|street|st|lane|avenue|ave|drive|close|way|court|house|building|centre|center|hall|floor|suite|unit|"
    r"church|school|hospital|square|place|terrace|crescent|row|gardens|grove|park|room|office|college|library)$",
    re.IGNORECASE,
)

_INSTITUTION = re.compile(
    r"\b(salvation army|methodist|baptist|quaker|community|library|leisure|sports|club|hub|church of|church hall|hotel|"
    r"cafe|café|food ?bank|council offices|primary school|high school)\b",
    re.IGNORECASE,
)
# Where a name stands for fewer than half of its addresses within so many degrees, it is a name of many places.
_NEAR_LATITUDE, _NEAR_LONGITUDE = 0.3, 0.5


@dataclass(slots=True)
class _Named:
    names: Counter[str] = field(default_factory=Counter)
    latitudes: list[float] = field(default_factory=list)
    longitudes: list[float] = field(default_factory=list)


def learn_places(session: Session) -> int:
    """Bring the learnt names to what the addresses say; names loaded by hand stay. Returns how many are known."""
    known = {place.key: place for place in session.scalars(select(Place).order_by(Place.kind.desc(), Place.id))}
    by_hand = {key for key, place in known.items() if place.kind != LEARNT}
    seen = {key: named for key, named in _seen(session).items() if key in by_hand or _is_one_place(named)}
    for key, named in seen.items():
        place = known.get(key)
        if place is None:
            session.add(_place(key, named))
        elif place.kind == LEARNT:
            _bring_up_to_date(place, named)
        else:
            place.addresses = len(named.latitudes)
    gone = [place.id for key, place in known.items() if place.kind == LEARNT and key not in seen]
    for start in range(0, len(gone), 500):
        session.execute(delete(Place).where(Place.id.in_(gone[start : start + 500])))
    session.flush()
    forget()
    return len(seen.keys() | known.keys()) - len(gone)


def _seen(session: Session) -> dict[str, _Named]:
    statement = (
        select(Address.city, Address.address_2, Location.latitude, Location.longitude)
        .join(Location, Address.location_id == Location.id)
        .where(Location.confidential.is_(False), Location.latitude.is_not(None))
        .order_by(Address.id)
        .execution_options(yield_per=2000)
    )
    seen: dict[str, _Named] = defaultdict(_Named)
    for city, address_2, latitude, longitude in session.execute(statement):
        if latitude is None or longitude is None:
            continue
        for key, name in _names((city, (address_2 or "").rsplit(",", 1)[-1])).items():
            named = seen[key]
            named.names[name] += 1
            named.latitudes.append(latitude)
            named.longitudes.append(longitude)
    return seen


def _names(parts: Iterable[str | None]) -> dict[str, str]:
    names = {place_key(part): part.strip(" .") for part in parts if part and looks_like_place(part)}
    return {key: name for key, name in names.items() if key not in NEVER_PLACES}


def _is_one_place(named: _Named) -> bool:
    """Whether the addresses that bear the name lie together: those of a chain of churches do not."""
    latitude, longitude = median(named.latitudes), median(named.longitudes)
    near = [
        abs(lat - latitude) <= _NEAR_LATITUDE and abs(lon - longitude) <= _NEAR_LONGITUDE
        for lat, lon in zip(named.latitudes, named.longitudes, strict=True)
    ]
    return 2 * sum(near) >= len(near)


def looks_like_place(text: str) -> bool:
    """Whether part of an address can be the name of a town or neighbourhood: one to four words, no number or street."""
    text = text.strip(" .")
    return (
        3 <= len(text) <= 40
        and not any(ch.isdigit() for ch in text)
        and len(text.split()) <= 4
        and all(ch.isalpha() or ch in " '’-.&" for ch in text)
        and _STREET.search(text) is None
        and _INSTITUTION.search(text) is None
        and COUNTIES.match(text) is None
    )


def _place(key: str, named: _Named) -> Place:
    place = Place(id=minted("waymark", "place", key), key=key, kind=LEARNT, name="", precision=Precision.PLACE)
    _bring_up_to_date(place, named)
    return place


def _bring_up_to_date(place: Place, named: _Named) -> None:
    place.name = _name(named)
    place.addresses = len(named.latitudes)
    place.latitude = round(median(named.latitudes), 5)
    place.longitude = round(median(named.longitudes), 5)


def _name(named: _Named) -> str:
    name = max(sorted(named.names), key=lambda word: named.names[word])
    return name.title() if name.isupper() or name.islower() else name
