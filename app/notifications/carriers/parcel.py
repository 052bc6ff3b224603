"""What a carrier is given, and how it says that it could not deliver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.notifications.codes import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A message as it leaves, with nothing of the database in it.

    `is_repeat` says that an earlier try may have left already.
    """

    id: UUID
    kind: str
    channel: Channel
    sender: str
    recipient: str = field(repr=False)
    message_id: str
    language: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str | None = field(repr=False)
    calendar: str | None = field(repr=False)
    calendar_method: str | None
    reply_to: str | None = field(repr=False)
    made_at: datetime
    date: datetime
    is_repeat: bool


Leaving = Callable[[], None]


class NotDelivered(Exception):
    """The message did not leave. `code` is the provider's or ours and names nobody."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TryLater(NotDelivered):
    """It may work another time."""


class Unreachable(TryLater):
    """Nobody answered in time: the next message would wait as long."""


class Unsure(TryLater):
    """The provider had the message and did not say that it took it."""


class Refused(NotDelivered):
    """The provider will never take this message."""


class BadAddress(NotDelivered):
    """The address takes no messages."""


class Carrier(Protocol):
    """Takes messages, one at a time."""

    @property
    def name(self) -> str:
        """What the database remembers as the provider."""

    @property
    def repeats_safely(self) -> bool:
        """Whether a message handed over twice arrives once."""

    def hand_over(self, parcel: Parcel, leaving: Leaving) -> str | None:
        """Deliver, and return the provider's reference if it gave one; raises NotDelivered.

        `leaving` is called at the moment from which on the message may be with the provider.
        """

    def close(self) -> None:
        """End what is open."""
