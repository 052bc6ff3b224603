"""Addresses: one string taken apart, absent parts given a default and named, points checked."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from app.core import postcode
from app.directory.geography.learning import COUNTIES, looks_like_place

# The British Isles' own box: from Scilly to Shetland, from Fermanagh to Lowestoft.
LATITUDES = (49.8, 60.95)
LONGITUDES = (-8.7, 1.85)
FARTHEST_KM = 60.0
_COUNTRIES = re.compile(
    r"^(?:uk|gb|united kingdom|great britain|england|scotland|wales|northern ireland)$", re.IGNORECASE
)
_WITHHELD = re.compile(
    r"\b(?:confidential|withheld|undisclosed|not (?:disclosed|published)|address on request)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class AddressParts:
    """An address taken apart, as far as that is plain."""

    address_1: str = ""
    address_2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""


@dataclass(frozen=True, slots=True)
class CheckedPoint:
    """A point that can be true, or None and why not; `note` says what was done to it."""

    latitude: float | None = None
    longitude: float | None = None
    note: str = ""


def is_withheld(text: str) -> bool:
    """Whether the words stand where an address is kept secret."""
    return _WITHHELD.search(text) is not None


def is_postcode(text: str) -> bool:
    """Whether the words are a British postcode or a part of one, however they are written."""
    return postcode.parse(text) is not None


def tidy_postcode(text: str) -> str:
    """The postcode as the Royal Mail writes it; what is none stays as written."""
    found = postcode.parse(text) if text else None
    return str(found) if found else text.upper()


def take_apart(text: str, told_postcode: str = "") -> AddressParts:
    """An address in one string: "The Lodge, Green Lane, Bolton, BL3 2HP"."""
    parts = [part.strip(" .") for part in re.split(r"[,\n]+", text) if part.strip(" .")]
    code, parts = _postcode_out(parts, tidy_postcode(told_postcode))
    parts = [part for part in parts if not _COUNTRIES.match(part)]
    region = parts.pop() if len(parts) > 1 and COUNTIES.match(parts[-1]) else ""
    city = (
        parts.pop()
        if parts and (len(parts) > 1 or not text.strip()[:1].isdigit()) and looks_like_place(parts[-1])
        else ""
    )
    parts = _joined_numbers(parts)
    return AddressParts(parts[0] if parts else "", ", ".join(parts[1:]), city, region, code)


def _postcode_out(parts: list[str], told: str) -> tuple[str, list[str]]:
    """The postcode, and the parts without it."""
    kept = []
    for part in parts:
        whole = [found for found in postcode.find(part) if found.postcode.unit]
        if whole and (not told or str(whole[-1].postcode) == told):
            told = str(whole[-1].postcode)
            part = f"{part[: whole[-1].start]} {part[whole[-1].end :]}".strip(" ,.")  # noqa: PLW2901
        if part:
            kept.append(part)
    return told, kept


def _joined_numbers(parts: list[str]) -> list[str]:
    """A house number by itself goes with the street after it."""
    joined: list[str] = []
    for part in parts:
        if joined and re.fullmatch(r"\d+\s*[a-zA-Z]?(?:\s*-\s*\d+\s*[a-zA-Z]?)?", joined[-1]):
            joined[-1] = f"{joined[-1]} {part}"
        else:
            joined.append(part)
    return joined


def checked_point(latitude: float | None, longitude: float | None, near: tuple[float, float] | None) -> CheckedPoint:
    """The point if it can be in the United Kingdom and, where the postcode's is known (`near`), not far from that."""
    if latitude is None or longitude is None:
        return CheckedPoint()
    note = ""
    if not _in_kingdom(latitude, longitude) and _in_kingdom(longitude, latitude):
        latitude, longitude = longitude, latitude
        note = "latitude and longitude were the wrong way round"
    if not _in_kingdom(latitude, longitude):
        return CheckedPoint(note="the coordinates are not in the United Kingdom and were left out")
    if near and kilometres(latitude, longitude, *near) > FARTHEST_KM:
        return CheckedPoint(note="the coordinates are far from the postcode and were left out")
    return CheckedPoint(latitude, longitude, note)


def kilometres(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """The great-circle distance between two points."""
    first, second = math.radians(latitude), math.radians(to_latitude)
    half_chord = (
        math.sin((second - first) / 2) ** 2
        + math.cos(first) * math.cos(second) * math.sin(math.radians(to_longitude - longitude) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half_chord)))


def _in_kingdom(latitude: float, longitude: float) -> bool:
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]
