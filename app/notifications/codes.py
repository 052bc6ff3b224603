"""The codes of messages."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Channel(StrEnum):
    """The way a message takes."""

    EMAIL = "email"
    SMS = "sms"


class MessageState(StrEnum):
    """Where a message is. `failed` is the dead letter: nothing more happens until somebody tries it again."""

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"
    HELD = "held"


class Outcome(StrEnum):
    """What a provider later says of a message that it took."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"


class MessageEventKind(StrEnum):
    """What happened to a message."""

    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    DEFERRED = "deferred"
    FAILED = "failed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    HELD = "held"
    RELEASED = "released"
    RETRIED = "retried"


class Priority(IntEnum):
    """Which of two due messages goes first. What is urgent (a sign-in code) also goes at night, and past a hold."""

    URGENT = 0
    NORMAL = 1
