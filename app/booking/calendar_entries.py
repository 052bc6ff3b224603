"""One session as a VEVENT (RFC 5545), and the zone its times are in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from icalendar import Alarm, Event, Timezone, vCalAddress

from app.booking.calendar_values import BookedSession, CalendarWords, Occasion, Organiser
from app.booking.discretion import gives_away, quiet_place
from app.booking.rules.wall_time import comes_twice
from app.core.clock import LONDON
from app.core.text import clean, shorten

# Written by hand: what the library makes is read an hour wrong in summer by a widely used engine.
LONDON_ZONE: Any = Timezone.from_ical(
    "BEGIN:VTIMEZONE\r\n"
    "TZID:Europe/London\r\n"
    "BEGIN:DAYLIGHT\r\n"
    "DTSTART:19810329T010000\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
    "TZOFFSETFROM:+0000\r\n"
    "TZOFFSETTO:+0100\r\n"
    "TZNAME:BST\r\n"
    "END:DAYLIGHT\r\n"
    "BEGIN:STANDARD\r\n"
    "DTSTART:19961027T020000\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
    "TZOFFSETFROM:+0100\r\n"
    "TZOFFSETTO:+0000\r\n"
    "TZNAME:GMT\r\n"
    "END:STANDARD\r\n"
    "END:VTIMEZONE\r\n"
)
LONGEST_TITLE = 200
LONGEST_TEXT = 4000
# Marks that turn the direction of writing can make a link or a title look like another.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\t]")


def line(text: str) -> str:
    """Words for one line: no control characters, no line breaks, not endless."""
    return shorten(_TURNING.sub(" ", text), LONGEST_TITLE)


def paragraphs(text: str) -> str:
    """Words that may have line breaks."""
    return clean(_TURNING.sub(" ", text))[:LONGEST_TEXT].strip()


def public_entry(occasion: Occasion, organiser: Organiser) -> Any:
    """A session for everybody: nothing of whoever has a place in it, no link to join."""
    event = _entry(occasion, organiser)
    event.add("summary", line(occasion.title))
    _add_if(event, "location", line(occasion.place))
    _add_if(event, "description", paragraphs(occasion.about))
    event.add("class", "PUBLIC")
    return event


def personal_entry(session: BookedSession, organiser: Organiser, words: CalendarWords) -> Any:
    """A session for a person who has a place in it, as discreet as they like."""
    hidden = is_discreet(session)
    event = _entry(session, replace(organiser, name="") if hidden and gives_away(organiser.name) else organiser)
    event.add("summary", line(words.discreet_title if hidden else session.title))
    _add_if(event, "location", line(quiet_place(session.place) if hidden else session.place))
    event.add("description", _personal_text(session, words, hidden=hidden))
    event.add("class", "PRIVATE")
    if session.join and session.cancelled_at is None:
        event.add("conference", session.join, parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    return event


def is_discreet(session: BookedSession) -> bool:
    """What the person chose; unasked, whether the title would give them away."""
    return gives_away(session.title) if session.discreet is None else session.discreet


def ring(event: Any, session: BookedSession) -> None:
    """Add the alarm that the person asked for."""
    if session.alarm is None or session.cancelled_at is not None:
        return
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", str(event["SUMMARY"]))
    alarm.add("trigger", -session.alarm)
    event.add_component(alarm)


def invite(event: Any, recipient: str) -> None:
    """Add the one person a file is for. They have booked already: no answer is asked for."""
    attendee = vCalAddress(f"mailto:{recipient}")
    attendee.params.update(
        {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"}
    )
    event.add("attendee", attendee)


def _entry(occasion: Occasion, organiser: Organiser) -> Any:
    event = Event()
    event.add("uid", occasion.uid)
    event.add("sequence", occasion.sequence)
    event.add("status", "CONFIRMED" if occasion.cancelled_at is None else "CANCELLED")
    # The row's own times, never the clock: the same session gives the same bytes.
    event.add("dtstamp", occasion.changed_at.astimezone(UTC))
    event.add("created", occasion.created_at.astimezone(UTC))
    event.add("last-modified", occasion.changed_at.astimezone(UTC))
    starts_at, ends_at = _written(occasion.starts_at, occasion.ends_at)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("transp", "OPAQUE")
    event.add("url", occasion.page)
    event.add("organizer", _organizer(organiser))
    return event


def _written(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """London time; UTC where the clock on the wall shows a time twice, which a TZID cannot tell apart."""
    zone = UTC if comes_twice(starts_at) or comes_twice(ends_at) else LONDON
    return starts_at.astimezone(zone).replace(microsecond=0), ends_at.astimezone(zone).replace(microsecond=0)


def _organizer(organiser: Organiser) -> Any:
    address = vCalAddress(f"mailto:{organiser.address}")
    if name := line(organiser.name).replace('"', "'"):
        address.params["CN"] = name
    return address


def _personal_text(session: BookedSession, words: CalendarWords, *, hidden: bool) -> str:
    """The link to join also in words: not every calendar shows CONFERENCE (RFC 7986)."""
    parts = ["" if hidden else paragraphs(session.about)]
    if session.join and session.cancelled_at is None:
        parts.append(f"{line(words.join)} {session.join}")
    parts.append(f"{line(words.page)} {session.page}")
    return "\n\n".join(part for part in parts if part)


def _add_if(event: Any, name: str, text: str) -> None:
    if text:
        event.add(name, text)
