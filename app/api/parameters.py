"""Query parameters: what each is called, what it takes, and reading it. The OpenAPI document is made of the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any, Generic, TypeVar
from uuid import UUID

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from app.core import clock
from app.core.errors import InvalidInput
from app.core.text import single_line

T = TypeVar("T")
Json = dict[str, Any]
MOST_VALUES = 20
LONGEST_VALUE = 4000
LONGEST_TEXT = 200
MAX_PER_PAGE = 100
DEFAULT_PER_PAGE = 50
MAX_AGE = 150
MAX_METRES = 2_000_000
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UUID_PATTERN = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
TIME_PATTERN = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?$"
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?", re.ASCII | re.IGNORECASE
)
# A "+" that nobody encoded arrives as a space.
_LOST_PLUS = re.compile(r"(?<=\d) (?=\d{2}:\d{2}$)")


class InvalidParameter(InvalidInput):
    """A query parameter that cannot be used: the message says which, and what it must be."""


@dataclass(frozen=True, kw_only=True)
class Parameter(Generic[T]):
    """One query parameter. `read` raises ValueError; `wanted` ends the sentence "It must be …".

    Where a parameter is given more than once all of its values hold, up to `MOST_VALUES`; an empty one counts as not
    given.
    """

    name: str
    description: str
    schema: Json = field(default_factory=dict)
    read: Callable[[str], T]
    wanted: LazyString | str = ""

    def values(self, args: MultiDict[str, str]) -> list[T]:
        """All values given; raises `InvalidParameter`."""
        told = [text for text in args.getlist(self.name) if text]
        if len(told) > MOST_VALUES:
            raise InvalidParameter(_("“%(name)s” is given too often.", name=self.name))
        return [self._value(text) for text in told]

    def first(self, args: MultiDict[str, str], *, default: T) -> T:
        """The first value given, else `default`; raises `InvalidParameter`."""
        values = self.values(args)
        return values[0] if values else default

    def _value(self, text: str) -> T:
        try:
            if len(text) > LONGEST_VALUE:
                raise ValueError
            return self.read(text)
        except (ValueError, OverflowError):
            message = _("We could not read “%(name)s”. It must be %(wanted)s.", name=self.name, wanted=self.wanted)
            raise InvalidParameter(message) from None


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers from `low` to `high`, in ASCII digits; "5.0" is one too, as it is in JSON."""

    def read(text: str) -> int:
        digits = text.removesuffix(".0")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 12 and low <= int(digits) <= high):
            raise ValueError
        return int(digits)

    return read


def identifier(text: str) -> UUID:
    """A UUID in its plain form."""
    if not re.fullmatch(UUID_PATTERN[1:-1], text):
        raise ValueError
    return UUID(text)


def truth(text: str) -> bool:
    """Read true or false."""
    if text.lower() not in _TRUTHS:
        raise ValueError
    return _TRUTHS[text.lower()]


_TRUTHS = {"true": True, "false": False}


def one_of(*words: str) -> Callable[[str], str]:
    """A reader of one of `words`, whatever their case."""

    def read(text: str) -> str:
        if text.lower() not in words:
            raise ValueError
        return text.lower()

    return read


def moment(text: str) -> datetime:
    """An instant; without an offset it is UTC, and a day alone is its first moment."""
    told = _LOST_PLUS.sub("+", text)
    if not _MOMENT.fullmatch(told):
        raise ValueError
    read = datetime.fromisoformat(told.upper())
    return (read.replace(tzinfo=UTC) if read.tzinfo is None else read).astimezone(UTC)


def clock_time(text: str) -> time:
    """A time of day on a London clock; one with an offset is taken as of today."""
    told = _LOST_PLUS.sub("+", text.upper())
    if not re.fullmatch(TIME_PATTERN[1:-1], told):
        raise ValueError
    read = time.fromisoformat(told)
    if read.tzinfo is None:
        return read
    return datetime.combine(clock.today(), read).astimezone(clock.LONDON).time()


def weekday(text: str) -> str:
    """A day of the week as two letters (MO) or in English."""
    code = text[:2].upper()
    if code not in WEEKDAYS or (len(text) != 2 and text.capitalize() not in WEEKDAY_NAMES):
        raise ValueError
    return code


def free_text(text: str) -> str:
    """Words, cleaned and cut to a length that can be searched for."""
    return single_line(text[: LONGEST_TEXT * 4])[:LONGEST_TEXT]


def place_text(text: str) -> str:
    """A postcode or the name of a place."""
    return single_line(text[:240])[:60]


_TEXT: Json = {"type": "string"}
_UUID: Json = {"type": "string", "format": "uuid", "pattern": UUID_PATTERN}
_TIME: Json = {"type": "string", "pattern": TIME_PATTERN}
_FLAG: Json = {"type": "boolean"}
_ID_WANTED = _l("an id such as 123e4567-e89b-12d3-a456-426614174000")
_FLAG_WANTED = _l("true or false")
_TIME_WANTED = _l("a time such as 09:30, or 09:30Z")
_AGE_WANTED = _l("a whole number of years from 0 to %(most)s", most=MAX_AGE)


def _flag(name: str, description: str) -> Parameter[bool]:
    return Parameter(name=name, description=description, schema=_FLAG, read=truth, wanted=_FLAG_WANTED)


def _id(name: str, description: str) -> Parameter[UUID]:
    return Parameter(name=name, description=description, schema=_UUID, read=identifier, wanted=_ID_WANTED)


def _time(name: str, description: str) -> Parameter[time]:
    return Parameter(name=name, description=description, schema=_TIME, read=clock_time, wanted=_TIME_WANTED)


def _whole(name: str, description: str, low: int, high: int, wanted: LazyString) -> Parameter[int]:
    schema = {"type": "integer", "minimum": low, "maximum": high}
    return Parameter(name=name, description=description, schema=schema, read=whole_number(low, high), wanted=wanted)


PAGE = _whole(
    "page",
    "Which page, from 1. A page after the last is answered with 404.",
    1,
    999_999_999,
    _l("the number of a page, from 1"),
)
PER_PAGE = _whole(
    "per_page",
    f"How many items a page holds; {DEFAULT_PER_PAGE} where it is not said.",
    1,
    MAX_PER_PAGE,
    _l("a whole number from 1 to %(most)s", most=MAX_PER_PAGE),
)
FORMAT: Parameter[str] = Parameter(
    name="format",
    description="json: one page. ndjson: every item, one JSON object a line, without pages.",
    schema={"type": "string", "enum": ["json", "ndjson"]},
    read=one_of("json", "ndjson"),
    wanted=_l("json or ndjson"),
)
SEARCH: Parameter[str] = Parameter(
    name="search",
    description=f"Only what has all of these words. Read up to {LONGEST_TEXT} characters.",
    schema=_TEXT,
    read=free_text,
    wanted=_l("words to look for"),
)
TAXONOMY_TERM_ID = _id("taxonomy_term_id", "Only services that bear this term itself, not one below it.")
TAXONOMY_ID = _id("taxonomy_id", "Only services that bear any term of this taxonomy.")
ORGANIZATION_ID = _id("organization_id", "Only services of this organisation.")
OF_TAXONOMY_ID = _id("taxonomy_id", "Only terms of this taxonomy.")
PARENT_ID = _id("parent_id", "Only terms directly below this one.")
TOP_ONLY = _flag("top_only", "true: only terms that are below no other.")
MINIMUM_AGE = _whole("minimum_age", "Only services whose minimum age is at least this.", 0, MAX_AGE, _AGE_WANTED)
MAXIMUM_AGE = _whole("maximum_age", "Only services whose maximum age is at most this.", 0, MAX_AGE, _AGE_WANTED)
START_TIME = _time(
    "start_time",
    "Only services with hours that begin at this time or later. start_time, end_time and day hold for the same hours.",
)
END_TIME = _time("end_time", "Only services with hours that end at this time or earlier.")
DAY: Parameter[str] = Parameter(
    name="day",
    description="Only services with hours on this day of the week.",
    schema={"type": "string", "enum": [*WEEKDAYS, *WEEKDAY_NAMES]},
    read=weekday,
    wanted=_l("a day of the week: MO, TU, WE, TH, FR, SA or SU"),
)
MODIFIED_AFTER: Parameter[datetime] = Parameter(
    name="modified_after",
    description="Only services last modified at this instant or later.",
    schema={"type": "string", "format": "date-time"},
    read=moment,
    wanted=_l("a date and time such as 2026-01-31T09:30:00Z"),
)
MINIMAL = _flag(
    "minimal", "true: only the id and the modified_date of each service, all on one page unless per_page is given."
)
FULL = _flag("full", "true: each item fully nested, as when it is asked for by its id.")
FULL_SERVICE = _flag("full_service", "true: the services of an organisation fully nested.")
POSTCODE: Parameter[str] = Parameter(
    name="postcode",
    description="A postcode, whole or in part. Leaves out services whose service areas are known and do not hold it.",
    schema=_TEXT,
    read=place_text,
    wanted=_l("a postcode such as M33 2AB"),
)
PROXIMITY = _whole(
    "proximity",
    "Metres from the middle of the postcode within which the place must lie. Needs postcode.",
    0,
    MAX_METRES,
    _l("a whole number of metres up to %(most)s", most=MAX_METRES),
)
