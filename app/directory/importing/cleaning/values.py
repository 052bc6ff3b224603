"""Single values: web and e-mail addresses, telephone numbers, dates, times, numbers, codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from html import unescape
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import phonenumbers

from app.core import clock
from app.core.text import clean
from app.directory.codes import Status
from app.directory.importing.cleaning.texts import is_nothing, plain_text

Codes = TypeVar("Codes", bound=StrEnum)

LONGEST_ADDRESS = 2000
EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
PHONE = re.compile(r"(?:\+44\s?(?:\(0\)\s?)?|\(?0)\d[\d\s()-]{6,12}\d(?!\d)|\b(?:116\s?\d{3}|11[179]|101|105|999)\b")
# As Ofcom's numbering plan has them, behind the nought: ten digits, by how they begin, or a few of fewer.
_TEN_DIGITS = re.compile(r"(44)?(?:[13789]\d|2[03489])\d{8}")
_FEWER_DIGITS = re.compile(r"[1-9]\d{6,8}")
_HOST = re.compile(r"^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$")
_SCHEME = re.compile(r"^(?:(https?)\s*[:;]?\s*/{1,3}:?\s*)+", re.IGNORECASE)
_LINK = re.compile(r"<a\b[^<>]{0,500}?\bhref\s*=\s*[\"']?\s*([^\"'\s<>]+)", re.IGNORECASE)
_AMOUNT = re.compile(r"^£?\s*(\d{1,8}(?:\.\d{1,2})?)\s*(?:p|pounds?|gbp)?$", re.IGNORECASE)
_TIME = re.compile(
    r"^(\d{1,2})(?:[:.](\d{2}))?(?:[:.]\d{2}(?:\.\d+)?)?\s*(am?|pm?|a\.m\.|p\.m\.)?\s*(?:z|utc|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
STATUSES: Mapping[str, Status] = {
    "active": Status.ACTIVE, "open": Status.ACTIVE, "live": Status.ACTIVE, "current": Status.ACTIVE,
    "published": Status.ACTIVE, "running": Status.ACTIVE,
    "inactive": Status.INACTIVE, "draft": Status.INACTIVE, "unpublished": Status.INACTIVE, "archived": Status.INACTIVE,
    "defunct": Status.DEFUNCT, "closed": Status.DEFUNCT, "ceased": Status.DEFUNCT, "permanently closed": Status.DEFUNCT,
    "temporarily closed": Status.TEMPORARILY_CLOSED, "temporarily-closed": Status.TEMPORARILY_CLOSED,
    "temporary closed": Status.TEMPORARILY_CLOSED, "suspended": Status.TEMPORARILY_CLOSED,
    "paused": Status.TEMPORARILY_CLOSED,
}  # fmt: skip


def words(value: Any) -> str:
    """A scalar as text: whole floats as whole numbers, nothing for lists and objects."""
    if value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    return text if text.isprintable() else clean(text)


def web_address(text: str) -> str | None:
    """A web address with scheme and a real host; of several in one field the first that is one; of a link its own."""
    text = linked_address(text)
    for candidate in re.split(r"[\s,;|]+(?:or|and|&)?\s*", text.strip().strip("<>()\"'"))[:5]:
        if found := _one_address(_SCHEME.sub(lambda match: f"{match[1].lower()}://", candidate)):
            return found
    joined = _SCHEME.sub(lambda match: f"{match[1].lower()}://", text.strip())
    return _one_address(joined) if " " not in joined else None


def linked_address(text: str) -> str:
    """The address that a link in HTML leads to; any other text as it is."""
    link = _LINK.search(text)
    return unescape(link[1]) if link else text


def _one_address(text: str) -> str | None:
    if not text or len(text) > LONGEST_ADDRESS or "@" in text.split("/", 1)[0]:
        return None
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or parts.username or not _HOST.match(host):
        return None
    netloc = host if port is None else f"{host}:{port}"
    return urlunsplit((parts.scheme, netloc, _quoted(parts.path), _quoted(parts.query), _quoted(parts.fragment)))


def _ascii_host(host: str) -> str:
    try:
        return host.rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        return ""


def _quoted(part: str) -> str:
    return re.sub(
        r"[^\x21-\x7e]|[\"<>\\^`{|}]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), part
    )


def email_address(text: str) -> str | None:
    """The e-mail address in a field that holds one; None where it holds none or several run together."""
    text = linked_address(text).strip().removeprefix("mailto:").strip("<>()[];,. ")
    for candidate in re.split(r"[\s,;/|]+", text)[:5]:
        if len(candidate) <= 254 and ".." not in candidate and EMAIL.fullmatch(candidate):
            return candidate
    return None


def phone_numbers(text: str) -> list[str]:
    """The telephone numbers in a field, each as written."""
    plain = plain_text(text) if "<" in text else text
    return [" ".join(match[0].split()) for match in PHONE.finditer(plain)]


def dialled(number: str) -> str:
    """A British number as it can be dialled: spreadsheets drop the nought that it begins with, or the plus of +44."""
    digits = "".join(number.split()).removesuffix(".0")
    if ten := _TEN_DIGITS.fullmatch(digits):
        return f"+{digits}" if ten[1] else f"0{digits}"
    is_one = _FEWER_DIGITS.fullmatch(digits) and phonenumbers.is_valid_number(phonenumbers.parse(f"0{digits}", "GB"))
    return f"0{digits}" if is_one else number


def number(value: Any, *, least: int, most: int) -> int | None:
    """A whole number within bounds."""
    found = real_number(value)
    return int(found) if found is not None and found == int(found) and least <= found <= most else None


def real_number(value: Any) -> float | None:
    """A finite number."""
    try:
        found = float(words(value).strip())
    except ValueError:
        return None
    return found if abs(found) < 1e12 else None


def amount(value: Any) -> Decimal | None:
    """Pounds: "5", "£2.50", "0"."""
    match = _AMOUNT.match(words(value).replace(",", "").strip())
    try:
        return Decimal(match[1]).quantize(Decimal("0.01")) if match else None
    except InvalidOperation:
        return None


def day(value: Any) -> date | None:
    """A date: ISO, or day/month/year as the British write it."""
    text = words(value).strip()[:10]
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%Y%m%d"):
        try:
            found = datetime.strptime(text, pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        return found if 1800 <= found.year <= 2200 else None
    return None


def instant(value: Any) -> datetime | None:
    """An instant; one without zone is taken as UTC, one in the future is refused."""
    try:
        found = datetime.fromisoformat(words(value).strip().replace("Z", "+00:00"))
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year >= 1800 and found <= clock.now() else None


def clock_time(value: Any) -> time | None:
    """The time on the wall: "09:30", "9.30am", "17:00:00Z". Zones are left out: feeds put them by rote."""
    match = _TIME.match(words(value).strip())
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").replace(".", "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if (hour, minute) == (24, 0):
        return time(23, 59)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def truth(value: Any) -> bool:
    """Whether the value says yes."""
    return words(value).strip().casefold() in {"true", "yes", "y", "1", "t"}


def code(codes: type[Codes], value: Any) -> Codes | None:
    """One code of a set, however it is cased or joined."""
    told = words(value).strip().casefold()
    for candidate in (told, told.replace("_", "-").replace(" ", "-"), told.upper()):
        if candidate in {item.value for item in codes}:
            return codes(candidate)
    return None


def code_set(codes: type[Codes], value: Any) -> frozenset[Codes]:
    """The codes in a list or in words with commas, semicolons or spaces between."""
    parts = value if isinstance(value, list) else re.split(r"[\s,;|]+", words(value))
    return frozenset(found for part in parts if (found := code(codes, part)))


def status(value: Any) -> Status | None:
    """A status; a blank one is "active", an unknown one None."""
    told = words(value).strip().casefold().replace("_", " ")
    return Status.ACTIVE if is_nothing(told) else STATUSES.get(told)
