"""What calendar files are made of: plain values, each checked once when it is made."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from app.core.errors import InvalidInput
from app.notifications.rules import email_address

BOOKING = "booking"
SESSION = "session"
_UID = re.compile(
    r"(booking|session)-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}@[a-z0-9.-]{1,200}"
)
_LINK = re.compile(r"https?://[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]{1,1900}")


def uid(kind: str, key: UUID, host: str) -> str:
    """The UID of an entry, which never changes: of a random UUID kept in the row, never of a guessable id."""
    made = f"{kind}-{key}@{host.lower()}"
    if not _UID.fullmatch(made):
        raise ValueError("a UID is made of a kind, a random UUID and a host")
    return made


def link(text: str) -> str:
    """A web address that may stand in a calendar unescaped; InvalidInput for anything else."""
    if not _LINK.fullmatch(text) or not urlsplit(text).hostname:
        raise InvalidInput("Enter a web address that begins with https://.")
    return text


@dataclass(frozen=True, slots=True)
class Organiser:
    """Who sends the files: the address that mail comes from, never one of staff."""

    name: str
    address: str

    def __post_init__(self) -> None:
        email_address(self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarWords:
    """The words that a file has of ours, in the person's language (see `wording`)."""

    discreet_title: str
    join: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A session as anybody may see it. All times are instants; `sequence` is the column that every change raises."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    changed_at: datetime
    page: str
    sequence: int = 0
    place: str = ""
    about: str = ""
    cancelled_at: datetime | None = None

    def __post_init__(self) -> None:
        if not _UID.fullmatch(self.uid):
            raise ValueError("not a UID of ours")
        times = (self.starts_at, self.ends_at, self.created_at, self.changed_at, self.cancelled_at)
        if any(time is not None and time.tzinfo is None for time in times):
            raise ValueError("a time in a calendar says its zone")
        if self.ends_at <= self.starts_at or self.sequence < 0:
            raise ValueError("a session ends after it begins, and its sequence only rises")
        link(self.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedSession(Occasion):
    """A session in the calendar of a person who has a place in it.

    `discreet` None: the title is hidden when its words give away what it is about. `join` is set only when the link
    may be shown (see `rules.sessions.may_join_online`). `alarm` is how long before the start the phone rings.
    """

    discreet: bool | None = None
    join: str | None = field(default=None, repr=False)
    alarm: timedelta | None = None

    def __post_init__(self) -> None:
        Occasion.__post_init__(self)  # `super()` does not work in a dataclass with slots
        if self.alarm is not None and self.alarm <= timedelta():
            raise ValueError("an alarm comes before the start")
        if self.join is not None:
            link(self.join)
