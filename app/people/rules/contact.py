"""Whether it is safe to reach a person now, this way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from app.core.clock import LONDON
from app.people.codes import ContactChannel

# A letter lies on the mat whenever the person comes home.
WITHOUT_AN_HOUR = frozenset({ContactChannel.LETTER})
SPOKEN_TO_A_MACHINE = frozenset({ContactChannel.PHONE, ContactChannel.PHONE_BY_PROXY, ContactChannel.MINICOM})


@dataclass(frozen=True, slots=True)
class SafeTime:
    """A stretch of certain weekdays (Monday is 0) in which the person can be reached, by the clock in London."""

    weekdays: frozenset[int]
    opens: time
    closes: time

    def holds(self, local: datetime) -> bool:
        """Whether that local instant lies in it."""
        return local.weekday() in self.weekdays and self.opens <= local.time() < self.closes


@dataclass(frozen=True, slots=True)
class ContactSafety:
    """What a person said about being reached. No channel means that none is known to be safe; no times, any time."""

    safe_channels: frozenset[ContactChannel] = frozenset()
    safe_times: tuple[SafeTime, ...] = ()
    do_not_contact: bool = False
    voicemail_allowed: bool = False
    discreet: bool = True


class ContactRefusal(StrEnum):
    """Why a person must not be reached now, this way."""

    DO_NOT_CONTACT = "do-not-contact"
    CHANNEL_NOT_SAFE = "channel-not-safe"
    NOT_NOW = "not-now"


@dataclass(frozen=True, slots=True)
class ContactVerdict:
    """Whether to go ahead; if only the time is wrong, when it will be right; whether a message may be left."""

    refusal: ContactRefusal | None = None
    next_at: datetime | None = None
    may_leave_message: bool = False

    @property
    def allowed(self) -> bool:
        """Whether the person may be reached."""
        return self.refusal is None


def may_contact(safety: ContactSafety, channel: ContactChannel, at: datetime) -> ContactVerdict:
    """Whether the person may be reached that way at that instant; "do not contact" stands above everything."""
    if safety.do_not_contact:
        return ContactVerdict(ContactRefusal.DO_NOT_CONTACT)
    if channel not in safety.safe_channels:
        return ContactVerdict(ContactRefusal.CHANNEL_NOT_SAFE)
    if channel not in WITHOUT_AN_HOUR and not is_safe_time(safety.safe_times, at):
        return ContactVerdict(ContactRefusal.NOT_NOW, next_safe_time(safety.safe_times, at))
    return ContactVerdict(may_leave_message=safety.voicemail_allowed and channel in SPOKEN_TO_A_MACHINE)


def is_safe_time(times: Collection[SafeTime], at: datetime) -> bool:
    """Whether the instant lies in one of the stretches; where none was given, every instant does."""
    local = at.astimezone(LONDON)
    return not times or any(each.holds(local) for each in times)


def next_safe_time(times: Collection[SafeTime], at: datetime) -> datetime | None:
    """When the next stretch begins after that instant, in UTC; None where no stretch ever does."""
    today = at.astimezone(LONDON).date()
    starts = [
        begins
        for each in times
        for day in (today + timedelta(days=count) for count in range(9))
        if day.weekday() in each.weekdays and each.opens < each.closes and (begins := _instant(day, each.opens)) > at
    ]
    return min(starts, default=None)


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)
