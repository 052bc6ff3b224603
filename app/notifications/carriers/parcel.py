"""What a carrier is given, and how it says that it could not deliver."""

from __future__ import annotations

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


class NotDelivered(Exception):
    """The message did not leave. `code` is the provider's or ours and names nobody."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TryLater(NotDelivered):
    """It may work another time."""


class Unreachable(TryLater):
    """Nobody answered in time: the next message would wait as long."""


class Refused(NotDelivered):
    """The provider will never take this message."""


class BadAddress(NotDelivered):
    """The address takes no messages."""


class Carrier(Protocol):
    """Takes messages, one at a time."""

    @property
    def name(self) -> str:
        """What the database remembers as the provider."""

    def hand_over(self, parcel: Parcel) -> str | None:
        """Deliver, and return the provider's reference if it gave one; raises NotDelivered."""

    def close(self) -> None:
        """End what is open."""
