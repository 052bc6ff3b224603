"""Calendar files (RFC 5545) as RFC 5546 wants them for each METHOD: values in, bytes out, and the same bytes each time.

Every session is an event of its own: courses skip a half-term and change rooms, which a rule of repetition cannot say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from dateutil.relativedelta import relativedelta
from icalendar import Calendar

from app.booking.calendar_entries import LONDON_ZONE, invite, line, personal_entry, public_entry, ring
from app.booking.calendar_values import BOOKING, SESSION, BookedSession, CalendarWords, Occasion, Organiser
from app.core.clock import LONDON
from app.notifications.rules import email_address

CONTENT_TYPE = "text/calendar; charset=utf-8"
FILE_NAME = "booking.ics"
REFRESH = timedelta(hours=6)
MONTHS_BACK = 1
MONTHS_AHEAD = 12
CANCELLED_KEPT = timedelta(days=30)
MOST_EVENTS = 2000
# Of what the values are made into: another number where the same values give another file.
_VERSION = 1
_END = b"END:VCALENDAR\r\n"
# Bytes of a line (RFC 5545, section 3.1).
_FOLDED_FROM = 75

_AnyOccasion = TypeVar("_AnyOccasion", bound=Occasion)


def personal_file(sessions: Sequence[BookedSession], organiser: Organiser, words: CalendarWords) -> bytes:
    """All sessions of a booking, to download or to go with one mail: PUBLISH, so it invites nobody."""
    events = []
    for session in _in_order(sessions, BOOKING):
        event = personal_entry(session, organiser, words)
        ring(event, session)
        events.append(_bytes(event))
    return _filled(_empty("PUBLISH"), events)


def request(session: BookedSession, organiser: Organiser, words: CalendarWords, *, recipient: str) -> bytes:
    """An invitation, or the news of a change: one session for one person."""
    if session.cancelled_at is not None:
        raise ValueError("a session that is off is announced by a cancellation")
    return _message("REQUEST", session, organiser, words, recipient)


def cancellation(session: BookedSession, organiser: Organiser, words: CalendarWords, *, recipient: str) -> bytes:
    """Takes a session out of one person's calendar, whether the session or their place in it was cancelled."""
    gone = replace(session, cancelled_at=session.cancelled_at or session.changed_at)
    return _message("CANCEL", gone, organiser, words, recipient)


def subscription_feed(
    sessions: Iterable[BookedSession], organiser: Organiser, words: CalendarWords, *, name: str, today: date
) -> bytes:
    """A person's own feed behind a secret address. It never rings: whoever subscribes sets that themselves."""
    entries = [_bytes(personal_entry(session, organiser, words)) for session in _for_a_feed(sessions, BOOKING, today)]
    return _filled(_bytes(_feed(name)), entries)


def prospectus_feed(occasions: Iterable[Occasion], organiser: Organiser, *, name: str, today: date) -> bytes:
    """What is on, for everybody. An entry is written once for as long as nothing of it changes."""
    entries = [_public_bytes(occasion, organiser) for occasion in _for_a_feed(occasions, SESSION, today)]
    return _filled(_bytes(_feed(name)), entries)


@lru_cache(maxsize=3 * MOST_EVENTS)
def _public_bytes(occasion: Occasion, organiser: Organiser) -> bytes:
    return _bytes(public_entry(occasion, organiser))


def etag(content: bytes) -> str:
    """A strong validator (RFC 9110, section 8.8.3), without the quotes."""
    return hashlib.sha256(content).hexdigest()[:32]


def validator(*values: object) -> str:
    """A strong validator of a file that follows from these values alone, known before the file is made."""
    return etag(repr((_VERSION, *values)).encode())


def window(today: date) -> tuple[datetime, datetime]:
    """From when until when a feed shows sessions."""
    return (
        datetime.combine(today - relativedelta(months=MONTHS_BACK), time.min, LONDON),
        datetime.combine(today + relativedelta(months=MONTHS_AHEAD), time.min, LONDON),
    )


def _message(method: str, session: BookedSession, organiser: Organiser, words: CalendarWords, recipient: str) -> bytes:
    (one,) = _in_order([session], BOOKING)
    event = personal_entry(one, organiser, words)
    invite(event, email_address(recipient))
    ring(event, one)
    return _filled(_empty(method), [_bytes(event)])


@lru_cache
def _empty(method: str) -> bytes:
    """A file without an event; the rules of the zone are most of it, and always the same."""
    return _bytes(_calendar(method))


def _filled(empty: bytes, entries: Iterable[bytes]) -> bytes:
    return empty.removesuffix(_END) + b"".join(entries) + _END


def _calendar(method: str) -> Any:
    calendar = Calendar()
    calendar.add("prodid", "-//Waymark//Waymark//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(LONDON_ZONE)
    return calendar


def _feed(name: str) -> Any:
    """Named (RFC 7986, section 5.1, and as calendars did before it): a name anywhere else opens a new calendar."""
    calendar = _calendar("PUBLISH")
    calendar.add("name", line(name))
    calendar.add("x-wr-calname", line(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    return calendar


def _for_a_feed(occasions: Iterable[_AnyOccasion], kind: str, today: date) -> list[_AnyOccasion]:
    """What is in the window, the next ones first to stay where there are too many."""
    begins, ends = window(today)
    forgotten = datetime.combine(today, time.min, LONDON) - CANCELLED_KEPT
    shown = [
        occasion
        for occasion in _in_order(occasions, kind)
        if occasion.ends_at > begins
        and occasion.starts_at < ends
        and (occasion.cancelled_at is None or occasion.cancelled_at >= forgotten)
    ]
    if len(shown) <= MOST_EVENTS:
        return shown
    midnight = datetime.combine(today, time.min, LONDON)
    coming = [occasion for occasion in shown if occasion.ends_at > midnight][:MOST_EVENTS]
    return shown[len(shown) - MOST_EVENTS :] if len(coming) < MOST_EVENTS else coming


def _in_order(occasions: Iterable[_AnyOccasion], kind: str) -> list[_AnyOccasion]:
    """By time. Public files name sessions, personal ones a person's booking of them: the two are never mixed."""
    found = sorted(occasions, key=lambda occasion: (occasion.starts_at, occasion.uid))
    if any(not occasion.uid.startswith(f"{kind}-") for occasion in found):
        raise ValueError("this UID belongs into another file")
    if len({occasion.uid for occasion in found}) < len(found):
        raise ValueError("a session is in a file once")
    return found


def _bytes(component: Any) -> bytes:
    """As `to_ical` writes it, which looks at each character of lines that are too short to be folded."""
    return b"".join(_line(content) + b"\r\n" for content in component.content_lines(sorted=False) if content)


def _line(content: Any) -> bytes:
    plain: bytes = content.encode()
    folded: bytes = plain if len(plain) < _FOLDED_FROM else content.to_ical()
    return folded
