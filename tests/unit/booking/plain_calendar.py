"""A second reader of iCalendar files, written from RFC 5545 with the standard library alone.

It knows nothing of Waymark or of time zone data: the offsets come from the VTIMEZONE in the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

PROPERTY = re.compile(r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', re.DOTALL)
PARAMETER = re.compile(r';([A-Z0-9-]+)=("[^"]*"|[^";:,]*)')


@dataclass
class Line:
    name: str
    parameters: dict[str, str]
    value: str


@dataclass
class Component:
    name: str
    lines: list[Line] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.name == name]

    def one(self, name: str) -> Line:
        (line,) = self.all(name)
        return line

    def text(self, name: str) -> str:
        escapes = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}
        value = self.one(name).value
        assert re.fullmatch(r"(?:[^\\,;]|\\[\\,;nN])*", value), value
        return re.sub(r"\\.", lambda match: escapes[match.group()], value)

    def named(self, name: str) -> list[Component]:
        return [part for part in self.parts if part.name == name]

    def count(self, name: str) -> int:
        return len(self.all(name))


def read(content: bytes) -> Component:
    """The one calendar of a file; an AssertionError for whatever RFC 5545 does not allow."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    physical = content.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in physical)
    assert not re.search(rb"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]", content)
    for line in physical:
        line.decode()  # no character is torn apart by a fold
    stack = [Component("")]
    for text in re.sub(r"\r\n[ \t]", "", content.decode()).split("\r\n")[:-1]:
        match = PROPERTY.fullmatch(text)
        assert match, text
        name, parameters, value = match.groups()
        if name == "BEGIN":
            part = Component(value)
            stack[-1].parts.append(part)
            stack.append(part)
        elif name == "END":
            assert stack.pop().name == value
        else:
            found = {key: raw.strip('"') for key, raw in PARAMETER.findall(parameters)}
            stack[-1].lines.append(Line(name, found, value))
    (calendar,) = stack[0].parts
    assert len(stack) == 1
    assert not stack[0].lines
    return calendar


def instant(calendar: Component, line: Line) -> datetime:
    """A time of the file as an instant, by the rules of the VTIMEZONE that stands in it."""
    wall = datetime.strptime(line.value.rstrip("Z"), "%Y%m%dT%H%M%S")
    if line.value.endswith("Z"):
        assert "TZID" not in line.parameters
        return wall.replace(tzinfo=UTC)
    (zone,) = [zone for zone in calendar.named("VTIMEZONE") if zone.one("TZID").value == line.parameters["TZID"]]
    onsets = [onset for part in zone.parts for onset in _onsets(part, wall.year)]
    _, offset = max((onset, offset) for onset, offset in onsets if onset <= wall)
    return (wall - offset).replace(tzinfo=UTC)


def _onsets(part: Component, year: int) -> list[tuple[datetime, timedelta]]:
    first = datetime.strptime(part.one("DTSTART").value, "%Y%m%dT%H%M%S")
    rule = dict(pair.split("=") for pair in part.one("RRULE").value.split(";"))
    assert rule == {"FREQ": "YEARLY", "BYMONTH": rule["BYMONTH"], "BYDAY": "-1SU"}
    month, offset = int(rule["BYMONTH"]), _offset(part.one("TZOFFSETTO").value)
    found = []
    for each in (year - 1, year):
        day = date(each, month, 31)
        day -= timedelta(days=(day.weekday() + 1) % 7)
        found.append((datetime.combine(day, first.time()), offset))
    return found


def _offset(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))
