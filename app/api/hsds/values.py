"""Single values as Open Referral UK writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from werkzeug.urls import iri_to_uri

from app.core import clock

Json = dict[str, Any]

# RFC 3986: what may stand in an address, with "%" only before two hexadecimal digits.
_URI_CHARACTERS = re.compile(r"(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
)
_SCHEMES = frozenset({"http", "https"})


def given(fields: Mapping[str, Any]) -> Json:
    """The fields that have a value, their texts trimmed: neither null nor blank nor an empty list is sent."""
    trimmed = ((name, value.strip() if isinstance(value, str) else value) for name, value in fields.items())
    return {name: value for name, value in trimmed if value not in (None, "", [])}


def uri(text: str | None) -> str | None:
    """The web address in ASCII, or None where it is none that a reader could follow."""
    if not text:
        return None
    try:
        address = iri_to_uri(text.strip())
        parts = urlsplit(address)
        port = parts.port
    except (ValueError, UnicodeError):
        return None
    known = parts.scheme in _SCHEMES and _HOST.fullmatch(parts.hostname or "") and port != 0
    # A fragment mark inside a fragment is no address any more.
    return address if known and _URI_CHARACTERS.fullmatch(address) and address.count("#") <= 1 else None


def email(text: str | None) -> str | None:
    """The e-mail address, or None where it is none."""
    trimmed = (text or "").strip()
    return trimmed if _EMAIL.fullmatch(trimmed) else None


def number(amount: Decimal | None) -> float | int | None:
    """A JSON number; whole pounds without a fraction."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def day(value: date | None) -> str | None:
    """YYYY-MM-DD."""
    return value.isoformat() if value else None


def instant(value: datetime | None) -> str | None:
    """A UTC instant to the second, such as 2026-11-23T09:30:00Z."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def clock_time(value: time | None, *, on: date) -> str | None:
    """HH:MM of a London clock with the offset that holds `on` that day: 09:30Z in winter, 09:30+01:00 in summer."""
    if value is None:
        return None
    offset = datetime.combine(on, value, tzinfo=clock.LONDON).strftime("%z")
    return f"{value:%H:%M}" + ("Z" if offset == "+0000" else f"{offset[:3]}:{offset[3:]}")


def codes(values: Iterable[StrEnum]) -> list[str]:
    """The codes of a set, sorted."""
    return sorted(value.value for value in values)
