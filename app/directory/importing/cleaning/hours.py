"""Opening times in words: read only where nothing is left to guess.

The whole text must be understood, or none of it is. "9 - 5" is not (morning or evening?); "9am - 5pm", "1.30 - 3.30pm"
and "09:00-17:00" are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from app.directory.codes import Frequency

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST_INPUT = 300
_LONG_DAY_NAMES = (
    r"mon(?:day)?s?", r"tue(?:s|sday)?s?", r"wed(?:s|nesday)?s?", r"thu(?:r|rs|rsday)?s?", r"fri(?:day)?s?",
    r"sat(?:urday)?s?", r"sun(?:day)?s?",
)  # fmt: skip
# "Mo-Fr 09:00-17:00", as open maps write them. Two letters tell a day only where the whole text is read.
_DAY_NAMES = tuple(rf"{name}|{code.lower()}" for name, code in zip(_LONG_DAY_NAMES, DAYS, strict=True))
_DAY = "|".join(_DAY_NAMES)
# The soft hyphen is what is left of a dash that went through another program.
_DASH = r"\s*(?:-|–|—|\xad|to|till|until|through)\s*"
_AND = r"\s*(?:,|&|\+|/|\band\b)\s*"
_MERIDIEM = r"(?:a\.?m\.?|p\.?m\.?)"
_TIME = rf"(?:12\s*)?(?:noon|midday|midnight)|\d{{1,2}}(?:[:.]\d{{2}})?\s*{_MERIDIEM}?"
_RANGE = rf"(?:from\s+|between\s+|at\s+)?(?:{_TIME})(?:(?:{_DASH}|\s+and\s+)(?:{_TIME}))?"
_DAYS_PART = rf"(?:{_DAY})\b(?:{_DASH}(?:{_DAY})\b)?"
_ORDINAL = r"1st|first|2nd|second|3rd|third|4th|fourth|last"
_LEAD = (
    r"(?:open\s+|(?:opening\s+|office\s+)?(?:hours|times):?\s*|office:\s*|every\s+|each\s+|on\s+|the\s+"
    r"|alternate\s+(?P<alternate>))*"
)
_WHEN = (
    rf"(?:(?P<ordinals>(?:{_ORDINAL})(?:{_AND}(?:{_ORDINAL}))*)\s+(?P<monthday>{_DAY})\b"
    rf"(?:\s+(?:(?:of|in)\s+)?(?:the\s+|each\s+|every\s+)?month|\s+monthly)"
    rf"|(?P<days>{_DAYS_PART}(?:(?:{_AND}|\s+){_DAYS_PART})*)(?:\s+(?:each|every)\s+week\b)?|(?P<daily>daily|every\s*day|7\s+days(?:\s+a\s+week)?)"
    rf"|(?P<weekdays>weekdays)|(?P<weekend>weekends?))"
)
_TIMES = rf"(?P<times>{_RANGE}(?:{_AND}{_RANGE})*)"
# "Mondays 10am - 12noon", and as many people write it: "10am - 12noon every Monday".
_DAYS_FIRST = re.compile(rf"{_LEAD}{_WHEN}\s*[:,(-]?\s*{_TIMES}\s*\)?", re.IGNORECASE)
_TIMES_FIRST = re.compile(rf"{_TIMES}\s*[:,(-]?\s*{_LEAD}{_WHEN}\s*\)?", re.IGNORECASE)
_CLOSED = re.compile(
    rf"(?P<days>{_DAYS_PART}(?:(?:{_AND}|\s+){_DAYS_PART})*)\s*[:,(-]?\s*closed\b\s*\)?(?!\s*[\d:(])", re.IGNORECASE
)
_BETWEEN = re.compile(r"[\s;,.]*(?:and\b|&|plus\b)?[\s;,.]*", re.IGNORECASE)
_TERM = re.compile(r"[\s,(-]*\b(?:during\s+|in\s+)?term[\s-]*time(?:\s+only)?\)?[\s.]*$", re.IGNORECASE)
_APPOINTMENT = re.compile(r"[\s,(-]*\bby\s+appointment(?:\s+only)?\)?[\s.]*$", re.IGNORECASE)
_ON_24 = re.compile(r"\d{2}[:.]\d{2}")
_NUMBERS = {"1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4, "fourth": 4, "last": -1}


@dataclass(frozen=True, slots=True)
class Hours:
    """One regular opening. `closes_at` is None where only a beginning is told."""

    freq: Frequency
    byday: str
    opens_at: time
    closes_at: time | None
    term_time: bool = False
    by_appointment: bool = False


def parse_hours(text: str) -> list[Hours] | None:
    """The openings that the text tells, or None where any of it is not certain."""
    if len(text) > LONGEST_INPUT:
        return None
    text, term_time = _without(_TERM, " ".join(text.split()))
    text, by_appointment = _without(_APPOINTMENT, text)
    found: list[Hours] = []
    closed: set[str] = set()
    for segment in _segments(text):
        if segment is None:
            return None
        if segment.re is _CLOSED:
            closed.update(_weekly(segment["days"]).split(","))
            continue
        byday, freq = _days(segment)
        ranges = _ranges(segment["times"])
        if not byday or not ranges:
            return None
        found += [Hours(freq, byday, opens, closes, term_time, by_appointment) for opens, closes in ranges]
    # Closed on a day that is open as well: which of the two is true is not certain.
    return found if found and closed.isdisjoint(day for one in found for day in one.byday.split(",")) else None


def tells_times(text: str) -> bool:
    """Whether the words look as if they told hours at all."""
    days = "|".join(_LONG_DAY_NAMES)
    return re.search(rf"\d\s*{_MERIDIEM}|\d[:.]\d\d|noon|midday|\b(?:{days})\b", text, re.IGNORECASE) is not None


def byday_of(words: str) -> str | None:
    """Days as HSDS codes: "MO,TU" as it is; "Monday", "Mon-Fri", "1" (Monday) to "7" turned into it."""
    told = words.strip()
    parts = [part for part in re.split(r"[\s,;]+", told.upper()) if part]
    if parts and all(re.fullmatch(r"(?:[+-]?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)", part) for part in parts):
        return ",".join(part.lstrip("+") for part in parts)
    if re.fullmatch(r"[1-7]", told):
        return DAYS[int(told) - 1]
    if re.fullmatch(rf"{_DAYS_PART}(?:{_AND}{_DAYS_PART})*", told, re.IGNORECASE):
        return _weekly(told)
    return None


def _without(pattern: re.Pattern[str], text: str) -> tuple[str, bool]:
    shorter = pattern.sub("", text)
    return shorter, shorter != text


def _segments(text: str) -> Iterator[re.Match[str] | None]:
    """The pieces of the text one after the other; None where the next is not understood."""
    position = 0
    # One text keeps to one order, or times would go to the days after them that have their own.
    segment = _TIMES_FIRST if _TIMES_FIRST.match(text) else _DAYS_FIRST
    while position < len(text):
        match = _CLOSED.match(text, position) or segment.match(text, position)
        if match is None or (match.re is segment and match["alternate"] is not None):
            yield None
            return
        yield match
        between = _BETWEEN.match(text, match.end())
        position = between.end() if between else match.end()


def _days(segment: re.Match[str]) -> tuple[str, Frequency]:
    if segment["ordinals"]:
        name = DAYS[_day_number(segment["monthday"])]
        ordinals = re.findall(_ORDINAL, segment["ordinals"].lower())
        return ",".join(f"{_NUMBERS[word]}{name}" for word in ordinals), Frequency.MONTHLY
    if segment["daily"]:
        return ",".join(DAYS), Frequency.WEEKLY
    if segment["weekdays"]:
        return ",".join(DAYS[:5]), Frequency.WEEKLY
    if segment["weekend"]:
        return ",".join(DAYS[5:]), Frequency.WEEKLY
    return _weekly(segment["days"]), Frequency.WEEKLY


def _weekly(words: str) -> str:
    numbers: set[int] = set()
    for first, last in re.findall(rf"({_DAY})\b(?:{_DASH}({_DAY})\b)?", words, re.IGNORECASE):
        start = _day_number(first)
        end = _day_number(last) if last else start
        numbers.update(day % 7 for day in range(start, (end if end >= start else end + 7) + 1))
    return ",".join(DAYS[number] for number in sorted(numbers))


def _day_number(word: str) -> int:
    return next(number for number, name in enumerate(_DAY_NAMES) if re.fullmatch(name, word, re.IGNORECASE))


def _ranges(words: str) -> list[tuple[time, time | None]]:
    found: list[tuple[time, time | None]] = []
    for match in re.finditer(rf"({_TIME})(?:(?:{_DASH}|\s+and\s+)({_TIME}))?", words, re.IGNORECASE):
        opened = _range(match[1], match[2])
        if opened is None:
            return []
        found.append(opened)
    return found


def _range(first: str, last: str | None) -> tuple[time, time | None] | None:
    if last is not None and _ON_24.fullmatch(first.strip()) and _ON_24.fullmatch(last.strip()):
        return _range_on_24(first.strip(), last.strip())
    starts = _possible(first)
    if last is None:
        return (starts[0], None) if len(starts) == 1 else None
    ends = _possible(last)
    if len(starts) == 2 and len(ends) == 2:
        return None
    fitting = [(start, end) for start in starts for end in ends if start < end]
    # "1.30 - 3.30pm" is two hours, not fourteen: of two readings the shorter.
    return max(fitting) if len(ends) == 1 and fitting else min(fitting, default=None)


def _range_on_24(first: str, last: str) -> tuple[time, time | None] | None:
    """A range of which both ends are written in full: "10:00-12:00" is on the clock of 24 hours."""
    hours = [(int(words[:2]), int(words[3:])) for words in (first, last)]
    if any(hour > 24 or minute > 59 for hour, minute in hours) or hours[0] >= hours[1]:
        return None
    start, end = (time(hour, minute) if hour < 24 else time(23, 59) for hour, minute in hours)
    return start, end


def _possible(words: str) -> list[time]:
    """The times that the words can mean: two where neither am nor pm is said."""
    told = words.lower().replace(" ", "")
    if told.endswith(("noon", "midday")):
        return [time(12)]
    if told.endswith("midnight"):
        return [time(23, 59)]
    match = re.match(r"(\d{1,2})(?:[:.](\d{2}))?(a|p)?", told)
    if match is None:
        return []
    return _readings(match[1], int(match[2] or 0), match[3], whole=match[2] is not None)


def _readings(hour_words: str, minute: int, half: str | None, *, whole: bool) -> list[time]:
    hour = int(hour_words)
    if minute > 59 or hour > 24:
        return []
    if half:
        return [time(hour % 12 + (12 if half == "p" else 0), minute)] if 1 <= hour <= 12 else []
    if hour > 12 or (whole and len(hour_words) == 2 and hour < 10):
        return [time(hour, minute)] if hour < 24 else [time(23, 59)]
    return [time(hour % 12, minute), time(hour % 12 + 12, minute)]
